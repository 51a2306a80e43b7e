/** Passwords verified a moment ago: what they save, and everything that makes them forgotten. */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { bytesOfText } from '../../../src/directory/model/bytes.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal } from '../../support/directory-expect.js';
import { manyPeople, person, personValues } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { defaultPolicy } from '../../support/policy-entries.js';

const ada = person('ada');
const policy = `cn=policy,${suffix}`;
const at = eachDirectory({ limits: { verifiedPasswordMs: 60_000, verifiedPasswordsMax: 3 } });

/** Hashes that a bind costs which has to succeed. */
async function cost(dn = ada, password = 'right'): Promise<number> {
  const before = at().pool.runs;
  await at().bind(dn, password);
  await at().settle();
  return at().pool.runs - before;
}

async function failing(dn = ada, password = 'wrong'): Promise<number> {
  const before = at().pool.runs;
  await refusal(() => at().bind(dn, password), 'invalidCredentials');
  return at().pool.runs - before;
}

beforeEach(async () => {
  const d = at();
  d.seed(manyPeople(['ada', 'bob']));
  d.seed({
    [policy]: { objectClass: ['device', 'pwdPolicy'], cn: 'policy', pwdAttribute: 'userPassword' },
  });
  await ok(d.modify(ada, [['add', 'userPassword', 'right']]));
});

test('the second bind costs no hash, any other password one', async () => {
  expect(await cost()).toBe(1);
  expect([await cost(), await cost()]).toEqual([0, 0]);
  expect([await failing(), await failing(ada, 'right '), await failing(ada, '')]).toEqual([
    1, 1, 1,
  ]);
  expect(await cost()).toBe(0);
});

describe('the next bind does the full work after', () => {
  const d = at;
  const owner = () => d().user(ada).identity.entryId;
  const entry = () => ({ dn: ada, password: 'right' });

  test.each<[string, () => Promise<unknown>, { dn: string; password: string }?]>([
    [
      'a new password',
      () => ok(d().modify(ada, [['replace', 'userPassword', 'new']])),
      { dn: ada, password: 'new' },
    ],
    [
      'the same password set again',
      () => ok(d().modify(ada, [['replace', 'userPassword', 'right']])),
    ],
    ['one more password', () => ok(d().modify(ada, [['add', 'userPassword', 'second']]))],
    ['the password-modify operation', () => ok(d().changePassword(ada, undefined, 'right'))],
    ['any change of the entry', () => ok(d().modify(ada, [['replace', 'description', 'x']]))],
    [
      'a new name',
      () => ok(d().rename(ada, 'uid=lovelace')),
      { dn: person('lovelace'), password: 'right' },
    ],
    ['a change of a policy', () => ok(d().modify(policy, [['add', 'pwdMaxAge', '1']]))],
    ['the end of a policy', () => ok(d().delete(policy))],
    [
      'a change of the default policy',
      () => ok(d().modify(defaultPolicy, [['replace', 'pwdMaxAge', '86400000']])),
    ],
    [
      'a new policy',
      () =>
        ok(
          d().add(`cn=other,${suffix}`, {
            objectClass: ['device', 'pwdPolicy'],
            cn: 'other',
            pwdAttribute: 'userPassword',
          }),
        ),
    ],
    [
      'a change of the schema',
      () =>
        ok(
          d().modify('cn=subschema', [
            ['add', 'attributeTypes', "( 1.2.3.4.5 NAME 'shoeSize' SUP name )"],
          ]),
        ),
    ],
    ['an unlocking', async () => d().guard.unlocked(owner())],
    ['its short life', async () => d().clock.advance(60_000)],
    [
      'three others',
      async () => {
        for (const uid of ['u1', 'u2', 'u3']) {
          await ok(d().add(person(uid), personValues(uid, { userPassword: 'right' })));
          await cost();
          d().verified!.add(
            { id: 1_000_000, owner: Number(uid.slice(1)), revision: 1 },
            Buffer.of(),
          );
        }
      },
    ],
  ])('%s', async (_, change, { dn, password } = entry()) => {
    expect([await cost(), await cost()]).toEqual([1, 0]);
    await change();
    expect(await cost(dn, password)).toBe(1);
    expect(await cost(dn, password)).toBe(0);
  });

  test('a lock, which refuses at once, and its end', async () => {
    expect([await cost(), await cost()]).toEqual([1, 0]);
    for (let i = 0; i < 10; i += 1) await failing(ada, `wrong ${i}`);
    expect(at().verified!.size).toBe(0);
    expect(await failing(ada, 'right')).toBe(1);
    at().clock.advance(15 * 60_000);
    expect(await cost()).toBe(1);
  });

  test('the end of the entry', async () => {
    expect([await cost(), await cost()]).toEqual([1, 0]);
    await ok(at().delete(ada));
    expect(await failing(ada, 'right')).toBe(1);
  });

  test('a password that was taken away', async () => {
    expect([await cost(), await cost()]).toEqual([1, 0]);
    await ok(at().modify(ada, [['delete', 'userPassword', 'right']]));
    expect(await failing(ada, 'right')).toBe(1);
  });

  test('a rehash of the secret', async () => {
    expect([await cost(), await cost()]).toEqual([1, 0]);
    const [secret] = at().reader.secrets(owner());
    const { id: secretId, revision, value } = secret!;
    at().apply([
      {
        op: 'rehash',
        context: at().admin,
        reason: 'test',
        secretId,
        revision,
        value: bytesOfText(value.toString('latin1')),
      },
    ]);
    expect(await cost()).toBe(1);
  });
});

