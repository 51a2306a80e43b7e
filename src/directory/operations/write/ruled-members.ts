/**
 * Memberships by rule as writes make them: with each write about a person, the groups that the
 * policy fills get or lose them in the same savepoint. What is held by hand or granted beside a rule
 * stays; only what a kind never gets goes as well.
 */
import { kindOf } from '../../../policy/core/conditions/index.js';
import { membershipByRule, type RuledGroup, ruledGroups } from '../../../policy/core/index.js';
import type { Policy } from '../../../policy/core/language/index.js';
import { formatSpans, type Holder, holdsAt } from '../../model/holder.js';
import { formatTime, parseTime } from '../../model/time.js';
import type { EntryRecord, HeldEdge } from '../../ports.js';
import { readNote, writeNote } from '../groups/index.js';
import { isAccount, personOf, policyOf } from '../lifecycle/index.js';
import { addEdge, asWrite, dropHolder } from './edges.js';
import { groupName } from './grant-rules.js';
import { Delta, metaAfter, metaOf, recordModify, type Transaction } from './transaction.js';

/** More groups of one name than this are a mistake. */
const NAMESAKES_MAX = 16;
const PAGE = 200;

/** What the policy says of groups, and what a write has done to them so far. */
export class RuledMembers {
  readonly #tx: Transaction;
  readonly #policy: Policy;
  readonly #rules: readonly RuledGroup[];
  /** False in an import: its record is the digest of everything. */
  readonly #recorded: boolean;
  readonly #groups = new Map<string, EntryRecord | undefined>();
  readonly #deltas = new Map<number, Delta>();
  /** Groups that look different from now on. */
  readonly #seen = new Set<number>();

  constructor(tx: Transaction, policy: Policy = policyOf(tx.writer).policy, recorded = true) {
    this.#tx = tx;
    this.#policy = policy;
    this.#rules = ruledGroups(policy);
    this.#recorded = recorded;
  }

  /** Whether the policy fills any group, or keeps anybody out of one. */
  get any(): boolean {
    return this.#rules.length > 0 || this.#policy.kinds.some((kind) => kind.neverGets.length > 0);
  }

