/** What waits for a human, and what an answer sets going. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RunsEngine } from '../../../src/admin/runs.js';
import { runsEngine } from '../../../src/compose/engine-runs.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { group, person, personValues } from '../../support/directory-people.js';
import { origin } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';

const at = eachDirectory();
let engine: TestEngine;
let runs: RunsEngine;
const DAY = 86_400;

const policy = (yes: string) => `tenure: 1
company: {zone: UTC}
kinds:
  person: {who: everyone, journeys: [departure, idle]}
journeys:
  departure:
    14 days before end: "ask manager extend; silence means end"
    at end: [offboard, task it-desk laptop]
  idle:
    45 days after last seen: suspend
guards:
  people closed: {hold when more than: 1 an hour}
  when held: {yes from: ${yes}}
`;
const uids = ['p0', 'p1', 'p2'];
const state = (uid: string) => at().entry(person(uid)).texts('lifecycleState').join();
/** Somebody of hr, with a password. */
async function hire(uid: string, members = [uid]) {
  at().seed({ [person(uid)]: personValues(uid) });
  await ok(at().modify(person(uid), [['add', 'userPassword', uid]]));
  const member = members.map(person);
  await ok(at().add(group('hr'), { objectClass: 'groupOfNames', cn: 'hr', member }));
}
const signedIn = (id: number, uid: string) =>
  runs.decide({
    id,
    answer: 'yes',
    by: 'root',
    because: '',
    as: { name: uid, password: uid },
  });
const decide = (id: number, answer: 'yes' | 'no' | 'done', by = 'root') =>
  runs.decide({ id, answer, by, because: 'asked around' });

beforeEach(async () => {
  const d = at();
  engine = new TestEngine(d);
  const { reader } = d;
  const { write } = engine.tools;
  const { scheduler } = engine;
  const administrator = () => d.admin.identity;
  const signIn = async (uid: string, password: string) => {
    if (uid !== password) throw new Error('wrong');
    return person(uid);
  };
  runs = runsEngine({ reader, write }, { scheduler, administrator, origin, signIn });
  for (const uid of uids) {
    const objectClass = ['inetOrgPerson', 'lifecycleSubject'];
    const values = { objectClass, lifecycleEngagement: 'id=1 start=2020-01-01' };
    d.seed({ [person(uid)]: personValues(uid, values) });
    await ok(d.modify(person(uid), [['add', 'userPassword', 'x']]));
    await d.bind(person(uid), 'x');
  }
  await d.guard.flush();
  await engine.install(policy('one admin and one of hr'));
  await engine.tick();
});

describe('a held run', () => {
  beforeEach(async () => {
    await hire('hilda');
    await engine.advance(46 * DAY);
  });

  test('is answered by those who sign in, for what they are and no more', async () => {
    expect(await signedIn(1, 'hilda')).toMatchObject({ state: 'open', needs: 'an admin' });
    expect((await runs.decisions({}))[0]!.yesBy).toEqual([person('hilda')]);
    await expect(signedIn(1, 'p0')).rejects.toThrow(
      'is not asked: decision 1 waits for an admin and one of hr',
    );
    expect(await decide(1, 'yes')).toMatchObject({ state: 'yes' });
    expect(uids.map(state)).toEqual(['suspended', 'suspended', 'suspended']);
  });

  test('one person is not two, whatever groups they are in', async () => {
    // As an administrator, or as one of hr: whoever commands the server by that login.
    expect(await decide(1, 'yes', 'hilda')).toMatchObject({ state: 'open', missing: 1 });
    expect(await decide(1, 'yes', 'hilda')).toMatchObject({ state: 'open', missing: 1 });
    expect(await decide(1, 'yes', 'root')).toMatchObject({ state: 'yes' });
  });

  test('goes on when one of each has said yes, and no sooner', async () => {
    const [held] = await runs.decisions({});
    expect(held).toMatchObject({ kind: 'run', who: 'admins and hr', yesBy: [] });
    expect(await decide(held!.id, 'yes')).toMatchObject({ state: 'open', missing: 1 });
    // The same person twice is one.
    expect(await decide(held!.id, 'yes')).toMatchObject({ state: 'open', missing: 1 });
    expect((await runs.decisions({}))[0]!.yesBy).toEqual(['root']);
    // Another administrator is not one of hr.
    const more = await decide(held!.id, 'yes', 'operator');
    expect(more).toMatchObject({ state: 'open', needs: 'one of hr' });
    expect(uids.map(state)).toEqual(['active', 'active', 'active']);
    const decided = await decide(held!.id, 'yes', 'hilda');
    expect(decided).toMatchObject({ state: 'yes', run: { held: [] } });
    expect(decided.run!.done.map(({ login }) => login)).toEqual(uids);
    expect(uids.map(state)).toEqual(['suspended', 'suspended', 'suspended']);
    await expect(decide(held!.id, 'yes')).rejects.toThrow('there is no open decision 1');
    const undone = await runs.undo({
      run: decided.run!.run,
      by: 'ada',
      because: '',
      rehearse: false,
    });
    expect(undone.entries.flatMap(({ conflicts }) => conflicts)).toEqual([]);
    expect(uids.map(state)).toEqual(['active', 'active', 'active']);
  });

  test('is refused for good, and does not come again', async () => {
    await decide(1, 'no');
    await engine.advance(DAY);
    await engine.tick();
    expect(await runs.decisions({})).toEqual([]);
    expect(uids.map(state)).toEqual(['active', 'active', 'active']);
  });

  test('is asked about once, however often the clock looks', async () => {
    await engine.advance(DAY);
    await engine.tick();
    expect(await runs.decisions({})).toHaveLength(1);
  });
});

