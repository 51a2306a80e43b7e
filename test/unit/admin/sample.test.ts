/** The sample company: valid LDIF, every name in it exists, and no password that anybody knows. */
import { describe, expect, test } from '@jest/globals';
import { sampleLdif } from '../../../src/admin/index.js';
import { recogniseScheme } from '../../../src/credentials/index.js';
import { readLdif } from '../../../src/directory/text/index.js';
import { systemRandom } from '../../../src/runtime/random.js';

type Entry = ReadonlyMap<string, readonly string[]>;

async function entriesOf(suffix: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const chunks = [Buffer.from(sampleLdif(suffix, systemRandom()))];
  for await (const record of readLdif(chunks)) {
    if (record.kind !== 'content') throw new Error(`line ${record.line} is no entry`);
    const attributes = record.attributes.map(
      ({ description, values }) => [description, values.map((v) => v.toString('utf8'))] as const,
    );
    expect(entries.has(record.dn)).toBe(false);
    entries.set(record.dn, new Map(attributes));
  }
  return entries;
}

const suffix = 'dc=example,dc=com';

function having(entries: Map<string, Entry>, objectClass: string): Entry[] {
  return [...entries.values()].filter((e) => e.get('objectClass')?.includes(objectClass));
}

describe('the sample company', () => {
  test('has 31 people, 9 groups, 4 services, 1 host', async () => {
    const entries = await entriesOf(suffix);
    const groups = having(entries, 'groupOfNames').length;
    expect([
      having(entries, 'inetOrgPerson').length,
      groups + having(entries, 'groupOfUniqueNames').length,
      having(entries, 'account').length,
      having(entries, 'device').length,
    ]).toEqual([31, 9, 4, 1]);
  });

  test('names only entries that came before, parents too', async () => {
    const seen = new Set([suffix]);
    for (const [dn, entry] of await entriesOf(suffix)) {
      expect(seen).toContain(dn.slice(dn.indexOf(',') + 1));
      for (const name of ['member', 'uniqueMember', 'manager', 'owner', 'seeAlso']) {
        for (const value of entry.get(name) ?? []) expect(seen).toContain(value);
      }
      seen.add(dn);
    }
  });

  test('gives everybody a number and an address of their own', async () => {
    const people = having(await entriesOf(suffix), 'posixAccount');
    for (const name of ['uid', 'uidNumber', 'mail', 'employeeNumber', 'telephoneNumber']) {
      expect(new Set(people.map((p) => p.get(name)?.[0])).size).toBe(31);
    }
    expect(Number(people[0]?.get('uidNumber')?.[0])).toBe(20_001);
  });

  test('has well-formed SSH keys', async () => {
    const people = having(await entriesOf(suffix), 'ldapPublicKey');
    expect(people.length).toBeGreaterThan(3);
    for (const person of people) {
      const [type, blob] = person.get('sshPublicKey')?.[0]?.split(' ') ?? [];
      const bytes = Buffer.from(blob ?? '', 'base64');
      expect([type, bytes.length, bytes.readUInt32BE(0)]).toEqual(['ssh-ed25519', 51, 11]);
      expect(bytes.subarray(4, 15).toString()).toBe('ssh-ed25519');
    }
  });

  test('has no password but those that nobody knows, different each time', async () => {
    const passwords = new Set<string>();
    for (const entries of [await entriesOf(suffix), await entriesOf(suffix)]) {
      for (const entry of entries.values()) {
        for (const value of entry.get('userPassword') ?? []) {
          expect(recogniseScheme(value)).toEqual({ ok: true, scheme: 'SSHA512' });
          passwords.add(value);
        }
      }
    }
    expect(passwords.size).toBe(8);
  });

  test('fits below any suffix', async () => {
    const entries = await entriesOf('o=Größe');
    expect(entries.has('uid=ada,ou=people,o=Größe')).toBe(true);
  });
});
