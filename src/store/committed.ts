/**
 * What the writer tells every reader after a commit: which ids changed, and which of the things
 * that readers keep are stale. Structured-clonable. A reader that has applied it sees the commit.
 */
export interface Committed {
  /** Entries whose row changed, came or went. */
  readonly entries: readonly number[];
  /** Entries that became, or ceased to be, the target of an edge. */
  readonly edgeTargets: readonly number[];
  /** Entries whose secrets changed. */
  readonly secretOwners: readonly number[];
  /** Entries whose timeline changed, came or went. */
  readonly timelines: readonly number[];
  /** Entries named by others for a time only, where that changed. */
  readonly timedEdges: readonly number[];
  /** Equality keys that got or lost an entry, as `keyName` spells them. */
  readonly keys: readonly string[];
  /** More of the instants that have passed are in time stamps, or more people are folded anew. */
  readonly stamped: boolean;
  /** An entry was renamed, or a suffix came or went: names are stale. */
  readonly tree: boolean;
  /** Some entry was renamed or deleted: places found before may be wrong. */
  readonly places: boolean;
  /** Numbers of entries by kind changed. */
  readonly population: boolean;
  readonly schema: boolean;
  /** Index settings or their states changed. */
  readonly indexes: boolean;
  /** New attribute descriptions, names or kinds. */
  readonly interned: boolean;
  /** The list of entries that wait for the substring index changed. */
  readonly substring: boolean;
  /** An import: everything that is kept is stale. */
  readonly all: boolean;
}

/** One name for an equality key, whatever bytes it holds. */
export function keyName(attribute: number, key: Buffer): string {
  return `${attribute} ${key.latin1Slice(0, key.length)}`;
}

/** The parts of a name that {@link keyName} made; the key is one character a byte. */
export function readKeyName(name: string): { readonly attribute: number; readonly key: string } {
  const space = name.indexOf(' ');
  return { attribute: Number(name.slice(0, space)), key: name.slice(space + 1) };
}

/** Gathers a Committed while a transaction runs; flags stay set until it is taken. */
export class CommittedCollector {
  #entries = new Set<number>();
  #edgeTargets = new Set<number>();
  #keys: string[] = [];
  #secretOwners = new Set<number>();
  #timelines = new Set<number>();
  #timedEdges = new Set<number>();
  tree = false;
  places = false;
  population = false;
  schema = false;
  indexes = false;
  interned = false;
  substring = false;
  stamped = false;
  all = false;

  entry(id: number): void {
    if (!this.all) this.#entries.add(id);
  }

  edgeTarget(id: number): void {
    if (!this.all) this.#edgeTargets.add(id);
  }

  secretOwner(id: number): void {
    if (!this.all) this.#secretOwners.add(id);
  }

  timeline(id: number): void {
    if (!this.all) this.#timelines.add(id);
  }

  timedEdge(target: number): void {
    if (!this.all) this.#timedEdges.add(target);
  }

  key(attribute: number, key: Buffer): void {
    if (!this.all) this.#keys.push(keyName(attribute, key));
  }

  /** The message so far; the collector starts anew. */
  take(): Committed {
    const { tree, places, population, schema, indexes, interned, substring, stamped, all } = this;
    const entries = all ? [] : [...this.#entries];
    const edgeTargets = all ? [] : [...this.#edgeTargets];
    const keys = all ? [] : this.#keys;
    const secretOwners = all ? [] : [...this.#secretOwners];
    const timelines = all ? [] : [...this.#timelines];
    const timedEdges = all ? [] : [...this.#timedEdges];
    this.clear();
    return {
      entries,
      edgeTargets,
      secretOwners,
      timelines,
      timedEdges,
      keys,
      tree,
      places,
      population,
      schema,
      indexes,
      interned,
      substring,
      stamped,
      all,
    };
  }

  clear(): void {
    this.#entries = new Set();
    this.#edgeTargets = new Set();
    this.#keys = [];
    this.#secretOwners = new Set();
    this.#timelines = new Set();
    this.#timedEdges = new Set();
    this.tree = false;
    this.places = false;
    this.population = false;
    this.schema = false;
    this.indexes = false;
    this.interned = false;
    this.substring = false;
    this.stamped = false;
    this.all = false;
  }
}
