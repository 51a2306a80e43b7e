/**
 * Who holds a reference, and when. A membership may be held several times: by hand (what people and
 * clients wrote), by a rule of its group, and by a grant. It is there while any holder holds.
 *
 *   hand     ├──────────────────────────────────────►    always
 *   rule           ├──────────┤         ├───────────►    while the rule fits the person
 *   grant                ├────────┤                      until it ends
 *
 * Spans are in whole seconds since 1970; `from` is the first second in it, `until` the first that is
 * not. Reads and writes them as text, and answers for a moment; decides nothing.
 */

/** In the order of the store's numbers: `edge.source`. */
export const holderKinds = ['hand', 'rule', 'grant'] as const;

export type HolderKind = (typeof holderKinds)[number];

export interface Span {
  /** -Infinity where it has always been. */
  readonly from: number;
  /** Infinity where it does not end. */
  readonly until: number;
}

export interface Holder {
  readonly kind: HolderKind;
  /** Ascending, with gaps between them; none at all: always. */
  readonly spans: readonly Span[];
  /** Words about it, such as by whom and why; empty where there is nothing to say. */
  readonly note: string;
}

/** A holder as the log and a file have it. */
export interface HolderText {
  readonly kind: HolderKind;
  /** {@link formatSpans}; absent: always. */
  readonly spans?: string;
  readonly note?: string;
}

/** What every ordinary reference is held by. */
export const byHand: Holder = { kind: 'hand', spans: [], note: '' };

/** Whether nothing has to be said of the holder: by hand, always. */
export function isPlain({ kind, spans, note }: Holder): boolean {
  return kind === 'hand' && spans.length === 0 && note === '';
}

export function holderText({ kind, spans, note }: Holder): HolderText {
  return {
    kind,
    ...(spans.length > 0 && { spans: formatSpans(spans) }),
    ...(note !== '' && { note }),
  };
}

/** @throws Error where the spans are none */
export function readHolder({ kind, spans, note }: HolderText): Holder {
  return { kind, spans: spans === undefined ? [] : parseSpans(spans), note: note ?? '' };
}

export function sameHolder(a: Holder, b: Holder): boolean {
  return a.kind === b.kind && a.note === b.note && formatSpans(a.spans) === formatSpans(b.spans);
}

/** Whether something with these spans holds in that second; without any it always does. */
export function holdsAt(spans: readonly Span[], nowSeconds: number): boolean {
  if (spans.length === 0) return true;
  return spans.some(({ from, until }) => from <= nowSeconds && nowSeconds < until);
}

/** The spans in which one of the lists holds; none at all where one of them always does. */
export function unite(lists: readonly (readonly Span[])[]): readonly Span[] {
  if (lists.some((spans) => spans.length === 0)) return [];
  const all = lists.flat().sort((a, b) => a.from - b.from);
  const united: Span[] = [];
  for (const span of all) {
    const last = united.at(-1);
    if (last === undefined || span.from > last.until) united.push(span);
    else united[united.length - 1] = { from: last.from, until: Math.max(last.until, span.until) };
  }
  const [only] = united;
  const always = united.length === 1 && only!.from === -Infinity && only!.until === Infinity;
  return always ? [] : united;
}

/** The spans without what lies in a gap; undefined where nothing is left of them. */
export function without(
  gap: Span | undefined,
  spans: readonly Span[],
): readonly Span[] | undefined {
  if (gap === undefined) return spans;
  const all = spans.length === 0 ? [{ from: -Infinity, until: Infinity }] : spans;
  const left = all.flatMap(({ from, until }) =>
    [
      { from, until: Math.min(until, gap.from) },
      { from: Math.max(from, gap.until), until },
    ].filter((span) => span.from < span.until),
  );
  return left.length === 0 ? undefined : left;
}

/** The seconds at which the spans begin or end. */
export function instantsOf(spans: readonly Span[]): number[] {
  return spans.flatMap(({ from, until }) => [from, until]).filter(Number.isFinite);
}

/** `FROM..UNTIL` separated by spaces; an open side is empty. */
export function formatSpans(spans: readonly Span[]): string {
  const side = (at: number) => (Number.isFinite(at) ? String(at) : '');
  return spans.map(({ from, until }) => `${side(from)}..${side(until)}`).join(' ');
}

const spanPattern = /^(-?\d{1,12})?\.\.(-?\d{1,12})?$/;

/** @throws Error where the text is not one that {@link formatSpans} made */
export function parseSpans(text: string): readonly Span[] {
  let last = -Infinity;
  return text.split(' ').map((word, i) => {
    const match = spanPattern.exec(word);
    const from = match?.[1] === undefined ? -Infinity : Number(match[1]);
    const until = match?.[2] === undefined ? Infinity : Number(match[2]);
    if (match === null || from >= until || (i > 0 && from <= last)) {
      throw new Error(`"${text}" says of no time when something holds`);
    }
    last = until;
    return { from, until };
  });
}
