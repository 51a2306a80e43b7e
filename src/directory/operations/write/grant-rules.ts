/**
 * What stands against a membership that somebody is about to be given. Nobody who is leaving or has
 * left gets anything new; beyond that the policy says who never gets a group and for how long a
 * membership of it may be granted.
 */
import { calendarOf, holds, kindOf, type Person } from '../../../policy/core/conditions/index.js';
import { shifted } from '../../../policy/core/index.js';
import type { Duration, GroupRule, Policy } from '../../../policy/core/language/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { Span } from '../../model/holder.js';
import type { Identity } from '../../model/identity.js';
import { closedness } from '../../model/timeline.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import {
  HeldWrite,
  personOf,
  policyOf,
  readingIdentity,
  readsOf,
  stateOf,
} from '../lifecycle/index.js';
import { textsOf } from '../texts-of.js';
import type { Transaction } from './transaction.js';

/** What is asked here: of a write, or of whoever only wants to know. */
interface Asked {
  readonly writer: DirectoryReader;
}

const refused = (text: string) => new LdapError('unwillingToPerform', text);

/** The name by which the policy speaks of a group. */
export const groupName = (group: EntryRecord, { writer }: Asked) =>
  textsOf(group, 'cn', writer)[0] ?? '';

/** What the policy says of a group, if anything. */
export function groupRuleOf(group: EntryRecord, tx: Asked): GroupRule | undefined {
  const { groups } = policyOf(tx.writer).policy;
  if (groups.length === 0) return undefined;
  const name = groupName(group, tx).toLowerCase();
  return groups.find((rule) => rule.name.toLowerCase() === name);
}

/** @throws LdapError unwillingToPerform with a sentence */
export function assertMayBeGranted(
  member: number,
  group: EntryRecord,
  span: Span,
  tx: Transaction,
): void {
  const entry = tx.writer.entry(member);
  if (entry === undefined) throw new Error(`a grant to entry ${member}, which does not exist`);
  const { policy } = policyOf(tx.writer);
  const name = tx.names.text(entry);
  const person = personOf(entry, tx.writer);
  if (closedness(stateOf(member, tx.writer, tx.nowSeconds)) >= closedness('sealed')) {
    throw refused(`"${name}" has left: nothing more is granted`);
  }
  if (holds({ is: 'noticed' }, person, policy, tx.nowSeconds) && mayKnow(entry, tx)) {
    throw refused(`"${name}" is going to leave (lifecycleNotice): nothing new is granted`);
  }
  assertMayBeIn(entry, person, group, policy, tx);
  const rule = groupRuleOf(group, tx);
  if (rule?.longest === undefined) return;
  const calendar = calendarOf(person, policy);
  if (span.until > shifted(span.from, rule.longest, 1, calendar)) {
    throw refused(
      `membership of "${rule.name}" is granted for ${durationText(rule.longest)} at most ` +
        `(policy, line ${rule.at.line})`,
    );
  }
}

/**
 * Whether whoever grants may hear that somebody leaves. Where not, the grant is made: a refusal would
 * say it, and the grant ends with them anyway.
 */
function mayKnow(entry: EntryRecord, { writer, identity, nowSeconds }: Transaction): boolean {
  if (writer.timelines.of(entry.id)?.openEnds === true) return true;
  const reading = readingIdentity(identity, writer, () => nowSeconds * 1000);
  return readsOf(reading, entry, 'see end dates');
}

/** Whether the identity is one of those whom the policy asks before somebody gets the group. */
export function isAskedOwner(identity: Identity, group: EntryRecord, tx: Asked): boolean {
  if (identity.entryId === 0 || identity.only !== undefined) return false;
  const rule = group.kind.membership === undefined ? undefined : groupRuleOf(group, tx);
  if (rule?.ask?.is !== 'group owner') return false;
  const owner = tx.writer.schema().attribute('owner');
  return owner !== undefined && tx.writer.hasEdge(group.id, owner, identity.entryId, '');
}

/** @throws HeldWrite where the policy asks somebody else first: the grant waits for a yes */
export function assertAgreed(
  member: number,
  group: EntryRecord,
  because: string,
  tx: Transaction,
): void {
  const rule = groupRuleOf(group, tx);
  if (rule?.ask === undefined || tx.approved === true) return;
  const { identity } = tx;
  if (rule.ask.is === 'admins' && identity.role === 'administrator') return;
  if (isAskedOwner(identity, group, tx)) return;
  const entry = tx.writer.entry(member)!;
  const who = 'name' in rule.ask ? rule.ask.name : rule.ask.is;
  const text = `${tx.names.text(entry)} in "${rule.name}" needs a yes of the ${who}`;
  throw new HeldWrite(`${text} (policy, line ${rule.at.line})`, {
    kind: 'write',
    key: `grant|${group.uuid}|${entry.uuid}`,
    who,
    actor: identity.dn,
    text: `${text}: ${because}`,
    about: member,
  });
}

/** @throws LdapError where nobody of the member's kind is ever in the group */
function assertMayBeIn(
  entry: EntryRecord,
  person: Person,
  group: EntryRecord,
  policy: Policy,
  tx: Transaction,
): void {
  if (policy.kinds.every(({ neverGets }) => neverGets.length === 0)) return;
  const kind = kindOf(person, policy, tx.nowSeconds);
  const name = groupName(group, tx).toLowerCase();
  if (kind?.neverGets.some((never) => never.toLowerCase() === name) !== true) return;
  throw refused(
    `"${tx.names.text(entry)}" is of the kind ${kind.name}, which never gets "${groupName(group, tx)}" ` +
      `(policy, line ${kind.at.line})`,
  );
}

/**
 * What the policy asks of whoever is put into the group by hand; undefined where that is nothing, as
 * for nearly all groups. The answer throws LdapError unwillingToPerform.
 */
export function admissionTo(
  group: EntryRecord,
  tx: Transaction,
): ((member: number) => void) | undefined {
  const { policy } = policyOf(tx.writer);
  const rule = groupRuleOf(group, tx);
  const never = policy.kinds.some(({ neverGets }) => neverGets.length > 0);
  if (rule?.longest === undefined && !never) return undefined;
  return (member) => {
    const entry = tx.writer.entry(member);
    if (entry === undefined) return;
    assertMayBeIn(entry, personOf(entry, tx.writer), group, policy, tx);
    if (rule?.longest === undefined) return;
    throw refused(
      `membership of "${rule.name}" is granted, for ${durationText(rule.longest)} at most ` +
        `(policy, line ${rule.at.line}): tenure grant, or a value of tenureHolder`,
    );
  };
}

function durationText({ count, unit }: Duration): string {
  return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
}
