/**
 * What the lifecycle costs: plans for many people, and searches in a directory where everybody has
 * facts beside the same where nobody has. Plans are made in this process, over the database alone.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Names } from '../../src/directory/operations/index.js';
import { vocabularyOf } from '../../src/directory/operations/lifecycle/index.js';
import { companyOf300 } from '../../src/policy/examples/index.js';
import { readPolicy } from '../../src/policy/language/index.js';
import { planAll } from '../../src/policy/run/index.js';
import { systemClock } from '../../src/runtime/clock.js';
import { openReader } from '../../src/store/index.js';
import { measure } from './measure.js';
import { modes } from './modes.js';
import type { Options } from './options.js';
import { type Facts, writePeople } from './people.js';
import { startTenure } from './tenure.js';

const YEAR_PEOPLE = 10_000;
const DAY = 86_400;
/** The first of the two years in which engagements end. */
const ENDS_BEGIN = Date.UTC(2030, 0, 1) / 1_000;

/** At most these seconds and milliseconds; at least so fast as searches without facts. */
const targets = { planSeconds: 10, turnMs: 20, yearSeconds: 5, searchRatio: 0.95 } as const;

interface PlanFigure {
  readonly people: number;
  readonly days: number;
  readonly steps: number;
  readonly seconds: number;
  /** The longest work between two turns of the event loop, in time of the processor where it is told. */
  readonly worstTurnMs: number;
}

export interface LifecycleFigures {
  readonly plan: PlanFigure;
  readonly year: PlanFigure;
  /** Of the server for one search, µs of the processor: the least of the rounds. */
  readonly searchWith: number;
  readonly searchWithout: number;
}

const ROUNDS = 3;

/** What this thread has worked so far: a clock would count what others do on this machine, too. */
function workedMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

export async function measureLifecycle(
  dir: string,
  generator: string,
  options: Options,
  say: (text: string) => void,
): Promise<LifecycleFigures> {
  const searches: Record<'with' | 'without', number> = { with: Infinity, without: Infinity };
  const search = { ...options, only: ['search'] };
  // The same words in either directory: what differs is that they mean something in one.
  const loaded = async (name: string, people: number, facts: Facts) => {
    mkdirSync(join(dir, name));
    const ldif = join(dir, name, 'people.ldif');
    writePeople(ldif, people, facts);
    say(`${people} people with ${facts}: loading…\n`);
    return startTenure(join(dir, name), ldif);
  };
  const peers = {
    with: await loaded('with', options.people, 'facts'),
    without: await loaded('without', options.people, 'words'),
  };
  try {
    // By turns, so that both see the same moods of the machine.
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of ['without', 'with'] as const) {
        const { figures } = await measure(
          peers[name],
          modes.filter((mode) => mode.name === 'search'),
          generator,
          search,
          { onFigure: () => undefined, onFailure: (_mode, error) => say(`${error.message}\n`) },
        );
        const { perSecond, load } = figures[0]!;
        const { processorUs } = load;
        say(`search ${name} facts: ${Math.round(perSecond)}/s, ${processorUs.toFixed(1)} µs\n`);
        searches[name] = Math.min(searches[name], processorUs);
      }
    }
  } finally {
    await peers.with.stop();
    await peers.without.stop();
  }
  const plan = await planned(join(dir, 'with', 'data'), options.people, 30);
  const year = await loaded('year', YEAR_PEOPLE, 'facts');
  await year.stop();
  return {
    plan,
    year: await planned(join(dir, 'year', 'data'), YEAR_PEOPLE, 365),
    searchWith: searches.with,
    searchWithout: searches.without,
  };
}

/** A plan by the policy of a company of 300, as if it were the time at which people leave. */
async function planned(data: string, people: number, days: number): Promise<PlanFigure> {
  const reader = openReader(data, {
    cacheBytes: 192 * 1024 * 1024,
    defer: (task) => setImmediate(task),
  });
  try {
    const read = readPolicy(companyOf300, vocabularyOf(reader.schema()));
    if (read.policy === undefined) throw new Error('the policy cannot be read');
    let worstTurnMs = 0;
    const began = performance.now();
    let since = workedMs();
    const turn = async () => {
      worstTurnMs = Math.max(worstTurnMs, workedMs() - since);
      await new Promise((resolve) => setImmediate(resolve));
      since = workedMs();
    };
    const steps = await planAll(
      { now: ENDS_BEGIN, until: ENDS_BEGIN + days * DAY },
      { reader, names: new Names(reader), clock: systemClock, turn, frozen: () => false },
      { policy: read.policy },
    );
    worstTurnMs = Math.max(worstTurnMs, workedMs() - since);
    const seconds = (performance.now() - began) / 1_000;
    return { people, days, steps: steps.length, seconds, worstTurnMs };
  } finally {
    reader.close();
  }
}

const verdict = (good: boolean) => (good ? 'ok' : 'NOT REACHED');

export function lifecycleReport(figures: LifecycleFigures): string {
  const { plan, year, searchWith, searchWithout } = figures;
  const { planSeconds, turnMs, yearSeconds, searchRatio } = targets;
  const ratio = searchWithout / searchWith;
  const line = ({ people, days, steps, seconds }: PlanFigure) =>
    `plan for ${people} people, ${days} days: ${steps} steps in ${seconds.toFixed(1)} s`;
  return [
    `${line(plan)}, at most ${planSeconds}: ${verdict(plan.seconds <= planSeconds)}`,
    `  longest turn ${plan.worstTurnMs.toFixed(1)} ms, at most ${turnMs}: ` +
      verdict(plan.worstTurnMs <= turnMs),
    `${line(year)}, at most ${yearSeconds}: ${verdict(year.seconds <= yearSeconds)}`,
    `search where everybody has facts: ${searchWith.toFixed(1)} µs, without ` +
      `${searchWithout.toFixed(1)} µs: ${ratio.toFixed(2)} as fast, at least ${searchRatio}: ` +
      verdict(ratio >= searchRatio),
  ].join('\n');
}
