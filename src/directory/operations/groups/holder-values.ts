/**
 * Holders of memberships as values of `tenureHolder`, for administrators, files and the log of
 * clients:
 *
 *   kind=grant entry="uid=ada,…" when=20261125090000Z..20261125170000Z because="on call" by="cn=…"
 *
 * `attribute` is said where it is not the one under which the group keeps its members. `when` has
 * spans separated by commas, open sides empty; without it the holder holds always.
 */
import { type Holder, holderKinds, type Span } from '../../model/holder.js';
import { formatTime, parseTime } from '../../model/time.js';
import { readWords, type WordsFault, writeWords } from '../../model/words.js';

export const TENURE_HOLDER = 'tenureHolder';

/** What is known of a holder: kept as its note. */
export interface HolderNote {
  readonly because?: string;
  /** Distinguished name. */
  readonly by?: string;
  /** GeneralizedTime. */
  readonly since?: string;
  /** By rule: since when the person does not fit and is kept for a while; GeneralizedTime. */
  readonly left?: string;
}

/** A value as it was read; the name is not resolved yet. */
export interface HolderValue {
  readonly holder: Holder;
  /** Distinguished name of the member. */
  readonly entry: string;
  /** Name of the attribute; undefined: the group's own. */
  readonly attribute: string | undefined;
}

const noteKeys = ['because', 'by', 'since', 'left'] as const;
const keys = ['kind', 'entry', 'attribute', 'when', ...noteKeys] as const;

export function readHolderValue(text: string): HolderValue | WordsFault {
  const words = readWords(text, keys);
  if ('fault' in words) return words as WordsFault;
  const { kind, entry, attribute, when } = words;
  const known = holderKinds.find((name) => name === kind);
  if (known === undefined) {
    return { fault: `needs kind=grant or kind=rule, and has ${kind ?? 'none'}` };
  }
  if (entry === undefined) return { fault: 'lacks entry=, the name of the member' };
  const spans = when === undefined ? [] : readSpans(when);
  if (spans === undefined) {
    return { fault: `has when=${when}: write 20261125090000Z..20261125170000Z` };
  }
  const note = writeNote(words);
  return { holder: { kind: known, spans, note }, entry, attribute };
}

export function formatHolderValue(
  { kind, spans, note }: Holder,
  entry: string,
  attribute: string | undefined,
): string {
  const when = spans.length === 0 ? undefined : formatWhen(spans);
  const words = writeWords({ kind, entry, attribute, when });
  return note === '' ? words : `${words} ${note}`;
}

export function writeNote({ because, by, since, left }: HolderNote): string {
  return writeWords({ because, by, since, left });
}

/** What a stored note says; nothing where it is not of ours. */
export function readNote(note: string): HolderNote {
  const words = readWords(note, noteKeys);
  return 'fault' in words ? {} : words;
}

function readSpans(text: string): readonly Span[] | undefined {
  const spans: Span[] = [];
  for (const word of text.split(',')) {
    const sides = word.split('..');
    if (sides.length !== 2) return undefined;
    const [from, until] = [sideOf(sides[0]!, -Infinity), sideOf(sides[1]!, Infinity)];
    if (from === undefined || until === undefined || from >= until) return undefined;
    if (spans.length > 0 && from <= spans.at(-1)!.until) return undefined;
    spans.push({ from, until });
  }
  return spans;
}

const sideOf = (text: string, open: number) => (text === '' ? open : parseTime(text));

function formatWhen(spans: readonly Span[]): string {
  const side = (at: number) => (Number.isFinite(at) ? formatTime(at) : '');
  return spans.map(({ from, until }) => `${side(from)}..${side(until)}`).join(',');
}
