/** From where a service may come: elsewhere its credential opens nothing. */
import { beforeEach, expect, test } from '@jest/globals';
import { ok, refused } from '../../support/directory-expect.js';
import { manyPeople } from '../../support/directory-people.js';
import { eachServed } from '../../support/served-directory.js';
import { service, servicesOf, wiki } from '../../support/services.js';

const served = eachServed();
const d = () => served().directory;
const dn = service('wiki');
let credential = '';

beforeEach(async () => {
  d().seed(manyPeople(['ada', 'bob']));
  ({ credential } = await servicesOf(d()).add(wiki));
});

const allow = (...values: string[]) =>
  ok(d().modify(dn, [['replace', 'tenureServiceAddress', ...values]]));

/** Whether it comes in from there. */
async function opens(address: string): Promise<boolean> {
  const origin = { address, connection: 1, confidential: true };
  const request = { dn, password: Buffer.from(credential) };
  try {
    await d().directory.authenticate(request, origin);
    return true;
  } catch {
    return false;
  }
}

test('over LDAP the peer decides', async () => {
  expect(await served().bind(dn, credential)).toBe(0);
  await allow('192.0.2.0/24');
  expect(await served().bind(dn, credential)).toBe(49);
  await allow('192.0.2.0/24', '127.0.0.0/8');
  expect(await served().bind(dn, credential)).toBe(0);
});

test('both families, single addresses and networks of them', async () => {
  expect(await opens('198.51.100.7')).toBe(true);
  await allow('192.0.2.128/25', '2001:db8:1::/48', '203.0.113.9');
  const from = ['192.0.2.200', '192.0.2.5', '2001:db8:1::7', '2001:db8:2::7', '203.0.113.9'];
  expect(await Promise.all(from.map(opens))).toEqual([true, false, true, false, true]);
  expect(await opens('local')).toBe(false);
  await allow('::1');
  expect([await opens('local'), await opens('::1'), await opens('127.0.0.1')]).toEqual([
    true,
    true,
    false,
  ]);
});

test('a chosen password is bound to the addresses as well', async () => {
  await ok(d().modify(dn, [['replace', 'userPassword', 'by hand']]));
  await allow('192.0.2.0/24');
  expect(await served().bind(dn, 'by hand')).toBe(49);
});

test('what is no address is refused with a sentence', async () => {
  for (const wrong of ['10.0.0', '10.0.0.0/33', '10.0.0.1/8', 'localhost', 'fe80::1%eth0', '']) {
    const write = d().modify(dn, [['add', 'tenureServiceAddress', wrong]]);
    const text = await refused(write, 'invalidAttributeSyntax');
    expect(text).toMatch(/tenureServiceAddress/);
  }
});
