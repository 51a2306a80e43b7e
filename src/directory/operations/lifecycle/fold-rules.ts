/**
 * By which rules the facts of an entry fold: what the policy says about time zones, end dates and
 * entries that have no engagement. Nothing here depends on the time: the same facts under the same
 * policy have the same timeline whenever it is made.
 */
import { kindOf, type Person, turnsOf } from '../../../policy/core/conditions/index.js';
import { type EndsUnlessUsed, endsUnlessUsed, type FoldRules } from '../../../policy/core/index.js';
import type { Kind, Policy } from '../../../policy/core/language/index.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { normalizeDn } from '../../schema/index.js';
import type { Texts } from './facts-of.js';
import { isBelow, personOf } from './person-of.js';
import { policyOf } from './policy-of.js';

/** An entry whose facts are folded. */
export type Folded = Pick<EntryRecord, 'id' | 'parentId' | 'createdBy'>;

export function foldRulesOf(
  entry: Folded,
  texts: Texts,
  principal: number,
  policy: Policy,
  reader: DirectoryReader,
): FoldRules {
  let known: readonly (Kind | undefined)[] | undefined;
  const kinds: KindsEver = () => {
    known ??= kindsEver(entry, texts, policy, reader);
    return known;
  };
  return {
    zone: texts('lifecyclezone')[0] ?? policy.company.zone,
    endDateMeans: policy.company.endDateMeans,
    withoutEngagement: newEntriesAre(entry, policy, reader),
    openEnds: endsAreOpen(policy, kinds),
    ...(neverEnds(policy, kinds) && { neverEnds: true }),
    ...spared(policy, kinds),
    principal,
  };
}

/** What an entry without engagements is, by its place and its author. */
export function newEntriesAre(
  entry: Folded,
  policy: Policy,
  reader: DirectoryReader,
): 'active' | 'staged' {
  const found = policy.company.newEntries.find(
    ({ below, madeBy }) =>
      (below !== undefined && isBelow(entry, below, reader)) ||
      (madeBy !== undefined && isBy(entry.createdBy, madeBy, reader)),
  );
  return found?.are ?? 'active';
}

/** A whole name, or its beginning: `cn=hr` is cn=hr of the suffix or of anything below. */
function isBy(author: string, madeBy: string, reader: DirectoryReader): boolean {
  const schema = reader.schema();
  const wanted = normalizeDn(schema, madeBy.includes('=') ? madeBy : `uid=${madeBy}`);
  const is = normalizeDn(schema, author);
  if (wanted === undefined || is === undefined) return false;
  return wanted.rdns.every((rdn, i) => is.rdns[i]?.key === rdn.key);
}

/** Open where every kind that the person is at any time lets everybody see its ends. */
function endsAreOpen(policy: Policy, kinds: KindsEver): boolean {
  const quiet = policy.kinds.some(({ endDates }) => endDates === 'quiet');
  if (!quiet && policy.company.endDates === 'open') return true;
  if (!policy.kinds.some(({ endDates }) => endDates === 'open')) return false;
  return kinds().every((kind) => (kind?.endDates ?? policy.company.endDates) === 'open');
}

/** Of a kind that never expires, whatever the time. */
function neverEnds(policy: Policy, kinds: KindsEver): boolean {
  if (!policy.kinds.some(({ never }) => never.includes('expire'))) return false;
  return kinds().every((kind) => kind?.never.includes('expire') === true);
}

/** The kinds that somebody is at any time, worked out where a rule of the policy asks for them. */
type KindsEver = () => readonly (Kind | undefined)[];

function kindsEver(
  entry: Folded,
  texts: Texts,
  policy: Policy,
  reader: DirectoryReader,
): readonly (Kind | undefined)[] {
  const read = personOf(entry, reader, texts);
  // The state is not known before the facts are folded, and no kind may ask for it.
  const person: Person = {
    login: read.login,
    facts: read.facts,
    values: (attribute) => read.values(attribute),
    isBelow: (base) => read.isBelow(base),
    inGroup: () => false,
    stateAt: () => 'active',
    lastSeen: undefined,
    keysAdded: [],
    stateTurns: [],
  };
  const turns = turnsOf(person, policy);
  const moments = [(turns[0] ?? 0) - 1, ...turns];
  return moments.map((at) => kindOf(person, policy, at));
}

const sparingOf = new WeakMap<Policy, ReadonlyMap<Kind, EndsUnlessUsed>>();

/** The kinds of a policy whose end shuts nobody who is in use. */
function sparingKinds(policy: Policy): ReadonlyMap<Kind, EndsUnlessUsed> {
  let found = sparingOf.get(policy);
  if (found === undefined) {
    found = new Map(
      policy.kinds.flatMap((kind) => {
        const rule = endsUnlessUsed(kind, policy);
        return rule === undefined ? [] : [[kind, rule] as const];
      }),
    );
    sparingOf.set(policy, found);
  }
  return found;
}

/** Only where every kind that somebody is at any time says so. */
function spared(policy: Policy, kinds: KindsEver): Pick<FoldRules, 'endsUnlessUsed'> {
  const sparing = sparingKinds(policy);
  if (sparing.size === 0) return {};
  const [first, ...others] = kinds();
  const rule = first && sparing.get(first);
  if (rule === undefined || others.some((kind) => kind !== first)) return {};
  return { endsUnlessUsed: rule };
}

/** The rules for one entry, whatever its facts are going to be. */
export type RulesOf = (texts: Texts) => FoldRules;

export function rulesOf(entry: Folded, reader: DirectoryReader): RulesOf {
  const { policy } = policyOf(reader);
  return (texts) => foldRulesOf(entry, texts, 0, policy, reader);
}
