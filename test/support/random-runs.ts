/** Runs a property over random directories and says how to repeat what failed. */
import fc from 'fast-check';
import { seed } from './seed.js';

/** SHRINK=1 looks for the smallest input that fails, which takes minutes, and prints it. */
const shrinks = process.env['SHRINK'] !== undefined;

/** Rejects with the seed and the first difference. RUNS sets how often, SEED repeats a run. */
export async function checkRandomly<T>(
  property: fc.IAsyncProperty<T>,
  runsByDefault: number,
): Promise<void> {
  const numRuns = Number(process.env['RUNS'] ?? runsByDefault);
  const result = await fc.check(property, { seed: seed(), numRuns, endOnFailure: !shrinks });
  if (!result.failed) return;
  const { counterexample, errorInstance } = result;
  const shown = shrinks ? `\n${fc.stringify(counterexample)}` : '; SHRINK=1 finds a small one';
  const { message } = errorInstance as Error;
  throw new Error(`random directory of SEED=${result.seed}${shown}\n${message}`);
}
