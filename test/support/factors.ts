/** What the command line asks for about second factors and generated passwords, without one. */
import type { FactorsEngine } from '../../src/admin/factors.js';
import { factorsEngine } from '../../src/compose/engine-factors.js';
import { origin } from './directory-requests.js';
import type { TestDirectory } from './directory-temp.js';

export function factorsOf(d: TestDirectory): FactorsEngine {
  return factorsEngine({
    reader: d.reader,
    names: d.names,
    write: async (request) => d.apply([request])[0]!,
    box: () => d.half.box(),
    random: () => d.pool.random,
    nowMs: () => d.clock.nowMs(),
    otpWindow: { drift: d.limits.otpDriftSteps, lookAhead: d.limits.otpLookAhead },
    lastUse: (id) => d.reader.observed.secretUse(id),
    administrator: () => d.admin.identity,
    origin,
  });
}
