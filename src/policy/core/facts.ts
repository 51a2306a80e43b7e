/**
 * Facts: what is known about somebody's employment, as the values of ordinary LDAP attributes. A
 * value is words `key=value` separated by spaces; a value with spaces, quotes or nothing in it is
 * written as a JSON string:
 *
 *   lifecycleEngagement  id=1 kind=contractor start=2026-10-01 end=2027-03-31 manager=ada
 *   lifecycleAbsence     kind=parental from=2026-12-01 until=2027-06-01
 *   lifecycleBlock       kind=administrative by="cn=admin,dc=example,dc=com" since=20261125T…Z
 *
 * A time is a date (2026-10-01), a date and time (2026-10-01T17:00) as clocks in the person's zone
 * show it, or an instant as LDAP writes it (20261001150000Z). Reads and writes text, decides nothing.
 */

import { readWords, type WordsFault, writeWords } from '../../directory/model/words.js';

/** A time as it was written; times.ts makes an instant of it. */
export type TimeText = string;

/** A contract or an appointment. */
export interface Engagement {
  /** Tells the engagements of one person apart. */
  readonly id: string;
  readonly kind?: string;
  /** Without one it began before anybody wrote it down. */
  readonly start?: TimeText;
  readonly end?: TimeText;
  readonly department?: string;
  /** Login name. */
  readonly manager?: string;
  /** Login name of whoever answers for somebody from outside. */
  readonly sponsor?: string;
  /** Employee number. */
  readonly number?: string;
}

export interface Absence {
  readonly kind: string;
  readonly from: TimeText;
  /** Without one it lasts until somebody ends it. */
  readonly until?: TimeText;
  /** Of a brownout: who ordered it, and why. */
  readonly by?: string;
  readonly reason?: string;
}

export const blockKinds = ['security', 'idle', 'administrative', 'contained'] as const;

export interface Block {
  readonly kind: (typeof blockKinds)[number];
  /** The distinguished name, or `policy`, of whoever blocked: whose to lift it is. */
  readonly by: string;
  readonly since: TimeText;
  readonly until?: TimeText;
  readonly reason?: string;
}

/** A departure that is known. */
export interface Notice {
  readonly since: TimeText;
  readonly by?: string;
  readonly reason?: string;
}

/** A legal hold. */
export interface Hold {
  readonly matter: string;
  readonly by: string;
  readonly since: TimeText;
}

export const disposalKinds = ['destroyed', 'archived', 'purged'] as const;

/** What was done for good after an end. */
export interface Disposal {
  readonly kind: (typeof disposalKinds)[number];
  readonly at: TimeText;
}

/** Everything about one person that decides the state. */
export interface Facts {
  readonly engagements: readonly Engagement[];
  readonly absences: readonly Absence[];
  readonly blocks: readonly Block[];
  readonly notice?: Notice;
  readonly holds: readonly Hold[];
  readonly disposals: readonly Disposal[];
}

export const noFacts: Facts = {
  engagements: [],
  absences: [],
  blocks: [],
  holds: [],
  disposals: [],
};

/** The attributes that hold facts, and the words that their values take. */
export const factForms = {
  lifecycleEngagement: {
    words: ['id', 'kind', 'start', 'end', 'department', 'manager', 'sponsor', 'number'],
    needed: ['id'],
    times: ['start', 'end'],
  },
  lifecycleAbsence: {
    words: ['kind', 'from', 'until', 'by', 'reason'],
    needed: ['kind', 'from'],
    times: ['from', 'until'],
  },
  lifecycleBlock: {
    words: ['kind', 'by', 'since', 'until', 'reason'],
    needed: ['kind', 'by', 'since'],
    times: ['since', 'until'],
  },
  lifecycleNotice: { words: ['since', 'by', 'reason'], needed: ['since'], times: ['since'] },
  lifecycleHold: {
    words: ['matter', 'by', 'since'],
    needed: ['matter', 'by', 'since'],
    times: ['since'],
  },
  lifecycleDisposal: { words: ['kind', 'at'], needed: ['kind', 'at'], times: ['at'] },
} as const;

export type FactAttribute = keyof typeof factForms;

/** A value that is not one, with a phrase that completes "the value …". */
export type Fault = WordsFault;

const kindsOf: Partial<Record<FactAttribute, readonly string[]>> = {
  lifecycleBlock: blockKinds,
  lifecycleDisposal: disposalKinds,
};

/** The words of a value by key, in the order of the form; a fault where it has not that form. */
export function readFact(
  attribute: FactAttribute,
  text: string,
): Readonly<Record<string, string>> | Fault {
  const form = factForms[attribute];
  const found = readWords<string>(text, form.words) as Readonly<Record<string, string>> | Fault;
  if ('fault' in found) return found;
  const missing = form.needed.find((key) => found[key] === undefined);
  if (missing !== undefined) return { fault: `lacks ${missing}=` };
  const kinds = kindsOf[attribute];
  if (kinds !== undefined && !kinds.includes(found['kind']!)) {
    return { fault: `is of kind "${found['kind']}", which is none of ${kinds.join(', ')}` };
  }
  return found;
}

/** Writes a fact the way {@link readFact} reads it, words in the order of the form. */
export function formatFact(
  attribute: FactAttribute,
  fact: Engagement | Absence | Block | Notice | Hold | Disposal,
): string {
  const values = fact as unknown as Readonly<Record<string, string | undefined>>;
  return writeWords(
    Object.fromEntries(factForms[attribute].words.map((key) => [key, values[key]])),
  );
}
