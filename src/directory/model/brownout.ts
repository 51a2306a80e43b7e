/**
 * A brownout: something is shut for a while and opens by itself. That it ends is said when it begins,
 * and asked for at each read. A group says it in `tenureBrownout`, people and services in an absence of
 * its own kind (policy/core/facts.ts). Reads and writes the value of the group:
 *
 *   from=20261125100000Z until=20261125101000Z by="cn=admin,dc=example,dc=com" because="who needs it?"
 */
import { parseTime } from './time.js';
import { readWords, type WordsFault } from './words.js';

export const BROWNOUT = 'tenureBrownout';
/** The kind of absence of somebody who is shut for a while. */
export const BROWNOUT_ABSENCE = 'brownout';

/** Whether an absence is a brownout. */
export const isBrownout = ({ kind }: { readonly kind: string }) => kind === BROWNOUT_ABSENCE;

/** The longest; what is to stay shut for longer is suspended, or taken away. */
export const BROWNOUT_SECONDS_MAX = 7 * 86_400;

export interface Brownout {
  /** The first second that is shut, and the first that is open again. */
  readonly from: number;
  readonly until: number;
  /** Distinguished name of whoever ordered it. */
  readonly by: string;
  readonly because: string;
}

export function readBrownout(text: string): Brownout | WordsFault {
  const words = readWords(text, ['from', 'until', 'by', 'because']);
  if ('fault' in words) return words;
  const [from, until] = [parseTime(words.from ?? ''), parseTime(words.until ?? '')];
  if (from === undefined || until === undefined) {
    return { fault: 'needs from= and until=, times such as 20261125101000Z' };
  }
  if (until <= from) return { fault: 'would be over before it begins' };
  if (until - from > BROWNOUT_SECONDS_MAX) return { fault: 'is for more than seven days' };
  return { from, until, by: words.by ?? '', because: words.because ?? '' };
}
