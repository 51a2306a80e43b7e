/** One command, and nobody is in: no question, no guard in the way, sessions closed, every bind refused. */
import { beforeEach, expect, test } from '@jest/globals';
import { ok, refusal } from '../../support/directory-expect.js';
import { accountValues, person } from '../../support/directory-people.js';
import { origin, suffix } from '../../support/directory-requests.js';
import { type People, peopleOf } from '../../support/people-engine.js';
import { eachServed } from '../../support/served-directory.js';

const served = eachServed();
const d = () => served().directory;
const logins = ['ada', 'bob', 'eve', 'kim'] as const;
let people: People;

beforeEach(() => {
  d().seed(
    Object.fromEntries(
      logins.map((login) => [person(login), accountValues(login, { userPassword: 'pass' })]),
    ),
  );
  people = peopleOf(d());
});

test('who is offboarded in an emergency is out of every session and comes in by none', async () => {
  const ada = await served().connect();
  const bob = await served().connect();
  expect([await ada.bind(person('ada'), 'pass'), await bob.bind(person('bob'), 'pass')]).toEqual([
    0, 0,
  ]);
  const done = await people.say({ verb: 'offboard', name: 'ada', when: 'emergency' });
  expect(done.after).toBe('offboarded');
  await ada.closed;
  expect(await served().bind(person('ada'), 'pass')).toBe(49);
  expect(await bob.bind(person('bob'), 'pass')).toBe(0);
});

test('contain closes sessions as well, and a first password is all that opens after recover', async () => {
  const ada = await served().connect();
  expect(await ada.bind(person('ada'), 'pass')).toBe(0);
  await people.say({ verb: 'contain', name: 'ada' });
  await ada.closed;
  const { password } = await people.say({ verb: 'recover', name: 'ada', keepKeys: false });
  expect(await served().bind(person('ada'), 'pass')).toBe(49);
  const outcome = await d().directory.authenticate(
    { dn: person('ada'), password: Buffer.from(password!), wantsPolicy: true },
    origin,
  );
  expect(outcome.identity.only).toBe('changePassword');
});

test('a guard that holds the next departure does not stand in the way of an emergency', async () => {
  await ok(
    d().add(`cn=policy,${suffix}`, {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText:
        'tenure: 1\nkinds: {all: {who: everyone}}\n' +
        'guards: {people closed: {hold when more than: 1 an hour}}\n',
    }),
  );
  await people.say({ verb: 'offboard', name: 'bob', when: 'now' });
  const held = () => people.say({ verb: 'offboard', name: 'eve', when: 'now' });
  expect((await refusal(held, 'unwillingToPerform')).message).toMatch(/tenure decide/);
  expect(d().entry(person('eve')).texts('lifecycleState')).not.toContain('offboarded');
  const urgent = await people.say({ verb: 'offboard', name: 'eve', when: 'emergency' });
  expect(urgent.after).toBe('offboarded');
  expect((await people.say({ verb: 'contain', name: 'kim' })).after).toBe('suspended');
});
