/** Policies and people for tests of the policy language, without a directory. */

import { stateAt, type Timeline } from '../../src/directory/model/timeline.js';
import { vocabularyOf } from '../../src/directory/operations/lifecycle/index.js';
import { builtinSchema } from '../../src/directory/schema/index.js';
import type { Person } from '../../src/policy/core/conditions/index.js';
import { beginOf, type Facts, fold, noFacts } from '../../src/policy/core/index.js';
import type { Policy } from '../../src/policy/core/language/index.js';
import { readPolicy } from '../../src/policy/language/index.js';

export const vocabulary = vocabularyOf(builtinSchema());

/** `LINE:COLUMN message` of everything that is wrong. */
export function problemsOf(text: string): string[] {
  return readPolicy(text, vocabulary).problems.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

/** @throws Error where the document has mistakes */
export function policyFrom(text: string): Policy {
  const { policy } = readPolicy(text, vocabulary);
  if (policy === undefined) throw new Error(problemsOf(text).join('\n'));
  return policy;
}

/** The instant of a time in UTC, such as 2026-11-30T17:00. */
export const utc = (text: string): number =>
  beginOf(text, { zone: 'UTC', endDateMeans: 'the whole of the last day' });

export interface PersonParts {
  readonly login?: string;
  readonly facts?: Partial<Facts>;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  readonly below?: readonly string[];
  readonly groups?: readonly string[];
  readonly lastSeen?: number;
  readonly keysAdded?: readonly number[];
  readonly zone?: string;
}

/** Somebody with the state that the facts fold into. */
export function person(parts: PersonParts = {}): Person {
  const facts: Facts = { ...noFacts, ...parts.facts };
  const zone = parts.zone ?? 'UTC';
  const timeline: Timeline | undefined = fold(facts, {
    zone,
    endDateMeans: 'the whole of the last day',
    withoutEngagement: 'active',
    openEnds: false,
    principal: 0,
  });
  const attributes: Record<string, readonly string[]> = { ...parts.attributes };
  if (parts.zone !== undefined) attributes['lifecyclezone'] = [parts.zone];
  return {
    login: parts.login ?? 'ada',
    facts,
    values: (attribute) => attributes[attribute] ?? [],
    stateAt: (seconds) => (timeline === undefined ? 'active' : stateAt(timeline, seconds)),
    isBelow: (base) => parts.below?.includes(base) ?? false,
    inGroup: (cn) => parts.groups?.includes(cn) ?? false,
    lastSeen: parts.lastSeen,
    keysAdded: parts.keysAdded ?? [],
    stateTurns: timeline?.at ?? [],
  };
}
