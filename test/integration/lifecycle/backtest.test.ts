/** A new policy held against the directory's own past. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { backtest } from '../../../src/policy/run/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { person, personValues } from '../../support/directory-people.js';
import { TestEngine } from '../../support/engine.js';

const at = eachDirectory();
let engine: TestEngine;
const DAY = 86_400;
const now = () => Math.floor(at().clock.nowMs() / 1000);
const past = (text: string, days = 365) => backtest(text, now() - days * DAY, engine.tools);

const policy = (company: string, rules: string) => `tenure: 1
company: {zone: UTC${company}}
kinds:
  person: {who: everyone, journeys: [life]}
journeys:
  life:
    ${rules}
`;

beforeEach(async () => {
  engine = new TestEngine(at());
  const seedOne = (uid: string, engagement: string) => {
    const objectClass = ['inetOrgPerson', 'lifecycleSubject'];
    const values = personValues(uid, { objectClass, lifecycleEngagement: engagement });
    at().seed({ [person(uid)]: values });
  };
  seedOne('ada', 'id=1 start=2020-01-01');
  seedOne('lou', 'id=1 start=2020-01-01 end=2025-11-10');
  seedOne('kim', 'id=1 start=2025-09-01');
  await ok(at().modify(person('ada'), [['add', 'userPassword', 'x']]));
  await at().bind(person('ada'), 'x');
  await at().guard.flush();
});

describe('whom it would have closed at work', () => {
  test('somebody who was seen behind it, or still is active', async () => {
    const { atWork, people } = await past(policy('', '60 days after start: suspend'));
    expect(people).toBe(3);
    // Of ada and lou that moment is years ago: it was due when the test of the past begins.
    expect(atWork.map(({ step }) => step.login).sort()).toEqual(['ada', 'kim']);
    const kim = atWork.find(({ step }) => step.login === 'kim')!;
    expect([new Date(kim.step.at * 1000).toISOString(), kim.seen]).toEqual([
      '2025-10-31T00:00:00.000Z',
      undefined,
    ]);
  });

  test('nobody who had left by then, and nothing is done', async () => {
    const before = at().reader.logEnd().seq;
    const { atWork } = await past(policy('', '90 days after end: suspend'));
    expect(atWork).toEqual([]);
    expect(at().reader.logEnd().seq).toBe(before);
  });

  test('who has been silent for so long that it would close them now', async () => {
    at().clock.advance(50 * DAY * 1000);
    const text = policy('', '45 days after last seen: suspend');
    expect((await past(text)).atWork.map(({ step }) => step.login)).toEqual(['ada']);
  });
});

describe('dates read in another way', () => {
  test('are days in which somebody would have been closed sooner', async () => {
    const text = policy(', an end date means: the first day without', 'at end: offboard');
    const { sooner, longer } = await past(text);
    const [from, until] = ['2025-11-10', '2025-11-11'].map((d) => Date.parse(d) / 1000);
    expect(sooner).toEqual([{ login: 'lou', dn: person('lou'), from, until }]);
    expect(longer).toEqual([]);
    expect((await past(text, 30)).sooner).toEqual([]);
  });

  test('the same policy differs in nothing', async () => {
    const same = await past(policy('', 'at end: offboard'));
    expect([same.atWork, same.sooner, same.longer]).toEqual([[], [], []]);
  });
});

test('a text that is no policy is refused with its place', async () => {
  await expect(past('tenure: 1\nkindz: {}\n')).rejects.toThrow(/line 2, column 1: .*kinds/);
});
