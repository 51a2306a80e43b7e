/** What a client sees of guards, runs and disposals: over LDAP, on a socket. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { person, personValues } from '../../support/directory-people.js';
import { adminDn, adminPassword } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';
import { ServedDirectory } from '../../support/served-directory.js';
import { bindOp, modifyOp, type WireClient } from '../../support/wire-client.js';

let served: ServedDirectory;
let engine: TestEngine;
let admin: WireClient;
const DAY = 86_400;

const policy = `tenure: 1
company: {zone: UTC}
kinds:
  person: {who: everyone, journeys: [departure]}
journeys:
  departure:
    at end: offboard
    7 days after end: destroy credentials
guards:
  people closed: {hold when more than: 1 an hour}
`;

beforeEach(async () => {
  served = await ServedDirectory.open();
  engine = new TestEngine(served.directory);
  for (const uid of ['ada', 'lou']) {
    const values = personValues(uid, {
      objectClass: ['inetOrgPerson', 'lifecycleSubject'],
      lifecycleEngagement: 'id=1 start=2020-01-01',
    });
    served.directory.seed({ [person(uid)]: values });
    await served.directory.modify(person(uid), [['add', 'userPassword', 'right']]);
  }
  await engine.install(policy);
  admin = await served.connect();
  expect(await admin.code(bindOp(adminDn, adminPassword))).toBe(0);
});
afterEach(() => served.close());

const end = (uid: string) =>
  modifyOp(person(uid), 'lifecycleEngagement', 'id=1 start=2020-01-01 end=2026-01-05T08:00');

test('one person too many is result 53 with how to go on, and can still log in', async () => {
  expect(await admin.code(end('ada'))).toBe(0);
  expect(await admin.code(end('lou'))).toBe(53);
  expect(await served.bind(person('ada'), 'right')).toBe(49);
  expect(await served.bind(person('lou'), 'right')).toBe(0);
});

test('an extension opens who is sealed with the old password, and not who was destroyed', async () => {
  const longer = modifyOp(person('ada'), 'lifecycleEngagement', 'id=1 start=2020-01-01');
  expect(await admin.code(end('ada'))).toBe(0);
  expect(await served.bind(person('ada'), 'right')).toBe(49);
  expect(await admin.code(longer)).toBe(0);
  expect(await served.bind(person('ada'), 'right')).toBe(0);
  served.directory.clock.advance(3_600_000);
  expect(await admin.code(end('ada'))).toBe(0);
  await engine.advance(8 * DAY);
  expect(await admin.code(longer)).toBe(0);
  expect(await served.bind(person('ada'), 'right')).toBe(49);
});
