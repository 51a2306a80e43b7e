/** Guards: how many people may be closed in an hour, by whatever road, and how it goes on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { runsEngine } from '../../../src/compose/engine-runs.js';
import type { PreparedWrite } from '../../../src/directory/operations/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { person, personValues } from '../../support/directory-people.js';
import { origin } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';
import { peopleOf } from '../../support/people-engine.js';

const at = eachDirectory();
let engine: TestEngine;
const HOUR = 3_600_000;

const policy = `tenure: 1
company: {zone: UTC}
kinds:
  person: {who: everyone, journeys: [departure, idle]}
journeys:
  departure:
    at end: offboard
  idle:
    45 days after last seen: suspend
guards:
  people closed: {hold when more than: 3 an hour}
  when held: {yes from: one admin, tell again: every 4 hours}
`;
const uids = Array.from({ length: 12 }, (_, i) => `p${i}`);

beforeEach(async () => {
  engine = new TestEngine(at());
  for (const uid of uids) {
    const values = {
      objectClass: ['inetOrgPerson', 'lifecycleSubject'],
      lifecycleEngagement: 'id=1 start=2020-01-01',
    };
    at().seed({ [person(uid)]: personValues(uid, values) });
  }
  await engine.install(policy);
});

const end = (i: number, when = '2026-01-05T08:00', as = at().admin) =>
  at().modify(
    person(`p${i}`),
    [['replace', 'lifecycleEngagement', `id=1 start=2020-01-01 end=${when}`]],
    undefined,
    as,
  );
const state = (i: number) =>
  at()
    .entry(person(`p${i}`))
    .texts('lifecycleState')
    .join();
const open = () => at().reader.records.openDecisions(0, 100);

async function firstThree(when?: string) {
  for (const i of [0, 1, 2]) await ok(end(i, when));
}

describe('single changes', () => {
  test('one too many is refused, changes nothing, and says how to go on', async () => {
    await firstThree();
    const text = await refused(end(3), 'unwillingToPerform');
    expect(text).toBe(
      'uid=p3,ou=people,dc=example,dc=com would be one too many: no more than 3 people an hour ' +
        'are closed by one hand; to go on: tenure decide 1 yes',
    );
    expect([state(2), state(3)]).toEqual(['offboarded', 'active']);
    expect(open()).toMatchObject([
      { id: 1, kind: 'write', who: 'admins', actor: 'cn=admin,dc=example,dc=com' },
    ]);
    // The same again is the same question; the same person again is nobody new.
    await refused(end(3), 'unwillingToPerform');
    expect(open()).toHaveLength(1);
    await ok(end(2, '2026-01-05T07:00'));
  });

  test('the hour rolls, and another hand is another count', async () => {
    await firstThree();
    const other = { ...at().admin, identity: { ...at().admin.identity, dn: 'cn=hr' } };
    await ok(end(3, undefined, other));
    await refused(end(4), 'unwillingToPerform');
    at().clock.advance(HOUR + 1_000);
    await ok(end(4));
  });

  test('a date that is stored for tomorrow counts today, one of next summer does not', async () => {
    await firstThree('2026-01-06');
    await refused(end(3, '2026-01-06'), 'unwillingToPerform');
    await ok(end(3, '2026-08-01'));
    // Bringing it near later is what closes.
    await refused(end(3, '2026-01-20'), 'unwillingToPerform');
  });

  test('blocks and deletes close as ends do; facts that open are never counted', async () => {
    at().clock.advance(2 * HOUR);
    const block = 'kind=administrative by=me since=2026-01-05';
    for (const i of [0, 1]) {
      await ok(at().modify(person(`p${i}`), [['add', 'lifecycleBlock', block]]));
    }
    await ok(at().delete(person('p2')));
    expect(await refused(at().delete(person('p3')), 'unwillingToPerform')).toMatch(/decide/);
    for (const i of [0, 1]) await ok(at().modify(person(`p${i}`), [['delete', 'lifecycleBlock']]));
    await ok(at().modify(person('p4'), [['replace', 'title', 'still free']]));
  });

  test('whoever came within the hour is taken back, and counts for nobody', async () => {
    for (const i of [0, 1, 2, 3, 4]) await ok(at().delete(person(`p${i}`)));
    at().clock.advance(HOUR);
    for (const i of [5, 6, 7]) await ok(at().delete(person(`p${i}`)));
    await refused(at().delete(person('p8')), 'unwillingToPerform');
  });

  test('the built-in policy holds the eleventh in an hour', async () => {
    await ok(at().delete(`cn=policy,dc=example,dc=com`));
    for (let i = 0; i < 10; i += 1) await ok(end(i));
    expect(await refused(end(10), 'unwillingToPerform')).toMatch(/no more than 10 people an hour/);
    at().clock.advance(HOUR + 1);
    await ok(end(10));
  });

  test('a verb that is held leaves no empty run, and is one again when it is made', async () => {
    const people = peopleOf(at());
    const runsOf = () => at().reader.history.runs(10).length;
    await firstThree();
    const before = runsOf();
    const held = people.say({ verb: 'offboard', name: 'p3', when: 'now', because: 'redundancy' });
    await expect(held).rejects.toThrow(/to go on: tenure decide 1 yes/);
    expect(runsOf()).toBe(before);
    const { reader } = at();
    const { scheduler, tools } = engine;
    const administrator = () => at().admin.identity;
    const runs = runsEngine({ reader, write: tools.write }, { scheduler, administrator, origin });
    await runs.decide({ id: 1, answer: 'yes', by: 'root', because: '' });
    expect(state(3)).toBe('offboarded');
    const [run] = reader.history.runs(1);
    expect(run!.reason).toBe('tenure offboard by tester: redundancy');
    await runs.undo({ run: run!.id, by: 'root', because: '', rehearse: false });
    expect(state(3)).toBe('active');
  });

  test('a held change with a password in it is not kept, and says what to do again', async () => {
    await firstThree();
    const both = at().modify(person('p3'), [
      ['replace', 'lifecycleEngagement', 'id=1 start=2020-01-01 end=2026-01-05T08:00'],
      ['replace', 'userPassword', 'swordfish-1-trout'],
    ]);
    expect(await refused(both, 'unwillingToPerform')).toMatch(
      /set the password by itself, and say the rest again without it; that can wait for a yes$/,
    );
    expect(open()).toEqual([]);
  });

  test('without a guard in the policy nothing is counted', async () => {
    await engine.install(policy.slice(0, policy.indexOf('guards:')));
    for (const i of uids.keys()) await ok(end(i));
  });
});

describe('a file', () => {
  const half = (n: number) =>
    uids
      .slice(0, n)
      .map(
        (uid) =>
          `dn: ${person(uid)}\nchangetype: modify\nreplace: lifecycleEngagement\n` +
          'lifecycleEngagement: id=1 start=2020-01-01 end=2026-01-05\n-\n\n',
      )
      .join('');

  test('that is cut in half closes nobody', async () => {
    await expect(at().import(half(6))).rejects.toThrow(
      /closes 6 people \(uid=p0.*…\), and the policy lets 3 pass in one hour; .*--expect 6/,
    );
    at().clock.advance(24 * HOUR);
    expect(state(0)).toBe('active');
  });

  test.each([
    ['2 people', 2, '2 people'],
    ['10 % or 5 people', 1, '10 % or 5 people'],
    ['50 %', 6, '50 %'],
  ])('that shrinks by more than %s is held, and one that does not is taken', async (said, most) => {
    const guards = `guards:\n  hr file: {hold when it shrinks by: ${said}}\n`;
    await engine.install(policy.slice(0, policy.indexOf('guards:')) + guards);
    await expect(at().import(half(most + 1))).rejects.toThrow(
      `the policy holds one that shrinks by ${said} (line 11); nothing was changed`,
    );
    await at().import(half(most));
    at().clock.advance(24 * HOUR);
    expect(uids.map((_, i) => state(i)).filter((s) => s === 'offboarded')).toHaveLength(most);
  });

  test('is taken where exactly so many were expected', async () => {
    const path = join(at().dir, 'leavers.ldif');
    writeFileSync(path, half(6));
    const file = (expected: number) =>
      at().half.importFile(path, 'test', () => undefined, { expect: expected });
    await expect(file(5)).rejects.toThrow('closes 6 people, and 5 were expected');
    await file(6);
    at().reader.applyCommitted(at().half.store.takeCommitted());
    at().clock.advance(24 * HOUR);
    expect(uids.map((_, i) => state(i)).filter((s) => s === 'offboarded')).toHaveLength(6);
  });

  test('counts together with what the same hand did before', async () => {
    await firstThree();
    await expect(at().import(half(4))).rejects.toThrow(/closes one person/);
  });
});

describe('a held run', () => {
  const bind = async (uid: string) => {
    await ok(at().modify(person(uid), [['add', 'userPassword', 'x']]));
    await at().bind(person(uid), 'x');
  };

  beforeEach(async () => {
    for (const uid of ['p0', 'p1', 'p2', 'p3']) await bind(uid);
    await at().guard.flush();
    await ok(
      at().modify(person('p9'), [['replace', 'lifecycleEngagement', 'id=1 end=2026-02-01']]),
    );
    await engine.tick();
  });

  test('waits with its reminders, while due dates deny and a single leaver is not held', async () => {
    await engine.advance(46 * 86_400);
    expect(open()).toMatchObject([
      { kind: 'run', text: '4 people would be closed by the policy: p0, p1, p2, p3' },
    ]);
    expect([state(0), state(9)]).toEqual(['active', 'offboarded']);
    await ok(end(5, '2026-02-20T08:00'));
    expect(state(5)).toBe('offboarded');
    const reminders = () => at().sql("SELECT count(*) FROM outbox WHERE subject LIKE 'still%'");
    await engine.advance(3 * 3_600);
    expect(reminders()).toEqual([[0]]);
    await engine.advance(3_700);
    expect(reminders()).toEqual([[1]]);
    await engine.tick();
    expect(reminders()).toEqual([[1]]);
  });

  test('is expected exactly, or not at all', async () => {
    await engine.advance(46 * 86_400);
    const run = (expected: number) => engine.scheduler.runNow({ by: 'ops', expect: expected });
    await expect(run(3)).rejects.toThrow('4 people would be closed, and 3 were expected');
    await run(4);
    expect([0, 1, 2, 3].map(state)).toEqual(Array(4).fill('suspended'));
    // What was approved is not counted against the next hour.
    expect(at().sql("SELECT count(*) FROM closing WHERE actor LIKE '%policy%'")).toEqual([[0]]);
  });
});

test('a kept write is made when somebody says yes, once', async () => {
  await firstThree();
  await refused(end(3), 'unwillingToPerform');
  const [decision] = open();
  const request = JSON.parse(decision!.detail) as PreparedWrite;
  const answers = [{ id: decision!.id, state: 'yes', by: 'root' }] as const;
  const yes = {
    op: 'together',
    context: at().admin,
    reason: 'tenure decide',
    writes: [{ ...request, approved: true }],
    answers,
  } as const;
  expect(at().apply([yes])).toMatchObject([{ ok: true }]);
  expect(state(3)).toBe('offboarded');
  expect(at().apply([yes])).toMatchObject([{ ok: false, error: { code: 'noSuchObject' } }]);
});
