/** Questions of the policy that nobody answers: silence does what the policy says that it means. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RunsEngine } from '../../../src/admin/runs.js';
import { runsEngine } from '../../../src/compose/engine-runs.js';
import { eachDirectory } from '../../support/directory-each.js';
import { person, personValues } from '../../support/directory-people.js';
import { origin } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';

const at = eachDirectory();
let engine: TestEngine;
let runs: RunsEngine;
const DAY = 86_400;

const policy = (silence: string, more = '') => `tenure: 1
company: {zone: UTC}
kinds:
  person: {who: everyone, journeys: [probation, contract]}
journeys:
  probation:
    14 days before probation end: "ask manager keep; silence means ${silence}"
    at probation end: tell person welcome
  contract:
    30 days before end: "ask manager extend; silence means end"
    7 days before end: tell person ending
${more}`;

const state = (uid: string) => at().entry(person(uid)).texts('lifecycleState').join();
const decisions = () =>
  at()
    .sql("SELECT state, by FROM decision WHERE kind = 'ask' ORDER BY id")
    .map(([state, by]) => ({ state, by }));
const told = () =>
  at()
    .reader.records.messages(0, 100)
    .map(({ to, subject }) => `${to} ${subject}`);
const decide = (answer: 'yes' | 'no') => runs.decide({ id: 1, answer, by: 'root', because: '' });

/** The clock of a test begins on 2026-01-05: probation ends after six months. */
function seed(uid: string, engagement: string): void {
  const objectClass = ['inetOrgPerson', 'lifecycleSubject'];
  const lifecycleEngagement = `id=1 ${engagement}`;
  const values = { objectClass, lifecycleEngagement, manager: person('boss') };
  at().seed({ [person(uid)]: personValues(uid, values) });
}

beforeEach(() => {
  const d = at();
  engine = new TestEngine(d);
  const { reader } = d;
  const administrator = () => d.admin.identity;
  const { write } = engine.tools;
  const { scheduler } = engine;
  runs = runsEngine({ reader, write }, { scheduler, administrator, origin });
  d.seed({ [person('boss')]: personValues('boss', { mail: 'boss@example.com' }) });
});

/** Probation ends on 2026-02-01: asked on 2026-01-18. */
const onProbation = () => seed('eve', 'start=2025-08-01');

describe('silence', () => {
  test('that means the end ends them when the time to answer is over, and no sooner', async () => {
    onProbation();
    await engine.install(policy('end'));
    await engine.advance(14 * DAY);
    expect(decisions()).toEqual([{ state: 'open', by: '' }]);
    await engine.advance(12 * DAY);
    expect(state('eve')).toBe('active');
    await engine.advance(2 * DAY);
    expect(state('eve')).toBe('offboarded');
    expect(decisions()).toEqual([{ state: 'no', by: 'silence' }]);
    expect(told()).toContain('boss@example.com keep: it ends, by silence: eve tester (eve)');
    const [last] = engine.runs.slice(-1);
    await runs.undo({ run: last!.run, by: 'root', because: '', rehearse: false });
    expect(state('eve')).toBe('active');
    await engine.advance(DAY);
    expect(state('eve')).toBe('active');
  });

  test('that means the end is no more than a no: that ends them at the same moment', async () => {
    onProbation();
    await engine.install(policy('end'));
    await engine.advance(14 * DAY);
    await decide('no');
    expect(state('eve')).toBe('active');
    await engine.advance(14 * DAY);
    expect(state('eve')).toBe('offboarded');
    expect(decisions()).toEqual([{ state: 'no', by: 'root' }]);
  });

  test.each([
    ['nothing', 'gone'],
    ['agreed', 'yes'],
  ])('that means %s answers the question and changes nothing', async (silence, answer) => {
    onProbation();
    await engine.install(policy(silence));
    await engine.advance(14 * DAY);
    await engine.advance(14 * DAY);
    expect(decisions()).toEqual([{ state: answer, by: 'silence' }]);
    expect(state('eve')).toBe('active');
    expect(told().some((line) => line.includes('agreed, by silence'))).toBe(silence === 'agreed');
  });

  test('does not come where somebody has answered', async () => {
    onProbation();
    await engine.install(policy('end'));
    await engine.advance(14 * DAY);
    await decide('yes');
    await engine.advance(40 * DAY);
    expect(state('eve')).toBe('active');
    expect(decisions()).toEqual([{ state: 'yes', by: 'root' }]);
  });

  test('about an end that is there lets that end stand: nobody goes sooner', async () => {
    seed('kim', 'start=2020-01-01 end=2026-02-28');
    await engine.install(policy('end'));
    await engine.advance(26 * DAY);
    await engine.advance(24 * DAY);
    expect(decisions()).toEqual([{ state: 'no', by: 'silence' }]);
    expect(state('kim')).toBe('active');
    await engine.advance(6 * DAY);
    expect(state('kim')).toBe('offboarded');
  });

  test('is in the plan before it comes, and a guard holds those whom it would end', async () => {
    onProbation();
    seed('kim', 'start=2025-08-01');
    const guard = 'guards: {people closed: {hold when more than: 1 an hour}}\n';
    await engine.install(policy('end', guard));
    const planned = await runs.plan({ until: 'in 40 days' });
    expect(planned.steps.map(({ step, closes }) => [step, closes])).toEqual([
      ['ask manager keep; silence means end', false],
      ['ask manager keep; silence means end', false],
      ['no answer to "keep": silence means end', true],
      ['no answer to "keep": silence means end', true],
      ['tell person welcome', false],
      ['tell person welcome', false],
    ]);
    await engine.advance(14 * DAY);
    await engine.advance(14 * DAY);
    expect(state('eve')).toBe('active');
    expect((await runs.decisions({})).map(({ kind }) => kind)).toEqual(['ask', 'ask', 'run']);
  });

  test('has its time even where the question came late', async () => {
    onProbation();
    await engine.install(policy('end'));
    // The machine slept past the next moment: nobody was asked, so nobody was silent.
    await engine.advance(33 * DAY);
    expect(decisions()).toEqual([]);
    expect(state('eve')).toBe('active');
  });
});
