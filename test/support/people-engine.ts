/** The verbs about people over a directory of a test: its clock, its writer, its randomness. */
import type { PeopleEngine, PersonVerb, VerbDone } from '../../src/admin/people.js';
import { factorsEngine } from '../../src/compose/engine-factors.js';
import { type PeopleParts, peopleEngine } from '../../src/compose/people/index.js';
import { otpWindowOf } from '../../src/compose/settings.js';
import { seededRandom } from './directory-fakes.js';
import { origin } from './directory-requests.js';
import type { TestDirectory } from './directory-temp.js';

export function partsOf(d: TestDirectory): PeopleParts {
  const { reader, names } = d;
  const administrator = () => d.directory.administrator();
  const write: PeopleParts['write'] = async (request) => d.apply([request])[0]!;
  const nowMs = () => d.clock.nowMs();
  const random = seededRandom(7);
  const factors = factorsEngine({
    reader,
    names,
    write,
    box: () => d.half.box(),
    random: () => random,
    nowMs,
    otpWindow: otpWindowOf(d.limits),
    lastUse: () => undefined,
    administrator,
    origin,
  });
  return { reader, names, nowMs, write, factors, administrator, origin };
}

type Loose<V extends PersonVerb> = V extends PersonVerb
  ? Omit<V, 'by' | 'because'> & { readonly because?: string }
  : never;

export interface People extends PeopleEngine {
  /** Does it at once, as `tester`. */
  say(verb: Loose<PersonVerb>): Promise<VerbDone>;
}

export function peopleOf(d: TestDirectory): People {
  const engine = peopleEngine(partsOf(d));
  return {
    ...engine,
    say(verb) {
      const whole = { because: '', ...verb, by: 'tester' } as PersonVerb;
      return engine.perform({ verb: whole });
    },
  };
}
