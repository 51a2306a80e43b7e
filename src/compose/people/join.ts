/** Somebody new: a login that is free, an entry below ou=people, the first engagement. */

import { AdminError } from '../../admin/index.js';
import type { Join } from '../../admin/people.js';
import { bytesOfText } from '../../directory/model/bytes.js';
import { escapeDnValue } from '../../directory/model/dn.js';
import type { AddRequest } from '../../directory/operations/index.js';
import { findRehire, foldRulesOf, policyOf } from '../../directory/operations/lifecycle/index.js';
import { type Facts, type FoldRules, formatFact, noFacts, verbs } from '../../policy/core/index.js';
import { LdapError } from '../../runtime/errors.js';
import { findPerson, loginOf, type PeopleParts, readMoment } from './parts.js';
import { engagementWords } from './plan-verb.js';

export interface Draft {
  readonly dn: string;
  readonly login: string;
  readonly facts: Facts;
  readonly rules: FoldRules;
  readonly attributes: AddRequest['attributes'];
  readonly now: number;
}

const LOGIN_TRIES_MAX = 100;
const loginForm = /^[a-z_][a-z0-9._-]{0,31}$/;

/** @throws LdapError, AdminError usage */
export function draftOf(join: Join, parts: PeopleParts): Draft {
  const now = Math.floor(parts.nowMs() / 1000);
  const fullName = join.name.trim().replace(/\s+/g, ' ');
  if (fullName === '') throw new AdminError('usage', 'who joins? write the full name');
  const before = loginOfBefore(join, fullName, now, parts);
  const login =
    before ??
    (join.login === undefined ? freeLogin(fullName, parts) : givenLogin(join.login, parts));
  const suffix = parts.reader.suffixes()[0]?.dn;
  if (suffix === undefined) throw new LdapError('noSuchObject', 'the directory has no suffix yet');
  const container = `ou=people,${suffix}`;
  const parentId = parts.names.idOf(container);
  if (parentId === 0) {
    throw new LdapError('noSuchObject', `there is no ${container}, where people are kept`);
  }
  const { policy } = policyOf(parts.reader);
  const place = { id: 0, parentId, createdBy: '' };
  const rules = foldRulesOf(place, () => [], 0, policy, parts.reader);
  const start = readMoment('--start', join.start ?? 'today', now, rules.zone);
  const end = join.end === undefined ? {} : { end: readMoment('--end', join.end, now, rules.zone) };
  const facts = verbs.engage(noFacts, { ...engagementWords(join, parts), start, ...end });
  const dn = `uid=${escapeDnValue(login)},${container}`;
  return {
    dn,
    login,
    facts,
    rules,
    now,
    attributes: attributesOf(join, fullName, login, facts, parts),
  };
}

/**
 * The login of somebody who was purged, comes back, and is known by number and login. Whoever is still
 * in the directory is not added again. @throws AdminError refused
 */
function loginOfBefore(
  { number, login, mail }: Join,
  fullName: string,
  now: number,
  { reader, names }: PeopleParts,
): string | undefined {
  if (number === undefined) return undefined;
  const found = findRehire({ number, login, mail, fullName }, reader, now);
  const refused = (text: string) => new AdminError('refused', `employee number ${number} ${text}`);
  switch (found.is) {
    case 'nobody':
      return undefined;
    case 'purged':
      return found.tombstone.login;
    case 'here':
      throw refused(`is that of ${names.text(found.entry)}, who is here`);
    case 'same': {
      const { dn, name } = { dn: names.text(found.entry), name: loginOf(found.entry, reader) };
      throw refused(`and ${found.by} are those of ${dn}, who had left: tenure rehire ${name}`);
    }
    case 'unsure':
      throw refused(
        `was that of ${found.logins.join(', ')}, and nothing else agrees. If it is the same person, ` +
          `say tenure rehire ${found.logins[0]!}, or --login where that is gone; else leave the number out`,
      );
  }
}

function attributesOf(
  join: Join,
  fullName: string,
  login: string,
  { engagements }: Facts,
  parts: PeopleParts,
): AddRequest['attributes'] {
  const words = fullName.split(' ');
  const surname = words[words.length - 1]!;
  const given = words.slice(0, -1).join(' ');
  const dnOf = (name: string | undefined) =>
    name === undefined ? undefined : findPerson(name, parts).dn;
  const values: Readonly<Record<string, string | undefined>> = {
    uid: login,
    cn: fullName,
    sn: surname,
    givenName: given === '' ? undefined : given,
    displayName: fullName,
    mail: join.mail,
    title: join.title,
    employeeType: join.kind,
    employeeNumber: join.number,
    departmentNumber: join.department,
    manager: dnOf(join.manager),
    lifecycleSponsor: dnOf(join.sponsor),
    homeDirectory: `/home/${login}`,
    loginShell: '/bin/bash',
    lifecycleEngagement: formatFact('lifecycleEngagement', engagements[0]!),
  };
  const classes = ['inetOrgPerson', 'posixAccount', 'lifecycleSubject'];
  const rest = Object.entries(values).flatMap(([attribute, value]) =>
    value === undefined ? [] : [{ attribute, values: [bytesOfText(value)] }],
  );
  return [{ attribute: 'objectClass', values: classes }, ...rest];
}

/** Letters without their marks, as logins have them: `Gödel` is `godel`, `Straße` is `strasse`. */
function plainLetters(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('ł', 'l')
    .replace(/[^a-z0-9]/g, '');
}

/** grace, graceh, grace.hopper, grace2 …: the first that nobody has or ever had. */
function freeLogin(fullName: string, parts: PeopleParts): string {
  const words = fullName
    .split(' ')
    .map(plainLetters)
    .filter((word) => word !== '');
  const [first, ...others] = words;
  if (first === undefined || !loginForm.test(first)) {
    throw new AdminError('usage', `no login can be made of "${fullName}"; say --login`);
  }
  const last = others[others.length - 1];
  const tries = last === undefined ? [first] : [first, `${first}${last[0]}`, `${first}.${last}`];
  for (let i = 2; tries.length < LOGIN_TRIES_MAX; i += 1) tries.push(`${first}${i}`);
  const free = tries.map((login) => login.slice(0, 32)).find((login) => !isTaken(login, parts));
  if (free !== undefined) return free;
  throw new AdminError('usage', `every login like "${first}" is taken; say --login`);
}

function givenLogin(login: string, parts: PeopleParts): string {
  if (!loginForm.test(login)) {
    const text = `--login "${login}": small letters, digits, . _ - and 32 at most, a letter first`;
    throw new AdminError('usage', text);
  }
  if (isTaken(login, parts)) {
    throw new LdapError('entryAlreadyExists', `the login "${login}" is, or was, somebody else's`);
  }
  return login;
}

/** Whether an entry has the login, or a group has it as its name: both are one space to Unix. */
export function isTaken(login: string, { reader }: PeopleParts): boolean {
  if (reader.tombstones.byLogin(login) !== undefined) return true;
  for (const attribute of ['uid', 'cn']) {
    const type = reader.schema().attribute(attribute);
    const key = type?.equality?.normalize(Buffer.from(login, 'utf8'));
    if (type !== undefined && key !== undefined && reader.idsEqual(type, key, 1).ids.length > 0) {
      return true;
    }
  }
  return false;
}
