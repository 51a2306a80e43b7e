/** ldapjs and ldapts, the LDAP clients of the Node world, through one scenario over each way in. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type ClientName,
  connectClient,
  type NodeClient,
  targetOf,
} from '../support/process-clients.js';
import type { Door } from '../support/process-ldap.js';
import { admin, suffix, TenureServer } from '../support/process-server.js';

const people = `ou=people,${suffix}`;
const cases: readonly (readonly [ClientName, Door])[] = [
  ['ldapjs', 'ldap'],
  ['ldapjs', 'StartTLS'],
  ['ldapjs', 'ldaps'],
  ['ldapjs', 'local'],
  ['ldapts', 'ldap'],
  ['ldapts', 'StartTLS'],
  ['ldapts', 'ldaps'],
];
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving();
}, 60_000);

afterAll(() => server.finish(), 60_000);

describe.each(cases)('%s over %s', (name, door) => {
  const uid = `mia-${name}-${door.toLowerCase()}`;
  const dn = `uid=${uid},${people}`;
  let client: NodeClient;

  beforeAll(async () => {
    client = await connectClient(name, targetOf(server, door));
  });
  afterAll(() => client.close());

  test('binds, and hears a wrong password', async () => {
    await expect(client.bind(admin, 'wrong')).rejects.toMatchObject({ code: 49 });
    await expect(client.search({ base: suffix, filter: '(uid=ada)' })).rejects.toMatchObject({
      code: 50,
    });
    await client.bind(admin, server.password);
  });

  test('makes, finds, changes, compares, renames and deletes', async () => {
    const attributes = { objectClass: ['inetOrgPerson'], uid: [uid], cn: ['Zoë'], sn: ['Moss'] };
    await client.add(dn, attributes);
    await expect(client.add(dn, attributes)).rejects.toMatchObject({ code: 68 });
    const mail = ['one@example.com', 'two@example.com'];
    await client.replace(dn, 'mail', mail);
    const [found] = await client.search({ base: suffix, filter: `(uid=${uid})` });
    expect(found?.dn).toBe(dn);
    expect(found?.attributes).toMatchObject({ cn: ['Zoë'], sn: ['Moss'], mail });
    expect(await client.compare(dn, 'mail', 'TWO@example.com')).toBe(true);
    expect(await client.compare(dn, 'mail', 'three@example.com')).toBe(false);
    const second = `uid=${uid}-2,${people}`;
    await client.rename(dn, second);
    await client.replace(second, 'mail', []);
    const [renamed] = await client.search({ base: second, filter: '(objectClass=*)' });
    expect(renamed?.attributes['mail']).toBeUndefined();
    await client.remove(second);
    await expect(client.remove(second)).rejects.toMatchObject({ code: 32 });
  });

  test('a password set is one to bind with', async () => {
    const attributes = { objectClass: ['inetOrgPerson'], uid: [uid], cn: ['Mia'], sn: ['Moss'] };
    await client.add(dn, { ...attributes, userPassword: ['a pass phrase of mia'] });
    const other = await connectClient(name, targetOf(server, door));
    try {
      await other.bind(dn, 'a pass phrase of mia');
      const [own] = await other.search({ base: dn, filter: '(objectClass=*)' });
      expect(own?.attributes['sn']).toEqual(['Moss']);
      expect(own?.attributes['userPassword']).toBeUndefined();
      await expect(other.replace(dn, 'sn', ['Fern'])).rejects.toMatchObject({ code: 50 });
      await other.replace(dn, 'userPassword', ['another pass phrase']);
      await other.bind(dn, 'another pass phrase');
    } finally {
      await other.close();
    }
    await client.remove(dn);
  });

  test('pages, and asks a hundred things at once', async () => {
    const filter = '(objectClass=inetOrgPerson)';
    const whole = await client.search({ base: people, filter, attributes: ['uid'] });
    const paged = await client.search({ base: people, filter, attributes: ['uid'], pageSize: 7 });
    expect(paged.map((entry) => entry.dn)).toEqual(whole.map((entry) => entry.dn));
    const many = await Promise.all(
      Array.from({ length: 100 }, (_, i) => {
        const person = whole[i % whole.length]!;
        return client.search({ base: person.dn, filter, attributes: ['uid'] });
      }),
    );
    expect(many.map(([one]) => one?.dn)).toEqual(
      Array.from({ length: 100 }, (_, i) => whole[i % whole.length]?.dn),
    );
  });
});
