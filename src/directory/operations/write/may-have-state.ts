/** Which entries of a file may have a timeline: told by their lines, before anything is stored. */
import { BROWNOUT } from '../../model/brownout.js';
import type { LdifContent } from '../../text/index.js';
import { factNames, saidNames, spokenNames } from '../lifecycle/index.js';

/** Classes whose entries may have a timeline, and what makes others theirs; in lower case. */
const STATEFUL_CLASSES = new Set(['lifecyclesubject', 'tenuredevice']);
const STATEFUL_NAMES = new Set(
  [...factNames, ...saidNames, ...spokenNames, BROWNOUT].map((name) => name.toLowerCase()),
);

/** Cheap, because most entries of most files have none. */
export function mayHaveState({ attributes }: LdifContent): boolean {
  return attributes.some(({ description, values }) => {
    const key = description.toLowerCase();
    if (STATEFUL_NAMES.has(key)) return true;
    if (key !== 'objectclass') return false;
    return values.some((value) => STATEFUL_CLASSES.has(value.toString('latin1').toLowerCase()));
  });
}
