/**
 * What was seen of binds on its way to the writer thread. A structured clone of thousands of small
 * objects takes milliseconds of the connection thread; flat lists of the same take a tenth.
 */
import type { Observed, Sighting } from '../directory/model/observed.js';

/** The same as an Observed, its many rows flat: owner, time, address, service, and so on. */
export interface PackedObserved extends Omit<Observed, 'lastUse'> {
  readonly successes: readonly (number | string)[];
  readonly failures: readonly (number | string)[];
}

export function packObserved({ lastUse, ...rest }: Observed): PackedObserved {
  const successes: (number | string)[] = [];
  const failures: (number | string)[] = [];
  for (const { owner, success, failure } of lastUse) {
    if (success !== undefined) successes.push(owner, success.atMs, success.from, success.service);
    if (failure !== undefined) failures.push(owner, failure.atMs, failure.from, failure.service);
  }
  return { ...rest, successes, failures };
}

export function unpackObserved({ successes, failures, ...rest }: PackedObserved): Observed {
  const lastUse: Observed['lastUse'][number][] = [];
  for (let i = 0; i < successes.length; i += 4) {
    lastUse.push({ owner: Number(successes[i]), success: at(successes, i), failure: undefined });
  }
  for (let i = 0; i < failures.length; i += 4) {
    lastUse.push({ owner: Number(failures[i]), success: undefined, failure: at(failures, i) });
  }
  return { ...rest, lastUse };
}

function at(list: readonly (number | string)[], i: number): Sighting {
  return {
    atMs: Number(list[i + 1]),
    from: String(list[i + 2]),
    service: Number(list[i + 3]),
  };
}
