/**
 * What a run did to each entry, all its Changes taken together: a value that came and went again is
 * nothing. Pure; it is what an undo takes back (write/undo.ts), and what a preview of one shows.
 */
import type {
  ChangeItem,
  ChangeValue,
  EntryMeta,
  EntryPlace,
  LoggedChange,
  SecretDelta,
  ValueDelta,
} from '../../model/change.js';

/** Items about the schema carry this in place of an entry's UUID. */
const NO_ENTRY = '00000000-0000-0000-0000-000000000000';

/** One entry that a run touched. */
export interface EntryNet {
  readonly uuid: string;
  /** Its name when the run touched it last. */
  readonly dn: string;
  /** Of the last Change of the run that touched it. */
  readonly lastSeq: number;
  readonly existedBefore: boolean;
  readonly existsAfter: boolean;
  /** Absent where the run neither moved, renamed, added nor deleted it. */
  readonly placeBefore?: EntryPlace;
  readonly placeAfter?: EntryPlace;
  readonly metaBefore?: EntryMeta;
  readonly values: readonly ValueDelta[];
  readonly secretsRemoved: readonly SecretDelta[];
  readonly secretsAdded: readonly SecretDelta[];
}

/** Equal values have equal keys; a name follows its entry, so its text does not count. */
function keyOf(value: ChangeValue): string {
  if (typeof value === 'string') return `t${value}`;
  if (!('ref' in value)) return `b${value.b64}`;
  const { dn: _, ...rest } = value;
  return `r${JSON.stringify(rest)}`;
}

class Net {
  readonly #values = new Map<
    string,
    { removed: Map<string, ChangeValue>; added: Map<string, ChangeValue> }
  >();
  readonly #secretsRemoved = new Map<number, SecretDelta>();
  readonly #secretsAdded = new Map<number, SecretDelta>();
  #first: ChangeItem | undefined;
  #last!: ChangeItem;
  #placeBefore: EntryPlace | undefined;
  #placeAfter: EntryPlace | undefined;
  #lastSeq = 0;
  /** Where its last item stands among all of them. */
  order = 0;

  take(item: ChangeItem, seq: number, order: number): void {
    this.#first ??= item;
    this.#last = item;
    this.#lastSeq = seq;
    this.order = order;
    this.#placeBefore ??= item.placeBefore;
    if (item.placeAfter !== undefined) this.#placeAfter = item.placeAfter;
    for (const delta of item.values ?? []) this.#take(delta);
    for (const secret of item.secretsAdded ?? []) this.#secretsAdded.set(secret.id, secret);
    for (const secret of item.secretsRemoved ?? []) {
      if (!this.#secretsAdded.delete(secret.id)) this.#secretsRemoved.set(secret.id, secret);
    }
  }

  #take({ attribute, removed, added }: ValueDelta): void {
    let net = this.#values.get(attribute);
    if (net === undefined) {
      net = { removed: new Map(), added: new Map() };
      this.#values.set(attribute, net);
    }
    for (const value of removed) {
      const key = keyOf(value);
      if (!net.added.delete(key)) net.removed.set(key, value);
    }
    for (const value of added) {
      const key = keyOf(value);
      if (!net.removed.delete(key)) net.added.set(key, value);
    }
  }

  entry(): EntryNet {
    const values: ValueDelta[] = [];
    for (const [attribute, { removed, added }] of this.#values) {
      if (removed.size === 0 && added.size === 0) continue;
      values.push({ attribute, removed: [...removed.values()], added: [...added.values()] });
    }
    const { uuid, dn } = this.#last;
    const metaBefore = this.#first?.before;
    return {
      uuid,
      dn,
      lastSeq: this.#lastSeq,
      existedBefore: this.#first?.op !== 'add',
      existsAfter: this.#last.op !== 'delete',
      ...(this.#placeBefore && { placeBefore: this.#placeBefore }),
      ...(this.#placeAfter && { placeAfter: this.#placeAfter }),
      ...(metaBefore && { metaBefore }),
      values,
      secretsRemoved: [...this.#secretsRemoved.values()],
      secretsAdded: [...this.#secretsAdded.values()],
    };
  }
}

/**
 * The entries of a run in the order in which to take it back: what was touched last comes first, so
 * that a parent is there again before its children, and members before their groups.
 */
export function netOfRun(changes: readonly LoggedChange[]): EntryNet[] {
  const nets = new Map<string, Net>();
  let order = 0;
  for (const { seq, items } of changes) {
    for (const item of items) {
      if (item.uuid === NO_ENTRY || item.op === 'touch') continue;
      let net = nets.get(item.uuid);
      if (net === undefined) {
        net = new Net();
        nets.set(item.uuid, net);
      }
      net.take(item, seq, order);
      order += 1;
    }
  }
  return [...nets.values()].sort((a, b) => b.order - a.order).map((net) => net.entry());
}
