/** The verbs about people: what they write, what LDAP shows of it, and what they refuse. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { undoRun } from '../../../src/policy/run/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { refusal } from '../../support/directory-expect.js';
import { accountValues, group, groupOfNames, person } from '../../support/directory-people.js';
import { type People, peopleOf } from '../../support/people-engine.js';

const at = eachDirectory();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let engine: People;
const ada = person('ada');

const all = (dn = ada) => at().entry(dn).attributes;
const value = (name: string, dn = ada) => all(dn).get(name)?.map(String) ?? [];
const state = (dn = ada) => value('lifecycleState', dn)[0] ?? 'active';

beforeEach(() => {
  at().seed({
    [ada]: accountValues('ada', {
      employeeType: 'employee',
      employeeNumber: '7',
      mail: 'ada@example.com',
    }),
    [person('grace')]: accountValues('grace', { manager: ada }),
    [group('staff')]: groupOfNames('staff', ada),
  });
  engine = peopleOf(at());
});

describe('whom a name means', () => {
  test('a login, a mail address, a full name, a DN', async () => {
    for (const name of ['ADA', 'Ada@Example.com', 'ada tester', ada]) {
      expect(await engine.preview({ verb: 'contain', name, by: 't', because: '' })).toMatchObject({
        dn: ada,
        login: 'ada',
      });
    }
  });

  test('nobody, and what is no person', async () => {
    const nobody = await refusal(
      () => engine.say({ verb: 'contain', name: 'adda' }),
      'noSuchObject',
    );
    expect(nobody.message).toContain('did you mean ada?');
    const staff = engine.say({ verb: 'contain', name: 'staff' });
    expect((await refusal(() => staff, 'unwillingToPerform')).message).toContain(
      'neither a person',
    );
  });
});

describe('join', () => {
  test('makes login, numbers, engagement, manager and a first password', async () => {
    const done = await engine.say({
      verb: 'join',
      name: 'Gráce  Brewster Hopper',
      kind: 'contractor',
      department: 'R-210',
      manager: 'ada',
      sponsor: 'ada@example.com',
      number: '42',
      end: 'in 30 days',
      firstPassword: true,
      because: 'contract 7',
    });
    const dn = person('graceh');
    expect(done).toMatchObject({ dn, login: 'graceh', after: 'active', uidNumber: 20_003 });
    expect(done.password).toMatch(/^first-/);
    expect(value('lifecycleEngagement', dn)).toEqual([
      'id=1 kind=contractor start=2026-01-05 end=2026-02-04 department=R-210 manager=ada sponsor=ada number=42',
    ]);
    expect(value('cn', dn)).toEqual(['Gráce Brewster Hopper']);
    expect([value('sn', dn), value('givenName', dn)]).toEqual([['Hopper'], ['Gráce Brewster']]);
    expect(value('manager', dn)).toEqual([ada]);
    expect(value('lifecycleSponsor', dn)).toEqual([ada]);
    expect(value('employeeType', dn)).toEqual(['contractor']);
    expect(at().sql('SELECT reason FROM change ORDER BY seq DESC LIMIT 2')).toEqual([
      ['first password made by tester'],
      ['tenure join by tester: contract 7'],
    ]);
  });

  test('from a later day on is staged until that day', async () => {
    const done = await engine.say({
      verb: 'join',
      name: 'Kim',
      start: 'in 3 days',
      firstPassword: false,
    });
    expect(done).toMatchObject({
      after: 'staged',
      later: [{ at: '2026-01-08T00:00:00.000Z', state: 'active' }],
    });
    expect(done.password).toBeUndefined();
    const kim = person('kim');
    at().clock.advance(3 * DAY - 9 * HOUR - 1_000);
    expect(state(kim)).toBe('staged');
    at().clock.advance(1_000);
    expect(state(kim)).toBe('active');
  });

  test('never gives a login that is taken, and refuses a bad one', async () => {
    const again = () => engine.say({ verb: 'join', name: 'Ada', firstPassword: false });
    expect((await again()).login).toBe('ada2');
    expect((await again()).login).toBe('ada3');
    expect(
      (await engine.say({ verb: 'join', name: 'Kurt Gödel', firstPassword: false })).login,
    ).toBe('kurt');
    const taken = engine.say({ verb: 'join', name: 'X', login: 'staff', firstPassword: false });
    await refusal(() => taken, 'entryAlreadyExists');
    const bad = engine.say({ verb: 'join', name: 'X', login: 'Über', firstPassword: false });
    await expect(bad).rejects.toMatchObject({ kind: 'usage' });
    const none = engine.say({ verb: 'join', name: '王', firstPassword: false });
    await expect(none).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('--login'),
    });
  });
});

describe('offboard', () => {
  test('at a time: active to the second before, offboarded from that second on', async () => {
    const done = await engine.say({
      verb: 'offboard',
      name: 'ada',
      when: { at: '17:00' },
      because: 'redundancy',
    });
    expect(done).toMatchObject({
      before: 'active',
      after: 'active',
      later: [{ at: '2026-01-05T17:00:00.000Z', state: 'offboarded' }],
    });
    expect(value('lifecycleEngagement')).toEqual([
      'id=1 kind=employee end=2026-01-05T17:00 number=7',
    ]);
    expect(value('lifecycleNotice')[0]).toContain('reason=redundancy');
    expect(done).toMatchObject({ run: 1, case: 1, destroyed: '2026-01-12T17:00:00.000Z' });
    expect(at().sql("SELECT reason FROM change WHERE run = '1'")).toEqual([
      ['tenure offboard by tester: redundancy'],
    ]);
    at().clock.advance(8 * HOUR - 1_000);
    expect(state()).toBe('active');
    at().clock.advance(1_000);
    expect(state()).toBe('offboarded');
    expect(value('lifecycleStage')).toEqual(['sealed']);
  });

  test('on a day means its end', async () => {
    const done = await engine.say({ verb: 'offboard', name: 'ada', when: { at: 'friday' } });
    expect(done.later).toEqual([{ at: '2026-01-10T00:00:00.000Z', state: 'offboarded' }]);
  });

  test('now; and extending brings the same person back, with what was sealed', async () => {
    const before = value('memberOf');
    const done = await engine.say({ verb: 'offboard', name: 'ada', when: 'now' });
    expect(done).toMatchObject({ after: 'offboarded', later: [] });
    expect(state()).toBe('offboarded');
    await engine.say({ verb: 'move', name: 'ada', end: 'never' });
    expect(state()).toBe('active');
    expect(value('memberOf')).toEqual(before);
    expect(value('lifecycleNotice')).toEqual([]);
  });

  test('in an emergency leaves a block that outlives an extension', async () => {
    await engine.say({ verb: 'offboard', name: 'ada', when: 'emergency', because: 'theft' });
    expect(state()).toBe('offboarded');
    await engine.say({ verb: 'move', name: 'ada', end: 'never' });
    expect(state()).toBe('suspended');
    await engine.say({ verb: 'lift', name: 'ada', kind: 'security' });
    expect(state()).toBe('active');
  });

  test('says what comes with it', async () => {
    const d = at();
    await d.modify(ada, [['add', 'userPassword', 'secret']]);
    const { holdings } = await engine.preview({
      verb: 'offboard',
      name: 'ada',
      when: 'now',
      by: 't',
      because: '',
    });
    expect(holdings).toMatchObject({
      password: true,
      groups: ['staff'],
      reports: ['grace'],
    });
    expect(value('lifecycleEngagement')).toEqual([]);
  });

  test('is taken back as a run, whole', async () => {
    const before = all();
    const { run } = await engine.say({ verb: 'offboard', name: 'ada', when: 'now' });
    expect(state()).toBe('offboarded');
    const { reader, admin: context } = at();
    const write: Parameters<typeof undoRun>[1]['write'] = async (one) => at().apply([one])[0]!;
    const undone = await undoRun(
      { run: run!, reason: 'she stays after all', rehearse: false },
      { reader, write, context },
    );
    expect(undone.entries.flatMap(({ conflicts }) => conflicts)).toEqual([]);
    const moving = new Set(['modifyTimestamp', 'entryCSN']);
    const still = (attributes: typeof before) =>
      [...attributes].filter(([name]) => !moving.has(name));
    expect(still(all())).toEqual(still(before));
  });

  test('twice, in the past, or at no time is refused and changes nothing', async () => {
    const when = { at: '2026-01-04' };
    const past = engine.say({ verb: 'offboard', name: 'ada', when });
    expect((await refusal(() => past, 'unwillingToPerform')).message).toContain('which is past');
    const soon = engine.say({ verb: 'offboard', name: 'ada', when: { at: 'soon' } });
    await expect(soon).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('--at: "soon" is no time; write today'),
    });
    expect(value('lifecycleEngagement')).toEqual([]);
    await engine.say({ verb: 'offboard', name: 'ada', when: 'now' });
    at().clock.advance(1_000);
    const again = engine.say({ verb: 'offboard', name: 'ada', when: 'now' });
    await refusal(() => again, 'unwillingToPerform');
  });

  test('a preview that is no longer true is not carried out', async () => {
    const verb = { verb: 'offboard', name: 'ada', when: 'now', by: 't', because: '' } as const;
    const { seen } = await engine.preview(verb);
    await at().modify(ada, [['add', 'title', 'Countess']]);
    const done = engine.perform({ verb, seen });
    expect((await refusal(() => done, 'busy')).message).toContain('changed meanwhile');
    expect(state()).toBe('active');
    const fresh = await engine.preview(verb);
    await engine.perform({ verb, seen: fresh.seen });
    expect(state()).toBe('offboarded');
  });
});

describe('leave and blocks', () => {
  test('pause from a day, with its end; resume before it', async () => {
    await engine.say({
      verb: 'pause',
      name: 'ada',
      kind: 'parental',
      from: 'today',
      until: '2026-06-30',
    });
    expect(state()).toBe('leave');
    const done = await engine.say({ verb: 'resume', name: 'ada', planned: false });
    expect(done).toMatchObject({ before: 'leave', after: 'active' });
    expect(state()).toBe('active');
  });

  test('suspend, with an end; lift; a security block is named', async () => {
    await engine.say({ verb: 'suspend', name: 'ada', kind: 'administrative', until: 'tomorrow' });
    expect(state()).toBe('suspended');
    await engine.say({ verb: 'suspend', name: 'ada', kind: 'security' });
    const lifted = await engine.say({ verb: 'lift', name: 'ada' });
    expect(lifted.notes).toEqual([expect.stringContaining('still blocked: security')]);
    expect(state()).toBe('suspended');
    const again = engine.say({ verb: 'lift', name: 'ada' });
    await refusal(() => again, 'unwillingToPerform');
    await engine.say({ verb: 'lift', name: 'ada', kind: 'security' });
    expect(state()).toBe('active');
  });

  test('contain shuts; recover opens to a first password and to nothing of before', async () => {
    const d = at();
    const key = `ssh-ed25519 ${'AAAAC3NzaC1lZDI1NTE5AAAAIBGflRNbmi+JI1K5oWkfeWFqqRoXCpkdnNhok0cLuaE4'} ada`;
    await d.modify(ada, [
      ['add', 'objectClass', 'ldapPublicKey'],
      ['add', 'sshPublicKey', key],
      ['add', 'userPassword', 'of before'],
    ]);
    await engine.say({ verb: 'contain', name: 'ada', because: 'phishing' });
    expect(state()).toBe('suspended');
    const done = await engine.say({ verb: 'recover', name: 'ada', keepKeys: false });
    expect(state()).toBe('active');
    expect(value('sshPublicKey')).toEqual([]);
    await expect(d.bind(ada, 'of before')).rejects.toMatchObject({ code: 'invalidCredentials' });
    expect(done.holdings).toMatchObject({ password: false, firstPasswords: 1, sshKeys: 0 });
  });
});

describe('move and rename', () => {
  test('a move changes the engagement and what the entry says', async () => {
    await engine.say({ verb: 'offboard', name: 'grace', when: { at: '2026-12-31' } });
    const done = await engine.say({
      verb: 'move',
      name: 'grace',
      department: 'E-310',
      manager: 'ada',
      title: 'Admiral',
    });
    expect(done.after).toBe('active');
    const dn = person('grace');
    expect(value('departmentNumber', dn)).toEqual(['E-310']);
    expect(value('title', dn)).toEqual(['Admiral']);
    expect(value('lifecycleEngagement', dn)).toEqual([
      'id=1 end=2026-12-31 department=E-310 manager=ada',
    ]);
    const self = engine.say({ verb: 'move', name: 'grace', manager: 'grace' });
    expect((await refusal(() => self, 'unwillingToPerform')).message).toContain('own manager');
    const same = engine.say({ verb: 'move', name: 'grace', department: 'E-310' });
    expect((await refusal(() => same, 'unwillingToPerform')).message).toContain(
      'nothing would change',
    );
  });

  test('a rename keeps numbers and groups, and facts of others follow', async () => {
    await engine.say({ verb: 'offboard', name: 'grace', when: { at: '2026-12-31' } });
    await engine.say({ verb: 'move', name: 'grace', manager: 'ada', department: 'X' });
    const before = [value('entryUUID'), value('uidNumber'), value('memberOf')];
    const done = await engine.say({
      verb: 'rename',
      name: 'ada',
      login: 'lovelace',
      fullName: 'Ada King',
    });
    const dn = person('lovelace');
    expect(done).toMatchObject({ dn, login: 'lovelace' });
    expect([value('entryUUID', dn), value('uidNumber', dn), value('memberOf', dn)]).toEqual(before);
    expect([value('cn', dn), value('sn', dn)]).toEqual([['Ada King'], ['King']]);
    expect(value('lifecycleEngagement', person('grace'))).toEqual([
      'id=1 end=2026-12-31 department=X manager=lovelace',
    ]);
    const taken = engine.say({ verb: 'rename', name: 'lovelace', login: 'grace' });
    await refusal(() => taken, 'entryAlreadyExists');
    const none = engine.say({ verb: 'rename', name: 'lovelace' });
    await expect(none).rejects.toMatchObject({ kind: 'usage' });
    const same = engine.say({ verb: 'rename', name: 'lovelace', login: 'lovelace' });
    await refusal(() => same, 'unwillingToPerform');
  });
});

test('rehire: a new contract beside the old one, the same entry', async () => {
  const uuid = value('entryUUID');
  const early = engine.say({ verb: 'rehire', name: 'ada', start: 'today', firstPassword: false });
  await refusal(() => early, 'unwillingToPerform');
  await engine.say({ verb: 'offboard', name: 'ada', when: 'now' });
  at().clock.advance(40 * DAY);
  const done = await engine.say({
    verb: 'rehire',
    name: 'ada',
    kind: 'contractor',
    start: 'tomorrow',
    firstPassword: true,
  });
  expect(done).toMatchObject({ before: 'offboarded', later: [{ state: 'active' }] });
  expect(done.password).toMatch(/^first-/);
  at().clock.advance(DAY);
  expect(state()).toBe('active');
  expect(value('entryUUID')).toEqual(uuid);
  expect(value('employeeType')).toEqual(['contractor']);
  expect(value('lifecycleEngagement')).toHaveLength(2);
});

test('hold and release', async () => {
  await engine.say({ verb: 'hold', name: 'ada', matter: '2026-17 v. ACME' });
  expect(value('lifecycleHold')[0]).toContain('matter="2026-17 v. ACME"');
  expect(state()).toBe('active');
  const leaving = await engine.say({ verb: 'offboard', name: 'ada', when: 'now' });
  expect(leaving.notes[0]).toContain('held for 2026-17 v. ACME');
  await engine.say({ verb: 'release', name: 'ada' });
  expect(value('lifecycleHold')).toEqual([]);
  const again = engine.say({ verb: 'release', name: 'ada' });
  await refusal(() => again, 'unwillingToPerform');
});
