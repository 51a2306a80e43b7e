/** Whether somebody who comes was here before: a number and a second fact, or a human says so. */
import { beforeEach, expect, test } from '@jest/globals';
import type { PreparedWrite } from '../../../src/directory/operations/index.js';
import { findRehire, type Newcomer } from '../../../src/directory/operations/lifecycle/index.js';
import { undoRun } from '../../../src/policy/run/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { group, groupOfNames, person, personValues } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { peopleOf } from '../../support/people-engine.js';

const at = eachDirectory();
const now = () => Math.floor(at().clock.nowMs() / 1000);
const find = (who: Omit<Newcomer, 'number'>, number = '4711') =>
  findRehire({ number, ...who }, at().reader, now());

beforeEach(() => {
  const objectClass = ['inetOrgPerson', 'lifecycleSubject'];
  const left = 'id=1 start=2020-01-01 end=2025-12-01';
  const of = (number: string, mail: string) => ({ objectClass, employeeNumber: number, mail });
  at().seed({
    [person('grace')]: personValues('grace', {
      ...of('4711', 'grace@x'),
      cn: 'Grace Hopper',
      lifecycleEngagement: left,
    }),
    [person('ada')]: personValues('ada', of('4712', 'ada@x')),
  });
});

test('number and login, mail or full name are the same person', () => {
  expect(find({ login: 'Grace' })).toMatchObject({ is: 'same', by: 'login' });
  expect(find({ mail: 'GRACE@x' })).toMatchObject({ is: 'same', by: 'mail' });
  expect(find({ fullName: ' grace  hopper' })).toMatchObject({ is: 'same', by: 'name' });
});

test('a number by itself, or a second fact by itself, is nobody', () => {
  expect(find({ fullName: 'Grace Murray', mail: 'g@y' })).toEqual({
    is: 'unsure',
    logins: ['grace'],
  });
  expect(find({ login: 'grace', mail: 'grace@x' }, '4799')).toEqual({ is: 'nobody' });
});

test('whoever has not left is here', () => {
  expect(find({ fullName: 'Somebody Else' }, '4712')).toMatchObject({ is: 'here' });
});

test('who was purged is known by number and login', async () => {
  const d = at();
  const base = { context: d.admin, reason: 'x' };
  const owners = [d.names.idOf(person('grace'))];
  await ok(Promise.resolve(d.apply([{ ...base, op: 'purge', owners }])[0]!));
  expect(find({ login: 'grace' })).toMatchObject({ is: 'purged', tombstone: { login: 'grace' } });
  expect(find({ fullName: 'Grace Hopper' })).toEqual({ is: 'unsure', logins: ['grace'] });
});

test('a join with their number is refused with what to say instead; after a purge they are themselves', async () => {
  const d = at();
  const engine = peopleOf(d);
  const join = (name: string, number: string, login?: string) =>
    engine.say({ verb: 'join', name, number, firstPassword: false, ...(login && { login }) });
  await expect(join('Grace Hopper', '4711')).rejects.toThrow(
    /number 4711 and name are those of uid=grace,.* who had left: tenure rehire grace/,
  );
  await expect(join('Grace Murray', '4711')).rejects.toThrow(/was that of grace, and nothing else/);
  await expect(join('Ada Byron', '4712')).rejects.toThrow(/is that of uid=ada,.* who is here/);
  const base = { context: d.admin, reason: 'x' };
  const owners = [d.names.idOf(person('grace'))];
  await ok(Promise.resolve(d.apply([{ ...base, op: 'purge', owners }])[0]!));
  await expect(join('Grace Murray', '4799', 'grace')).rejects.toThrow(/is, or was, somebody else/);
  expect((await join('Grace Hopper', '4711', 'grace')).login).toBe('grace');
});

test('who comes back is in groups by rule, and in none of those of before', async () => {
  const d = at();
  d.seed({
    [group('prod')]: groupOfNames('prod', person('grace'), person('ada')),
    [group('staff')]: groupOfNames('staff', person('grace')),
    [`cn=policy,${suffix}`]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: 'tenure: 1\nkinds: {all: {who: everyone, gets: staff}}\n',
    },
  });
  const groups = () => d.foundNames(`(member=${person('grace')})`);
  const back = { verb: 'rehire', name: 'grace', start: 'now', firstPassword: false } as const;
  const engine = peopleOf(d);
  const { notes } = await engine.preview({ ...back, by: 'tester', because: '' });
  expect(notes).toEqual(['not in prod, staff any more: groups come back by rule']);
  const { run } = await engine.say(back);
  expect(d.entry(person('grace')).texts('lifecycleState')).toEqual(['active']);
  expect(groups()).toEqual(['staff']);
  expect(d.entry(group('prod')).texts('member')).toEqual([person('ada')]);
  const write = async (request: PreparedWrite) => d.apply([request])[0]!;
  const order = { run: run!, reason: 'undo', rehearse: false };
  await undoRun(order, { reader: d.reader, write, context: d.admin });
  expect(d.entry(person('grace')).texts('lifecycleState')).toEqual(['offboarded']);
  const held = d.reader.heldEdgesTo(d.names.idOf(person('grace')));
  expect(held.filter(({ holder }) => holder.kind === 'hand')).toHaveLength(2);
});