test('every gate is asked of a remembered password: time alone closes it, and costs a hash', async () => {
  const d = at();
  await ok(d.modify(ada, [['add', 'pwdEndTime', '20260105090030Z']]));
  expect([await cost(), await cost()]).toEqual([1, 0]);
  d.clock.advance(29_000);
  expect(await cost()).toBe(0);
  d.clock.advance(1_000);
  expect(d.verified!.size).toBe(1);
  expect(await failing(ada, 'right')).toBe(1);
});

test('what somebody else changes about themselves keeps it', async () => {
  expect([await cost(), await cost()]).toEqual([1, 0]);
  await ok(at().modify(person('bob'), [['add', 'userPassword', 'other']]));
  await at().guard.flush();
  expect(await cost()).toBe(0);
});

test('several passwords of one entry are one hash together, wrong or right', async () => {
  const d = at();
  await ok(d.modify(ada, [['add', 'userPassword', 'second', 'third']]));
  expect(await failing()).toBe(1);
  expect([await cost(ada, 'third'), await cost(ada, 'second'), await cost()]).toEqual([1, 1, 1]);
  expect([await cost(ada, 'third'), await cost(ada, 'second'), await cost()]).toEqual([0, 0, 0]);
});

test('passwords that came with salts of their own come to share one', async () => {
  const d = at();
  await ok(d.add(person('kim'), personValues('kim', { userPassword: 'one' })));
  await ok(d.add(person('lee'), personValues('lee', { userPassword: 'two' })));
  const hashOf = (uid: string) => d.reader.secrets(d.user(person(uid)).identity.entryId)[0]!.value;
  await ok(d.modify(person('kim'), [['add', 'userPassword', hashOf('lee')]]));
  expect(await failing(person('kim'))).toBe(2);
  await cost(person('kim'), 'two');
  await cost(person('kim'), 'one');
  expect(await failing(person('kim'))).toBe(1);
  expect(await cost(person('kim'), 'two')).toBe(1);
});

