/** The audit trail says by which rule or role of the policy a write was let, with its line. */
import { beforeEach, expect, test } from '@jest/globals';
import { auditEvents } from '../../support/directory-audit.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import {
  accountValues,
  group,
  groupOfNames,
  person,
  personValues,
} from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { grantOf } from '../../support/grants.js';

const at = eachDirectory();
const labs = `ou=labs,${suffix}`;
const policy = `tenure: 1
roles:
  help desk: {who: group desk, may: [reset, unlock, suspend], over: everyone}
  people desk: {who: group desk, may: [join, grant], over: kind is employee}
access:
  all: {who: anyone who has bound, may: read}
  phones: {who: group desk, may: write, attributes: telephoneNumber}
  rooms: {who: group desk, may: write, attributes: roomNumber}
  labs: {who: group crew, may: [add, delete, rename], what: below ou=labs, attributes: [cn, sn]}
kinds:
  employee: {who: everyone}
`;

beforeEach(() => {
  const account = (uid: string) => accountValues(uid, { userPassword: `secret-of-${uid}` });
  at().seed({
    [person('ada')]: account('ada'),
    [person('bob')]: account('bob'),
    [labs]: { objectClass: 'organizationalUnit', ou: 'labs' },
    [group('desk')]: groupOfNames('desk', person('ada')),
    [group('crew')]: groupOfNames('crew', person('bob')),
    [`cn=policy,${suffix}`]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: policy,
    },
  });
});

/** Why the last write was, as the trail has it. */
async function why(): Promise<string> {
  const events = await auditEvents(at(), { kinds: ['write'] });
  return events.at(-1)!.why;
}

test('the change log has it as well', async () => {
  const ada = at().user(person('ada'));
  await ok(at().modify(person('bob'), [['replace', 'telephoneNumber', '1']], undefined, ada));
  await ok(at().modify(person('bob'), [['replace', 'title', 'Mr']]));
  const { entries } = at().search(`(targetDN=${person('bob')})`, { base: 'cn=changelog' });
  expect(entries.slice(-2).map((entry) => entry.texts('description'))).toEqual([
    ['test; rule phones, line 7'],
    ['test'],
  ]);
  const found = at().search('(description=*rule phones, line 7*)', { base: 'cn=changelog' });
  expect(found.entries).toHaveLength(1);
});

test('attributes by rules, each rule once', async () => {
  await ok(
    at().modify(
      person('bob'),
      [
        ['replace', 'telephoneNumber', '1'],
        ['replace', 'roomNumber', '2'],
        ['add', 'telephoneNumber', '3'],
      ],
      undefined,
      at().user(person('ada')),
    ),
  );
  expect(await why()).toBe('test; rule phones, line 7; rule rooms, line 8');
});

test('entries that come, are renamed and go', async () => {
  const his = at().user(person('bob'));
  const values = { objectClass: 'person', cn: 'bench', sn: 'bench' };
  await ok(at().add(`cn=bench,${labs}`, values, undefined, his));
  expect(await why()).toBe('test; rule labs, line 9');
  await ok(at().rename(`cn=bench,${labs}`, 'cn=desk', {}, undefined, his));
  expect(await why()).toBe('test; rule labs, line 9');
  await ok(at().delete(`cn=desk,${labs}`, undefined, his));
  expect(await why()).toBe('test; rule labs, line 9');
});

test('a power of a role', async () => {
  const hers = at().user(person('ada'));
  const password = [['replace', 'userPassword', 'a-new-one-for-bob']] as const;
  await ok(at().modify(person('bob'), [...password], undefined, hers));
  expect(await why()).toBe('test; role help desk, line 3');
  await ok(
    at().modify(person('bob'), [['replace', 'lifecycleState', 'suspended']], undefined, hers),
  );
  expect(await why()).toBe('test; role help desk, line 3');
});

test('a lock of wrong passwords that is taken away', async () => {
  for (let i = 0; i < 10; i += 1)
    await at()
      .bind(person('bob'), `wrong ${i}`)
      .catch(() => undefined);
  const hers = at().user(person('ada'));
  await ok(at().modify(person('bob'), [['delete', 'pwdAccountLockedTime']], undefined, hers));
  expect(await why()).toBe('test; role help desk, line 3');
  expect(await at().bind(person('bob'), 'secret-of-bob')).toMatchObject({ role: 'user' });
});

test('somebody who joins, and a membership for a time', async () => {
  const hers = at().user(person('ada'));
  const values = personValues('nia', { lifecycleStart: '20260105080000Z' });
  await ok(at().add(person('nia'), values, undefined, hers));
  expect(await why()).toBe('test; role people desk, line 4');
  const grant = grantOf(at(), 'nia', 3_600);
  await ok(at().modify(group('crew'), [['add', 'tenureHolder', grant]], undefined, hers));
  expect(await why()).toBe('test; role people desk, line 4');
});

test('nothing of the kind where the policy was not asked', async () => {
  await ok(at().modify(person('bob'), [['replace', 'title', 'x']]));
  expect(await why()).toBe('test');
  const own = at().user(person('bob'));
  const password = [['replace', 'userPassword', 'a-new-one-of-bob']] as const;
  await ok(at().modify(person('bob'), [...password], undefined, own));
  expect(await why()).toBe('test');
});
