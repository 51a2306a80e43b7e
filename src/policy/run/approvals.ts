/**
 * Who has to say yes to what is held, and whose yes counts for which of them. The policy names roles
 * and groups (`yes from: one admin and one of hr`): each wants a person of its own, and one person is
 * never two. Whoever says yes is a name, one a line of the decision: a distinguished name where
 * somebody has proved to be that person, else the login of whoever commands the server, who is an
 * administrator of it, and the person of that login where there is one.
 */
import type { Decision } from '../../directory/model/records.js';
import type { Names } from '../../directory/operations/index.js';
import { personOf, policyOf } from '../../directory/operations/lifecycle/index.js';
import { isAdministrator, rolesOver } from '../../directory/operations/rights/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import { rolesOf } from '../core/conditions/index.js';
import type { Who } from '../core/language/index.js';
import { byLogin, groupByName, nameOfWho, ownersOf, relatedTo, whoOfName } from './recipients.js';

export interface ApprovalTools {
  readonly reader: DirectoryReader;
  readonly names: Names;
  /** Seconds since 1970. */
  readonly now: number;
}

/** Somebody who answers. */
interface Answering {
  readonly entry: EntryRecord | undefined;
  /** Commands the server; it was not asked who they are in the directory. */
  readonly commands: boolean;
}

const admins: Who = { is: 'admins' };

/** Who must say yes: one of each. */
export function decidersOf({ kind, key }: Decision, reader: DirectoryReader): readonly Who[] {
  const { guards, groups } = policyOf(reader).policy;
  const group = grantedGroup(key, reader);
  if (group !== 0) {
    return [groups.find(({ name }) => groupByName(name, reader)?.id === group)?.ask ?? admins];
  }
  const held = kind === 'run' || kind === 'write';
  return held && guards.yesFrom.length > 0 ? guards.yesFrom : [admins];
}

/** The group of a grant that waits for a yes (`grant|GROUP|MEMBER`), or 0. */
export function grantedGroup(key: string, reader: DirectoryReader): number {
  const [word, group = ''] = key.split('|');
  return word === 'grant' ? reader.idByUuid(group) : 0;
}

/** Of whom nobody has said yes yet, where these have. */
export function missingOf(
  yes: readonly string[],
  decision: Decision,
  tools: ApprovalTools,
): readonly Who[] {
  const needed = decidersOf(decision, tools.reader);
  const fits = yes.map((name) => needed.map((who) => isOne(name, who, decision, tools)));
  const taken = matched(fits, needed.length);
  return needed.filter((_who, i) => taken[i] === undefined);
}

/** Whether a yes of that name could count for any of those who must say it. */
export function counts(name: string, decision: Decision, tools: ApprovalTools): boolean {
  return decidersOf(decision, tools.reader).some((who) => isOne(name, who, decision, tools));
}

/** Whether somebody who has signed in may answer what no guard has held: they were asked, or may decide. */
export function mayAnswer(name: string, decision: Decision, tools: ApprovalTools): boolean {
  if (isOne(name, admins, decision, tools)) return true;
  const { policy } = policyOf(tools.reader);
  const asked = decision.who.split(' and ').map((word) => whoOfName(word, policy));
  return asked.some((who) => isOne(name, who, decision, tools));
}

/** As many of the needed as can each have a name of their own: augmenting paths. */
function matched(fits: readonly (readonly boolean[])[], needed: number): (number | undefined)[] {
  const taken: (number | undefined)[] = Array.from({ length: needed }, () => undefined);
  const place = (name: number, tried: Set<number>): boolean =>
    taken.some((other, i) => {
      if (fits[name]![i] !== true || tried.has(i)) return false;
      tried.add(i);
      if (other !== undefined && !place(other, tried)) return false;
      taken[i] = name;
      return true;
    });
  for (const name of fits.keys()) place(name, new Set());
  return taken;
}

function isOne(name: string, who: Who, decision: Decision, tools: ApprovalTools): boolean {
  const { reader, now } = tools;
  const { entry, commands } = answering(name, tools);
  const group = grantedGroup(decision.key, reader);
  // Whoever commands the server could put a member into a group by other means.
  if (commands && (who.is === 'admins' || group !== 0)) return true;
  if (entry === undefined) return false;
  switch (who.is) {
    case 'admins':
      return isAdministrator(entry.id, reader, now) || mayDecide(entry, decision, tools);
    case 'group':
      return personOf(entry, reader).inGroup(who.name, now);
    case 'role': {
      const roles = rolesOf(personOf(entry, reader), policyOf(reader).policy, now);
      return roles.some((role) => role.name === who.name);
    }
    case 'group owner':
      return group !== 0 && ownersOf(group, reader).includes(entry.id);
    default:
      return relatedTo(who, decision.about, reader).includes(entry.id);
  }
}

function answering(name: string, { reader, names }: ApprovalTools): Answering {
  const commands = !name.includes('=');
  const id = commands ? byLogin(name, reader) : names.idOf(name);
  return { commands, entry: id === 0 ? undefined : reader.entry(id) };
}

/** Whether a role lets somebody answer what is about an entry, or about several. */
function mayDecide(entry: EntryRecord, decision: Decision, { reader, now }: ApprovalTools) {
  const about = decision.about === 0 ? aboutOf(decision) : [decision.about];
  const decides = (id: number) =>
    rolesOver(entry.id, id, reader, now).some(({ may }) =>
      may.some(({ power }) => power === 'decide'),
    );
  return about.length > 0 && about.every(decides);
}

function aboutOf({ kind, detail }: Decision): readonly number[] {
  if (kind !== 'run') return [];
  return (JSON.parse(detail) as { steps: [number, string][] }).steps.map(([id]) => id);
}

/** `one of hr`, `an admin`: whose yes is missing. */
export function missingText(missing: readonly Who[]): string {
  return missing
    .map((who) => (who.is === 'admins' ? 'an admin' : `one of ${nameOfWho(who)}`))
    .join(' and ');
}
