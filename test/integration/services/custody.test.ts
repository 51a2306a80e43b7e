/** Who answers for services when people leave, and what leavers know. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CasesEngine } from '../../../src/admin/cases.js';
import type { ServicesEngine } from '../../../src/admin/services.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';
import { setFacts } from '../../support/facts.js';
import { by, casesOf, service, servicesOf, wiki } from '../../support/services.js';

const at = eachDirectory();
const DAY = 86_400;
const desk = `uid=desk,ou=shared,${suffix}`;
let engine: TestEngine;
let services: ServicesEngine;
let cases: CasesEngine;

const policy = `tenure: 1
company: {zone: UTC}
kinds:
  service: {who: below ou=services, must have: [owner, deputy]}
  shared: {who: below ou=shared, must have: [owner, users], when a user leaves: rotate the secret}
  person: {who: everyone, journeys: [departure]}
journeys:
  departure: {at end: offboard}
`;

beforeEach(async () => {
  const d = at();
  d.seed({
    ...manyPeople(['ada', 'lin'], {}),
    ...manyPeople(['bob'], { mail: 'bob@example.com' }),
    [`ou=shared,${suffix}`]: { objectClass: 'organizationalUnit', ou: 'shared' },
    [desk]: {
      objectClass: ['account', 'simpleSecurityObject', 'lifecycleSubject'],
      uid: 'desk',
      userPassword: 'known to all of them',
      owner: person('bob'),
      lifecycleUser: [person('ada'), person('lin')],
    },
  });
  engine = new TestEngine(d);
  await engine.install(policy);
  services = servicesOf(d);
  cases = casesOf(d);
  await services.add(wiki);
});

const leave = (uid: string, end = '2026-01-07') =>
  setFacts(at(), person(uid), { lifecycleEngagement: `id=1 end=${end}` });
const items = async (name: string) =>
  (await cases.show({ name })).items.map(
    ({ text, done }) => `${done === undefined ? ' ' : 'x'} ${text}`,
  );
const tasks = () =>
  at()
    .reader.records.openDecisions(0, 10)
    .map(({ text }) => text);
const shown = (name: string) => services.show({ name });

describe('a service whose owner leaves', () => {
  test('goes to the deputy, who is asked for another one', async () => {
    await leave('ada');
    expect(await items('ada')).toContain('  wiki needs an owner in place of ada');
    await engine.tick();
    expect(at().entry(service('wiki')).texts('owner')).toEqual([person('ada')]);
    await engine.advance(3 * DAY);
    expect(at().entry(service('wiki')).texts('owner')).toEqual([person('bob')]);
    expect(at().entry(service('wiki')).texts('lifecycleDeputy')).toEqual([]);
    expect(tasks()).toContain("wiki is bob's now: name another deputy");
    expect(engine.sent.map(({ to, subject }) => [to, subject])).toContainEqual([
      'bob@example.com',
      'wiki is yours now',
    ]);
    expect(await items('ada')).toContain('x wiki needs an owner in place of ada');
    await engine.advance(DAY);
    expect(tasks()).toHaveLength(1);
    expect((await shown('wiki')).concerns).toContain('it lacks deputy (policy, line 4)');
  });

  test('is red where there is nobody to take it', async () => {
    await leave('bob');
    await leave('ada');
    await engine.advance(3 * DAY);
    expect(at().entry(service('wiki')).texts('owner')).toEqual([person('ada')]);
    expect(await shown('wiki')).toMatchObject({ health: 'red' });
    expect((await shown('wiki')).concerns[0]).toBe('its owner ada has left');
  });

  test('stays with an owner who is here still', async () => {
    await ok(at().modify(service('wiki'), [['add', 'owner', person('lin')]]));
    await leave('ada');
    await engine.advance(3 * DAY);
    expect(at().entry(service('wiki')).texts('owner')).toHaveLength(2);
  });
});

describe('what a leaver knows', () => {
  test('is an item until it opens nothing any more, whoever owns it by then', async () => {
    await leave('ada');
    const text = 'ada knows the password of wiki: change it';
    expect(await items('ada')).toContain(`  ${text}`);
    await engine.advance(3 * DAY);
    expect(await items('ada')).toContain(`  ${text}`);
    expect((await shown('wiki')).concerns).toContain(
      'ada has left and knows what opens it: tenure service rotate wiki',
    );
    await services.rotate({ name: 'wiki', by, because: '', overlapMs: DAY * 1000 });
    expect(await items('ada')).toContain(`  ${text}`);
    await engine.advance(DAY);
    expect(await items('ada')).toContain(`x ${text}`);
    expect((await shown('wiki')).concerns).not.toContain(
      'ada has left and knows what opens it: tenure service rotate wiki',
    );
  });

  test('a shared login is due for another secret when one of its users leaves', async () => {
    expect(await shown('desk')).toMatchObject({ kind: 'shared', users: ['ada', 'lin'] });
    await leave('lin');
    const text = 'lin knows the password of desk: change it';
    expect(await items('lin')).toContain(`  ${text}`);
    await engine.advance(3 * DAY);
    // Taking the name off the list makes nobody forget a password.
    await ok(at().modify(desk, [['delete', 'lifecycleUser', person('lin')]]));
    expect(await items('lin')).toContain(`  ${text}`);
    expect(await shown('desk')).toMatchObject({ health: 'red' });
    await ok(at().modify(desk, [['replace', 'userPassword', 'another one']]));
    expect(await items('lin')).toContain(`x ${text}`);
    expect(await shown('desk')).toMatchObject({ health: 'green', users: ['ada'] });
  });

  test('nobody minds where the policy does not say so', async () => {
    await engine.install(policy.replace(', when a user leaves: rotate the secret', ''));
    await leave('lin');
    expect(await items('lin')).toEqual([]);
  });

  test('a shared login without users is refused where the policy wants them', async () => {
    const values = {
      objectClass: ['account', 'simpleSecurityObject', 'lifecycleSubject'],
      uid: 'till',
      userPassword: 'x',
      owner: person('bob'),
    };
    const outcome = await at().add(`uid=till,ou=shared,${suffix}`, values);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'constraintViolation' } });
  });
});
