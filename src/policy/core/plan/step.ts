/** A step of a plan: what is due for whom, when, by which line of the policy, and why. */
import type { Step } from '../language/index.js';

export interface PlannedStep {
  /** Seconds since 1970: when it is due; in the past where it is late. */
  readonly at: number;
  readonly id: number;
  readonly login: string;
  readonly dn: string;
  readonly journey: string;
  /** Of the document. */
  readonly line: number;
  readonly step: Step;
  /** `7 days after end (2026-11-30 17:00)`. */
  readonly reason: string;
  /** Tells it from every other step that is ever planned: what was done is known by it. */
  readonly key: string;
  /** It writes facts that close somebody who is open: guards count it. */
  readonly closes: boolean;
  /** What no answer to a question means: the time for one is over. */
  readonly silence?: 'nothing' | 'end' | 'agreed';
  /** Somebody has become of a kind that never gets the group. */
  readonly keepsOut?: true;
  /** False where the facts do it of themselves, in the second in which it is due. */
  readonly writes: boolean;
}

/** In one second: states, then groups, then messages; then as the document has them. */
export function rankOf({ verb }: Step): number {
  switch (verb) {
    case 'join':
    case 'quit':
    case 'forget':
      return 1;
    case 'tell':
    case 'ask':
    case 'task':
    case 'call':
    case 'give':
    case 'open case':
      return 2;
    default:
      return 0;
  }
}

/** What silence ends is a state. */
const rankIn = ({ step, silence }: PlannedStep): number => (silence === 'end' ? 0 : rankOf(step));

/** The mark of a question that was answered, or of what came of none. */
export const answeredKey = (key: string): string => `${key}|answered`;

export function byOrder(a: PlannedStep, b: PlannedStep): number {
  return (
    a.at - b.at ||
    rankIn(a) - rankIn(b) ||
    compare(a.login, b.login) ||
    a.line - b.line ||
    a.step.at.column - b.step.at.column ||
    compare(a.key, b.key)
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