describe('what hashes cost', () => {
  const parameters = (uid = 'ada') =>
    at()
      .reader.secrets(at().user(person(uid)).identity.entryId)
      .filter(({ kind }) => kind === 'userPassword')
      .map(({ value }) => /m=\d+,t=\d+,p=\d+/.exec(value.toString())?.[0]);

  test('is what the policy says, for new passwords and, with the next bind, for old ones', async () => {
    const d = at();
    expect(parameters()).toEqual(['m=64,t=1,p=1']);
    const wanted = 'm=2048,t=3,p=1';
    await ok(
      d.add(`cn=costly,${suffix}`, {
        objectClass: ['device', 'tenurePasswordPolicy'],
        cn: 'costly',
        pwdAttribute: 'userPassword',
        tenurePolicyFilter: '(uid=a*)',
        tenurePolicyOrder: '1',
        tenureArgon2: wanted,
      }),
    );
    expect(await cost()).toBe(2);
    expect(parameters()).toEqual([wanted]);
    expect([await cost(), await cost()]).toEqual([1, 0]);
    await ok(d.modify(ada, [['replace', 'userPassword', 'another-Passw0rd']]));
    expect(parameters()).toEqual([wanted]);
    await ok(d.changePassword(ada, undefined, 'a-third-Passw0rd'));
    expect(parameters()).toEqual([wanted]);
    await ok(d.add(person('amy'), personValues('amy', { userPassword: 'a-fourth-Passw0rd' })));
    await cost(person('amy'), 'a-fourth-Passw0rd');
    expect(parameters('amy')).toEqual([wanted]);
    await ok(d.modify(person('bob'), [['add', 'userPassword', 'some-0ther-word']]));
    expect(parameters('bob')).toEqual(['m=64,t=1,p=1']);
  });

  test.each(['', 'm=19456', 'm=0,t=1,p=1', 'm=999999999,t=2,p=1', 'm=19456,t=0,p=1', 'fast'])(
    'is refused in a policy as "%s"',
    async (tenureArgon2) => {
      const change = ['add', 'objectClass', 'tenurePasswordPolicy'] as const;
      const outcome = await at().modify(policy, [change, ['add', 'tenureArgon2', tenureArgon2]]);
      expect(outcome.ok).toBe(false);
    },
  );
});

describe('switched off', () => {
  const off = eachDirectory({ cacheVerified: false });

  test('each bind costs its hash', async () => {
    const d = off();
    d.seed(manyPeople(['ada']));
    await ok(d.modify(ada, [['add', 'userPassword', 'right']]));
    for (let i = 0; i < 3; i += 1) {
      const before = d.pool.runs;
      await d.bind(ada, 'right');
      expect(d.pool.runs - before).toBe(1);
    }
  });
});

describe('a refused bind costs exactly one hash of the default cost', () => {
  const ssha = (clear: string) => {
    const salt = Buffer.from('saltsalt');
    const digest = createHash('sha1').update(clear).update(salt).digest();
    return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`;
  };
  const cheaper =
    '{ARGON2}$argon2id$v=19$m=32,t=1,p=1$c2FsdHNhbHRzYWx0$eVVsp6ITWGf17RvNTdWQ3xKmRVBnvzFzdzXqPzSKHbA';
  const bcrypt = '{CRYPT}$2b$04$abcdefghijklmnopqrstuuPVVd0Pi6bZYbVAbqjDnx0TbHoF1ESZe';
  const pbkdf2 = '{PBKDF2-SHA256}10$c2FsdHNhbHRzYWx0$Y4cFm1O6rbUbfZ5sLyRzVRbmDHwG9nPcCtUP2dXj6pE';
  const shaCrypt =
    '{CRYPT}$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcb' +
    'YEdFCoEOfaS35inz1';

  test.each([
    ['argon2 of another cost', [cheaper]],
    ['SSHA', [ssha('x')]],
    ['several SSHA', [ssha('x'), ssha('y')]],
    ['bcrypt', [bcrypt]],
    ['PBKDF2', [pbkdf2]],
    ['sha-crypt', [shaCrypt]],
    ['argon2 and SSHA', ['clear', ssha('x')]],
    ['no password at all', []],
  ])('%s', async (_, values) => {
    const d = at();
    if (values.length > 0)
      await ok(d.modify(person('bob'), [['replace', 'userPassword', ...values]]));
    const defaults = () => d.pool.started.get('argon2id 64 1 1') ?? 0;
    const before = defaults();
    await refusal(() => d.bind(person('bob'), 'wrong'), 'invalidCredentials');
    expect(defaults() - before).toBe(1);
  });
});
