/** Powers of roles that put people somewhere: joining and granting, and what they are no way to. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { groupOfNames, person, personValues } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { grantOf } from '../../support/grants.js';

const at = eachDirectory();
const names = ['ada', 'bob', 'eve', 'hal'];
const [ada, bob, eve, hal] = names.map(person) as [string, string, string, string];
const dn = (cn: string) => `cn=${cn},${suffix}`;

const policy = `tenure: 1
kinds:
  contractor: {who: type is contractor, must have: [sponsor, end within 6 months]}
  employee: {who: everyone, must have: [employeeNumber]}
groups:
  payroll: {rule: department is F-100}
  prod: {members: by hand, longest: 8 hours}
roles:
  people desk: {who: group desk, may: [join, grant], over: kind is employee, never over: has any role}
  auditor: {who: group audit}
  pay clerk: {who: group payroll, may: [see end dates]}
`;

beforeEach(() => {
  const given = (uid: string) => personValues(uid, { userPassword: `secret-of-${uid}` });
  at().seed({
    ...Object.fromEntries(names.map((uid) => [person(uid), given(uid)])),
    [eve]: { ...given('eve'), employeeType: 'contractor' },
    [dn('desk')]: groupOfNames('desk', ada),
    [dn('audit')]: groupOfNames('audit', hal),
    [dn('payroll')]: groupOfNames('payroll'),
    [dn('prod')]: groupOfNames('prod'),
    [dn('policy')]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: policy,
    },
  });
});

const NO = 'insufficientAccessRights';

describe('join', () => {
  const newcomer = (more: Record<string, string | string[]> = {}) =>
    personValues('nia', { employeeNumber: '77', lifecycleStart: '20260105080000Z', ...more });
  const join = (values: ReturnType<typeof newcomer>, by = ada) =>
    at().add(person('nia'), values, undefined, at().user(by));

  test('adds a person of those whom the role is over, as its own author', async () => {
    await ok(join(newcomer()));
    expect(at().entry(person('nia'), ['creatorsName']).texts('creatorsName')).toEqual([ada]);
  });

  test('does not stand in the way of a rule that lets add other entries', async () => {
    const rules = `${policy}access:
  all: {who: anyone who has bound, may: read}
  labs: {who: group desk, may: add, what: below ou=labs, attributes: [cn, sn]}
`;
    const labs = `ou=labs,${suffix}`;
    at().seed({ [labs]: { objectClass: 'organizationalUnit', ou: 'labs' } });
    await ok(at().modify(dn('policy'), [['replace', 'tenurePolicyText', rules]]));
    const bench = { objectClass: 'applicationProcess', cn: 'bench' };
    await ok(at().add(`cn=bench,${labs}`, bench, undefined, at().user(ada)));
    await refused(at().add(`cn=bench,${suffix}`, bench, undefined, at().user(ada)), NO);
    await refused(
      at().add(`cn=more,${labs}`, { ...bench, cn: 'more' }, undefined, at().user(bob)),
      NO,
    );
    await ok(join(newcomer()));
    expect(at().entry(person('nia'), ['creatorsName']).texts('creatorsName')).toEqual([ada]);
  });

  test('is for those who have the role', async () => {
    await refused(join(newcomer(), bob), NO);
    expect(at().names.idOf(person('nia'))).toBe(0);
  });

  test.each([
    [
      'a kind that the role is not over',
      { employeeType: 'contractor', lifecycleSponsor: hal, lifecycleEnd: '20260301080000Z' },
    ],
    [
      'a number of their own choice',
      {
        objectClass: ['inetOrgPerson', 'posixAccount'],
        uidNumber: '0',
        gidNumber: '0',
        homeDirectory: '/',
      },
    ],
    [
      'an account that is more than a person',
      { objectClass: ['inetOrgPerson', 'simpleSecurityObject'], userPassword: 'x' },
    ],
    ['somebody whom a rule gives a role', { departmentNumber: 'F-100' }],
  ])('does not bring %s', async (_what, more) => {
    await refused(join(newcomer(more)), NO);
    expect(at().names.idOf(person('nia'))).toBe(0);
  });

  test('does not bring somebody without facts, or without what the kind must have', async () => {
    const { lifecycleStart: _start, ...bare } = newcomer();
    expect(await refused(join(bare), NO)).toMatch(/say since when/);
    const { employeeNumber: _number, ...unnumbered } = newcomer();
    expect(await refused(join(unnumbered), 'constraintViolation')).toMatch(
      /must have employeeNumber/,
    );
  });

  test('adds no group, container or policy', async () => {
    const add = (name: string, values: Record<string, string>) =>
      at().add(name, values, undefined, at().user(ada));
    await refused(add(dn('more'), { objectClass: 'groupOfNames', cn: 'more' }), NO);
    await refused(add(`ou=more,${suffix}`, { objectClass: 'organizationalUnit', ou: 'more' }), NO);
  });
});

describe('grant', () => {
  const grant = (uid: string, cn: string, by = ada, op: 'add' | 'delete' = 'add', hours = 1) =>
    at().modify(
      dn(cn),
      [[op, 'tenureHolder', grantOf(at(), uid, hours * 3_600)]],
      undefined,
      at().user(by),
    );
  const members = (cn: string) => at().entry(dn(cn), ['member']).texts('member');

  test('gives a membership for a time, and ends it', async () => {
    await ok(grant('bob', 'prod'));
    expect(members('prod')).toEqual([bob]);
    await ok(grant('bob', 'prod', ada, 'delete'));
    expect(members('prod')).toEqual([]);
  });

  test('keeps to what the policy says of the group', async () => {
    expect(await refused(grant('bob', 'prod', ada, 'add', 9), 'unwillingToPerform')).toMatch(
      /8 hours/,
    );
  });

  test.each([
    ['somebody who lacks the role', 'bob', 'eve'],
    ['whoever the role is not over', 'eve', 'ada'],
    ['the author', 'ada', 'ada'],
    ['who has a role', 'hal', 'ada'],
  ])('is not for %s', async (_what, uid, by) => {
    await refused(grant(uid, 'prod', person(by)), NO);
    expect(members('prod')).toEqual([]);
  });

  test('is no way to a role, through another group either', async () => {
    expect(await refused(grant('bob', 'audit'), NO)).toBe(
      'members of the group have the role auditor, which you do not: an administrator grants it',
    );
    await ok(at().add(dn('inner'), { ...groupOfNames('inner') }));
    await ok(at().modify(dn('audit'), [['add', 'member', dn('inner')]]));
    expect(await refused(grant('bob', 'inner'), NO)).toMatch(/the role auditor/);
    // Whoever has the role may hand it on: here, that of the desk itself.
    await ok(grant('bob', 'desk'));
  });

  test('writes nothing else of a group, and takes no member away that is there by hand', async () => {
    const write = (...changes: Parameters<ReturnType<typeof at>['modify']>[1]) =>
      at().modify(dn('prod'), changes, undefined, at().user(ada));
    await refused(write(['add', 'member', bob]), NO);
    await refused(write(['delete', 'tenureHolder']), NO);
    const both = grantOf(at(), 'bob', 3_600);
    await refused(write(['add', 'tenureHolder', both], ['replace', 'description', 'mine']), NO);
  });
});
