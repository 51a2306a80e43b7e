/**
 * The fold of facts into a timeline: at every second, and at those beside each instant, it says what
 * the facts mean. Thousands of people; SEED repeats a run, RUNS sets how many.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  formatTimeline,
  parseTimeline,
  shownState,
  stateAt,
} from '../../../src/directory/model/timeline.js';
import { factsOf } from '../../../src/directory/operations/lifecycle/index.js';
import { fold } from '../../../src/policy/core/index.js';
import { someFacts, valuesOfFacts } from '../../support/random-histories.js';
import { seed } from '../../support/seed.js';
import { stateOfFacts } from '../../support/state-oracle.js';

const RUNS = Number(process.env['RUNS'] ?? 3_000);
const DAY = 86_400;
const NOW = Date.UTC(2026, 10, 24, 12) / 1_000;
const rules = {
  zone: 'Pacific/Chatham',
  endDateMeans: 'the whole of the last day',
  withoutEngagement: 'active',
  openEnds: false,
  principal: 0,
} as const;

test('a timeline says at every second what its facts mean', () => {
  const around = fc.array(fc.integer({ min: -9 * DAY, max: 9 * DAY }), { maxLength: 8 });
  fc.assert(
    fc.property(someFacts, around, (written, offsets) => {
      const { engagement, absence, block } = valuesOfFacts(written, NOW);
      const texts = { engagements: engagement, absences: absence, blocks: block };
      const facts = factsOf((key) => {
        if (key === 'lifecycleengagement') return texts.engagements;
        if (key === 'lifecycleabsence') return texts.absences;
        return key === 'lifecycleblock' ? texts.blocks : [];
      });
      if ('fault' in facts) throw new Error(facts.fault);
      const timeline = fold(facts, rules);
      if (timeline !== undefined) {
        expect(parseTimeline(formatTimeline(timeline))).toEqual(timeline);
        expect(timeline.at).toEqual([...new Set(timeline.at)].sort((a, b) => a - b));
      }
      const said = (at: number) =>
        timeline === undefined ? 'active' : shownState(stateAt(timeline, at));
      const instants = [...offsets.map((offset) => NOW + offset), ...(timeline?.at ?? [])];
      for (const at of instants.flatMap((instant) => [instant - 1, instant, instant + 1])) {
        // A matcher for each of a hundred thousand seconds would take longer than all the rest.
        if (said(at) !== stateOfFacts(texts, at)) {
          expect([at, said(at)]).toEqual([at, stateOfFacts(texts, at)]);
        }
      }
    }),
    { seed: seed(), numRuns: RUNS },
  );
});
