/** Shut for a while, open again by itself: groups, services, people, and who knocked meanwhile. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { BrownoutsEngine } from '../../../src/admin/brownouts.js';
import { brownoutsEngine } from '../../../src/compose/people/index.js';
import { undoRun } from '../../../src/policy/run/index.js';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import {
  accountValues,
  group,
  groupOfNames,
  groupOfUniqueNames,
  person,
  personValues,
  posixGroup,
} from '../../support/directory-people.js';
import { adminDn, suffix } from '../../support/directory-requests.js';
import { partsOf } from '../../support/people-engine.js';
import { eachServed } from '../../support/served-directory.js';
import { bindOp, searchOp } from '../../support/wire-client.js';

const served = eachServed({ accessMap: {} });
const d = () => served().directory;
const password = 'right horse';
const gitea = `uid=gitea,ou=services,${suffix}`;
const MINUTE = 60_000;
const who = { by: 'tester', because: 'who needs it?' };
let engine: BrownoutsEngine;

beforeEach(() => {
  d().seed({
    [person('ada')]: accountValues('ada', { userPassword: password }),
    [person('bob')]: personValues('bob'),
    [group('vpn')]: groupOfNames('vpn', person('ada')),
    [group('more')]: groupOfUniqueNames('more', group('vpn'), person('bob')),
    [group('unix')]: posixGroup('unix', 'ada', 'somebody-else'),
    [gitea]: {
      objectClass: ['account', 'tenureService', 'simpleSecurityObject'],
      uid: 'gitea',
      userPassword: password,
    },
  });
  const flushAudit = () => d().audit.flush(true);
  const turn = async () => undefined;
  engine = brownoutsEngine({ ...partsOf(d()), flushAudit, turn });
});

const shut = (name: string, forMs = 10 * MINUTE) => engine.start({ name, forMs, ...who });
const one = async (name: string) => (await engine.list({ name })).brownouts[0];

describe('a group', () => {
  /** Every answer that says that ada is in it. */
  const answers = () => {
    const vpn = group('vpn');
    return [
      d().entry(vpn).texts('member').includes(person('ada')),
      d().entry(person('ada')).texts('memberOf').includes(vpn),
      d().entry(person('ada')).texts('memberOf').includes(group('more')),
      d().found(`(memberOf=${vpn})`).includes(person('ada')),
      d()
        .found(`(memberOf=${group('more')})`)
        .includes(person('ada')),
      d()
        .found(`(member=${person('ada')})`)
        .includes(vpn),
      d().found(`(&(cn=vpn)(member=*))`).includes(vpn),
      compares(vpn, 'member', person('ada')),
      compares(person('ada'), 'memberOf', vpn),
    ];
  };
  const compares = (dn: string, attribute: string, value: string) => {
    try {
      return d().compare(dn, attribute, value);
    } catch {
      return false;
    }
  };

  test('has no members in any answer, and has them again in the second in which it ends', async () => {
    expect(answers()).toEqual(answers().map(() => true));
    const done = await shut('vpn');
    expect(done).toMatchObject({
      dn: group('vpn'),
      name: 'vpn',
      kind: 'group',
      from: '2026-01-05T09:00:00.000Z',
      until: '2026-01-05T09:10:00.000Z',
      shut: true,
      members: 1,
      by: adminDn,
      because: 'who needs it?',
    });
    expect(answers()).toEqual(answers().map(() => false));
    expect(d().entry(person('bob')).texts('memberOf')).toEqual([group('more')]);
    d().clock.advance(10 * MINUTE - 1);
    expect(answers()).toEqual(answers().map(() => false));
    d().clock.advance(1);
    expect(answers()).toEqual(answers().map(() => true));
    expect(await one('vpn')).toMatchObject({ shut: false, until: '2026-01-05T09:10:00.000Z' });
  });

  test('of the old form is empty, too, with members from outside the tree', async () => {
    await shut('cn=unix,ou=groups,dc=example,dc=com');
    expect(d().entry(group('unix')).texts('memberUid')).toEqual([]);
    expect(d().found('(memberUid=ada)')).not.toContain(group('unix'));
    expect(d().found('(memberUid=somebody-else)')).toEqual([]);
    d().clock.advance(10 * MINUTE);
    expect(d().entry(group('unix')).texts('memberUid').sort()).toEqual(['ada', 'somebody-else']);
    expect(d().found('(memberUid=somebody-else)')).toEqual([group('unix')]);
  });

  test('moves the time stamps of all who look different, at both ends', async () => {
    const stamps = () =>
      [group('vpn'), person('ada')].map((dn) => d().entry(dn).texts('modifyTimestamp')[0]);
    d().clock.advance(MINUTE);
    await shut('vpn');
    expect(stamps()).toEqual(['20260105090100Z', '20260105090100Z']);
    d().clock.advance(10 * MINUTE);
    expect(stamps()).toEqual(['20260105091100Z', '20260105091100Z']);
    expect(d().found('(modifyTimestamp>=20260105091100Z)')).toContain(person('ada'));
  });

  test('keeps its members when somebody who sees none replaces them', async () => {
    await shut('vpn');
    await ok(d().modify(group('vpn'), [['replace', 'member', person('bob')]]));
    expect(d().entry(group('vpn')).texts('member')).toEqual([]);
    d().clock.advance(10 * MINUTE);
    expect(d().entry(group('vpn')).texts('member').sort()).toEqual([person('ada'), person('bob')]);
  });

  test('names who asked for it, and what is gone after an end that comes early', async () => {
    const client = await served().connect();
    expect(await client.code(bindOp(gitea, password))).toBe(0);
    expect(await client.code(searchOp(suffix, 'memberOf', group('vpn')))).toBe(0);
    await shut('vpn');
    d().clock.advance(MINUTE);
    for (let i = 0; i < 3; i += 1) {
      expect(await client.code(searchOp(suffix, 'memberOf', group('vpn')))).toBe(0);
    }
    expect(await client.code(searchOp(suffix, 'uid', 'bob'))).toBe(0);
    const { knocks } = (await one('vpn'))!;
    expect(knocks).toEqual([
      {
        who: 'gitea',
        from: '127.0.0.1',
        what: 'search',
        why: 'browned out: its members were left out',
        count: 3,
        first: '2026-01-05T09:01:00.000Z',
        last: '2026-01-05T09:01:00.000Z',
      },
    ]);
    const ended = await engine.end({ name: 'vpn', ...who });
    expect(ended).toMatchObject({ shut: false, until: '2026-01-05T09:01:00.000Z', knocks });
    expect(d().entry(group('vpn')).texts('member')).toEqual([person('ada')]);
    await refusal(() => engine.end({ name: 'vpn', ...who }), 'unwillingToPerform');
    d().clock.advance(MINUTE);
    expect(await client.code(searchOp(suffix, 'memberOf', group('vpn')))).toBe(0);
    expect((await one('vpn'))!.knocks).toEqual(knocks);
  });

  test('is in the log, and undone like any run', async () => {
    const { run } = await shut('vpn');
    const rows = d().sql('SELECT reason FROM change ORDER BY seq DESC LIMIT 1').flat();
    expect(rows).toEqual(['tenure brownout by tester: who needs it?']);
    const { reader, write } = partsOf(d());
    const order = { run: run!, reason: 'undo', rehearse: false };
    await undoRun(order, { reader, write, context: d().admin });
    expect(d().entry(group('vpn')).texts('member')).toEqual([person('ada')]);
    expect(await one('vpn')).toBeUndefined();
  });

  test('is an administrator’s to shut, and says nothing to others', async () => {
    const value = 'from=20260105090000Z until=20260105091000Z';
    const asAda = d().user(person('ada'));
    const write = d().modify(group('vpn'), [['add', 'tenureBrownout', value]], undefined, asAda);
    await refused(write, 'insufficientAccessRights');
    await shut('vpn');
    expect(d().found('(tenureBrownout=*)')).toEqual([group('vpn')]);
    expect(d().found('(tenureBrownout=*)', { as: asAda })).toEqual([]);
    expect(d().entry(group('vpn'), ['+'], asAda).texts('tenureBrownout')).toEqual([]);
  });

  test.each([
    ['from=20260105090000Z', 'needs from= and until='],
    ['from=20260105091000Z until=20260105090000Z', 'before it begins'],
    ['from=20260105090000Z until=20260205090000Z', 'more than seven days'],
    ['for=ever', 'none of from, until, by, because'],
  ])('takes no value such as %s', async (value, text) => {
    const write = d().modify(group('vpn'), [['add', 'tenureBrownout', value]]);
    expect(await refused(write, 'constraintViolation')).toContain(text);
    const other = d().modify(person('bob'), [['add', 'tenureBrownout', value]]);
    expect(await refused(other, 'constraintViolation')).toContain('is for groups');
  });

  test('goes through a file and back', async () => {
    await shut('vpn');
    const text = d().export(group('vpn'));
    expect(text).toContain(`member: ${person('ada')}`);
    await ok(d().delete(group('vpn')));
    await d().import(text);
    expect(d().entry(group('vpn')).texts('member')).toEqual([]);
    d().clock.advance(10 * MINUTE);
    expect(d().entry(group('vpn')).texts('member')).toEqual([person('ada')]);
  });
});

