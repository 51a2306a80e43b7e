/** What `why` says of somebody is what a bind does, now and at any later moment. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { whyPerson } from '../../../src/compose/people/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal } from '../../support/directory-expect.js';
import { accountValues, person } from '../../support/directory-people.js';
import { origin, suffix } from '../../support/directory-requests.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { type People, partsOf, peopleOf } from '../../support/people-engine.js';
import { checkRandomly } from '../../support/random-runs.js';

const ada = person('ada');
const git = `uid=git,ou=services,${suffix}`;
const MINUTE = 60_000;

function filled(d: TestDirectory): People {
  d.seed({ [ada]: accountValues('ada'), [git]: { objectClass: 'account', uid: 'git' } });
  return peopleOf(d);
}

const opens = (d: TestDirectory, password = 'right') =>
  d.bind(ada, password).then(
    ({ only }) => (only === undefined ? 'yes' : 'change'),
    () => 'no',
  );

describe('of one person', () => {
  const at = eachDirectory();
  let people: People;
  const why = (more: { service?: string; at?: string } = {}) =>
    whyPerson({ name: 'ada', ...more }, whyParts(at()));
  beforeEach(async () => {
    people = filled(at());
    await at().modify(ada, [['add', 'userPassword', 'right']]);
  });

  test('an end: whole before, shut after, asked for either moment', async () => {
    await people.say({ verb: 'offboard', name: 'ada', when: { at: '17:00' } });
    expect(why()).toMatchObject({
      can: true,
      state: 'active',
      because: ['engagement 1 holds to 2026-01-05T17:00'],
      doors: [{ door: 'password', opens: 'yes' }],
      later: [{ at: '2026-01-05T17:00:00.000Z', state: 'offboarded' }],
    });
    expect(why({ at: 'today 17:00' })).toMatchObject({
      can: false,
      state: 'offboarded',
      stage: 'sealed',
      because: ['engagement 1 ended with 2026-01-05T17:00'],
      verdict: 'has left; everything is sealed',
      at: '2026-01-05T17:00:00.000Z',
      later: [],
    });
    expect(why({ at: 'today 16:59:59' })).toMatchObject({ can: true });
  });

  test('a block names who, when and why', async () => {
    await people.say({
      verb: 'suspend',
      name: 'ada',
      kind: 'security',
      because: 'lost badge',
    });
    const { because, can } = why();
    expect(can).toBe(false);
    expect(because).toEqual([
      `blocked (security) by cn=admin,${suffix} since 20260105090000Z: lost badge`,
    ]);
  });

  test('a second account says whose it is', async () => {
    const second = person('ada-admin');
    at().seed({
      [second]: accountValues('ada-admin', {
        objectClass: ['inetOrgPerson', 'posixAccount', 'lifecycleSubject'],
        lifecyclePrincipal: ada,
      }),
    });
    await people.say({ verb: 'contain', name: 'ada' });
    const { state, because } = whyPerson({ name: 'ada-admin' }, whyParts(at()));
    expect(state).toBe('suspended');
    expect(because).toEqual(['bounded by ada, who is suspended']);
  });

  test('an app password opens through its service only', async () => {
    const { factors } = partsOf(at());
    await factors.addAppPassword({
      name: 'ada',
      label: 'mail',
      service: 'git',
      forMs: undefined,
      by: 't',
    });
    const door = (told: ReturnType<typeof why>) =>
      told.doors.find((one) => one.door === 'app password "mail"');
    expect(door(why())).toMatchObject({ opens: 'no', because: `it opens through ${git} only` });
    expect(door(why({ service: 'git' }))).toMatchObject({ opens: 'yes' });
    const other = () => why({ service: 'ada' });
    expect((await refusal(other, 'unwillingToPerform')).message).toContain('not a service');
  });

  test('a service that the policy keeps opens to people on leave, and no other', async () => {
    const d = at();
    await ok(
      d.add(`cn=policy,${suffix}`, {
        objectClass: 'tenureLifecyclePolicy',
        cn: 'policy',
        tenurePolicyText:
          'tenure: 1\nkinds: {all: {who: everyone, journeys: [leave]}}\n' +
          'journeys: {leave: {at leave: [pause, keep git], at return: resume}}\n',
      }),
    );
    await people.say({ verb: 'pause', name: 'ada', kind: 'parental', from: 'now' });
    expect(why()).toMatchObject({ can: false, state: 'leave', verdict: 'on leave' });
    expect(why({ service: 'git' })).toMatchObject({ can: true, state: 'leave' });
    const entryId = d.names.idOf(git);
    const boundBefore = { role: 'user', dn: git, entryId } as const;
    const bind = { dn: ada, password: Buffer.from('right'), boundBefore };
    const outcome = await d.directory.authenticate(bind, origin);
    expect(outcome.identity.dn).toBe(ada);
    expect(await opens(d)).toBe('no');
  });

  test('nothing to come in with, locked out, locked by hand, expired', async () => {
    const d = at();
    await d.modify(ada, [['add', 'pwdAccountLockedTime', '000001010000Z']]);
    expect(why()).toMatchObject({ can: false, verdict: 'locked by an administrator' });
    await d.modify(ada, [['delete', 'pwdAccountLockedTime']]);
    for (let i = 0; i < 10; i += 1) await opens(d, `wrong ${i}`);
    expect(why()).toMatchObject({
      can: false,
      verdict: expect.stringContaining('wrong passwords'),
    });
    expect(why({ at: 'tomorrow' })).toMatchObject({ can: true });
    await d.modify(ada, [['delete', 'userPassword', 'right']]);
    expect(why({ at: 'tomorrow' })).toMatchObject({
      can: false,
      verdict: 'there is no password, app password or certificate',
      doors: [],
    });
  });

  test('a staged person has a first password, and when it opens', async () => {
    await people.say({ verb: 'join', name: 'Kim', start: 'in 3 days', firstPassword: true });
    const kim = whyPerson({ name: 'kim' }, whyParts(at()));
    expect(kim).toMatchObject({ state: 'staged', can: false });
    expect(kim.doors[0]).toMatchObject({ door: 'first password', opens: 'no' });
    const day = whyPerson({ name: 'kim', at: 'in 3 days' }, whyParts(at()));
    expect(day).toMatchObject({
      state: 'active',
      can: false,
      verdict: expect.stringContaining('only to set a new password'),
    });
  });
});

function whyParts(d: TestDirectory) {
  return { ...partsOf(d), box: () => d.half.box() };
}

/** Something that happens to ada, or time that passes. */
type Event =
  | { readonly does: 'wait'; readonly minutes: number }
  | { readonly does: 'offboard'; readonly in: number }
  | {
      readonly does:
        | 'extend'
        | 'suspend'
        | 'lift'
        | 'contain'
        | 'resume'
        | 'fail'
        | 'lock'
        | 'unlock';
    }
  | { readonly does: 'pause'; readonly days: number };

