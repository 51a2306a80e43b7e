/** The policy runs: what is due is done once, late where it has to be, in order, and told. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { undoRun } from '../../../src/policy/run/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { accountValues, group, groupOfNames, person } from '../../support/directory-people.js';
import { TestEngine } from '../../support/engine.js';

const at = eachDirectory();
let engine: TestEngine;
const grace = person('grace');
const ada = person('ada');
const DAY = 86_400;
const seen = (attribute: string, dn = grace) => at().entry(dn).texts(attribute);
const state = (dn = grace) => [...seen('lifecycleState', dn), ...seen('lifecycleStage', dn)].join();

const policy = `tenure: 1
company: {zone: UTC, end dates are: quiet}
kinds:
  employee: {who: type is employee, journeys: [joining, departure, idle]}
journeys:
  joining:
    10 days before start: task it-desk laptop
    at start: [activate, tell person welcome]
    30 days after start: join trusted
  departure:
    7 days before end: tell manager leaving
    at end: [offboard, tell manager gone]
    7 days after end: [destroy credentials, forget groups]
    90 days after end: archive
    1 year after end: purge unless held
  idle:
    20 days after last seen: tell person still-here
    30 days after last seen: suspend
`;

const employee = (uid: string, engagement: string) =>
  accountValues(uid, {
    objectClass: ['inetOrgPerson', 'posixAccount', 'lifecycleSubject'],
    employeeType: 'employee',
    mail: `${uid}@example.com`,
    lifecycleEngagement: engagement,
  });

beforeEach(async () => {
  const d = at();
  engine = new TestEngine(d);
  d.seed({
    [ada]: employee('ada', 'id=1 start=2020-01-01'),
    [grace]: employee('grace', 'id=1 start=2020-01-01 end=2026-01-31 manager=ada'),
    [group('crew')]: groupOfNames('crew', ada, grace),
    [group('trusted')]: groupOfNames('trusted'),
  });
  await ok(d.modify(grace, [['add', 'userPassword', 'right']]));
  await engine.install(policy);
  await engine.tick();
});

const mails = () => engine.sent.map(({ to, subject }) => `${to} ${subject}`);

test("a group that is quit in the second in which all are forgotten stands in nobody's way", async () => {
  const last = '    7 days after end: [quit trusted, archive, quit crew]\n';
  const before = policy.slice(0, policy.indexOf('    7 days after end')).replace(', idle]', ']');
  await engine.install(`${before}${last}`);
  await engine.advance(40 * DAY);
  expect(engine.runs.flatMap(({ failed }) => failed)).toEqual([]);
  expect(state()).toBe('archived');
  expect(at().entry(group('crew')).texts('member')).toEqual([ada]);
});

describe('a departure', () => {
  test('goes through its steps, each once, each with the line that said so', async () => {
    expect(seen('memberOf')).toEqual(expect.arrayContaining([group('crew'), group('trusted')]));
    await engine.advance(20 * DAY);
    expect(mails()).toEqual(['ada@example.com leaving: grace tester (grace)']);
    await engine.advance(7 * DAY);
    expect(state()).toBe('offboarded,sealed');
    expect(mails()[1]).toBe('ada@example.com gone: grace tester (grace)');
    expect(at().reader.secrets(at().names.idOf(grace))).toHaveLength(1);
    await engine.advance(7 * DAY);
    expect(state()).toBe('offboarded,destroyed');
    expect(at().reader.secrets(at().names.idOf(grace))).toEqual([]);
    expect(at().entry(group('crew')).texts('member')).toEqual([ada]);
    const [row] = at().sql(
      "SELECT actor, reason, run FROM change WHERE reason LIKE '%destroy%' LIMIT 1",
    );
    const reason = expect.stringMatching(
      /^departure, line 13: destroy credentials, 7 days after end \(2026-02-01 00:00\)$/,
    );
    expect(row).toEqual(['cn=policy,dc=example,dc=com', reason, expect.stringMatching(/^\d+$/)]);
    const runs = engine.runs.length;
    await engine.advance(DAY);
    await engine.tick();
    expect(engine.runs).toHaveLength(runs);
    await engine.advance(90 * DAY);
    expect(state()).toBe('archived');
    await engine.advance(300 * DAY);
    expect(at().found('(uid=grace)')).toEqual([]);
    expect(mails()).toHaveLength(2);
  });

  test('after months asleep everything has happened, in order, and nobody is told old news', async () => {
    const sentBefore = engine.sent.length;
    await engine.advance(120 * DAY);
    expect(state()).toBe('archived');
    expect(engine.sent).toHaveLength(sentBefore);
    const reasons = at().sql("SELECT reason FROM change WHERE run <> '' ORDER BY seq");
    const steps = reasons.map(([reason]) => /: (\w+ ?\w*), /.exec(String(reason))?.[1]);
    expect(steps.filter((step) => step !== undefined)).toEqual(
      expect.arrayContaining(['destroy credentials', 'forget groups', 'archive']),
    );
  });

  test('a hold keeps the purge away until it is released', async () => {
    await engine.advance(120 * DAY);
    const hold = 'matter=M7 by=legal since=2026-01-01';
    await ok(at().modify(grace, [['add', 'lifecycleHold', hold]]));
    await engine.advance(400 * DAY);
    expect(at().found('(uid=grace)')).toHaveLength(1);
    await ok(at().modify(grace, [['delete', 'lifecycleHold']]));
    await engine.tick();
    expect(at().found('(uid=grace)')).toEqual([]);
  });

  test('an extension before the destruction brings back the whole person', async () => {
    await engine.advance(30 * DAY);
    expect(state()).toBe('offboarded,sealed');
    const longer = 'id=1 start=2020-01-01 end=2027-01-31 manager=ada';
    await ok(at().modify(grace, [['replace', 'lifecycleEngagement', longer]]));
    await engine.advance(30 * DAY);
    expect(state()).toBe('active');
    await at().bind(grace, 'right');
    expect(at().entry(group('crew')).texts('member')).toContain(grace);
  });

  test('nothing is destroyed while the time is not to be trusted', async () => {
    engine.frozen = true;
    await engine.advance(40 * DAY);
    expect(state()).toBe('offboarded,sealed');
    engine.frozen = false;
    await engine.advance(3_600);
    expect(state()).toBe('offboarded,destroyed');
  });
});

describe('a run', () => {
  test('that put people into groups takes them out when it is undone, and does not repeat it', async () => {
    const [report] = engine.runs;
    expect(report!.done.map(({ login, step }) => `${login} ${step.text}`)).toEqual(
      expect.arrayContaining(['ada join trusted', 'grace join trusted']),
    );
    const { reader } = at();
    const { write } = engine.tools;
    const order = { run: report!.run, reason: 'undo', rehearse: false };
    await undoRun(order, { reader, write, context: at().admin });
    expect(at().entry(group('trusted')).texts('member')).toEqual([]);
    await engine.advance(DAY);
    expect(at().entry(group('trusted')).texts('member')).toEqual([]);
  });
});

describe('idleness', () => {
  const block = () => seen('lifecycleBlock', ada).join();

  test('is told, then suspends; being seen begins anew; who was never seen is left alone', async () => {
    await ok(at().modify(ada, [['add', 'userPassword', 'right']]));
    await at().bind(ada, 'right');
    await at().guard.flush();
    await engine.advance(21 * DAY);
    await engine.advance(3_600 * 24);
    expect(mails()).toContain('ada@example.com still-here: ada tester (ada)');
    await at().bind(ada, 'right');
    await at().guard.flush();
    await engine.advance(10 * DAY);
    expect(block()).toBe('');
    await engine.advance(30 * DAY);
    expect(block()).toMatch(/kind=idle by=policy since=\d+Z reason="30 days after last seen/);
    expect(state(ada)).toBe('suspended');
    expect(seen('lifecycleBlock')).toEqual([]);
  });
});

describe('the timer', () => {
  const HOUR = 3_600_000;

  test('is one, set to the next instant of anybody, and never further than an hour', async () => {
    expect(engine.timer!.ms).toBe(HOUR);
    const end = '2026-01-05T09:20';
    const value = `id=1 start=2020-01-01 end=${end} manager=ada`;
    await ok(at().modify(grace, [['replace', 'lifecycleEngagement', value]]));
    // The commit has set it: many in a row are looked at once.
    expect(engine.timer!.ms).toBe(500);
    await ok(at().modify(grace, [['replace', 'title', 'x']]));
    const { timer } = engine;
    await ok(at().modify(grace, [['replace', 'title', 'y']]));
    expect(engine.timer).toBe(timer);
    await engine.tick();
    expect(engine.timer!.ms).toBe(20 * 60_000);
    at().clock.advance(20 * 60_000);
    engine.timer!.task();
    await engine.scheduler.tick();
    expect(mails()).toContain('ada@example.com gone: grace tester (grace)');
  });

  test('is set to the next try of a message that did not go', async () => {
    engine.refuse = () => 'no route';
    await engine.advance(20 * DAY);
    expect(engine.sent).toEqual([]);
    expect(engine.timer!.ms).toBe(30_000);
    engine.refuse = () => undefined;
    await engine.advance(30);
    expect(mails()).toEqual(['ada@example.com leaving: grace tester (grace)']);
  });

  test('stops with the engine', async () => {
    await engine.scheduler.stop();
    expect(engine.timer).toBeUndefined();
    await ok(at().modify(grace, [['replace', 'title', 'x']]));
    expect(engine.timer).toBeUndefined();
  });
});

test('a new policy has everybody planned anew', async () => {
  await engine.install(policy.replace('7 days before end', '27 days before end'));
  await engine.tick();
  expect(mails()).toEqual(['ada@example.com leaving: grace tester (grace)']);
});
