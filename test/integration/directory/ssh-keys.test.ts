/** sshPublicKey: what is taken, from whom, what has expired, and when keys came. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { readSshPrint } from '../../../src/directory/model/ssh-key.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { manyPeople, person, personValues } from '../../support/directory-people.js';
import { nobody } from '../../support/directory-requests.js';
import { ed25519, fingerprint, rsa } from '../../support/ssh-keys.js';

const ada = person('ada');
const bob = person('bob');
const holder = { objectClass: ['inetOrgPerson', 'ldapPublicKey'] };
const expiring = (at: string, key: string) => `expiry-time="${at}" ${key}`;

describe('with the settings that come with it', () => {
  const at = eachDirectory();
  beforeEach(() => at().seed(manyPeople(['ada', 'bob'], holder)));
  const keysOf = (dn: string) => at().entry(dn, ['sshPublicKey']).texts('sshPublicKey');

  test('a key is checked on add and on modify, and the refusal says why', async () => {
    const d = at();
    const values = personValues('eve', { ...holder, sshPublicKey: 'ssh-ed25519 hello' });
    expect(await refused(d.add(person('eve'), values), 'constraintViolation')).toBe(
      'the SSH key is refused: what stands behind its type is not base64',
    );
    const weak = d.modify(ada, [['add', 'sshPublicKey', rsa(1024)]]);
    expect(await refused(weak, 'constraintViolation')).toMatch(/1024 bits is too short; 2048/);
    const replaced = d.modify(ada, [['replace', 'sshPublicKey', ed25519(), 'ssh-dss AAAA']]);
    expect(await refused(replaced, 'constraintViolation')).toMatch(/ssh-dss are not allowed/);
    expect(keysOf(ada)).toEqual([]);
    await ok(d.modify(ada, [['add', 'sshPublicKey', ed25519('laptop'), rsa(3072)]]));
    expect(keysOf(ada)).toHaveLength(2);
  });

  test('megabytes, and more keys than anybody has', async () => {
    const d = at();
    const huge = Buffer.alloc(10_000_000, 'A');
    const text = await refused(
      d.modify(ada, [['add', 'sshPublicKey', huge]]),
      'constraintViolation',
    );
    expect(text).toBe('the SSH key is refused: it has 10000000 bytes, more than 16384');
    const many = Array.from({ length: 65 }, () => ed25519());
    expect(
      await refused(d.modify(ada, [['add', 'sshPublicKey', ...many]]), 'constraintViolation'),
    ).toBe('an entry may have 64 SSH keys at most');
  });

  test('the same key with another comment is the same key', async () => {
    const d = at();
    const key = ed25519();
    await ok(d.modify(ada, [['add', 'sshPublicKey', `${key} laptop`]]));
    await refused(
      d.modify(ada, [['add', 'sshPublicKey', `no-pty ${key} other`]]),
      'attributeOrValueExists',
    );
    await ok(d.modify(ada, [['delete', 'sshPublicKey', key]]));
    expect(keysOf(ada)).toEqual([]);
  });

  test('a key stands for one person: found by index, on add and on modify', async () => {
    const d = at();
    const key = ed25519();
    await ok(d.modify(ada, [['add', 'sshPublicKey', key]]));
    const twice = d.modify(bob, [['add', 'sshPublicKey', `${key} bob`]]);
    expect(await refused(twice, 'constraintViolation')).toBe(
      `the SSH key ${fingerprint(key)} belongs to ${ada}; a key stands for one person`,
    );
    const eve = personValues('eve', { ...holder, sshPublicKey: key });
    await refused(d.add(person('eve'), eve), 'constraintViolation');
    const type = d.reader.schema().attribute('sshPublicKey')!;
    expect(d.reader.canUse(type, 'equality')).toBe(true);
    expect(d.reader.idsEqual(type, readSshPrint(fingerprint(key))!, 5).ids).toHaveLength(1);
    await ok(d.modify(ada, [['delete', 'sshPublicKey']]));
    await ok(d.modify(bob, [['add', 'sshPublicKey', key]]));
  });

  test('who has a key is found by the key and by its fingerprint', async () => {
    const d = at();
    const key = ed25519();
    await ok(d.modify(ada, [['add', 'sshPublicKey', `${key} laptop`]]));
    expect(d.foundNames(`(sshPublicKey=${key})`)).toEqual(['ada']);
    expect(d.foundNames(`(sshPublicKey=${fingerprint(key)})`)).toEqual(['ada']);
    expect(d.foundNames(`(sshPublicKey=${fingerprint(ed25519())})`)).toEqual([]);
    expect(d.compare(ada, 'sshPublicKey', key)).toBe(true);
    expect(d.compare(ada, 'sshPublicKey', ed25519())).toBe(false);
  });

  test('people change their own keys, and neither more nor those of others', async () => {
    const d = at();
    const as = d.user(ada);
    await ok(d.modify(ada, [['add', 'sshPublicKey', ed25519('mine')]], undefined, as));
    await ok(d.modify(ada, [['replace', 'sshPublicKey', ed25519('new')]], undefined, as));
    const both = d.modify(
      ada,
      [
        ['add', 'sshPublicKey', ed25519()],
        ['replace', 'title', 'Countess'],
      ],
      undefined,
      as,
    );
    expect(await refused(both, 'insufficientAccessRights')).toBe(
      `${ada} may change its own password and SSH keys and nothing else`,
    );
    const others = d.modify(bob, [['add', 'sshPublicKey', ed25519()]], undefined, as);
    await refused(others, 'insufficientAccessRights');
    const unknown = d.modify(ada, [['add', 'sshPublicKey', ed25519()]], undefined, nobody);
    await refused(unknown, 'insufficientAccessRights');
    await ok(d.modify(ada, [['delete', 'sshPublicKey']], undefined, as));
  });

  test('the class that keys need may come with the first of them, and no other class', async () => {
    const d = at();
    d.seed({ [person('eve')]: personValues('eve') });
    const as = d.user(person('eve'));
    const key = ['add', 'sshPublicKey', ed25519()] as const;
    await refused(d.modify(person('eve'), [key], undefined, as), 'objectClassViolation');
    const more = ['add', 'objectClass', 'ldapPublicKey', 'posixAccount'] as const;
    await refused(d.modify(person('eve'), [more, key], undefined, as), 'insufficientAccessRights');
    const cls = ['add', 'objectClass', 'ldapPublicKey'] as const;
    await ok(d.modify(person('eve'), [cls, key], undefined, as));
  });

  test('options that hide a key from those who look for it are refused', async () => {
    const hidden = at().modify(ada, [['add', 'sshPublicKey;x-old', ed25519()]]);
    expect(await refused(hidden, 'constraintViolation')).toMatch(/takes no options/);
  });

  describe('a key that expires', () => {
    const soon = ed25519('soon');
    const other = ed25519('other');
    beforeEach(async () => {
      await ok(at().modify(ada, [['add', 'sshPublicKey', expiring('202601051000Z', soon), other]]));
    });

    test('is there before, and gone for every reader, filter and comparison from then on', async () => {
      const d = at();
      expect(keysOf(ada)).toHaveLength(2);
      expect(d.foundNames(`(sshPublicKey=${soon})`)).toEqual(['ada']);
      d.clock.advance(3_600_000 - 1);
      expect(keysOf(ada)).toHaveLength(2);
      d.clock.advance(1);
      expect(keysOf(ada)).toEqual([other]);
      expect(d.entry(ada, []).texts('sshPublicKey')).toEqual([other]);
      expect(d.entry(ada, ['*', '+']).texts('sshPublicKey')).toEqual([other]);
      expect(d.entry(ada, ['*']).texts('cn')).toEqual(['ada tester']);
      expect(d.foundNames(`(sshPublicKey=${soon})`)).toEqual([]);
      expect(d.foundNames(`(!(sshPublicKey=${soon}))`)).toContain('ada');
      expect(d.compare(ada, 'sshPublicKey', soon)).toBe(false);
    });

    test('leaves nothing behind where it was the only one', async () => {
      const d = at();
      await ok(d.modify(ada, [['delete', 'sshPublicKey', other]]));
      d.clock.advance(3_600_000);
      expect(d.entry(ada, ['sshPublicKey']).attributes.size).toBe(0);
      expect(d.foundNames('(sshPublicKey=*)')).toEqual([]);
      expect(d.foundNames('(&(uid=ada)(!(sshPublicKey=*)))')).toEqual(['ada']);
      expect(() => d.compare(ada, 'sshPublicKey', soon)).toThrow('the entry has no sshPublicKey');
      const { entries } = d.search('(uid=ada)', { typesOnly: true });
      expect([...entries[0]!.attributes.keys()]).not.toContain('sshPublicKey');
    });

    test('is still the same key, can be replaced, and is in an export', async () => {
      const d = at();
      d.clock.advance(3_600_000);
      expect(d.export()).toContain('expiry-time=');
      const late = d.modify(bob, [['add', 'sshPublicKey', expiring('202601051000Z', ed25519())]]);
      expect(await refused(late, 'constraintViolation')).toBe(
        'the SSH key is refused: it expired on 2026-01-05 10:00 UTC',
      );
      await ok(d.modify(ada, [['delete', 'sshPublicKey', soon]]));
      await ok(d.modify(ada, [['add', 'sshPublicKey', expiring('20270101Z', soon)]]));
      expect(keysOf(ada)).toHaveLength(2);
    });

    test('something else of the entry can be changed meanwhile', async () => {
      const d = at();
      d.clock.advance(3_600_000);
      await ok(d.modify(ada, [['replace', 'title', 'Countess']]));
      await ok(d.modify(ada, [['add', 'sshPublicKey', ed25519('third')]]));
      expect(keysOf(ada)).toHaveLength(2);
    });
  });

  test('when a key came and when its line changed is known, and goes with it', async () => {
    const d = at();
    const key = ed25519();
    const id = d.names.resolve(d.names.parse(ada)).id;
    const start = d.clock.nowMs() / 1000;
    await ok(d.modify(ada, [['add', 'sshPublicKey', key, ed25519()]]));
    d.clock.advance(60_000);
    await ok(
      d.modify(ada, [
        ['delete', 'sshPublicKey', key],
        ['add', 'sshPublicKey', `${key} with a comment`],
      ]),
    );
    const times = () =>
      d.reader
        .sshKeyTimes(id)
        .map(({ addedAt, changedAt }) => [addedAt - start, changedAt - start])
        .sort((a, b) => b[1]! - a[1]!);
    expect(times()).toEqual([
      [0, 60],
      [0, 0],
    ]);
    await ok(d.modify(ada, [['replace', 'title', 'x']]));
    await ok(d.modify(ada, [['delete', 'sshPublicKey', key]]));
    expect(times()).toEqual([[0, 0]]);
    await ok(d.delete(ada));
    expect(d.reader.sshKeyTimes(id)).toEqual([]);
  });

  test('an import is checked line by line, and keeps the index', async () => {
    const d = at();
    const key = ed25519();
    const ldif = (uid: string, value: string) =>
      `dn: ${person(uid)}\nobjectClass: inetOrgPerson\nobjectClass: ldapPublicKey\nuid: ${uid}\n` +
      `cn: ${uid}\nsn: x\nsshPublicKey: ${value}\n\n`;
    await expect(d.import(ldif('mia', 'ssh-rsa AAAA'))).rejects.toThrow(/the SSH key is refused/);
    await expect(d.import(ldif('mia', key) + ldif('moe', key))).rejects.toThrow(/belongs to/);
    await d.import(ldif('mia', key));
    expect(d.foundNames(`(sshPublicKey=${fingerprint(key)})`)).toEqual(['mia']);
    const came = Math.floor(d.clock.nowMs() / 1000);
    const mia = d.names.resolve(d.names.parse(person('mia'))).id;
    expect(d.reader.sshKeyTimes(mia)).toMatchObject([{ addedAt: came, changedAt: came }]);
  });
});

describe('where the organisation allows more, or less', () => {
  const at = eachDirectory({ sshKeys: { duplicates: 'allow', types: ['ssh-rsa'] } });
  beforeEach(() => at().seed(manyPeople(['ada', 'bob'], holder)));

  test('one key for two people, and RSA only', async () => {
    const d = at();
    const key = rsa(2048);
    await ok(d.modify(ada, [['add', 'sshPublicKey', key]]));
    await ok(d.modify(bob, [['add', 'sshPublicKey', key]]));
    expect(d.foundNames(`(sshPublicKey=${fingerprint(key)})`)).toEqual(['ada', 'bob']);
    await refused(d.modify(bob, [['add', 'sshPublicKey', ed25519()]]), 'constraintViolation');
  });
});
