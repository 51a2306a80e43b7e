/** What was seen of binds arrives in the writer thread as it left the other. */
import { expect, test } from '@jest/globals';
import { packObserved, unpackObserved } from '../../../src/compose/packed-observed.js';
import type { Observed } from '../../../src/directory/model/observed.js';

const seen = (atMs: number, from: string, service: number) => ({ atMs, from, service });

test('packed, cloned and unpacked: the same rows', () => {
  const observed: Observed = {
    lastUse: [
      { owner: 7, success: seen(1_764_000_000_123, '2001:db8::1', 0), failure: undefined },
      { owner: 8, success: undefined, failure: seen(5, 'local', 3) },
      { owner: 9, success: seen(6, '', 1), failure: seen(7, '12', 2) },
    ],
    secrets: [{ secret: 4, used: seen(8, 'local', 0) }],
    lockouts: [{ owner: 7, lockout: undefined }],
    sources: [],
  };
  const arrived = unpackObserved(structuredClone(packObserved(observed)));
  const { lastUse, ...rest } = arrived;
  const { lastUse: _, ...expected } = observed;
  expect(rest).toEqual(expected);
  expect(lastUse).toEqual([
    { owner: 7, success: observed.lastUse[0]!.success, failure: undefined },
    { owner: 9, success: observed.lastUse[2]!.success, failure: undefined },
    { owner: 8, success: undefined, failure: observed.lastUse[1]!.failure },
    { owner: 9, success: undefined, failure: observed.lastUse[2]!.failure },
  ]);
});
