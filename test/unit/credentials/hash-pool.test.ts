import { expect, test } from '@jest/globals';
import { HashPool } from '../../../src/credentials/index.js';
import { systemRandom } from '../../../src/runtime/random.js';
import { handClock } from './support.js';

function gate(): { readonly open: () => void; readonly task: () => Promise<string> } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), task: () => opened.then(() => 'done') };
}

function poolOf(limits: { inFlight: number; queued: number; waitMs: number }) {
  const clock = handClock();
  const pool = new HashPool({
    clock,
    random: systemRandom(),
    limits: {
      hashesInFlight: limits.inFlight,
      hashesQueuedMax: limits.queued,
      hashWaitMaxMs: limits.waitMs,
    },
  });
  return { clock, pool };
}

test('no more run at once than allowed, and waiters start oldest first', async () => {
  const { pool, clock } = poolOf({ inFlight: 2, queued: 10, waitMs: 1000 });
  const gates = [gate(), gate(), gate(), gate()];
  const order: number[] = [];
  const runs = gates.map(({ task }, i) =>
    pool.run(() => {
      order.push(i);
      return task();
    }),
  );
  expect([order, pool.inFlight, pool.queued]).toEqual([[0, 1], 2, 2]);
  gates[1]?.open();
  await runs[1];
  expect([order, pool.inFlight, pool.queued]).toEqual([[0, 1, 2], 2, 1]);
  for (const { open } of gates) open();
  expect(await Promise.all(runs)).toEqual(['done', 'done', 'done', 'done']);
  expect([order, pool.inFlight, pool.queued, clock.pending]).toEqual([[0, 1, 2, 3], 0, 0, 0]);
});

test('where processor time is short, a place rests as long as its hash took', async () => {
  const clock = handClock();
  let short = true;
  const limits = { hashesInFlight: 1, hashesQueuedMax: 5, hashWaitMaxMs: 2_000 };
  const pool = new HashPool({ clock, random: systemRandom(), limits, mustRest: () => short });
  const gates = [gate(), gate(), gate()];
  const order: number[] = [];
  const runs = gates.map(({ task }, i) =>
    pool.run(() => {
      order.push(i);
      return task();
    }),
  );
  clock.advance(30);
  gates[0]!.open();
  await runs[0];
  expect([order, pool.inFlight]).toEqual([[0], 1]);
  clock.advance(29);
  expect(order).toEqual([0]);
  clock.advance(1);
  expect([order, pool.inFlight]).toEqual([[0, 1], 1]);
  // With time to spare again, and with nobody behind, the next starts at once.
  short = false;
  gates[1]!.open();
  await runs[1];
  expect(order).toEqual([0, 1, 2]);
  short = true;
  gates[2]!.open();
  await runs[2];
  expect(pool.inFlight).toBe(0);
});

test('a full queue answers busy at once', async () => {
  const { pool } = poolOf({ inFlight: 1, queued: 1, waitMs: 1000 });
  const first = gate();
  const running = pool.run(first.task);
  const waiting = pool.run(first.task);
  await expect(pool.run(first.task)).rejects.toMatchObject({ code: 'busy', resultCode: 51 });
  first.open();
  expect(await Promise.all([running, waiting])).toEqual(['done', 'done']);
});

test('who waits too long is answered busy and never runs', async () => {
  const { pool, clock } = poolOf({ inFlight: 1, queued: 5, waitMs: 2000 });
  const first = gate();
  const running = pool.run(first.task);
  let ran = false;
  const late = pool.run(async () => {
    ran = true;
  });
  clock.advance(1999);
  expect(pool.queued).toBe(1);
  clock.advance(1);
  await expect(late).rejects.toMatchObject({ code: 'busy' });
  first.open();
  await running;
  expect([ran, pool.queued, pool.inFlight]).toEqual([false, 0, 0]);
});

test('a task that fails or throws gives its place back', async () => {
  const { pool } = poolOf({ inFlight: 1, queued: 5, waitMs: 2000 });
  const failing = pool.run(() => Promise.reject(new Error('boom')));
  const throwing = pool.run(() => {
    throw new Error('bang');
  });
  const fine = pool.run(async () => 7);
  await expect(failing).rejects.toThrow('boom');
  await expect(throwing).rejects.toThrow('bang');
  expect(await fine).toBe(7);
  expect(pool.inFlight).toBe(0);
});

test('closing refuses those who wait and those who come', async () => {
  const { pool, clock } = poolOf({ inFlight: 1, queued: 5, waitMs: 2000 });
  const first = gate();
  const running = pool.run(first.task);
  const refusal = expect(pool.run(first.task)).rejects.toMatchObject({ code: 'unavailable' });
  await pool.close();
  await refusal;
  await expect(pool.run(first.task)).rejects.toMatchObject({ code: 'unavailable' });
  first.open();
  expect(await running).toBe('done');
  expect(clock.pending).toBe(0);
});

test('closing interrupts the thread', async () => {
  const { pool } = poolOf({ inFlight: 1, queued: 5, waitMs: 2000 });
  const slow = pool.shaCrypt(Buffer.from('x'), {
    variant: '6',
    rounds: 900_000_000,
    roundsWritten: true,
    salt: 'salt',
  });
  const refusal = expect(slow).rejects.toMatchObject({ code: 'unavailable' });
  await pool.close();
  await refusal;
  expect(pool.inFlight).toBe(0);
});

test('0 in flight means one less than the cores, at least one', () => {
  const { pool } = poolOf({ inFlight: 0, queued: 5, waitMs: 2000 });
  expect(pool.inFlightMax).toBeGreaterThanOrEqual(1);
});

test('what waits for an idle pool runs when nobody else does, one at a time, in order', async () => {
  const { pool } = poolOf({ inFlight: 2, queued: 10, waitMs: 1000 });
  const order: string[] = [];
  const gates = [gate(), gate(), gate()];
  const busy = gates.map(({ task }, i) =>
    pool.run(() => {
      order.push(`busy ${i}`);
      return task();
    }),
  );
  const idle = [0, 1].map((n) => pool.whenIdle.run(async () => void order.push(`idle ${n}`)));
  gates[0]?.open();
  await busy[0];
  gates[2]?.open();
  await busy[2];
  expect(order).toEqual(['busy 0', 'busy 1', 'busy 2']);
  gates[1]?.open();
  await Promise.all(idle);
  expect(order.slice(3)).toEqual(['idle 0', 'idle 1']);
  expect([pool.inFlight, pool.idled]).toEqual([0, 2]);
});

test('what waits for an idle pool is bounded, and ends with it', async () => {
  const { pool } = poolOf({ inFlight: 1, queued: 10, waitMs: 1000 });
  const blocked = gate();
  const busy = pool.run(blocked.task);
  const idle = Array.from({ length: 64 }, () => pool.whenIdle.run(async () => 1));
  await expect(pool.whenIdle.run(async () => 1)).rejects.toMatchObject({ code: 'busy' });
  const ends = Promise.allSettled(idle);
  await pool.close();
  expect((await ends).every(({ status }) => status === 'rejected')).toBe(true);
  await expect(pool.whenIdle.run(async () => 1)).rejects.toMatchObject({ code: 'unavailable' });
  blocked.open();
  await busy;
});
