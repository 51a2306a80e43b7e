/** Departure cases: there with the end, gone with it, kept in order until somebody closes them. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CasesEngine } from '../../../src/admin/cases.js';
import { casesEngine } from '../../../src/compose/people/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal } from '../../support/directory-expect.js';
import { accountValues, group, groupOfNames, person } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { type People, partsOf, peopleOf } from '../../support/people-engine.js';

const at = eachDirectory();
const ada = person('ada');
const ci = `uid=ci-bot,ou=services,${suffix}`;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let people: People;
let cases: CasesEngine;

const policy = `tenure: 1
company: {zone: UTC, end dates are: quiet}
kinds:
  person: {who: everyone, journeys: [departure]}
journeys:
  departure:
    at end: offboard
    7 days after end: [destroy credentials, forget groups]
    90 days after end: archive
resources:
  github: {who has it: group dev, removed by: it-desk within 1 day, checked against: github-users.csv}
  badge: {who has it: everyone, removed by: office within 2 days}
`;

beforeEach(async () => {
  const d = at();
  d.seed({
    [ada]: accountValues('ada', { mail: 'ada@example.com' }),
    [person('grace')]: accountValues('grace', { manager: ada }),
    [group('dev')]: groupOfNames('dev', ada),
    [group('it-desk')]: groupOfNames('it-desk'),
    [group('office')]: groupOfNames('office'),
    [ci]: {
      objectClass: ['account', 'tenureService', 'simpleSecurityObject'],
      uid: 'ci-bot',
      owner: ada,
      userPassword: 'of the robot',
    },
  });
  await ok(
    d.add(`cn=policy,${suffix}`, {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: policy,
    }),
  );
  people = peopleOf(d);
  cases = casesEngine(partsOf(d));
});

const leave = (when: { at: string } | 'now' = 'now') =>
  people.say({ verb: 'offboard', name: 'ada', when, because: 'redundancy' });
const texts = async () => (await cases.show({ name: 'ada' })).items.map(({ text }) => text);

describe('a case', () => {
  test('is there with the end, with everything that people have to do', async () => {
    expect((await cases.list({ which: 'open' })).cases).toEqual([]);
    await leave({ at: '17:00' });
    const { cases: due } = await cases.list({ which: 'due' });
    expect(due).toHaveLength(1);
    expect(due[0]).toMatchObject({
      id: 1,
      login: 'ada',
      state: 'active',
      leaves: '2026-01-05T17:00:00.000Z',
      destroyed: '2026-01-12T17:00:00.000Z',
      archived: '2026-04-05T17:00:00.000Z',
      reason: 'redundancy',
      actor: `cn=admin,${suffix}`,
    });
    expect(await texts()).toEqual([
      'remove from badge',
      'remove from github',
      'ci-bot needs an owner in place of ada',
      'grace needs a manager in place of ada',
      'ada knows the password of ci-bot: change it',
    ]);
    expect(due[0]!.items[1]).toMatchObject({
      key: 'resource:github',
      owner: 'it-desk',
      due: '2026-01-06T17:00:00.000Z',
      overdue: false,
    });
  });

  test('comes with an end that an ldapmodify wrote, seen before it only by who asks', async () => {
    await ok(
      at().modify(ada, [
        ['add', 'objectClass', 'lifecycleSubject'],
        ['add', 'lifecycleEngagement', 'id=1 kind=contractor end=2026-01-31'],
      ]),
    );
    expect((await cases.list({ which: 'due' })).cases).toEqual([]);
    expect((await cases.list({ which: 'open' })).cases).toHaveLength(1);
    at().clock.advance(27 * DAY);
    expect((await cases.list({ which: 'due' })).cases).toMatchObject([
      { login: 'ada', state: 'offboarded', leaves: '2026-02-01T00:00:00.000Z' },
    ]);
  });

  test('comes with a notice alone, which says of no day yet', async () => {
    const notice = 'since=2026-01-05 reason="wants to go"';
    await ok(
      at().modify(ada, [
        ['add', 'objectClass', 'lifecycleSubject'],
        ['add', 'lifecycleNotice', notice],
      ]),
    );
    const { cases: due } = await cases.list({ which: 'due' });
    expect(due).toMatchObject([{ id: 1, login: 'ada', state: 'active', items: [] }]);
    expect(due[0]!.leaves).toBeUndefined();
    await leave({ at: 'in 30 days' });
    expect((await cases.show({ name: 'ada' })).id).toBe(1);
    expect(await texts()).toHaveLength(5);
    await people.say({ verb: 'move', name: 'ada', end: 'never' });
    expect(await cases.show({ name: '1' })).toMatchObject({ closing: 'they stay' });
    await ok(at().modify(ada, [['add', 'lifecycleNotice', notice]]));
    await ok(at().modify(ada, [['delete', 'lifecycleNotice', notice]]));
    expect(await cases.show({ name: '2' })).toMatchObject({ closing: 'they stay' });
  });

  test('stays of somebody who is deleted, with all that is still to be done', async () => {
    at().clock.advance(2 * HOUR);
    await ok(at().delete(ada));
    expect((await cases.list({ which: 'due' })).cases).toMatchObject([
      { id: 1, login: 'ada', state: 'purged' },
    ]);
    expect(await texts()).toEqual([
      'remove from badge',
      'remove from github',
      'ci-bot needs an owner in place of ada',
      'grace needs a manager in place of ada',
      'ada knows the password of ci-bot: change it',
    ]);
    await cases.tick({ name: 'ada', item: 'github', note: 'gone', undo: false, by: 'kim' });
    await cases.close({ name: 'ada', by: 'kim', because: 'the rest is known' });
    at().verify();
    // Who comes in by mistake and is taken out again is no departure.
    at().seed({ [ada]: accountValues('ada') });
    await ok(at().delete(ada));
    await refusal(() => cases.show({ name: 'ada' }), 'noSuchObject');
  });

  test('that is open goes on when the entry is deleted, and ends with a purge', async () => {
    await leave();
    at().clock.advance(2 * HOUR);
    await ok(at().delete(ada));
    expect(await cases.show({ name: 'ada' })).toMatchObject({ id: 1, state: 'purged' });
    expect((await cases.list({ which: 'open' })).cases).toHaveLength(1);
    const grace = at().names.idOf(person('grace'));
    await people.say({ verb: 'offboard', name: 'grace', when: 'now', because: 'x' });
    at().clock.advance(HOUR);
    const purge = { op: 'purge', owners: [grace], context: at().admin, reason: 't' } as const;
    await ok(Promise.resolve(at().apply([purge])[0]!));
    expect(await cases.show({ name: '2' })).toMatchObject({ closing: 'the entry went' });
  });

  test('comes with a file that says of an end to come, and not of one that is past', async () => {
    const record = (uid: string, end: string) =>
      `dn: ${person(uid)}\nobjectClass: inetOrgPerson\nobjectClass: lifecycleSubject\n` +
      `uid: ${uid}\ncn: ${uid}\nsn: x\nlifecycleEngagement: id=1 end=${end}\n`;
    await at().import(`${record('lou', '2026-01-31')}\n${record('old', '2025-12-31')}`);
    const { cases: open } = await cases.list({ which: 'open' });
    expect(open.map(({ login }) => login)).toEqual(['lou']);
    expect((await cases.show({ name: 'lou' })).items).toMatchObject([{ key: 'resource:badge' }]);
  });

  test('closes by itself when the person stays, and another one opens later', async () => {
    await leave();
    await people.say({ verb: 'move', name: 'ada', end: 'never' });
    expect(await cases.show({ name: '1' })).toMatchObject({
      closing: 'they stay',
      items: [
        { key: 'resource:badge' },
        { key: 'resource:github' },
        { text: 'ada knows the password of ci-bot: change it' },
      ],
    });
    expect((await cases.list({ which: 'open' })).cases).toEqual([]);
    await leave();
    expect(await cases.show({ name: 'ada' })).toMatchObject({ id: 2 });
    expect((await cases.list({ which: 'all' })).cases.map(({ id }) => id)).toEqual([1, 2]);
  });

  test('remembers what hung on a group that is forgotten', async () => {
    await leave();
    at().clock.advance(8 * DAY);
    const owner = at().names.idOf(ada);
    const asked = {
      op: 'dispose',
      owner,
      what: 'groups',
      context: at().admin,
      reason: 't',
    } as const;
    await ok(Promise.resolve(at().apply([asked])[0]!));
    expect(at().entry(group('dev')).attributes.has('member')).toBe(false);
    expect(await texts()).toContain('remove from github');
  });

  test('of nobody, and of who stays, is refused', async () => {
    await refusal(() => cases.show({ name: '7' }), 'noSuchObject');
    const none = await refusal(() => cases.show({ name: 'grace' }), 'noSuchObject');
    expect(none.message).toContain('no end is written down');
  });
});

describe('items', () => {
  test('are ticked by number, key and text, with a note, and unticked', async () => {
    await leave();
    const by = 'kim';
    const tick = (item: string, undo = false) =>
      cases.tick({ name: 'ada', item, note: 'gone', undo, by });
    const after = await tick('github');
    expect(after.items[1]).toMatchObject({ by, note: 'gone', done: '2026-01-05T09:00:00.000Z' });
    await tick('1');
    await tick('needs an owner');
    const whole = await cases.show({ name: '1' });
    expect(whole.items.filter(({ done }) => done !== undefined)).toHaveLength(3);
    const undone = await tick('github', true);
    expect(undone.items[1]!.done).toBeUndefined();
    const several = await refusal(() => tick('needs'), 'noSuchObject');
    expect(several.message).toContain('"needs" is several items');
    await refusal(() => tick('unheard'), 'noSuchObject');
  });

  test('go by themselves when what they are about is done', async () => {
    await leave();
    at().clock.advance(1_000);
    await ok(at().modify(ci, [['replace', 'owner', person('grace')]]));
    await ok(at().modify(person('grace'), [['delete', 'manager']]));
    // Another owner makes nobody forget a password.
    const known = 'ada knows the password of ci-bot: change it';
    expect(await texts()).toEqual(['remove from badge', 'remove from github', known]);
    await ok(at().modify(ci, [['replace', 'userPassword', 'of the robot alone']]));
    const last = (await cases.show({ name: 'ada' })).items.at(-1);
    expect(last).toMatchObject({ text: known, by: 'the directory', note: 'it was changed' });
  });

  test('are due with the departure, wherever that moves', async () => {
    await leave({ at: 'in 30 days' });
    await leave({ at: '17:00' });
    const { items } = await cases.show({ name: 'ada' });
    expect(items[1]).toMatchObject({ key: 'resource:github', due: '2026-01-06T17:00:00.000Z' });
  });

  test('are overdue when their time is over', async () => {
    await leave();
    at().clock.advance(DAY + HOUR);
    const { items } = await cases.show({ name: 'ada' });
    expect(items.map(({ key, overdue }) => [key.split(':')[0], overdue])).toEqual([
      ['resource', false],
      ['resource', true],
      ['heir', true],
      ['report', true],
      ['knows', true],
    ]);
  });
});

describe('closing', () => {
  test('is refused with open items unless a reason is given, which is kept with them', async () => {
    await leave();
    const open = () => cases.close({ name: 'ada', by: 'kim', because: '' });
    expect((await refusal(open, 'unwillingToPerform')).message).toContain(
      'has 5 open: remove from badge',
    );
    const closed = await cases.close({ name: 'ada', by: 'kim', because: 'the office is gone' });
    expect(closed).toMatchObject({ closedBy: 'kim', closing: 'the office is gone' });
    expect(closed.items).toHaveLength(5);
    const again = () => cases.close({ name: '1', by: 'kim', because: 'x' });
    expect((await refusal(again, 'unwillingToPerform')).message).toBe('case 1 is closed');
  });

  test('needs no reason when all is done', async () => {
    await leave();
    for (let i = 1; i <= 5; i += 1) {
      await cases.tick({ name: 'ada', item: String(i), note: '', undo: false, by: 'kim' });
    }
    const closed = await cases.close({ name: 'ada', by: 'kim', because: '' });
    expect(closed.closing).toBe('all done');
  });
});

describe('resources', () => {
  const reconcile = (csv: string, preview = false) =>
    cases.reconcile({ resource: 'github', csv, file: 'users.csv', by: 'kim', preview });

  test('are those of the policy, with what is open', async () => {
    await leave();
    expect(await cases.resources()).toMatchObject({
      resources: [
        { name: 'github', owner: 'it-desk', checkedAgainst: 'github-users.csv', open: 1 },
        { name: 'badge', owner: 'office', open: 1 },
      ],
    });
  });

  test('whoever is not in the list has been removed; who is still there is named', async () => {
    await leave();
    const still = await reconcile('name,login\n"Lovelace, Ada",ADA\nGrace,grace\nX,mallory\n');
    expect(still).toMatchObject({
      accounts: 3,
      ticked: [],
      still: [{ id: 1, login: 'ada', account: 'ADA' }],
      unknown: ['mallory'],
    });
    const looked = await reconcile('login\ngrace\n', true);
    expect(looked.ticked).toEqual([{ id: 1, login: 'ada' }]);
    expect((await cases.resources()).resources[0]!.open).toBe(1);
    await reconcile('email;name\ngrace@example.com;Grace\n');
    expect((await cases.resources()).resources[0]!.open).toBe(0);
    const { items } = await cases.show({ name: 'ada' });
    expect(items[1]).toMatchObject({ by: 'kim', note: 'not among the 1 accounts of users.csv' });
  });

  test('somebody who is still here is not ticked for not having an account yet', async () => {
    await leave({ at: 'tomorrow 17:00' });
    expect((await reconcile('login\ngrace\n')).ticked).toEqual([]);
  });

  test('an account of somebody who left without a case', async () => {
    await leave();
    await cases.close({ name: 'ada', by: 'kim', because: 'done elsewhere' });
    expect((await reconcile('login\nada@example.com\n')).left).toEqual([
      { login: 'ada', account: 'ada@example.com' },
    ]);
  });

  test('a list that is none, and an unknown resource, tick nothing', async () => {
    await leave();
    await expect(reconcile('name\nada\n')).rejects.toMatchObject({ kind: 'input' });
    await expect(reconcile('login\n')).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining('would tick every case'),
    });
    const unknown = () =>
      cases.reconcile({
        resource: 'githup',
        csv: 'login\nx\n',
        file: 'f',
        by: 'k',
        preview: false,
      });
    expect((await refusal(unknown, 'noSuchObject')).message).toContain('did you mean github?');
    expect((await cases.resources()).resources[0]!.open).toBe(1);
  });
});
