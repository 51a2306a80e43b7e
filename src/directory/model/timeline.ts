/**
 * A timeline: the instants at which the state of somebody changes, and the state from each on. It
 * is what facts fold into when they are written (policy/core), and all that a read needs: the state
 * of any moment is a look-up.
 *
 *   first          then[0]         then[1]
 *   ───────────────┼───────────────┼──────────────►
 *                at[0]           at[1]               whole seconds since 1970
 *
 * Who is active for ever has no timeline at all.
 */

/** From open to closed. Offboarded is `sealed` (nothing destroyed yet) or `destroyed`. */
export const states = [
  'active',
  'leave',
  'staged',
  'suspended',
  'sealed',
  'destroyed',
  'archived',
  'purged',
] as const;

export type State = (typeof states)[number];

/** The words of `lifecycleState`. */
export type ShownState = Exclude<State, 'sealed' | 'destroyed'> | 'offboarded';

export interface Timeline {
  /** The state before the first instant. */
  readonly first: State;
  /** Ascending; no two alike. */
  readonly at: readonly number[];
  /** As many as `at`; no two neighbours alike, but for the two ends of `unlessUsed`. */
  readonly then: readonly State[];
  /** The entry whose state bounds this one's (a second account's person), or 0. */
  readonly principal: number;
  /** Whether the end may be seen by everybody before it comes. */
  readonly openEnds: boolean;
  /** An end that does not shut who is in use. */
  readonly unlessUsed?: UnlessUsed | undefined;
  /** Of the engagements, whatever the states in it are. */
  readonly employed?: Employed | undefined;
}

/** From the first engagement's beginning to the last one's end, as far as all of them say so. */
export interface Employed {
  readonly start: number | undefined;
  /** The first second behind the last one. */
  readonly until: number | undefined;
}

/**
 * An end that shuts nobody who was seen since some time before it: they go on until a later end, which
 * is among the instants, too. Whoever was shut by the end is not seen any more, so the answer stays.
 */
export interface UnlessUsed {
  readonly since: number;
  readonly from: number;
  readonly until: number;
}

export function shownState(state: State): ShownState {
  return state === 'sealed' || state === 'destroyed' ? 'offboarded' : state;
}

/** How closed a state is: 0 is active. */
export function closedness(state: State): number {
  return states.indexOf(state);
}

export function moreClosed(a: State, b: State): State {
  return closedness(a) >= closedness(b) ? a : b;
}

/** The state that the timeline itself gives; its principal's is the caller's matter. */
export function stateAt(timeline: Timeline, nowSeconds: number): State {
  const { at, then } = timeline;
  for (let i = at.length - 1; i >= 0; i -= 1) if (at[i]! <= nowSeconds) return then[i]!;
  return timeline.first;
}

/** The last instant that has passed, or undefined. */
export function lastInstant({ at }: Timeline, nowSeconds: number): number | undefined {
  for (let i = at.length - 1; i >= 0; i -= 1) if (at[i]! <= nowSeconds) return at[i];
  return undefined;
}

/** `STATE [SECONDS STATE]…`, with `open`, `unless=…`, `of=ID` and `employed=…` in front where they apply. */
export function formatTimeline(timeline: Timeline): string {
  const words: (string | number)[] = [];
  const { unlessUsed } = timeline;
  if (timeline.openEnds) words.push('open');
  if (unlessUsed !== undefined) {
    words.push(`unless=${unlessUsed.since},${unlessUsed.from},${unlessUsed.until}`);
  }
  if (timeline.principal !== 0) words.push(`of=${timeline.principal}`);
  const { employed } = timeline;
  if (employed !== undefined) {
    words.push(`employed=${employed.start ?? ''}..${employed.until ?? ''}`);
  }
  words.push(timeline.first);
  timeline.at.forEach((at, i) => {
    words.push(at, timeline.then[i]!);
  });
  return words.join(' ');
}

const isState = (word: string): word is State => (states as readonly string[]).includes(word);

/** @throws Error where the text is not one that {@link formatTimeline} made */
export function parseTimeline(text: string): Timeline {
  const words = text.split(' ');
  const openEnds = words[0] === 'open';
  if (openEnds) words.shift();
  const unlessUsed = words[0]?.startsWith('unless=') ? spared(words.shift()!) : undefined;
  const principal = words[0]?.startsWith('of=') ? Number(words.shift()!.slice(3)) : 0;
  const employed = words[0]?.startsWith('employed=') ? employment(words.shift()!) : undefined;
  const first = words.shift();
  const at: number[] = [];
  const then: State[] = [];
  for (let i = 0; i < words.length; i += 2) {
    const state = words[i + 1] ?? '';
    if (!isState(state)) throw new Error(`"${text}" is no timeline`);
    at.push(Number(words[i]));
    then.push(state);
  }
  if (first === undefined || !isState(first)) throw new Error(`"${text}" is no timeline`);
  return {
    first,
    at,
    then,
    principal,
    openEnds,
    ...(unlessUsed !== undefined && { unlessUsed }),
    ...(employed !== undefined && { employed }),
  };
}

function employment(word: string): Employed {
  const [start, until] = word
    .slice('employed='.length)
    .split('..')
    .map((side) => (side === '' ? undefined : Number(side)));
  return { start, until };
}

function spared(word: string): UnlessUsed {
  const [since = NaN, from = NaN, until = NaN] = word
    .slice('unless='.length)
    .split(',')
    .map(Number);
  return { since, from, until };
}
