/** What would be forgotten otherwise is asked about: who stays suspended, and who never came. */
import { beforeEach, expect, test } from '@jest/globals';
import { runsEngine } from '../../../src/compose/engine-runs.js';
import { companyOf300 } from '../../../src/policy/examples/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { person, personValues } from '../../support/directory-people.js';
import { origin } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';
import { peopleOf } from '../../support/people-engine.js';

const at = eachDirectory();
const DAY = 86_400;
let engine: TestEngine;

beforeEach(async () => {
  engine = new TestEngine(at());
  const d = at();
  d.seed({
    [person('boss')]: personValues('boss', { mail: 'boss@example.com' }),
    [person('ada')]: personValues('ada'),
  });
  const { dn } = d.admin.identity;
  await ok(
    d.modify(dn, [
      ['add', 'objectClass', 'extensibleObject'],
      ['add', 'mail', 'root@example.com'],
    ]),
  );
  await engine.tick();
});

const mails = () => engine.sent.map(({ to, subject }) => `${to} ${subject}`);
const runs = () => {
  const { scheduler, tools } = engine;
  const administrator = () => at().admin.identity;
  return runsEngine(
    { reader: at().reader, write: tools.write },
    { scheduler, administrator, origin },
  );
};

test('a block without an end is asked about every thirty days, until it is lifted', async () => {
  const people = peopleOf(at());
  await people.say({ verb: 'suspend', name: 'ada', kind: 'security', because: 'lost badge' });
  await engine.tick();
  const { steps } = await runs().plan({ until: 'in 70 days' });
  expect(steps).toMatchObject([
    { login: 'ada', journey: 'suspended', step: 'tell admins still-suspended' },
    { login: 'ada', journey: 'suspended' },
  ]);
  expect(steps[0]!.reason).toMatch(/^blocked \(security\) since 2026-01-05 09:00: tenure lift/);
  const question = 'root@example.com still-suspended: ada tester (ada)';
  await engine.advance(30 * DAY - 1);
  expect(mails()).toEqual([]);
  await engine.advance(1);
  await engine.tick();
  expect(mails()).toEqual([question]);
  await engine.advance(30 * DAY);
  expect(mails()).toEqual([question, question]);
  await people.say({ verb: 'lift', name: 'ada', kind: 'security' });
  await engine.advance(60 * DAY);
  expect(mails()).toHaveLength(2);
});

test('one that ends by itself, and of somebody who has left, is nobody’s question', async () => {
  const people = peopleOf(at());
  await people.say({ verb: 'suspend', name: 'ada', kind: 'administrative', until: 'in 90 days' });
  await engine.advance(45 * DAY);
  await people.say({ verb: 'lift', name: 'ada' });
  await people.say({ verb: 'suspend', name: 'ada', kind: 'security' });
  await people.say({ verb: 'offboard', name: 'ada', when: 'now' });
  await engine.advance(31 * DAY);
  expect(mails()).toEqual([]);
});

test('who never came is asked about a month behind the first day, and who came is not', async () => {
  const joining = companyOf300
    .split('\n')
    .filter((line) => /^ {2}joining:|still-coming/.test(line))
    .join('\n');
  await engine.install(
    `tenure: 1\nkinds: {all: {who: everyone, journeys: joining}}\njourneys:\n${joining}\n`,
  );
  const values = (uid: string) =>
    personValues(uid, {
      objectClass: ['inetOrgPerson', 'lifecycleSubject'],
      lifecycleEngagement: 'id=1 start=2026-01-12',
      manager: person('boss'),
      userPassword: 'of my own, 8841',
    });
  at().seed({ [person('eve')]: values('eve'), [person('kim')]: values('kim') });
  await engine.advance(20 * DAY);
  await at().bind(person('kim'), 'of my own, 8841');
  await engine.advance(16 * DAY);
  expect(mails()).toEqual([]);
  await engine.advance(DAY);
  await engine.advance(DAY);
  expect(mails()).toEqual(['boss@example.com still-coming?: eve tester (eve)']);
  expect((await runs().decisions({})).map(({ text }) => text)).toEqual([
    'eve tester (eve): still-coming',
  ]);
});
