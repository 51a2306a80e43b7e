/** Writing by the rules of `access:`: write, add, delete, rename; and no rule is a way to a right. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { groupOfNames, person, personValues } from '../../support/directory-people.js';
import { type Change, suffix } from '../../support/directory-requests.js';
import { problemsOf } from '../../support/policy.js';

const at = eachDirectory();
const names = ['ada', 'bob', 'eve', 'hal', 'mia'];
const [ada, bob, eve, hal, mia] = names.map(person) as [string, string, string, string, string];
const labs = `ou=labs,${suffix}`;
const dn = (cn: string) => `cn=${cn},${suffix}`;
const lab = (cn: string) => `cn=${cn},${labs}`;
const policy = `tenure: 1
roles:
  administrator: {who: group admins}
  hr: {who: group hr, may: offboard}
  guard: {who: title is Guard, may: suspend}
access:
  all: {who: anyone who has bound, may: read, what: not title is Hidden}
  own phone: {who: self, may: write, attributes: [mobile, title]}
  phones: {who: group phones, may: write, what: not below ou=labs, attributes: [telephoneNumber, mobile, title, sshPublicKey]}
  team: {who: manager, may: write, attributes: roomNumber}
  labs: {who: group lab, may: [write, add, delete, rename], what: below ou=labs, attributes: [cn, sn, uid, member, description]}
  crew: {who: group lab, may: write, what: has description, attributes: member}
  far: {who: group phones, from: 192.0.2.0/24, may: write, attributes: fax}
`.replace('attributes: fax', 'attributes: facsimileTelephoneNumber');

beforeEach(() => {
  const given = (uid: string) => personValues(uid, { userPassword: `secret-of-${uid}` });
  at().seed({
    ...Object.fromEntries(names.map((uid) => [person(uid), given(uid)])),
    [labs]: { objectClass: 'organizationalUnit', ou: 'labs' },
    [dn('phones')]: groupOfNames('phones', ada),
    [dn('lab')]: groupOfNames('lab', hal),
    [dn('hr')]: { ...groupOfNames('hr', mia), description: 'people' },
    [dn('crew')]: { ...groupOfNames('crew'), description: 'crew' },
    [dn('policy')]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: policy,
    },
  });
});

const modify = (by: string, whom: string, ...changes: Change[]) =>
  at().modify(whom, changes, undefined, at().user(by));
const mayNot = (by: string, whom: string, ...changes: Change[]) =>
  refused(modify(by, whom, ...changes), 'insufficientAccessRights');

describe('write', () => {
  test('the attributes that a rule names, of the entries that it is over, and no others', async () => {
    await ok(modify(ada, bob, ['replace', 'telephoneNumber', '1'], ['add', 'mobile', '2']));
    await mayNot(ada, bob, ['replace', 'telephoneNumber', '1'], ['replace', 'roomNumber', '2']);
    await mayNot(bob, eve, ['replace', 'telephoneNumber', '1']);
    await mayNot(ada, labs, ['replace', 'telephoneNumber', '1'], ['replace', 'description', 'x']);
    expect(at().entry(bob).texts('mobile')).toEqual(['2']);
  });

  test('the own record, and that of whom they manage', async () => {
    await ok(modify(bob, bob, ['replace', 'mobile', '3']));
    await mayNot(bob, eve, ['replace', 'mobile', '3']);
    await mayNot(bob, eve, ['replace', 'roomNumber', '3']);
    await ok(at().modify(eve, [['add', 'manager', bob]]));
    await ok(modify(bob, eve, ['replace', 'roomNumber', '3']));
  });

  test('from the addresses of the rule only', async () => {
    await mayNot(ada, bob, ['replace', 'facsimileTelephoneNumber', '1']);
    const { identity } = at().user(ada);
    const origin = { address: '192.0.2.9', connection: 1, confidential: true };
    await ok(
      at().modify(bob, [['replace', 'facsimileTelephoneNumber', '1']], undefined, {
        identity,
        origin,
      }),
    );
  });

  test('what is a power of a role is given by no rule', async () => {
    await mayNot(ada, bob, ['replace', 'userPassword', 'another-one-1']);
    await mayNot(ada, bob, ['replace', 'lifecycleState', 'suspended']);
    await mayNot(ada, bob, ['add', 'objectClass', 'lifecycleSubject']);
    await mayNot(ada, dn('admin'), ['add', 'description', 'x']);
  });
});

describe('no rule is a way to a right', () => {
  test('for oneself, by an attribute that a role looks at', async () => {
    expect(await mayNot(bob, bob, ['replace', 'title', 'Guard'])).toMatch(
      /^nobody gives themselves/,
    );
    await ok(modify(bob, bob, ['replace', 'title', 'Clerk']));
  });

  test('for another', async () => {
    expect(await mayNot(ada, bob, ['replace', 'title', 'Guard'])).toMatch(
      /a right that you do not/,
    );
  });

  test('by a key of whoever has one', async () => {
    await mayNot(ada, mia, ['add', 'sshPublicKey', 'ssh-ed25519 x']);
    await ok(modify(ada, mia, ['replace', 'telephoneNumber', '1']));
  });

  test('by a membership of a group that gives one', async () => {
    await ok(modify(hal, dn('crew'), ['add', 'member', hal]));
    expect(await mayNot(hal, dn('hr'), ['add', 'member', hal])).toMatch(/gives rights/);
  });

  test('by a new group, or a new name, that is that of administrators', async () => {
    const hers = at().user(hal);
    await ok(at().add(lab('team'), groupOfNames('team', hal), undefined, hers));
    expect(
      await refused(
        at().add(lab('admins'), groupOfNames('admins', hal), undefined, hers),
        'insufficientAccessRights',
      ),
    ).toMatch(/gives rights/);
    await refused(
      at().rename(lab('team'), 'cn=admins', {}, undefined, hers),
      'insufficientAccessRights',
    );
    await ok(at().rename(lab('team'), 'cn=squad', {}, undefined, hers));
  });
});

describe('add, delete and rename', () => {
  test('where the rule says, with what it says', async () => {
    const hers = at().user(hal);
    const values = { objectClass: 'person', cn: 'bench', sn: 'bench' };
    await ok(at().add(lab('bench'), values, undefined, hers));
    await refused(
      at().add(lab('desk'), { ...values, cn: 'desk', telephoneNumber: '1' }, undefined, hers),
      'insufficientAccessRights',
    );
    await refused(at().add(dn('bench'), values, undefined, hers), 'insufficientAccessRights');
    await refused(
      at().add(lab('x'), values, undefined, at().user(bob)),
      'insufficientAccessRights',
    );
    await refused(
      at().rename(lab('bench'), 'cn=bench', { newSuperior: suffix }, undefined, hers),
      'insufficientAccessRights',
    );
    await ok(at().rename(lab('bench'), 'cn=chair', {}, undefined, hers));
    await refused(at().delete(lab('chair'), undefined, at().user(ada)), 'insufficientAccessRights');
    await refused(at().delete(bob, undefined, hers), 'insufficientAccessRights');
    await ok(at().delete(lab('chair'), undefined, hers));
  });
});

test('an entry that its author may not know of is not there, whatever is written', async () => {
  await ok(at().modify(eve, [['replace', 'title', 'Hidden']]));
  const nobody = person('nobody');
  const outcome = async (whom: string, by: string, ...changes: Change[]) => {
    const settled = await modify(by, whom, ...changes);
    return settled.ok ? 'ok' : settled.error.code;
  };
  for (const change of [
    ['replace', 'telephoneNumber', '1'],
    ['replace', 'userPassword', 'another-one-1'],
    ['delete', 'pwdAccountLockedTime'],
  ] as const) {
    expect([change[1], await outcome(eve, bob, change)]).toEqual([change[1], 'noSuchObject']);
    expect([change[1], await outcome(nobody, bob, change)]).toEqual([change[1], 'noSuchObject']);
  }
  for (const whom of [eve, nobody]) {
    await refused(at().delete(whom, undefined, at().user(bob)), 'noSuchObject');
    await refused(at().rename(whom, 'uid=x', {}, undefined, at().user(bob)), 'noSuchObject');
    await refused(
      at().changePassword(whom, undefined, 'x-another', at().user(bob)),
      'noSuchObject',
    );
  }
});

test.each<[string, string]>([
  ['who: anyone, may: write, attributes: mobile', 'whoever has not bound writes nothing'],
  ['who: self, may: write', 'say which attributes'],
  ['who: self, may: write, attributes: lifecycleBlock', 'is written by the powers of a role'],
  ['who: self, may: writes, attributes: mobile', 'did you mean write'],
])('access: {x: {%s}} is a mistake', (rule, expected) => {
  expect(problemsOf(`tenure: 1\naccess: {x: {${rule}}}`).join()).toContain(expected);
});
