/**
 * A small company, made as somebody likes whose secrets are told apart: personal values, passwords,
 * memberships, managers, entries that may not be discovered. Two that differ in these alone were made
 * by the same writes, with the same times, numbers and random bytes.
 */
import { group, groupOfNames, people, person, personValues } from './directory-people.js';
import { suffix, type Values } from './directory-requests.js';
import { ServedDirectory } from './served-directory.js';

export const uids = ['ada', 'bob', 'cyd', 'dan'] as const;
/** Accounts of which readers may not know where a document hides them. */
export const hidden = ['hid', 'hod', 'hex', 'hux'] as const;
export const vault = `ou=vault,${suffix}`;
export const labs = `ou=labs,${suffix}`;
export const password = (uid: string) => `open-${uid}`;

export interface Secrets {
  /** homePhone and carLicense of each person; empty: none. */
  readonly phones: readonly string[];
  readonly plates: readonly string[];
  /** Whether the password of each is the usual one. */
  readonly usual: readonly boolean[];
  /** Who is in the group crew, and who manages whom. */
  readonly members: readonly boolean[];
  readonly managers: readonly number[];
  /** Of those who are hidden: the phone, whether hex or hux is there, who is in crew, who wrote of bob. */
  readonly phone: string;
  readonly isThere: boolean;
  readonly crew: readonly boolean[];
  readonly writer: number;
}

const some = (name: string, value: string): Values => (value === '' ? {} : { [name]: value });

/** Serves the company. @throws where a write is refused */
export async function world(secrets: Secrets, rules: readonly string[]): Promise<ServedDirectory> {
  const served = await ServedDirectory.open();
  const d = served.directory;
  const { phones, plates, usual, members, managers, phone, isThere, crew, writer } = secrets;
  const document = ['tenure: 1', 'access:', ...rules.map((line) => `  ${line}`), ''].join('\n');
  const unit = (ou: string, more: Values = {}) => ({
    objectClass: 'organizationalUnit',
    ou,
    ...more,
  });
  const hide = (uid: string, more: Values): Values =>
    personValues(uid, { description: 'Hidden', telephoneNumber: '7', ...more });
  d.seed(
    Object.fromEntries(
      uids.map((uid, i) => [
        person(uid),
        personValues(uid, {
          telephoneNumber: `${i}`,
          userPassword: usual[i] ? password(uid) : `other-${uid}`,
          ...some('homePhone', phones[i]!),
          ...some('carLicense', plates[i]!),
        }),
      ]),
    ),
  );
  d.seed({
    [labs]: unit('labs'),
    [`cn=bench,${labs}`]: { objectClass: 'person', cn: 'bench', sn: 'bench' },
    [vault]: unit('vault', { description: 'Hidden', ...some('telephoneNumber', phone) }),
    [`uid=pub,${vault}`]: personValues('pub'),
    [person('hid')]: hide('hid', { ...some('mobile', phone) }),
    [person('hod')]: hide('hod', { manager: person(uids[managers[0]!]!) }),
    [person('hex')]: hide('hex', { ...some('title', phone) }),
    [person('hux')]: hide('hux', { ...some('title', phone) }),
    ...(rules.length > 0 && {
      [`cn=policy,${suffix}`]: {
        objectClass: 'tenureLifecyclePolicy',
        cn: 'policy',
        tenurePolicyText: document,
      },
    }),
  });
  const done = async (outcome: ReturnType<typeof d.modify>) => {
    const { ok } = await outcome;
    if (!ok) throw new Error('a write of the company was refused');
  };
  for (const [i, uid] of uids.entries()) {
    await done(d.modify(person(uid), [['add', 'manager', person(uids[managers[i]!]!)]]));
  }
  await done(d.delete(person(isThere ? 'hux' : 'hex')));
  const inCrew = [
    ...uids.filter((_, i) => members[i]),
    ...['hid', 'hod'].filter((_, i) => crew[i]),
  ];
  d.seed({
    [group('crew')]: groupOfNames('crew', ...inCrew.map(person)),
    [group('nest')]: groupOfNames('nest', group('crew')),
  });
  const hiddenWrites = rules.some((rule) => rule.startsWith('hidden:'));
  if (hiddenWrites) {
    const as = d.user(person(hidden[writer]!));
    await done(d.modify(person('bob'), [['replace', 'roomNumber', '1']], undefined, as));
    await done(
      d.add(`cn=made,${labs}`, { objectClass: 'person', cn: 'made', sn: 'made' }, undefined, as),
    );
  }
  served.advance(5_000);
  await done(d.modify(people, [['replace', 'description', 'here']]));
  return served;
}
