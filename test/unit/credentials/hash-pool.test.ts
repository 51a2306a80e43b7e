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