describe('a service', () => {
  test('is refused and cut off, is named, and comes in again by itself', async () => {
    const client = await served().connect();
    expect(await client.code(bindOp(gitea, password))).toBe(0);
    expect(await shut('gitea')).toMatchObject({ kind: 'service', shut: true });
    await client.closed;
    d().clock.advance(MINUTE);
    for (let i = 0; i < 2; i += 1) expect(await served().bind(gitea, password)).toBe(49);
    expect((await one('gitea'))!.knocks).toMatchObject([
      { who: 'gitea', from: '127.0.0.1', what: 'bind', why: 'on leave', count: 2 },
    ]);
    served().advance(9 * MINUTE);
    expect(await served().bind(gitea, password)).toBe(0);
  });
});

describe('somebody', () => {
  test('is as on leave, whoever asks for them is named, and they are back by themselves', async () => {
    const client = await served().connect();
    expect(await client.code(bindOp(gitea, password))).toBe(0);
    const done = await shut('ada');
    expect(done).toMatchObject({ kind: 'person', dn: person('ada'), by: adminDn });
    expect(d().entry(person('ada')).texts('lifecycleState')).toEqual(['leave']);
    expect(await client.code(searchOp(suffix, 'uid', 'ada'))).toBe(0);
    expect(await served().bind(person('ada'), password)).toBe(49);
    expect(
      (await one('ada'))!.knocks.map(({ who: name, what }) => `${name} ${what}`).sort(),
    ).toEqual(['ada bind', 'gitea search']);
    served().advance(10 * MINUTE);
    expect(await served().bind(person('ada'), password)).toBe(0);
    expect(d().entry(person('ada')).texts('lifecycleState')).toEqual(['active']);
    const again = await shut('ada', MINUTE);
    expect(again.from).toBe('2026-01-05T09:10:00.000Z');
    const ended = await engine.end({ name: 'ada', ...who });
    expect(ended.until).toBe('2026-01-05T09:10:01.000Z');
    served().advance(1000);
    expect(await served().bind(person('ada'), password)).toBe(0);
  });

  test('keeps no service either that a leave would keep', async () => {
    const tenurePolicyText =
      'tenure: 1\nkinds: {all: {who: not below ou=services, journeys: [leave]}, apps: {who: everyone}}\n' +
      'journeys: {leave: {at leave: [pause, keep gitea], at return: resume}}\n';
    const values = { objectClass: 'tenureLifecyclePolicy', cn: 'policy', tenurePolicyText };
    await ok(d().add(`cn=policy,${suffix}`, values));
    const through = async () => {
      const client = await served().connect();
      expect(await client.bind(gitea, password)).toBe(0);
      return client.bind(person('ada'), password);
    };
    await ok(
      d().modify(person('ada'), [
        ['add', 'lifecycleAbsence', 'kind=parental from=2026-01-01 until=2026-06-30'],
      ]),
    );
    expect(await through()).toBe(0);
    served().advance(200 * 86_400_000);
    await shut('ada');
    expect(await through()).toBe(49);
  });

  test('has to be there, and is shut once', async () => {
    await shut('ada');
    const again = await refusal(() => shut('ada'), 'unwillingToPerform');
    expect(again.message).toContain('already, until 2026-01-05T09:10:00.000Z');
    await ok(d().modify(person('bob'), [['add', 'lifecycleState', 'suspended']]));
    const bob = await refusal(() => shut('bob'), 'unwillingToPerform');
    expect(bob.message).toContain('bob is suspended, not active');
    await expect(shut('vpn', 8 * 86_400_000)).rejects.toThrow('a second to seven days');
    const people = await refusal(() => shut(`ou=people,${suffix}`), 'unwillingToPerform');
    expect(people.message).toContain('is no group, service or person');
    await refusal(() => shut('nowhere'), 'noSuchObject');
  });
});