const events: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ does: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 6_000 }) }),
  fc.record({ does: fc.constant('offboard' as const), in: fc.nat(5_000) }),
  fc.record({ does: fc.constant('pause' as const), days: fc.nat(3) }),
  fc.record({
    does: fc.constantFrom(
      'extend',
      'suspend',
      'lift',
      'contain',
      'resume',
      'fail',
      'lock',
      'unlock',
    ),
  }),
);

/** A refusal is as good as a deed here: nothing has changed. */
async function happen(event: Event, d: TestDirectory, people: People): Promise<void> {
  const quietly = (work: Promise<unknown>) => work.catch(() => undefined);
  switch (event.does) {
    case 'wait':
      d.clock.advance(event.minutes * MINUTE);
      return;
    case 'offboard': {
      const when = event.in === 0 ? ('now' as const) : { at: `in ${event.in} minutes` };
      await quietly(people.say({ verb: 'offboard', name: 'ada', when }));
      return;
    }
    case 'pause': {
      const until = `in ${event.days} days`;
      await quietly(people.say({ verb: 'pause', name: 'ada', kind: 'sick', from: 'now', until }));
      return;
    }
    case 'extend':
      await quietly(people.say({ verb: 'move', name: 'ada', end: 'never' }));
      return;
    case 'suspend':
      await quietly(
        people.say({
          verb: 'suspend',
          name: 'ada',
          kind: 'administrative',
          until: 'in 90 minutes',
        }),
      );
      return;
    case 'lift':
      await quietly(people.say({ verb: 'lift', name: 'ada' }));
      return;
    case 'contain':
      await quietly(people.say({ verb: 'contain', name: 'ada' }));
      return;
    case 'resume':
      await quietly(people.say({ verb: 'resume', name: 'ada', planned: false }));
      return;
    case 'fail':
      for (let i = 0; i < 6; i += 1) await opens(d, `wrong ${i}`);
      return;
    case 'lock':
      await d.modify(ada, [['add', 'pwdAccountLockedTime', '000001010000Z']]);
      return;
    case 'unlock':
      await d.modify(ada, [['delete', 'pwdAccountLockedTime']]);
  }
}

test('in every history, why agrees with a bind: now, and foretold', async () => {
  await checkRandomly(
    fc.asyncProperty(
      fc.array(events, { minLength: 4, maxLength: 14 }),
      fc.integer({ min: 1, max: 4_000 }),
      async (history, ahead) => {
        const d = await TestDirectory.open();
        try {
          const people = filled(d);
          await d.modify(ada, [['add', 'userPassword', 'right']]);
          for (const event of history) {
            await happen(event, d, people);
            const told = whyPerson({ name: 'ada' }, whyParts(d));
            const done = await opens(d);
            expect([event, told.verdict, told.doors[0]?.opens]).toEqual([
              event,
              told.verdict,
              done,
            ]);
          }
          const foretold = whyPerson({ name: 'ada', at: `in ${ahead} minutes` }, whyParts(d));
          d.clock.advance(ahead * MINUTE);
          const done = await opens(d);
          expect([foretold.verdict, foretold.doors[0]?.opens]).toEqual([foretold.verdict, done]);
        } finally {
          await d.close();
        }
      },
    ),
    25,
  );
}, 120_000);
