/**
 * Histories of a few people: facts come and go, and the clock moves on. Everybody is named wherever
 * a name opens something, so that a state that does not close one of these doors shows.
 */
import fc from 'fast-check';
import { formatTime } from '../../src/directory/model/time.js';
import { accountValues, group, groups, person } from './directory-people.js';
import { suffix, type Values } from './directory-requests.js';
import type { TestDirectory } from './directory-temp.js';
import { ed25519 } from './ssh-keys.js';

export const logins = ['p0', 'p1', 'p2', 'p3'] as const;
export const sudoRule = `cn=rule,ou=sudo,${suffix}`;
export const netgroup = `cn=lab,${groups}`;
export const app = `uid=app,ou=services,${suffix}`;
export const host = `cn=web9,ou=services,${suffix}`;

const keys = new Map(logins.map((login) => [login, ed25519(login)]));
export const keyOf = (login: (typeof logins)[number]) => keys.get(login)!;

/** Four people in groups of each form, two of them nested, a sudo rule and a netgroup. */
export function populate(d: TestDirectory): void {
  const dns = logins.map(person);
  const classes = ['inetOrgPerson', 'posixAccount', 'ldapPublicKey', 'radiusProfile'];
  const values = (login: (typeof logins)[number]): Values =>
    accountValues(login, {
      objectClass: [...classes, 'lifecycleSubject'],
      loginShell: '/bin/bash',
      sshPublicKey: keyOf(login),
      radiusFilterId: `vlan-${login}`,
      mail: `${login}@example.com`,
    });
  d.seed({
    ...Object.fromEntries(logins.map((login) => [person(login), values(login)])),
    [app]: { objectClass: 'account', uid: 'app' },
    [host]: { objectClass: ['device', 'ipHost'], cn: 'web9', ipHostNumber: '192.0.2.9' },
    [`ou=sudo,${suffix}`]: { objectClass: 'organizationalUnit', ou: 'sudo' },
    [group('inner')]: { objectClass: 'groupOfNames', cn: 'inner', member: dns },
    [group('outer')]: { objectClass: 'groupOfNames', cn: 'outer', member: group('inner') },
    [group('unique')]: { objectClass: 'groupOfUniqueNames', cn: 'unique', uniqueMember: dns },
    [group('posix')]: { objectClass: 'posixGroup', cn: 'posix', memberUid: [...logins] },
    [sudoRule]: {
      objectClass: 'sudoRole',
      cn: 'rule',
      sudoUser: [...logins, ...logins.map((login) => `!${login}`)],
    },
    [netgroup]: {
      objectClass: 'nisNetgroup',
      cn: 'lab',
      nisNetgroupTriple: logins.map((login) => `(,${login},)`),
    },
  });
}

/** What happens: facts of one person are written anew, or time passes. */
export type Event =
  | { readonly kind: 'facts'; readonly who: number; readonly facts: readonly Offset[] }
  | { readonly kind: 'later'; readonly seconds: number };

/** A fact whose times are given in seconds from the moment at which it is written. */
export interface Offset {
  readonly of: 'engagement' | 'absence' | 'block';
  readonly from: number;
  readonly until: number | undefined;
}

const HOUR = 3600;
const offset = fc.integer({ min: -48, max: 48 }).map((hours) => hours * HOUR);
const fact: fc.Arbitrary<Offset> = fc
  .record({
    of: fc.constantFrom('engagement', 'engagement', 'absence', 'block'),
    from: offset,
    length: fc.option(fc.integer({ min: 1, max: 72 }), { nil: undefined }),
  })
  .map(({ of, from, length }) => ({
    of,
    from,
    until: length === undefined ? undefined : from + length * HOUR,
  }));

const someFacts = fc.uniqueArray(fact, {
  maxLength: 3,
  selector: ({ of, from }) => `${of} ${from}`,
});

export const events: fc.Arbitrary<Event> = fc.oneof(
  fc
    .record({ who: fc.nat(logins.length - 1), facts: someFacts })
    .map(({ who, facts }): Event => ({ kind: 'facts', who, facts })),
  fc
    .constantFrom(1, 1, HOUR - 1, HOUR, 5 * HOUR, 30 * HOUR)
    .map((seconds): Event => ({ kind: 'later', seconds })),
);

/** The values of the facts, as they are written now. */
export function valuesOfFacts(facts: readonly Offset[], nowSeconds: number) {
  const time = (seconds: number) => formatTime(nowSeconds + seconds);
  const written = { engagement: [] as string[], absence: [] as string[], block: [] as string[] };
  facts.forEach(({ of, from, until }, i) => {
    const end = (word: string) => (until === undefined ? '' : ` ${word}=${time(until)}`);
    if (of === 'engagement') {
      written.engagement.push(`id=${i} start=${time(from)}${end('end')}`);
    } else if (of === 'absence') {
      written.absence.push(`kind=k${i} from=${time(from)}${end('until')}`);
    } else {
      written.block.push(`kind=idle by=policy since=${time(from)}${end('until')}`);
    }
  });
  return written;
}
