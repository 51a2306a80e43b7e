/**
 * How many entries there are, by kind, and how many children each has: counted along with every
 * write, so that nobody has to count rows. Uncommitted changes can be taken back to a mark.
 */
import type Database from 'better-sqlite3';

export class Population {
  readonly #db: Database.Database;
  readonly #saveKind: Database.Statement;
  readonly #addChildren: Database.Statement;
  readonly #dropChildless: Database.Statement;
  #kinds = new Map<number, number>();
  #total = 0;
  /** Kinds as they came (positive) and went (negative) since the last commit. */
  #journal: number[] = [];
  /** Inside an import: counts of children that are not in the table yet, and how they came. */
  #children: Map<number, number> | undefined;
  #childJournal: number[] = [];

  constructor(db: Database.Database) {
    this.#db = db;
    this.#saveKind = db.prepare('UPDATE kind SET entries = entries + ? WHERE id = ?');
    this.#addChildren = db.prepare(
      `INSERT INTO child_count(parent, n) VALUES (?, ?)
         ON CONFLICT(parent) DO UPDATE SET n = n + excluded.n`,
    );
    this.#dropChildless = db.prepare('DELETE FROM child_count WHERE parent = ? AND n = 0');
    this.reload();
  }

  /** Reads the committed counts. */
  reload(): void {
    const rows = this.#db.prepare('SELECT id, entries FROM kind').raw().all();
    this.#kinds = new Map(rows as [number, number][]);
    this.#total = 0;
    for (const entries of this.#kinds.values()) this.#total += entries;
    this.#journal = [];
    this.#children = undefined;
    this.#childJournal = [];
  }

  get total(): number {
    return this.#total;
  }

  get byKind(): ReadonlyMap<number, number> {
    return this.#kinds;
  }

  get changed(): boolean {
    return this.#journal.length > 0;
  }

  /** `change` is 1 for an entry that came and −1 for one that went. */
  count(kind: number, change: 1 | -1): void {
    this.#journal.push(kind * change);
    this.#apply(kind, change);
  }

  #apply(kind: number, change: number): void {
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + change);
    this.#total += change;
  }

  countChild(parent: number, change: 1 | -1): void {
    if (this.#children === undefined) {
      this.#addChildren.run(parent, change);
      if (change < 0) this.#dropChildless.run(parent);
      return;
    }
    this.#childJournal.push(parent, change);
    this.#children.set(parent, (this.#children.get(parent) ?? 0) + change);
  }

  /** Children that are counted in memory only. */
  unsavedChildren(parent: number): number {
    return this.#children?.get(parent) ?? 0;
  }

  mark(): readonly [number, number] {
    return [this.#journal.length, this.#childJournal.length];
  }

  /** Takes back what was counted since the mark. */
  rewind([kinds, children]: readonly [number, number]): void {
    while (this.#journal.length > kinds) {
      const counted = this.#journal.pop()!;
      this.#apply(Math.abs(counted), counted > 0 ? -1 : 1);
    }
    while (this.#childJournal.length > children) {
      const change = this.#childJournal.pop()!;
      const parent = this.#childJournal.pop()!;
      this.#children?.set(parent, (this.#children.get(parent) ?? 0) - change);
    }
  }

  /** From here on children are counted in memory, until `endBulk`. */
  beginBulk(): void {
    this.#children = new Map();
  }

  /** Writes the counts of children that are in memory only. */
  endBulk(): void {
    for (const [parent, n] of this.#children ?? []) {
      if (n === 0) continue;
      this.#addChildren.run(parent, n);
      this.#dropChildless.run(parent);
    }
    this.#childJournal = [];
    this.#children = undefined;
  }

  /** Writes the counts of kinds; part of every commit. */
  save(): void {
    const changes = new Map<number, number>();
    for (const counted of this.#journal) {
      const kind = Math.abs(counted);
      changes.set(kind, (changes.get(kind) ?? 0) + (counted > 0 ? 1 : -1));
    }
    for (const [kind, change] of changes) if (change !== 0) this.#saveKind.run(change, kind);
  }

  /** The commit is durable: nothing before it can be taken back. */
  settle(): void {
    this.#journal = [];
  }
}

/** Numbers of entries by Kind.key: several kinds may share one after a change of the schema. */
export function countsByKind(
  population: ReadonlyMap<number, number>,
  keyOf: (kind: number) => string,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [id, entries] of population) {
    counts.set(keyOf(id), (counts.get(keyOf(id)) ?? 0) + entries);
  }
  return counts;
}
