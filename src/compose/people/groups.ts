/**
 * The administration's view of memberships that are granted: each grant is one modify of the group
 * (a value of tenureHolder), so that every check and the log are those of any other write.
 */

import type { Grant, Granted, GrantOrder, GroupsEngine, RevokeOrder } from '../../admin/groups.js';
import { AdminError } from '../../admin/index.js';
import { bytesOfText } from '../../directory/model/bytes.js';
import { holdsAt } from '../../directory/model/holder.js';
import {
  findEntry,
  formatHolderValue,
  type ModifyChange,
  readNote,
  TENURE_HOLDER,
  writeNote,
} from '../../directory/operations/index.js';
import { policyOf } from '../../directory/operations/lifecycle/index.js';
import type { EntryRecord, HeldEdge } from '../../directory/ports.js';
import { beginOf, endOf } from '../../policy/core/index.js';
import { LdapError } from '../../runtime/errors.js';
import {
  findPerson,
  loginOf,
  modify,
  type PeopleParts,
  type Person,
  readMoment,
  reasonOf,
  textsOf,
} from './parts.js';

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

/** Over the same parts as the verbs about people. */
export function groupsEngine(parts: PeopleParts): GroupsEngine {
  const { reader } = parts;
  const nowSeconds = () => Math.floor(parts.nowMs() / 1000);
  const zone = () => policyOf(reader).policy.company.zone;

  return {
    async grant(order) {
      const person = findPerson(order.name, parts);
      const group = findGroup(order.group, parts);
      const before = grantIn(group, person, parts);
      const value = grantValue(order, person);
      await write(parts, group, 'add', value, reasonOf('grant', order.by, order.because));
      const held = grantIn(group, person, parts);
      if (held === undefined) throw new Error('a grant that was written is not there');
      return grantedOf(held, before, parts, { now: iso(nowSeconds()), zone: person.rules.zone });
    },

    async grants({ name }) {
      const person = name === undefined ? undefined : findPerson(name, parts);
      const now = nowSeconds();
      const grants = reader.timedEdges
        .list()
        .filter((edge) => edge.holder.kind === 'grant' && untilOf(edge) > now)
        .filter((edge) => person === undefined || edge.target === person.entry.id)
        .sort((a, b) => untilOf(a) - untilOf(b) || a.source - b.source || a.target - b.target)
        .map((edge) => grantOf(edge, parts));
      return { now: iso(now), zone: person?.rules.zone ?? zone(), grants };
    },

    async revoke(order: RevokeOrder) {
      const person = findPerson(order.name, parts);
      const group = findGroup(order.group, parts);
      const held = grantIn(group, person, parts);
      if (held === undefined) {
        const text = `nothing of "${groupName(group, parts)}" is granted to ${person.login}`;
        throw new LdapError('noSuchAttribute', text);
      }
      const value = formatHolderValue(held.holder, person.dn, held.attribute.name);
      await write(parts, group, 'delete', value, reasonOf('revoke', order.by, order.because));
      return grantOf(held, parts);
    },
  };
}

const groupName = (group: EntryRecord, parts: PeopleParts) =>
  textsOf(group, 'cn', parts.reader)[0] ?? group.rdn;

/** A group by its name or DN. @throws LdapError where it is none, or several */
export function findGroup(name: string, parts: PeopleParts): EntryRecord {
  const { reader, names } = parts;
  const type = reader.schema().attribute('cn');
  const key = type?.equality?.normalize(Buffer.from(name, 'utf8'));
  if (!name.includes('=') && type !== undefined && key !== undefined) {
    const found = reader.entries(reader.idsEqual(type, key, GROUPS_MAX).ids);
    const groups = found.filter((entry) => entry.kind.membership !== undefined);
    if (groups.length === 1) return groups[0]!;
    if (groups.length > 1) {
      const list = groups.map((entry) => names.text(entry)).join('; ');
      throw new LdapError('unwillingToPerform', `"${name}" is several groups; name one: ${list}`);
    }
  }
  const entry = findEntry(name, reader, names);
  if (entry.kind.membership !== undefined) return entry;
  throw new LdapError('unwillingToPerform', `${names.text(entry)} is no group`);
}

const GROUPS_MAX = 16;

/** What is granted to the person in the group, whether it holds, is over or is yet to come. */
function grantIn(group: EntryRecord, { entry }: Person, parts: PeopleParts): HeldEdge | undefined {
  return parts.reader
    .heldEdgesFrom(group.id)
    .find(({ target, holder }) => target === entry.id && holder.kind === 'grant');
}

const fromOf = ({ holder }: HeldEdge) => holder.spans[0]?.from ?? -Infinity;
const untilOf = ({ holder }: HeldEdge) => holder.spans.at(-1)?.until ?? Infinity;

/** @throws AdminError usage for words that are no time */
function grantValue(order: GrantOrder, person: Person): string {
  const { now, rules, dn } = person;
  const moment = (flag: string, words: string) => readMoment(flag, words, now, rules.zone);
  const from = order.from === undefined ? now : beginOf(moment('--from', order.from), rules);
  const until =
    order.forMs === undefined
      ? endOf(moment('--until', order.until ?? ''), rules)
      : from + Math.floor(order.forMs / 1000);
  if (until <= from) throw new AdminError('usage', 'the grant would be over before it begins');
  const note = writeNote({ because: order.because });
  return formatHolderValue({ kind: 'grant', spans: [{ from, until }], note }, dn, undefined);
}

async function write(
  parts: PeopleParts,
  group: EntryRecord,
  op: ModifyChange['op'],
  value: string,
  reason: string,
): Promise<void> {
  const changes = [{ op, attribute: TENURE_HOLDER, values: [bytesOfText(value)] }];
  await modify(parts, parts.names.text(group), changes, reason);
}

function grantOf(edge: HeldEdge, parts: PeopleParts): Grant {
  const { reader, names } = parts;
  const [member, group] = [reader.entry(edge.target)!, reader.entry(edge.source)!];
  const { because, by } = readNote(edge.holder.note);
  return {
    dn: names.text(member),
    login: loginOf(member, reader),
    group: groupName(group, parts),
    groupDn: names.text(group),
    from: iso(fromOf(edge)),
    until: iso(untilOf(edge)),
    holds: holdsAt(edge.holder.spans, Math.floor(parts.nowMs() / 1000)),
    because,
    by,
  };
}

function grantedOf(
  edge: HeldEdge,
  before: HeldEdge | undefined,
  parts: PeopleParts,
  told: { readonly now: string; readonly zone: string },
): Granted {
  const { source, attribute, target } = edge;
  const nowSeconds = Math.floor(parts.nowMs() / 1000);
  const holders = parts.reader.holdersOf(source, attribute, target, '');
  const running = before !== undefined && untilOf(before) > nowSeconds;
  return {
    ...grantOf(edge, parts),
    ...told,
    before: running ? iso(untilOf(before)) : undefined,
    anyway: holders.some(({ kind, spans }) => kind !== 'grant' && holdsAt(spans, nowSeconds)),
  };
}
