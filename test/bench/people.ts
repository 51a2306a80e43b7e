/**
 * The made-up directory that both servers of the bench hold, as LDIF (RFC 2849): the same bytes for
 * the same count. Owns the shape of the data; knows no server.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

/** The tree of the bench and who is in it. */
export const suffix = 'dc=example,dc=com';
/** A service account, where one is written. */
export const serviceDn = `uid=app,ou=services,${suffix}`;
export const administratorDn = `cn=admin,${suffix}`;
/** Of the administrator and of everybody. */
export const password = 'secret';

/** Groups have so many members, one group for as many people. */
const TEAM_SIZE = 100;
/** Members of cn=large, the first people; load.c knows this number too. */
export const LARGE_GROUP_SIZE = 10_000;
const WRITE_CHARS = 1 << 20;

const givenNames = ['Anna', 'Bela', 'Chidi', 'Dagny', 'Emil', 'Fatima', 'Goran', 'Hiroko', 'Ines'];
const familyNames = ['Adeyemi', 'Berg', 'Costa', 'Dubois', 'Eriksen', 'Farkas', 'Greco', 'Horvat'];
const departments = ['Research', 'Sales', 'Finance', 'Support', 'Legal', 'Operations', 'Design'];

/** {SSHA}: base64 of SHA-1 over password and salt, then the salt; one for all, as imports bring. */
function saltedSha1(clear: string): string {
  const salt = Buffer.from('tenure-8');
  const digest = createHash('sha1').update(clear).update(salt).digest();
  return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`;
}

const uidOf = (index: number): string => `u${String(index).padStart(6, '0')}`;
/** Of the person with that number. */
export const personDn = (index: number): string => `uid=${uidOf(index)},ou=people,${suffix}`;

function nth(list: readonly string[], index: number): string {
  return list[index % list.length] ?? '';
}

/** What people have besides: an engagement that ends, or the same words that mean nothing. */
export type Facts = 'facts' | 'words' | 'none';

/** Ends spread over two years, far enough away that nobody has gone while the bench runs. */
function engagement(index: number, facts: Facts): string {
  if (facts === 'none') return '';
  const end = new Date(Date.UTC(2030, 0, 1 + (index % 730))).toISOString().slice(0, 10);
  const [objectClass, attribute] =
    facts === 'facts' ? ['lifecycleSubject', 'lifecycleEngagement'] : ['uidObject', 'description'];
  return `objectClass: ${objectClass}
employeeType: employee
${attribute}: id=1 kind=employee start=2020-01-01 end=${end}
`;
}

function person(index: number, hash: string, facts: Facts): string {
  const uid = uidOf(index);
  // Multiplied by primes: neighbours should not share all their values.
  const given = nth(givenNames, index * 7);
  const family = nth(familyNames, Math.floor(index / 3) * 5);
  return `dn: ${personDn(index)}
objectClass: inetOrgPerson
objectClass: posixAccount
${engagement(index, facts)}uid: ${uid}
cn: ${given} ${family} ${index}
sn: ${family}
givenName: ${given}
mail: ${given}.${family}.${index}@example.com
uidNumber: ${100_000 + index}
gidNumber: ${5_000 + (index % 50)}
homeDirectory: /home/${uid}
loginShell: /bin/bash
departmentNumber: ${nth(departments, index * 11)}
employeeNumber: ${index}
telephoneNumber: +1 555 ${String(index % 10_000).padStart(4, '0')}
title: Engineer
userPassword: ${hash}

`;
}

function group(name: string, first: number, end: number): string {
  let text = `dn: cn=${name},ou=groups,${suffix}\nobjectClass: groupOfNames\ncn: ${name}\n`;
  for (let i = first; i < end; i += 1) text += `member: ${personDn(i)}\n`;
  return `${text}\n`;
}

function* records(people: number, facts: Facts): Generator<string> {
  yield `dn: ${suffix}\nobjectClass: domain\ndc: example\n\n`;
  for (const name of ['people', 'groups']) {
    yield `dn: ou=${name},${suffix}\nobjectClass: organizationalUnit\nou: ${name}\n\n`;
  }
  const hash = saltedSha1(password);
  for (let i = 0; i < people; i += 1) yield person(i, hash, facts);
  for (let first = 0; first < people; first += TEAM_SIZE) {
    const name = `team${String(first / TEAM_SIZE).padStart(4, '0')}`;
    yield group(name, first, Math.min(people, first + TEAM_SIZE));
  }
  yield group('large', 0, Math.min(people, LARGE_GROUP_SIZE));
}

/**
 * Writes `people` people, teams of 100, and the group cn=large to the new file `file`; with facts
 * everybody has an engagement that ends, which slapd would not know.
 */
export function writePeople(file: string, people: number, facts: Facts = 'none'): void {
  const out = openSync(file, 'wx');
  try {
    let waiting = '';
    for (const record of records(people, facts)) {
      waiting += record;
      if (waiting.length < WRITE_CHARS) continue;
      writeSync(out, waiting);
      waiting = '';
    }
    writeSync(out, waiting);
  } finally {
    closeSync(out);
  }
}
