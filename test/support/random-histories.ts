/**
 * Histories of a few people: facts come and go, and the clock moves on. Everybody is named wherever
 * a name opens something, so that a state that does not close one of these doors shows.
 */
import fc from 'fast-check';
import { formatTime } from '../../src/directory/model/time.js';
import { accountValues, group, groups, person, personValues } from './directory-people.js';
import { suffix, type Values } from './directory-requests.js';
import type { TestDirectory } from './directory-temp.js';
import { ed25519 } from './ssh-keys.js';

export const logins = ['p0', 'p1', 'p2', 'p3'] as const;
export type Login = (typeof logins)[number];
/** Somebody who only looks, and is always there. */
export const onlooker = person('onlooker');
export const sudoRule = `cn=rule,ou=sudo,${suffix}`;
export const netgroup = `cn=lab,${groups}`;
export const app = `uid=app,ou=services,${suffix}`;
export const host = `cn=web9,ou=services,${suffix}`;

const keys = new Map(logins.map((login) => [login, ed25519(login)]));
export const keyOf = (login: Login) => keys.get(login)!;

export const passwordOf = (login: Login) => `${login}-secret`;

/** Four people in groups of each form, two of them nested, a sudo rule and a netgroup. */
export function populate(d: TestDirectory): void {
  const dns = logins.map(person);
  const classes = [
    'inetOrgPerson',
    'posixAccount',
    'shadowAccount',
    'ldapPublicKey',
    'radiusProfile',
  ];
  const values = (login: Login): Values =>
    accountValues(login, {
      objectClass: [...classes, 'lifecycleSubject'],
      loginShell: '/bin/bash',
      userPassword: passwordOf(login),
      sshPublicKey: keyOf(login),
      radiusFilterId: `vlan-${login}`,
      mail: `${login}@example.com`,
    });
  d.seed({
    ...Object.fromEntries(logins.map((login) => [person(login), values(login)])),
    [onlooker]: personValues('onlooker'),
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
const DAY = 24 * HOUR;
/** Mostly whole hours, so that facts and the clock meet in one second. */
const offset = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -48, max: 48 }).map((hours) => hours * HOUR) },
  fc.constantFrom(-1, 0, 1),
  fc.integer({ min: -3 * DAY, max: 3 * DAY }),
);
const lengths = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 72 }).map((hours) => hours * HOUR) },
  fc.integer({ min: 1, max: 5 * DAY }),
);
const fact: fc.Arbitrary<Offset> = fc
  .record({
    of: fc.constantFrom('engagement', 'engagement', 'absence', 'block'),
    from: offset,
    length: fc.option(lengths, { nil: undefined }),
  })
  .map(({ of, from, length }) => ({
    of,
    from,
    until: length === undefined ? undefined : from + length,
  }));

export const someFacts = fc.uniqueArray(fact, {
  maxLength: 5,
  selector: ({ of, from }) => `${of} ${from}`,
});

export const events: fc.Arbitrary<Event> = fc.oneof(
  fc
    .record({ who: fc.nat(logins.length - 1), facts: someFacts })
    .map(({ who, facts }): Event => ({ kind: 'facts', who, facts })),
  fc
    .oneof(
      fc.constantFrom(1, 1, HOUR - 1, HOUR, 5 * HOUR, DAY, 30 * HOUR),
      fc.integer({ min: 1, max: 4 * DAY }),
    )
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

/** Writes what happened; false where a rule of facts refuses it: then it has not happened. */
export async function happen(d: TestDirectory, event: Event, extraEnd?: string): Promise<boolean> {
  if (event.kind === 'later') {
    d.clock.advance(event.seconds * 1000);
    return true;
  }
  const { engagement, absence, block } = valuesOfFacts(
    event.facts,
    Math.floor(d.clock.nowMs() / 1000),
  );
  const ended = engagement.map((value) =>
    extraEnd === undefined || value.includes(' end=') ? value : `${value} end=${extraEnd}`,
  );
  const outcome = await d.modify(person(logins[event.who]!), [
    ['replace', 'lifecycleEngagement', ...ended],
    ['replace', 'lifecycleAbsence', ...absence],
    ['replace', 'lifecycleBlock', ...block],
  ]);
  return outcome.ok;
}
