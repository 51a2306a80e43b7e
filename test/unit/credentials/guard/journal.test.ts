/** What was seen and is not on the disk yet: gathered, bounded, sent late, and sent again. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Journal } from '../../../../src/credentials/guard/journal.js';
import type { LastUse, Observed } from '../../../../src/directory/model/observed.js';
import { type HandClock, handClock } from '../support.js';

const FLUSH_MS = 500;
const nothing: LastUse = { success: undefined, failure: undefined };
let clock: HandClock;
let sent: Observed[];
/** Answers of the writer, the oldest first; without one it answers at once. */
let answers: ((durable: boolean) => void)[];
let held: boolean;
let fails: boolean;

function journalOf(queuedMax = 100): Journal {
  return new Journal({
    stored: {
      lastUse: () => nothing,
      secretUse: () => undefined,
      lockouts: () => new Map(),
      sources: () => new Map(),
    },
    clock,
    flushMs: FLUSH_MS,
    queuedMax,
    observe(observed) {
      sent.push(observed);
      if (fails) return Promise.reject(new Error('no disk'));
      if (!held) return Promise.resolve(true);
      return new Promise((resolve) => answers.push(resolve));
    },
    lockouts: (owners) => Array.from(owners, (owner) => ({ owner, lockout: undefined })),
    sources: () => [],
    access: () => ({ forgetBeforeMs: 0, perPersonMax: 64 }),
  });
}

const at = (atMs: number) => ({ atMs, from: '192.0.2.1', service: 0 });
const seenAt = (atMs: number) => [atMs, '192.0.2.1', 0] as const;
const flat = (owner: number, atMs: number) => [owner, ...seenAt(atMs)];
const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  clock = handClock();
  sent = [];
  answers = [];
  held = false;
  fails = false;
});

test('many sightings of one person are one row, sent after a while and never without need', () => {
  const journal = journalOf();
  for (let i = 0; i < 1_000; i += 1) journal.succeeded(7, ...seenAt(i));
  journal.failed(7, ...seenAt(5_000));
  clock.advance(FLUSH_MS - 1);
  expect(sent).toEqual([]);
  clock.advance(1);
  expect(sent).toHaveLength(1);
  expect(sent[0]!.successes).toEqual(flat(7, 999));
  expect(sent[0]!.failures).toEqual(flat(7, 5_000));
  clock.advance(10 * FLUSH_MS);
  expect(sent).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

test('a flush is in the order of the table', () => {
  const journal = journalOf();
  for (const owner of [10, 9, 100, 2]) journal.succeeded(owner, ...seenAt(owner));
  clock.advance(FLUSH_MS);
  expect(sent[0]!.successes).toEqual([2, 9, 10, 100].flatMap((owner) => flat(owner, owner)));
});

test('what is on its way is known, and one flush is on its way at a time', async () => {
  const journal = journalOf();
  held = true;
  journal.succeeded(7, ...seenAt(1));
  clock.advance(FLUSH_MS);
  expect(journal.lastUse(7).success).toEqual(at(1));
  journal.failed(7, ...seenAt(2));
  journal.usedSecret(3, at(2));
  clock.advance(FLUSH_MS);
  expect(sent).toHaveLength(1);
  expect(journal.lastUse(7)).toEqual({ success: at(1), failure: at(2) });
  expect(journal.secretUse(3)).toEqual(at(2));
  answers.shift()!(true);
  await settle();
  clock.advance(FLUSH_MS);
  expect(sent[1]).toMatchObject({
    successes: [],
    failures: flat(7, 2),
    secrets: [{ secret: 3, used: at(2) }],
  });
});

test('whoever asks for a flush waits for what was seen before, and shares the way', async () => {
  const journal = journalOf();
  held = true;
  journal.lockoutMoved(1);
  const first = journal.flush();
  journal.lockoutMoved(2);
  const both = [journal.flush(), journal.flush()];
  await settle();
  expect(sent).toHaveLength(1);
  answers.shift()!(true);
  await settle();
  expect(sent.map(({ lockouts }) => lockouts.map(({ owner }) => owner))).toEqual([[1], [2]]);
  answers.shift()!(true);
  expect(await Promise.all([first, ...both])).toEqual([true, true, true]);
});

describe('a disk that takes nothing', () => {
  test('gets it all with a later flush, the newer of two', async () => {
    const journal = journalOf();
    fails = true;
    journal.succeeded(7, ...seenAt(1));
    journal.failed(7, ...seenAt(1));
    journal.succeeded(8, ...seenAt(1));
    journal.lockoutMoved(9);
    expect(await journal.flush()).toBe(false);
    journal.succeeded(7, ...seenAt(2));
    fails = false;
    expect(await journal.flush()).toBe(true);
    expect(sent[1]!.successes).toEqual([...flat(7, 2), ...flat(8, 1)]);
    expect(sent[1]!.failures).toEqual(flat(7, 1));
    expect(sent[1]!.lockouts).toEqual([{ owner: 9, lockout: undefined }]);
  });

  test('makes it try again by itself', async () => {
    const journal = journalOf();
    fails = true;
    journal.succeeded(7, ...seenAt(1));
    clock.advance(FLUSH_MS);
    await settle();
    fails = false;
    clock.advance(FLUSH_MS);
    expect(sent).toHaveLength(2);
  });
});

test('beyond its bound sightings are dropped and counted, a lock never', async () => {
  const journal = journalOf(3);
  held = true;
  for (let owner = 1; owner <= 3; owner += 1) journal.succeeded(owner, ...seenAt(owner));
  // Full: the fourth makes it flush at once.
  journal.succeeded(4, ...seenAt(4));
  expect(sent.map(({ successes }) => successes.length)).toEqual([3 * 4]);
  for (let owner = 5; owner <= 10; owner += 1) journal.succeeded(owner, ...seenAt(owner));
  for (let owner = 1; owner <= 20; owner += 1) journal.lockoutMoved(owner);
  expect(journal.dropped).toBe(4);
  answers.shift()!(true);
  await settle();
  void journal.flush();
  expect(sent[1]!.successes).toEqual([4, 5, 6].flatMap((owner) => flat(owner, owner)));
  expect(sent[1]!.lockouts).toHaveLength(20);
});
