/** What a step of the policy requires of somebody's login: a second factor, a new password. */
import { beforeEach, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { person, personValues } from '../../support/directory-people.js';
import { origin } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';

const at = eachDirectory();
let engine: TestEngine;
const DAY = 86_400;

const policy = `tenure: 1
company: {zone: UTC}
kinds:
  person: {who: everyone, journeys: [leave, staying]}
journeys:
  leave:
    at return: [resume, require new-password if away over 90 days]
  staying:
    10 days after start: [require second-factor]
`;

const bind = (uid: string) => {
  const request = { dn: person(uid), password: Buffer.from('pass'), wantsPolicy: true };
  return at().directory.authenticate(request, origin);
};

async function seed(uid: string, more: Record<string, string>): Promise<void> {
  const objectClass = ['inetOrgPerson', 'lifecycleSubject'];
  at().seed({ [person(uid)]: personValues(uid, { objectClass, ...more }) });
  await ok(at().modify(person(uid), [['add', 'userPassword', 'pass']]));
}

beforeEach(() => {
  engine = new TestEngine(at());
});

test('a second factor, from then on: whoever has none does not come in with a password alone', async () => {
  await seed('nia', { lifecycleEngagement: 'id=1 start=2026-01-05' });
  await seed('eve', {});
  await engine.install(policy);
  await engine.advance(9 * DAY);
  expect((await bind('nia')).identity.dn).toBe(person('nia'));
  await engine.advance(2 * DAY);
  await expect(bind('nia')).rejects.toThrow('the name or the password is wrong');
  expect((await bind('eve')).identity.dn).toBe(person('eve'));
  const [run] = at().reader.history.runs(1);
  expect(run!.reason).toBe('run of the policy by the clock');
});

test('a new password of those who were away for long, and of nobody else', async () => {
  const away = (from: string) => ({
    lifecycleAbsence: `kind=parental from=${from} until=2026-01-09`,
    lifecycleEngagement: 'id=1 start=2020-01-01',
  });
  await seed('kim', away('2025-09-01'));
  await seed('lou', away('2025-12-20'));
  await engine.install(policy);
  await engine.advance(6 * DAY);
  expect((await bind('kim')).identity.only).toBe('changePassword');
  expect((await bind('lou')).identity.only).toBeUndefined();
});
