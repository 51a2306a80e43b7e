/** Ends that everybody may know go along with what they end, so that hosts need nobody to tell them. */
import { beforeEach, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { person } from '../../support/directory-people.js';
import { suffix, type Values } from '../../support/directory-requests.js';
import { ed25519 } from '../../support/ssh-keys.js';

const at = eachDirectory();
const host = `cn=web1,${suffix}`;
const app = `uid=app,${suffix}`;
const key = ed25519('lou@home');
const limited = `no-pty ${ed25519('lou@work')}`;
const DAY = 86_400_000;

const somebody = (uid: string, more: Values): Values => ({
  objectClass: ['inetOrgPerson', 'lifecycleSubject', 'ldapPublicKey'],
  uid,
  cn: uid,
  sn: uid,
  ...more,
});
const end = 'id=1 kind=contractor start=2025-01-01 end=2026-01-06T17:00';

beforeEach(() => {
  const text = `tenure: 1
company: {zone: Europe/Berlin}
words: {type: employeeType}
kinds:
  contractor: {who: type is contractor, end dates are: open}
  person: {who: everyone}
`;
  at().seed({
    [`cn=policy,${suffix}`]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: text,
    },
    [host]: { objectClass: ['device', 'ipHost'], cn: 'web1', ipHostNumber: '192.0.2.1' },
    [app]: { objectClass: 'account', uid: 'app' },
    [person('lou')]: somebody('lou', { lifecycleEngagement: end, sshPublicKey: [key, limited] }),
    [person('kim')]: somebody('kim', {
      lifecycleEngagement: end.replace('contractor', 'employee'),
      sshPublicKey: ed25519('kim@home'),
    }),
  });
});

const keysFor = (who: string, uid: string, attributes: readonly string[] = ['sshPublicKey']) =>
  at().entry(person(uid), attributes, at().user(who)).texts('sshPublicKey').sort();

test('a host is told with the key, by its own clocks; the key is found as ever', async () => {
  const d = at();
  const told = [
    `expiry-time="20260106170000" ${key}`,
    `expiry-time="20260106170000",${limited}`,
  ].sort();
  expect(keysFor(host, 'lou')).toEqual(told);
  expect(keysFor(host, 'lou', ['*'])).toEqual(told);
  const as = d.user(host);
  expect(d.foundNames(`(sshPublicKey=${key})`, { as })).toEqual(['lou']);
  // What a host reads is a key that is taken as it stands.
  await ok(d.modify(person('lou'), [['replace', 'sshPublicKey', told[0]!]]));
  d.clock.advance(31 * 3_600_000);
  expect(d.entry(person('lou'), ['*'], as).texts('sshPublicKey')).toEqual([]);
});

test('applications, people and the administrator get the key as it is stored', () => {
  const stored = [key, limited].sort();
  for (const who of [app, person('kim')]) expect(keysFor(who, 'lou')).toEqual(stored);
  expect(at().entry(person('lou')).texts('sshPublicKey').sort()).toEqual(stored);
});

test('of a quiet end no key says anything, before it comes', async () => {
  const d = at();
  const before = keysFor(host, 'kim');
  expect(before[0]).not.toContain('expiry-time');
  await ok(
    d.modify(person('kim'), [
      [
        'replace',
        'lifecycleEngagement',
        end.replace('contractor', 'employee').replace('06T', '08T'),
      ],
    ]),
  );
  d.clock.advance(DAY);
  expect(keysFor(host, 'kim')).toEqual(before);
});

test('an end that is moved moves with the key', async () => {
  const later = end.replace('06T', '08T');
  await ok(at().modify(person('lou'), [['replace', 'lifecycleEngagement', later]]));
  expect(keysFor(host, 'lou')[0]).toContain('expiry-time="20260108170000"');
});