describe('a held write', () => {
  test('is made as its author, with both reasons in the log', async () => {
    await engine.install(policy('one admin'));
    const end = (uid: string) =>
      at().modify(person(uid), [
        ['replace', 'lifecycleEngagement', 'id=1 start=2020-01-01 end=2026-01-04'],
      ]);
    await ok(end('p0'));
    await refused(end('p1'), 'unwillingToPerform');
    const [held] = await runs.decisions({});
    expect(await decide(held!.id, 'yes')).toMatchObject({ state: 'yes', missing: 0 });
    expect(state('p1')).toBe('offboarded');
    const [row] = at().sql('SELECT actor, reason FROM change ORDER BY seq DESC LIMIT 1');
    expect(row).toEqual([
      'cn=admin,dc=example,dc=com',
      'test; tenure decide 1 yes by root: asked around',
    ]);
  });
});

describe('questions and tasks of the policy', () => {
  test('wait each once, and are answered with the words that fit them', async () => {
    const longer = 'id=1 start=2020-01-01 end=2026-01-20';
    await ok(at().modify(person('p0'), [['replace', 'lifecycleEngagement', longer]]));
    await engine.advance(5 * DAY);
    const open = await runs.decisions({});
    expect(open).toMatchObject([
      { id: 1, kind: 'ask', who: 'manager', text: 'p0 tester (p0): extend' },
    ]);
    await expect(decide(1, 'done')).rejects.toThrow('decision 1 is answered with yes or no');
    expect(await decide(1, 'no')).toMatchObject({ state: 'no' });
    await engine.advance(12 * DAY);
    expect(await runs.decisions({})).toMatchObject([
      { id: 2, kind: 'task', who: 'it-desk', text: 'p0 tester (p0): laptop' },
    ]);
    await expect(decide(2, 'yes')).rejects.toThrow('decision 2 is answered with done or no');
    expect(await decide(2, 'done')).toMatchObject({ state: 'done' });
    expect(await runs.decisions({})).toEqual([]);
  });
});

describe('a plan', () => {
  test('is the same twice, and the same as what the run does', async () => {
    const soon = 'id=1 start=2020-01-01 end=2026-01-20';
    await ok(at().modify(person('p0'), [['replace', 'lifecycleEngagement', soon]]));
    const ask = { until: 'in 20 days' };
    const first = await runs.plan(ask);
    expect(JSON.stringify(await runs.plan(ask))).toBe(JSON.stringify(first));
    expect(first.steps.map(({ step, line, writes }) => [step, line, writes])).toEqual([
      ['ask manager extend; silence means end', 7, true],
      ['no answer to "extend": silence means end', 7, true],
      ['offboard', 8, false],
      ['task it-desk laptop', 8, true],
    ]);
    await engine.advance(16 * DAY);
    const done = engine.runs.flatMap((report) => report.done.map(({ step }) => step.text));
    const planned = first.steps.filter(({ writes }) => writes).map(({ step }) => step);
    // The question came too late to be of use: sixteen days went by in one go.
    const asked = (step: string) => step.startsWith('ask') || step.startsWith('no answer');
    expect(done).toEqual(planned.filter((step) => !asked(step)));
  });
});

describe('a plan that was looked at', () => {
  test('is done, but for what has moved since, and nothing beside it', async () => {
    const ends = (uid: string, day: string) =>
      at().modify(person(uid), [
        ['replace', 'lifecycleEngagement', `id=1 start=2020-01-01 end=2026-02-${day}`],
      ]);
    await ok(ends('p0', '10'));
    at().clock.advance(2 * 3_600_000);
    await ok(ends('p1', '10'));
    at().clock.advance(40 * DAY * 1000);
    const { steps } = await runs.plan({});
    const tasks = steps.filter(({ step }) => step.startsWith('task'));
    expect(tasks.map(({ login }) => login)).toEqual(['p0', 'p1']);
    // Meanwhile one of them stays a day longer, and somebody else is due as well.
    await ok(ends('p1', '11'));
    await ok(ends('p2', '12'));
    const reviewed = tasks.map(({ name }) => name);
    const done = await runs.run({ by: 'ops', reviewed });
    expect(done.done.map(({ login }) => login)).toEqual(['p0']);
    expect(done.moved).toEqual([tasks[1]!.name]);
    expect((await runs.plan({})).steps.map(({ login }) => login)).toEqual(
      expect.arrayContaining(['p1', 'p2']),
    );
  });
});
