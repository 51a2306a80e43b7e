/** What a kind never gets, where somebody becomes of that kind by the clock alone: out in that second. */
import { beforeEach, expect, test } from '@jest/globals';
import { runsEngine } from '../../../src/compose/engine-runs.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { group, groupOfNames, person, personValues } from '../../support/directory-people.js';
import { origin } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';
import { grant } from '../../support/grants.js';

const at = eachDirectory();
const DAY = 86_400;
/** The clock of a test begins on 2026-01-05 at 9:00. */
const TURN = Date.UTC(2026, 1, 1) / 1000;
const policy = `tenure: 1
company: {zone: UTC}
words: {type: employeeType}
kinds:
  intern: {who: type is intern, never gets: [prod, payroll]}
  employee: {who: type is employee}
`;
const engagements = [
  'id=1 kind=employee start=2020-01-01 end=2026-01-31',
  'id=2 kind=intern start=2026-02-01 end=2026-06-30',
];
let engine: TestEngine;

beforeEach(async () => {
  engine = new TestEngine(at());
  const values = (lifecycleEngagement: string | string[]) => ({
    objectClass: ['inetOrgPerson', 'lifecycleSubject'],
    lifecycleEngagement,
  });
  at().seed({
    [person('ada')]: personValues('ada', values(engagements)),
    [person('bob')]: personValues('bob', values(engagements[0]!.replace(' end=2026-01-31', ''))),
    [group('prod')]: groupOfNames('prod', person('bob')),
    [group('payroll')]: groupOfNames('payroll'),
    [group('outer')]: groupOfNames('outer', group('prod')),
  });
  await engine.install(policy);
  await engine.tick();
});

const runs = () => {
  const { scheduler, tools } = engine;
  const administrator = () => at().admin.identity;
  return runsEngine(
    { reader: at().reader, write: tools.write },
    { scheduler, administrator, origin },
  );
};
const left = () => TURN - Math.floor(at().clock.nowMs() / 1000);
const groupsOf = (uid: string) => at().foundNames(`(member=${person(uid)})`);
/** Behind the last look, as it happens: nobody is planned anew for a group. */
const join = (cn: string) => at().modify(group(cn), [['add', 'member', person('ada')]]);

test('who was put in by hand and by a grant is out, by a run that says why', async () => {
  await ok(join('prod'));
  await ok(grant(at(), 'ada', 'payroll', 60 * DAY));
  const plan = await runs().plan({ until: 'in 60 days' });
  expect(plan.steps).toMatchObject([
    { login: 'ada', journey: 'kind intern', line: 5, step: 'quit payroll' },
    { login: 'ada', journey: 'kind intern', line: 5, step: 'quit prod' },
  ]);
  expect(engine.timer!.ms).toBeLessThanOrEqual(3_600_000);
  await engine.advance(left() - 1);
  expect(groupsOf('ada')).toEqual(['outer', 'payroll', 'prod']);
  expect(engine.timer!.ms).toBe(1_000);
  const before = at().reader.contextCsn();
  await engine.advance(1);
  expect(groupsOf('ada')).toEqual([]);
  expect(groupsOf('bob')).toEqual(['outer', 'prod']);
  expect(at().entry(group('payroll')).texts('tenureHolder')).toEqual([]);
  expect(engine.runs).toHaveLength(1);
  expect(engine.runs[0]).toMatchObject({ failed: [], held: [] });
  const [reason] = at().sql('SELECT reason FROM change WHERE csn > ? LIMIT 1', before)[0]!;
  expect(reason).toMatch(
    /^kind intern, line 5: quit \w+, is of the kind intern from 2026-02-01 00:00 on, which never/,
  );
  expect(at().entry(group('prod')).texts('modifyTimestamp')).toEqual(['20260201000000Z']);
});

test('an undo puts them back, and nothing takes them out again by itself', async () => {
  await ok(join('prod'));
  await engine.advance(left());
  expect(groupsOf('ada')).toEqual([]);
  const { run } = engine.runs[0]!;
  await runs().undo({ run, by: 'tester', because: 'a mistake', rehearse: false });
  expect(groupsOf('ada')).toEqual(['outer', 'prod']);
  await engine.advance(DAY);
  expect(groupsOf('ada')).toEqual(['outer', 'prod']);
});

test('a grant that ends before, and a turn that has passed without a look', async () => {
  await ok(grant(at(), 'ada', 'prod', 10 * DAY));
  expect((await runs().plan({ until: 'in 60 days' })).steps).toEqual([]);
  await ok(join('payroll'));
  at().clock.advance((left() + 9 * DAY) * 1000);
  await engine.tick();
  expect(groupsOf('ada')).toEqual([]);
});

test('who is in nothing of that kind is nobody of whom anything comes', async () => {
  await engine.advance(left());
  expect(engine.runs.flatMap(({ done }) => done)).toEqual([]);
  // The next turn of anybody is waited for as ever.
  expect(engine.timer!.ms).toBe(3_600_000);
});
