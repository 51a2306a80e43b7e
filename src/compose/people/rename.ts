/** Another login or another full name. Facts of others name people by login, and follow. */

import { AdminError } from '../../admin/index.js';
import type { Rename, ValueChange } from '../../admin/people.js';
import { bytesOfText } from '../../directory/model/bytes.js';
import { escapeDnValue } from '../../directory/model/dn.js';
import { formatFact } from '../../policy/core/index.js';
import { LdapError } from '../../runtime/errors.js';
import { modifications, replaced } from './changes.js';
import { isTaken } from './join.js';
import {
  findPerson,
  modify,
  naming,
  type PeopleParts,
  type Person,
  personOf,
  textsOf,
  written,
} from './parts.js';

export interface PlannedRename {
  readonly person: Person;
  readonly changes: readonly ValueChange[];
  /** The relative name that shall be, where it changes. */
  readonly newRdn: string | undefined;
  readonly notes: readonly string[];
}

/** @throws LdapError, AdminError usage */
export function planRename(rename: Rename, parts: PeopleParts): PlannedRename {
  const person = findPerson(rename.name, parts);
  const { login, fullName } = rename;
  if (login === undefined && fullName === undefined) {
    throw new AdminError('usage', 'what is the new name? say --login, --name, or both');
  }
  const changes: ValueChange[] = [];
  if (fullName !== undefined) changes.push(...nameChanges(person, fullName.trim(), parts));
  const notes: string[] = [];
  const renames = login !== undefined && login !== person.login;
  if (renames) {
    if (!/^[a-z_][a-z0-9._-]{0,31}$/.test(login)) {
      throw new AdminError(
        'usage',
        `--login "${login}": small letters, digits, . _ - and 32 at most`,
      );
    }
    if (isTaken(login, parts)) {
      throw new LdapError('entryAlreadyExists', `the login "${login}" is, or was, somebody else's`);
    }
    changes.push({ attribute: 'uid', removed: [person.login], added: [login] });
    const [home] = textsOf(person.entry, 'homedirectory', parts.reader);
    if (home !== undefined) notes.push(`the home directory stays ${home}`);
    notes.push('entryUUID, numbers and memberships stay; the next login is by the new name');
  }
  if (changes.length === 0) {
    throw new LdapError('unwillingToPerform', `${person.login} is called so already`);
  }
  return { person, changes, newRdn: renames ? `uid=${escapeDnValue(login)}` : undefined, notes };
}

function nameChanges(person: Person, fullName: string, parts: PeopleParts): ValueChange[] {
  const words = fullName.split(/\s+/);
  const given = words.slice(0, -1).join(' ');
  return [
    ...replaced(person, 'cn', [fullName], parts.reader),
    ...replaced(person, 'sn', [words[words.length - 1]!], parts.reader),
    ...replaced(person, 'givenName', given === '' ? [] : [given], parts.reader),
    ...replaced(person, 'displayName', [fullName], parts.reader),
  ];
}

/** @throws LdapError */
export async function performRename(
  { person, changes, newRdn }: PlannedRename,
  parts: PeopleParts,
  reason: string,
): Promise<void> {
  const ordinary = changes.filter(({ attribute }) => attribute !== 'uid');
  if (ordinary.length > 0) await modify(parts, person.dn, modifications(person, ordinary), reason);
  if (newRdn === undefined) return;
  const context = { identity: parts.administrator(), origin: parts.origin };
  const { dn } = person;
  const followers = [
    ...naming(person.entry.id, 'manager', parts.reader),
    ...naming(person.entry.id, 'lifecycleSponsor', parts.reader),
  ];
  await written(parts, {
    op: 'rename',
    context,
    reason,
    dn,
    newRdn,
    deleteOldRdn: true,
    newSuperior: undefined,
  });
  const login = newRdn.slice('uid='.length);
  for (const entry of parts.reader.entries([...new Set(followers)])) {
    await followLogin(personOf(entry, parts), person.login, login, parts, reason);
  }
}

/** Engagements that name the old login name the new one. */
async function followLogin(
  other: Person,
  old: string,
  login: string,
  parts: PeopleParts,
  reason: string,
): Promise<void> {
  const removed: string[] = [];
  const added: string[] = [];
  for (const one of other.facts.engagements) {
    if (one.manager !== old && one.sponsor !== old) continue;
    const renamed = {
      ...one,
      ...(one.manager === old && { manager: login }),
      ...(one.sponsor === old && { sponsor: login }),
    };
    removed.push(formatFact('lifecycleEngagement', one));
    added.push(formatFact('lifecycleEngagement', renamed));
  }
  if (removed.length === 0) return;
  await modify(
    parts,
    other.dn,
    [
      { op: 'delete', attribute: 'lifecycleEngagement', values: removed.map(bytesOfText) },
      { op: 'add', attribute: 'lifecycleEngagement', values: added.map(bytesOfText) },
    ],
    reason,
  );
}
