/** What doctor says of one thing it looked at. */

/** `wrong` sets the exit code; `look` is worth a minute; `fine` is said so that it is known. */
export type FindingLevel = 'fine' | 'look' | 'wrong';

export interface Finding {
  /** What was looked at, in two words at most: `certificate`, `clock` … */
  readonly subject: string;
  readonly level: FindingLevel;
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}

export function fine(subject: string, text: string): Finding {
  return { subject, level: 'fine', text };
}

export function look(subject: string, text: string, advice: string): Finding {
  return { subject, level: 'look', text, advice };
}

export function wrong(subject: string, text: string, advice: string): Finding {
  return { subject, level: 'wrong', text, advice };
}
