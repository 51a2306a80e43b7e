/** Passwords: on their way in, where they are kept, what opens with them, what a failure costs. */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import { group, manyPeople, person, personValues } from '../../support/directory-people.js';
import { adminDn, adminPassword } from '../../support/directory-requests.js';

const ada = person('ada');
const none = {};
/** A vector published with the scheme: SHA-512 crypt of "Hello world!". */
const sha512crypt =
  '{CRYPT}$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcb' +
  'YEdFCoEOfaS35inz1';

function ssha(clear: string): string {
  const salt = Buffer.from('12345678');
  const digest = createHash('sha1').update(clear).update(salt).digest();
  return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`;
}
const sha256 = (clear: string) => `{SHA256}${createHash('sha256').update(clear).digest('base64')}`;

describe('with rehash', () => {
  const at = eachDirectory();
  const stored = () =>
    at()
      .sql(
        `SELECT value, revision FROM secret WHERE kind = 'userPassword'
           AND owner = (SELECT id FROM entry WHERE rdn = ?)`,
        'uid=ada',
      )
      .map(([value, revision]) => ({ text: String(value), revision }));
  const opens = async (password: string) =>
    at()
      .bind(ada, password)
      .then(
        () => true,
        () => false,
      );

  beforeEach(() => at().seed(manyPeople(['ada', 'bob'])));

  test('clear text becomes argon2id and is nowhere in the database', async () => {
    const d = at();
    const secret = 'Correct-Horse-77';
    await ok(d.add(person('eve'), personValues('eve', { userPassword: secret })));
    await ok(d.modify(ada, [['add', 'userPassword', `{CLEARTEXT}${secret}`]]));
    await ok(d.modify(person('bob'), [['replace', 'userPassword', secret]]));
    const values = d.sql('SELECT value FROM secret').map(([value]) => String(value));
    const mine = values.filter((value) =>
      /^\{ARGON2\}\$argon2id\$v=19\$m=64,t=1,p=1\$/.test(value),
    );
    expect(mine).toHaveLength(4);
    const hashes = mine.map((value) => value.split('$').at(-1)!);
    const tables = d.sql(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'secret'",
    );
    let cells = 0;
    for (const [table] of tables) {
      for (const row of d.sql(`SELECT * FROM "${table}"`)) {
        for (const cell of row) {
          cells += 1;
          const text = Buffer.isBuffer(cell) ? cell.toString('latin1') : String(cell);
          for (const hash of [secret, ...hashes]) expect(text.includes(hash)).toBe(false);
        }
      }
    }
    expect(cells).toBeGreaterThan(100);
  });

  test('the administrator of the first setup binds, by any spelling of the name', async () => {
    const identity = await at().bind('CN = Admin, DC=EXAMPLE,dc=com', adminPassword);
    expect(identity).toMatchObject({ role: 'administrator', dn: adminDn });
  });

  test('imported schemes open, and become argon2id with the first bind', async () => {
    const d = at();
    for (const [hash, clear] of [
      [ssha('old-one'), 'old-one'],
      [sha256('older'), 'older'],
      [sha512crypt, 'Hello world!'],
    ] as const) {
      await ok(d.modify(ada, [['replace', 'userPassword', hash]]));
      const before = d.entry(ada);
      const seq = d.half.store.logEnd().seq;
      expect(stored()).toMatchObject([{ text: hash }]);
      expect(await opens('wrong')).toBe(false);
      expect(stored()).toMatchObject([{ text: hash }]);
      expect(await opens(clear)).toBe(true);
      await d.settle();
      expect(stored()[0]!.text).toMatch(/^\{ARGON2\}/);
      expect(await opens(clear)).toBe(true);
      expect(await opens('wrong')).toBe(false);
      // Nobody can see that it happened.
      d.clock.advance(1_000);
      const withoutLogin = ({ attributes }: typeof before) =>
        [...attributes].filter(([name]) => name !== 'pwdLastSuccess');
      expect(withoutLogin(d.entry(ada))).toEqual(withoutLogin(before));
      expect(d.half.store.logEnd().seq).toBe(seq);
    }
  });

  test('a rehash that comes too late changes nothing', async () => {
    const d = at();
    await ok(d.modify(ada, [['replace', 'userPassword', ssha('old')]]));
    const bound = d.bind(ada, 'old');
    const changed = d.modify(ada, [['replace', 'userPassword', 'new-one']]);
    await bound;
    await ok(changed);
    await d.settle();
    expect([await opens('new-one'), await opens('old')]).toEqual([true, false]);
  });

  test('several passwords all open, and go one by one', async () => {
    const d = at();
    await ok(
      d.modify(ada, [
        ['add', 'userPassword', 'one'],
        ['add', 'userPassword', 'two'],
      ]),
    );
    expect([await opens('one'), await opens('two'), await opens('three')]).toEqual([
      true,
      true,
      false,
    ]);
    await refused(d.modify(ada, [['delete', 'userPassword', 'three']]), 'noSuchAttribute');
    await ok(d.modify(ada, [['delete', 'userPassword', 'one']]));
    expect([await opens('one'), await opens('two')]).toEqual([false, true]);
    await ok(d.modify(ada, [['delete', 'userPassword']]));
    expect(await opens('two')).toBe(false);
    await refused(d.modify(ada, [['delete', 'userPassword']]), 'noSuchAttribute');
    await ok(d.modify(ada, [['replace', 'userPassword']]));
  });

  test('delete-old, add-new in one modify, wrong and right', async () => {
    const d = at();
    await ok(d.modify(ada, [['add', 'userPassword', 'old']]));
    const swap = (from: string, to: string, as = d.user(ada)) =>
      d.modify(
        ada,
        [
          ['delete', 'userPassword', from],
          ['add', 'userPassword', to],
        ],
        none,
        as,
      );
    await refused(swap('wrong', 'new'), 'noSuchAttribute');
    expect(await opens('old')).toBe(true);
    await ok(swap('old', 'new'));
    expect([await opens('old'), await opens('new')]).toEqual([false, true]);
    await ok(d.modify(ada, [['replace', 'userPassword', ssha('imported')]]));
    await ok(swap(ssha('imported'), 'by hash', d.admin));
    expect(await opens('by hash')).toBe(true);
  });

  test('hashes are for the administrator to set, and only such as can be checked', async () => {
    const d = at();
    const user = d.user(ada);
    await refused(
      d.modify(ada, [['replace', 'userPassword', ssha('x')]], none, user),
      'constraintViolation',
    );
    // RFC 3062 carries what was typed, never a hash.
    await ok(d.changePassword('', undefined, '{SSHA}abc', user));
    expect(await opens('{SSHA}abc')).toBe(true);
    for (const bad of ['{SSHA}!!!', '{NOSUCH}abc', '{SSHA}', '{ARGON2}$argon2id$x', '{CRYPT}x']) {
      expect(
        await refused(d.modify(ada, [['replace', 'userPassword', bad]]), 'constraintViolation'),
      ).toMatch(/password hash/);
    }
    await refused(d.modify(ada, [['replace', 'userPassword', '']]), 'constraintViolation');
    await refused(
      d.modify(ada, [['replace', 'userPassword', 'x'.repeat(4_097)]]),
      'constraintViolation',
    );
  });

  test('secrets are for entries whose classes have them, and count their values', async () => {
    const d = at();
    const one = group('one');
    await ok(d.add(one, { objectClass: 'groupOfNames', cn: 'one' }));
    await refused(d.modify(one, [['add', 'userPassword', 'x']]), 'objectClassViolation');
    await ok(
      d.modify(one, [
        ['add', 'objectClass', 'posixGroup'],
        ['add', 'gidNumber', '7'],
      ]),
    );
    await ok(d.modify(one, [['add', 'userPassword', 'x']]));
    const plain = d.modify(one, [
      ['delete', 'objectClass', 'posixGroup'],
      ['delete', 'gidNumber'],
    ]);
    await refused(plain, 'objectClassViolation');
    await refused(
      d.modify(ada, [['add', 'sambaNTPassword', 'A'.repeat(32)]]),
      'objectClassViolation',
    );
    const samba = { objectClass: ['inetOrgPerson', 'sambaSamAccount'], sambaSID: 'S-1-5-21-1' };
    const hashes = ['A'.repeat(32), 'B'.repeat(32)];
    const both = personValues('kim', { ...samba, sambaNTPassword: hashes });
    await refused(d.add(person('kim'), both), 'constraintViolation');
    await ok(d.add(person('kim'), personValues('kim', { ...samba, sambaNTPassword: hashes[0]! })));
    await refused(
      d.modify(person('kim'), [['add', 'sambaNTPassword', hashes[1]!]]),
      'constraintViolation',
    );
    await ok(d.modify(person('kim'), [['replace', 'sambaNTPassword', hashes[1]!]]));
    expect(d.entry(person('kim')).attributes.has('sambaNTPassword')).toBe(false);
  });

  test('RFC 3062: own, with and without the old one; of others; generated', async () => {
    const d = at();
    await ok(d.modify(ada, [['add', 'userPassword', 'old']]));
    const user = d.user(ada);
    await refused(d.changePassword('', 'wrong', 'new', user), 'invalidCredentials');
    await ok(d.changePassword('', 'old', 'new', user));
    await ok(d.changePassword(ada.toUpperCase(), undefined, 'newer', user));
    expect([await opens('new'), await opens('newer')]).toEqual([false, true]);
    const { generated } = await ok(d.changePassword(ada, undefined, undefined));
    expect(generated).toMatch(/^\S{12,}$/);
    expect(await opens(generated!)).toBe(true);
    expect((await ok(d.changePassword(ada, undefined, 'set'))).generated).toBeUndefined();
    await refused(d.changePassword(person('no'), undefined, 'x'), 'noSuchObject');
    await refused(d.changePassword('nonsense', undefined, 'x'), 'invalidDNSyntax');
    await refused(d.changePassword('', 'set', '', user), 'constraintViolation');
    await ok(d.add(group('team'), { objectClass: 'groupOfNames', cn: 'team' }));
    await refused(d.changePassword(group('team'), undefined, 'x'), 'objectClassViolation');
    expect(stored()).toHaveLength(1);
  });

  test('a one-time password opens once', async () => {
    const d = at();
    await ok(d.modify(ada, [['add', 'userPassword', 'old']]));
    const owner = d.user(ada).identity.entryId;
    const [outcome] = d.apply([
      { op: 'recover', context: d.admin, reason: 'test', owner, value: ssha('once') },
    ]);
    expect(outcome).toEqual({ ok: true });
    expect(await opens('old')).toBe(false);
    const both = await Promise.all([opens('once'), opens('once')]);
    expect(both.sort()).toEqual([false, true]);
    expect(await opens('once')).toBe(false);
    await ok(d.modify(ada, [['add', 'userPassword', 'back']]));
    expect(await opens('back')).toBe(true);
  });

  test('a password goes with its entry', async () => {
    const d = at();
    await ok(d.modify(ada, [['add', 'userPassword', 'old']]));
    await ok(d.rename(ada, 'uid=lovelace'));
    expect((await d.bind(person('lovelace'), 'old')).dn).toBe(person('lovelace'));
    await ok(d.delete(person('lovelace')));
    expect(d.sql('SELECT count(*) FROM secret')).toEqual([[1]]);
    await ok(d.add(ada, personValues('ada')));
    expect(await opens('old')).toBe(false);
  });
});

describe('a refused bind', () => {
  const at = eachDirectory({ rehashOnBind: false });

  test('is the same answer and one hash, whatever the reason', async () => {
    const d = at();
    d.seed(manyPeople(['argon', 'digest', 'none']));
    await ok(d.modify(person('argon'), [['add', 'userPassword', 'right']]));
    await ok(d.modify(person('digest'), [['add', 'userPassword', ssha('right')]]));
    const texts = new Set<string>();
    for (const [dn, password] of [
      [person('argon'), 'wrong'],
      [person('digest'), 'wrong'],
      [person('none'), 'wrong'],
      [person('nobody'), 'wrong'],
      ['cn=x,dc=elsewhere', 'wrong'],
      ['', 'wrong'],
      [person('argon'), 'x'.repeat(5_000)],
    ] as const) {
      const before = d.pool.runs;
      const { message, matchedDn } = await refusal(
        () => d.bind(dn, password),
        'invalidCredentials',
      );
      texts.add(`${message}|${matchedDn}`);
      expect([dn, d.pool.runs - before]).toEqual([dn, 1]);
    }
    expect(texts.size).toBe(1);
    await refusal(() => d.bind('nonsense', 'wrong'), 'invalidDNSyntax');
  });

  test('a digest that fits costs none, and is kept where rehash is off', async () => {
    const d = at();
    d.seed(manyPeople(['ada']));
    await ok(d.modify(ada, [['add', 'userPassword', ssha('right')]]));
    const before = d.pool.runs;
    expect(await d.bind(ada, 'right')).toMatchObject({ dn: ada, role: 'user' });
    await d.settle();
    expect(d.pool.runs).toBe(before);
    expect(d.sql("SELECT count(*) FROM secret WHERE CAST(value AS TEXT) LIKE '{SSHA}%'")).toEqual([
      [1],
    ]);
  });
});
