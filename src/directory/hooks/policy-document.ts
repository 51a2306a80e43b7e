/**
 * The entry of the lifecycle policy: a document with a mistake is refused with its place, there is
 * one in a directory, and it stays where it is. What a new policy means for the states of people is
 * made in the same write, because a state must never wait for anything.
 */
import type { Policy } from '../../policy/core/language/index.js';
import { LdapError } from '../../runtime/errors.js';
import { closedness, formatTimeline, stateAt, type Timeline } from '../model/timeline.js';
import {
  builtInPolicy,
  POLICY_CLASS,
  POLICY_RDN,
  POLICY_TEXT,
  policyEntry,
  policyOf,
  readText,
  timelineOf,
} from '../operations/lifecycle/index.js';
import type { Attributes } from '../operations/write/attributes.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { EntryRecord } from '../ports.js';
import { type Kind, normalizeRdn } from '../schema/index.js';
import type { WriteHook } from './types.js';

const PEOPLE_MAX = 10_000_000;

const textIn = (attributes: Attributes): string =>
  attributes.get(POLICY_TEXT.toLowerCase())?.values[0]?.toString('utf8') ?? '';

function isPolicy(kind: Kind, tx: Transaction): boolean {
  const cls = tx.writer.schema().objectClass(POLICY_CLASS);
  return cls !== undefined && kind.has(cls);
}

function check(attributes: Attributes, tx: Transaction): void {
  const { policy, problems } = readText(textIn(attributes), tx.writer.schema());
  if (policy !== undefined) return;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const { line, column, message } = errors[0]!;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new LdapError(
    'constraintViolation',
    `the policy, line ${line}, column ${column}: ${message}${more}; ` +
      '"tenure policy check FILE" lists everything',
  );
}

function misplaced(text: string): LdapError {
  return new LdapError('constraintViolation', `the lifecycle policy ${text}`);
}

/** Folds everybody's facts anew under the policy. @throws LdapError where it shuts out too many */
function refoldAll(policy: Policy, before: Policy, tx: Transaction): void {
  const { writer, nowSeconds } = tx;
  const kinds = writer.kinds().filter(({ isSubject }) => isSubject);
  if (kinds.length === 0) return;
  const closed: EntryRecord[] = [];
  for (const id of writer.idsOfKinds(kinds, PEOPLE_MAX).ids) {
    const entry = writer.entry(id);
    const was = writer.timelines.of(id);
    const is = entry && timelineOf(entry, policy, writer);
    if ((was && formatTimeline(was)) === (is && formatTimeline(is))) continue;
    writer.setTimeline(id, is);
    if (entry && isOpen(was, nowSeconds) && !isOpen(is, nowSeconds)) closed.push(entry);
  }
  if (tx.approved !== true) assertFew(closed, before, tx);
}

/** Where the policy that goes has no guard of its own. */
const CLOSED_MAX = 5;

function isOpen(timeline: Timeline | undefined, now: number): boolean {
  return timeline === undefined || closedness(stateAt(timeline, now)) <= closedness('leave');
}

/** The guard is that of the policy before: a new one must not let itself pass. */
function assertFew(closed: readonly EntryRecord[], before: Policy, tx: Transaction): void {
  const max = before.guards.peopleClosed?.count ?? CLOSED_MAX;
  if (closed.length <= max) return;
  const names = closed.slice(0, 5).map((entry) => tx.names.text(entry));
  throw new LdapError(
    'unwillingToPerform',
    `the policy would shut out ${closed.length} people at once (${names.join('; ')} …), and no more ` +
      `than ${max} may be; where that is meant: tenure policy install --expect ${closed.length}`,
  );
}

/** What a policy says that timelines hang on. */
function foldingOf({ company, kinds, words }: Policy): string {
  const who = kinds.map(({ name, who: condition, endDates, never }) => {
    return [name, condition, endDates, never.includes('expire')];
  });
  const { zone, endDateMeans, endDates, newEntries } = company;
  const places = newEntries.map(({ below, madeBy, are }) => [below, madeBy, are]);
  return JSON.stringify([zone, endDateMeans, endDates, places, who, words]);
}

/** Whether a move in the tree can change somebody's timeline. */
function dependsOnPlace(policy: Policy): boolean {
  return foldingOf(policy).includes('"below"') || policy.company.newEntries.length > 0;
}

export const policyDocument: WriteHook = {
  name: 'lifecycle policy',
  onAdd({ kind, attributes, parentId, dn }, tx) {
    if (!isPolicy(kind, tx)) return;
    const root = tx.writer.suffixes().some(({ id }) => id === parentId);
    const named = dn.rdns[0]?.key === normalizeRdn(tx.writer.schema(), POLICY_RDN)?.key;
    if (!root || !named) throw misplaced(`is the entry ${POLICY_RDN} directly below a suffix`);
    const other = policyEntry(tx.writer);
    if (other !== undefined) throw misplaced(`of this directory is ${tx.names.text(other)}`);
    check(attributes, tx);
  },
  afterAdd(_id, { kind, attributes }, tx) {
    if (!isPolicy(kind, tx)) return;
    const after = readText(textIn(attributes), tx.writer.schema()).policy;
    if (after !== undefined) refoldAll(after, builtInPolicy(tx.writer), tx);
  },
  onChange({ kind, entry, after }, tx) {
    if (isPolicy(kind, tx)) check(after, tx);
    else if (isPolicy(entry.kind, tx)) throw misplaced('keeps its class; delete the entry instead');
  },
  afterChange({ kind, before, after }, tx) {
    if (!isPolicy(kind, tx)) return;
    const schema = tx.writer.schema();
    const was = readText(textIn(before), schema).policy;
    const is = readText(textIn(after), schema).policy;
    if (is !== undefined && (was === undefined || foldingOf(was) !== foldingOf(is))) {
      refoldAll(is, was ?? is, tx);
    }
  },
  afterRename(entry, tx) {
    if (isPolicy(entry.kind, tx)) throw misplaced(`keeps its name ${POLICY_RDN}`);
    const { policy } = policyOf(tx.writer);
    if (dependsOnPlace(policy) && tx.writer.childCount(entry.id) > 0) {
      refoldAll(policy, policy, tx);
    }
  },
  onDelete(entry, tx) {
    if (!isPolicy(entry.kind, tx)) return;
    refoldAll(builtInPolicy(tx.writer), policyOf(tx.writer).policy, tx);
  },
};