  /** Whether the group is filled by the policy. */
  fills(group: EntryRecord): boolean {
    const name = groupName(group, this.#tx).toLowerCase();
    return this.#rules.some((rule) => rule.name.toLowerCase() === name);
  }

  /** Brings one person's groups up to date; `moved`: what changed is the person. */
  place(entry: EntryRecord, moved: boolean): void {
    const { writer } = this.#tx;
    const held = writer.heldEdgesTo(entry.id);
    const counts = isAccount(entry.kind) && entry.id !== writer.administratorId();
    if (!counts && held.length === 0) return;
    const ruled = new Map<number, HeldEdge>();
    for (const edge of held) if (edge.holder.kind === 'rule') ruled.set(edge.source, edge);
    const person = personOf(entry, writer);
    for (const rule of counts ? this.#rules : []) {
      const group = this.#groupOf(rule);
      if (group === undefined) continue;
      const before = ruled.get(group.id);
      ruled.delete(group.id);
      const holder = this.#holder(rule, person, before, moved);
      this.#hold(group, entry, before, holder);
      const others = held.filter((edge) => edge.source === group.id && edge !== before);
      this.#see(group.id, before?.holder, holder, others);
    }
    for (const edge of ruled.values()) {
      this.#drop(edge);
      this.#seen.add(edge.source);
    }
    if (counts) this.#keepOut(person, held);
  }

  /** The next entries behind one; returns the last of them, or undefined where none is left. */
  placePage(after: number): number | undefined {
    const page = this.#tx.writer.entriesAfter(after, PAGE);
    for (const entry of page) this.place(entry, false);
    return page.at(-1)?.id;
  }

  /** Everybody whose id is greater. */
  placeFrom(after: number): void {
    for (let last: number | undefined = after; last !== undefined; last = this.placePage(last));
  }

  #holder(
    rule: RuledGroup,
    person: Parameters<typeof membershipByRule>[1],
    edge: HeldEdge | undefined,
    moved: boolean,
  ): Holder | undefined {
    const { nowSeconds } = this.#tx;
    const since = edge && readNote(edge.holder.note).left;
    const before = {
      holdsNow: edge !== undefined && holdsAt(edge.holder.spans, nowSeconds),
      left: since === undefined ? undefined : parseTime(since),
      moved,
    };
    const found = membershipByRule(rule, person, this.#policy, nowSeconds, before);
    if (found === undefined) return undefined;
    const { spans, left } = found;
    const note = left === undefined ? '' : writeNote({ left: formatTime(left) });
    return { kind: 'rule', spans, note };
  }

  #hold(
    group: EntryRecord,
    member: EntryRecord,
    before: HeldEdge | undefined,
    holder: Holder | undefined,
  ): void {
    if (before !== undefined && holder !== undefined && same(before.holder, holder)) return;
    if (before !== undefined) this.#drop(before);
    const attribute = group.kind.membership;
    if (holder === undefined || attribute === undefined) return;
    const edge = { attribute, target: member.id, text: '', textKey: '', holder };
    addEdge(group.id, edge, this.#deltaOf(group.id), this.#tx, false);
  }

  /** A membership that is to begin or end some day changes nothing that anybody could see today. */
  #see(
    group: number,
    before: Holder | undefined,
    after: Holder | undefined,
    others: readonly HeldEdge[],
  ): void {
    const shows = (holder: Holder | undefined) =>
      holder !== undefined && holdsAt(holder.spans, this.#tx.nowSeconds);
    if (shows(before) === shows(after) || others.some(({ holder }) => shows(holder))) return;
    this.#seen.add(group);
  }

  #drop(edge: HeldEdge): void {
    const write = { ...asWrite(edge, this.#tx), holder: edge.holder };
    dropHolder(edge.source, write, this.#deltaOf(edge.source), this.#tx);
  }

  /** What somebody's kind never gets goes, whoever gave it. */
  #keepOut(person: Parameters<typeof membershipByRule>[1], held: readonly HeldEdge[]): void {
    if (this.#policy.kinds.every(({ neverGets }) => neverGets.length === 0)) return;
    const never = kindOf(person, this.#policy, this.#tx.nowSeconds)?.neverGets ?? [];
    if (never.length === 0) return;
    const names = new Set(never.map((name) => name.toLowerCase()));
    for (const edge of held) {
      const group = this.#tx.writer.entry(edge.source);
      if (edge.holder.kind === 'rule' || group?.kind.membership !== edge.attribute) continue;
      if (!names.has(groupName(group, this.#tx).toLowerCase())) continue;
      this.#drop(edge);
      this.#seen.add(edge.source);
    }
  }

  /** The one group of that name. */
  #groupOf({ name }: RuledGroup): EntryRecord | undefined {
    if (this.#groups.has(name)) return this.#groups.get(name);
    const { writer } = this.#tx;
    const type = writer.schema().attribute('cn');
    const key = type?.equality?.normalize(Buffer.from(name, 'utf8'));
    const ids = type && key ? writer.idsEqual(type, key, NAMESAKES_MAX).ids : [];
    const groups = writer.entries(ids).filter(({ kind }) => kind.membership !== undefined);
    const group = groups.length === 1 ? groups[0] : undefined;
    this.#groups.set(name, group);
    return group;
  }

  #deltaOf(group: number): Delta | undefined {
    if (!this.#recorded) return undefined;
    let delta = this.#deltas.get(group);
    if (delta === undefined) {
      delta = new Delta();
      this.#deltas.set(group, delta);
    }
    return delta;
  }

  /**
   * Groups that got or lost somebody are modified by this write: one item each. Of those that look
   * as before, the time stamp stays: it would tell that something is coming.
   */
  finish(): void {
    const { writer, names } = this.#tx;
    for (const [id, delta] of this.#deltas) {
      const group = writer.entry(id);
      if (group === undefined || delta.values().length === 0) continue;
      const after = this.#seen.has(id) ? metaAfter(group, this.#tx) : metaOf(group);
      if (this.#seen.has(id)) writer.updateEntry(group, { meta: after });
      recordModify(this.#tx, group, after, delta, names.text(group));
    }
    this.#deltas.clear();
    this.#seen.clear();
  }
}

const same = (a: Holder, b: Holder) =>
  a.note === b.note && formatSpans(a.spans) === formatSpans(b.spans);

const GROUPS_MAX = 1_000_000;

/**
 * After an import of entries from `firstAdded` on (0: none were added). A group or a policy among
 * them concerns those who were there before as well.
 */
export function placeImported(firstAdded: number, tx: Transaction): void {
  const { writer } = tx;
  const inForce = policyOf(writer);
  const members = new RuledMembers(tx, inForce.policy, false);
  if (!members.any || firstAdded === 0) return;
  const groups = writer.kinds().filter(({ membership }) => membership !== undefined);
  const newest = writer.idsOfKinds(groups, GROUPS_MAX).ids.at(-1) ?? 0;
  const all = newest >= firstAdded || inForce.entryId >= firstAdded;
  members.placeFrom(all ? 0 : firstAdded - 1);
}

/** More entries than this are not looked at in one write: others wait for it. */
const AT_ONCE_MAX = 2_000;

/** Everybody under a policy, or where those are many, in slices from the next write on. */
export function placeAll(tx: Transaction, policy: Policy = policyOf(tx.writer).policy): void {
  const { writer } = tx;
  if (writer.entryCount() > AT_ONCE_MAX) {
    writer.setPlacedTo(0, tx.run);
    return;
  }
  if (writer.placedTo !== undefined) writer.setPlacedTo(undefined);
  const members = new RuledMembers(tx, policy);
  members.placeFrom(0);
  members.finish();
}

/** One person, without anything having been written about them. */
export function placeOne(id: number, tx: Transaction): void {
  const entry = tx.writer.entry(id);
  if (entry === undefined) return;
  const members = new RuledMembers(tx);
  members.place(entry, false);
  members.finish();
}

/** The next slice of that. */
export function placeSlice(tx: Transaction): void {
  const { writer } = tx;
  const { placedTo } = writer;
  if (placedTo === undefined) return;
  const members = new RuledMembers(tx);
  writer.setPlacedTo(members.placePage(placedTo), writer.placedBy);
  members.finish();
}
