/** The guarded clock of a server: an end that has passed stays passed, nothing is destroyed meanwhile. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ClockGuard, clockMarksOf } from '../../../src/compose/clock-guard.js';
import { stateOf } from '../../../src/directory/operations/lifecycle/index.js';
import { clockBuffer } from '../../../src/runtime/clock.js';
import { createLog } from '../../../src/runtime/log.js';
import { eachDirectory } from '../../support/directory-each.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { endsIn, inSeconds, setFacts } from '../../support/facts.js';

const HOUR_MS = 3_600_000;
const TEN_YEARS_MS = 3_650 * 86_400_000;
const ada = person('ada');
const at = eachDirectory();

/** The machine's clock, by which the directory's clock is ahead or behind. */
let wallMs = 0;
let monotonicMs = 0;
const base = { nowMs: () => wallMs, monotonicMs: () => monotonicMs, later: () => () => undefined };
const guards: ClockGuard[] = [];
const lines: string[] = [];
let accepted = 0;

function pass(ms: number): void {
  wallMs += ms;
  monotonicMs += ms;
}

/** A server that starts with the machine's clock as it is. */
function started(playground = false): ClockGuard {
  const stream = { write: (text: string) => lines.push(text) > 0 };
  const log = createLog({ level: 'info', destination: 'json', stream });
  const guard = new ClockGuard({ base, shared: clockBuffer(), log });
  guard.start({
    marks: () => ({ ...clockMarksOf(at().reader), playground }),
    write: async (request) => at().apply([request])[0]!,
    administrator: () => at().admin.identity,
    accepted: () => {
      accepted += 1;
    },
  });
  guards.push(guard);
  return guard;
}

const state = (guard: ClockGuard) =>
  stateOf(at().names.idOf(ada), at().reader, Math.floor(guard.clock.nowMs() / 1000));

beforeEach(async () => {
  wallMs = at().clock.nowMs();
  monotonicMs = 0;
  lines.length = 0;
  accepted = 0;
  at().seed(manyPeople(['ada']));
  await setFacts(at(), ada, { lifecycleEngagement: endsIn(at(), 3_600) });
});

afterEach(() => {
  for (const guard of guards.splice(0)) guard.stop();
});

describe('ten years', () => {
  test('ahead: the end has come, and stays when the clock is put back, until it is accepted', async () => {
    const guard = started();
    expect(state(guard)).toBe('active');
    wallMs += TEN_YEARS_MS;
    expect(state(guard)).toBe('sealed');
    expect(guard.suspicion).not.toBe('');
    expect(at().reader.clockMarks().suspicion).toBe(guard.suspicion);
    expect(lines.join('')).toContain('CLOCK NOT TRUSTED');
    wallMs -= TEN_YEARS_MS;
    expect(state(guard)).toBe('sealed');
    await guard.accept();
    expect(guard.suspicion).toBe('');
    expect(state(guard)).toBe('active');
    expect(accepted).toBe(1);
    expect(at().reader.clockMarks().suspicion).toBe('');
    pass(HOUR_MS);
    expect(state(guard)).toBe('sealed');
  });

  test('back: what has ended stays ended, and what is to end ends in time', () => {
    const guard = started();
    pass(HOUR_MS - 1_000);
    guard.clock.nowMs();
    wallMs -= TEN_YEARS_MS;
    expect(state(guard)).toBe('active');
    pass(1_000);
    expect(state(guard)).toBe('sealed');
    expect(guard.suspicion).not.toBe('');
  });
});

describe('a restart', () => {
  test('remembers that nobody has accepted the clock', async () => {
    const first = started();
    wallMs += TEN_YEARS_MS;
    first.clock.nowMs();
    const { suspicion } = first;
    const second = started();
    expect(second.suspicion).toBe(suspicion);
    await second.accept();
    expect(started().suspicion).toBe('');
  });

  test('behind the last commit goes on from there; a playground may have been moved', async () => {
    at().clock.advance(2 * HOUR_MS);
    at().seed(manyPeople(['eve']));
    for (const playground of [true, false]) {
      const guard = started(playground);
      expect(state(guard)).toBe('sealed');
      expect(guard.suspicion === '').toBe(playground);
    }
  });

  test('after a commit of the future that was accepted keeps the machine’s time', async () => {
    at().clock.advance(TEN_YEARS_MS);
    at().seed(manyPeople(['eve']));
    at().clock.advance(-TEN_YEARS_MS);
    const guard = started();
    expect(state(guard)).toBe('sealed');
    await guard.accept();
    expect(state(guard)).toBe('active');
    const again = started();
    expect(again.suspicion).toBe('');
    expect(state(again)).toBe('active');
  });
});

test('instants that were written down too early come once more', async () => {
  const d = at();
  const guard = started();
  const context = d.admin;
  const until = Math.floor((wallMs + TEN_YEARS_MS) / 1000);
  d.apply([{ op: 'stamp', context, reason: 'test', entries: [], until }]);
  expect(d.reader.timelines.stampedTo).toBe(until);
  await guard.accept();
  expect(d.reader.timelines.stampedTo).toBe(Math.floor(wallMs / 1000));
  const end = inSeconds(d, 3_600);
  d.clock.advance(HOUR_MS);
  expect(d.found(`(modifyTimestamp>=${end})`)).toEqual([ada]);
});
