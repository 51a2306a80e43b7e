/**
 * The seed of a property or fuzz run: `SEED=123 npm test` repeats a run, otherwise a fresh one is
 * drawn. Every run prints the seed it used when it fails (fast-check does) or when asked here.
 */
import { randomInt } from 'node:crypto';

let drawn: number | undefined;

/** One seed per test process, an unsigned 31-bit integer. */
export function seed(): number {
  if (drawn === undefined) {
    const given = process.env['SEED'];
    drawn = given === undefined ? randomInt(0x7fffffff) : Number(given);
    if (!Number.isInteger(drawn)) throw new Error(`SEED must be an integer, not ${given}`);
    process.stderr.write(`seed ${drawn} (repeat with SEED=${drawn})\n`);
  }
  return drawn;
}