test('a name that a service and a group share has to be said in full', async () => {
  d().seed({ [group('gitea')]: groupOfNames('gitea', person('bob')) });
  const both = await refusal(() => shut('gitea'), 'unwillingToPerform');
  expect(both.message).toBe(`"gitea" is several entries; name one: ${gitea}; ${group('gitea')}`);
  expect(await shut(group('gitea'))).toMatchObject({ kind: 'group', members: 1 });
  // The private group of an account is not meant.
  expect(d().entry(group('ada')).dn).toBe(group('ada'));
  expect(await shut('ada')).toMatchObject({ kind: 'person' });
});

test('the list has what is shut first, then what was', async () => {
  await shut('vpn', MINUTE);
  d().clock.advance(2 * MINUTE);
  await shut('gitea');
  d().clock.advance(1000);
  await shut('ada');
  const { brownouts } = await engine.list({});
  expect(brownouts.map(({ name, shut: is }) => [name, is])).toEqual([
    ['ada', true],
    ['gitea', true],
    ['vpn', false],
  ]);
});

describe('nobody is locked out', () => {
  const policy = `tenure: 1
kinds:
  break-glass: {who: "login in glass-1", never: [idle, expire, lock out]}
  employee: {who: everyone}
roles:
  administrator: {who: group admins or group glass}
`;
  const glass = person('glass-1');
  beforeEach(() => {
    d().seed({
      [glass]: personValues('glass-1', { userPassword: password }),
      [group('admins')]: groupOfNames('admins', person('ada')),
      [`cn=policy,${suffix}`]: {
        objectClass: 'tenureLifecyclePolicy',
        cn: 'policy',
        tenurePolicyText: policy,
      },
    });
  });

  test('two administrators stay, also while a group is shut', async () => {
    const refusedText = (await refusal(() => shut('admins'), 'unwillingToPerform')).message;
    expect(refusedText).toContain(`"${person('ada')}"`);
    expect(refusedText).toContain('would be lost');
    await ok(d().modify(person('bob'), [['add', 'userPassword', password]]));
    await ok(d().add(group('glass'), groupOfNames('glass', person('bob'))));
    await shut('admins');
    const asAda = () =>
      d().modify(person('ada'), [['replace', 'title', 'x']], undefined, d().user(person('ada')));
    await refused(asAda(), 'insufficientAccessRights');
    expect((await refusal(() => shut('glass'), 'unwillingToPerform')).message).toContain('be lost');
    expect((await refusal(() => shut('bob'), 'unwillingToPerform')).message).toContain('be lost');
    d().clock.advance(10 * MINUTE);
    await ok(asAda());
  });

  test('an account for emergencies is never shut, nor what makes it an administrator', async () => {
    const own = await refusal(() => shut('glass-1'), 'unwillingToPerform');
    expect(own.message).toContain('is for emergencies and is never browned out');
    const value = 'kind=brownout from=20260105090000Z until=20260105091000Z';
    const changes = [
      ['add', 'objectClass', 'lifecycleSubject'],
      ['add', 'lifecycleAbsence', value],
    ];
    await refused(d().modify(glass, changes as never), 'unwillingToPerform');
    await ok(d().modify(person('bob'), [['add', 'userPassword', password]]));
    await ok(d().add(group('glass'), groupOfNames('glass', glass, person('bob'))));
    const over = await refusal(() => shut('glass'), 'unwillingToPerform');
    expect(over.message).toContain('makes it an administrator');
  });
});
