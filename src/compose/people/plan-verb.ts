/**
 * What a verb would change about somebody who is here: facts after, values that come and go. Reads
 * and decides; writes nothing. Joining is in join.ts, renaming in rename.ts.
 */
import type { Join, Move, Offboard, PersonVerb, Rename, ValueChange } from '../../admin/people.js';
import { formatTime } from '../../directory/model/time.js';
import { heldGroups } from '../../directory/operations/index.js';
import { endOf, type Facts, type Fault, verbs } from '../../policy/core/index.js';
import { LdapError } from '../../runtime/errors.js';
import { factChanges, replaced } from './changes.js';
import {
  findPerson,
  namedBy,
  type PeopleParts,
  type Person,
  readMoment,
  textsOf,
} from './parts.js';

export type ChangingVerb = Exclude<PersonVerb, Join | Rename>;

export interface Planned {
  readonly person: Person;
  readonly facts: Facts;
  readonly changes: readonly ValueChange[];
  readonly notes: readonly string[];
}

const refusedFor = (person: Person, { fault }: Fault) =>
  new LdapError('unwillingToPerform', `${person.login} ${fault}`);

/** @throws LdapError, AdminError usage */
export function planVerb(verb: ChangingVerb, parts: PeopleParts): Planned {
  const person = findPerson(verb.name, parts);
  const notes: string[] = [];
  const facts = factsAfter(verb, person, parts, notes);
  if ('fault' in facts) throw refusedFor(person, facts);
  const changes = factChanges(person, facts, parts.reader);
  if (verb.verb === 'move' || verb.verb === 'rehire') {
    changes.push(...attributesOf(verb, person, parts));
  }
  if (verb.verb === 'recover' && !verb.keepKeys) {
    changes.push(...replaced(person, 'sshPublicKey', [], parts.reader));
  }
  if (changes.length === 0 && verb.verb !== 'recover') {
    throw refusedFor(person, { fault: 'is as asked already; nothing would change' });
  }
  return { person, facts, changes, notes };
}

function factsAfter(
  verb: ChangingVerb,
  person: Person,
  parts: PeopleParts,
  notes: string[],
): Facts | Fault {
  const { facts, now, rules } = person;
  const said = { now, calendar: rules };
  const instant = formatTime(now);
  const moment = (flag: string, words: string) => readMoment(flag, words, now, rules.zone);
  const optional = (flag: string, words: string | undefined) =>
    words === undefined ? {} : { [flag]: moment(`--${flag}`, words) };
  const by = parts.administrator().dn;
  const reason = verb.because === '' ? {} : { reason: verb.because };
  switch (verb.verb) {
    case 'move':
      return moved(verb, person, parts, instant);
    case 'pause': {
      const { kind } = verb;
      const absence = { kind, from: moment('--from', verb.from), ...optional('until', verb.until) };
      return verbs.pause(facts, absence);
    }
    case 'resume':
      return verbs.resume(facts, instant, verb.planned, said);
    case 'suspend': {
      const until = optional('until', verb.until);
      return verbs.block(facts, { kind: verb.kind, by, since: instant, ...until, ...reason }, said);
    }
    case 'contain':
      return verbs.block(facts, { kind: 'contained', by, since: instant, ...reason }, said);
    case 'lift': {
      const kinds = verb.kind === undefined ? (['administrative', 'idle'] as const) : [verb.kind];
      const after = verbs.lift(facts, kinds, said);
      if (!('fault' in after)) noteBlocks(after, notes);
      return after;
    }
    case 'recover': {
      const after = verbs.lift(facts, ['contained'], said);
      return 'fault' in after
        ? { fault: 'is not contained; tenure lift ends other blocks' }
        : after;
    }
    case 'offboard':
      return offboarded(verb, person, parts, notes);
    case 'rehire': {
      const words = engagementWords(verb, parts);
      const start = moment('--start', verb.start);
      noteBlocks(facts, notes);
      const left = groupsByHand(person, parts);
      if (left.length > 0)
        notes.push(`not in ${left.join(', ')} any more: groups come back by rule`);
      return verbs.rehire(facts, { ...words, start, ...optional('end', verb.end) }, said);
    }
    case 'hold':
      return verbs.hold(facts, { matter: verb.matter, by, since: instant });
    case 'release':
      return verbs.release(facts, verb.matter);
  }
}

/** Names of the groups that somebody is in by hand or by a grant: who comes back is in none of them. */
export function groupsByHand({ entry }: Person, { reader }: PeopleParts): readonly string[] {
  const groups = heldGroups(entry.id, reader).map(({ group }) => group);
  return [...new Set(groups)].sort();
}

function noteBlocks({ blocks }: Facts, notes: string[]): void {
  for (const { kind, by, since } of blocks)
    notes.push(`still blocked: ${kind} by ${by} since ${since}`);
}

function offboarded(
  verb: Offboard,
  person: Person,
  parts: PeopleParts,
  notes: string[],
): Facts | Fault {
  const { facts, now, rules } = person;
  const said = { now, calendar: rules };
  const by = parts.administrator().dn;
  const since = formatTime(now);
  const reason = verb.because === '' ? {} : { reason: verb.because };
  const end =
    typeof verb.when === 'string' ? since : readMoment('--at', verb.when.at, now, rules.zone);
  const at = endOf(end, rules);
  if (at < now) return { fault: `would have left at ${end}, which is past; say --now` };
  const [kind] = textsOf(person.entry, 'employeetype', parts.reader);
  const [number] = textsOf(person.entry, 'employeenumber', parts.reader);
  const unwritten = { ...(kind && { kind }), ...(number && { number }) };
  const ended = verbs.offboard(facts, end, unwritten, said);
  if ('fault' in ended) return ended;
  if (facts.holds.length > 0) {
    notes.push(
      `held for ${facts.holds.map(({ matter }) => matter).join(', ')}: nothing is archived or purged`,
    );
  }
  if (verb.when === 'emergency') {
    return verbs.block(ended, { kind: 'security', by, since, ...reason }, said);
  }
  if (at <= now) return ended;
  const told = verbs.giveNotice(ended, { since, by, ...reason });
  return facts.notice === undefined ? told : { ...told, notice: facts.notice };
}

function moved(verb: Move, person: Person, parts: PeopleParts, instant: string): Facts | Fault {
  const { facts, now, rules } = person;
  const said = { now, calendar: rules };
  const words = engagementWords(verb, parts);
  const changed = Object.keys(words).length === 0 ? facts : verbs.move(facts, words, instant, said);
  if ('fault' in changed || verb.end === undefined) return changed;
  const end = verb.end === 'never' ? undefined : readMoment('--end', verb.end, now, rules.zone);
  return verbs.extend(changed, end, said);
}

/** Words of an engagement, with people as login names. @throws LdapError for nobody */
export function engagementWords(
  {
    kind,
    department,
    manager,
    sponsor,
    number,
  }: Move | Join | Extract<PersonVerb, { verb: 'rehire' }>,
  parts: PeopleParts,
) {
  const login = (name: string | undefined) =>
    name === undefined ? undefined : findPerson(name, parts).login;
  const words = { kind, department, manager: login(manager), sponsor: login(sponsor), number };
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
}

/** The attributes of the entry that say the same as its engagement. */
function attributesOf(
  verb: Move | Extract<PersonVerb, { verb: 'rehire' }>,
  person: Person,
  parts: PeopleParts,
): ValueChange[] {
  const { reader } = parts;
  const plain = (attribute: string, value: string | undefined) =>
    value === undefined ? [] : replaced(person, attribute, [value], reader);
  return [
    ...plain('employeeType', verb.kind),
    ...plain('departmentNumber', verb.department),
    ...plain('employeeNumber', verb.number),
    ...plain('title', verb.verb === 'move' ? verb.title : undefined),
    ...named('manager', verb.manager, person, parts),
    ...named('lifecycleSponsor', verb.sponsor, person, parts),
  ];
}

/** Another person in a DN-valued attribute. */
function named(
  attribute: string,
  name: string | undefined,
  person: Person,
  parts: PeopleParts,
): ValueChange[] {
  if (name === undefined) return [];
  const wanted = findPerson(name, parts);
  if (wanted.entry.id === person.entry.id) {
    const text = `${person.login} cannot be the own ${attribute === 'manager' ? 'manager' : 'sponsor'}`;
    throw new LdapError('unwillingToPerform', text);
  }
  const held = namedBy(person.entry, attribute, parts.reader);
  const removed = held
    .filter((id) => id !== wanted.entry.id)
    .map((id) => parts.names.dnOfId(id).toString('utf8'));
  const added = held.includes(wanted.entry.id) ? [] : [wanted.dn];
  return removed.length + added.length === 0 ? [] : [{ attribute, removed, added }];
}
