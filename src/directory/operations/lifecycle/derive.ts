/**
 * The timeline that an entry has by what it says and by where it stands: what every write stores,
 * and what verify holds the stored one against.
 */
import { type Facts, fold, noFacts } from '../../../policy/core/index.js';
import type { Policy } from '../../../policy/core/language/index.js';
import { BROWNOUT, readBrownout } from '../../model/brownout.js';
import { formatTime } from '../../model/time.js';
import type { Timeline } from '../../model/timeline.js';
import type { DirectoryReader, EntryRecord, TimelinesOf } from '../../ports.js';
import type { Kind } from '../../schema/index.js';
import { textsOf } from '../texts-of.js';
import { badFact } from './fact-values.js';
import { factsOf, type Texts } from './facts-of.js';
import { type Folded, foldRulesOf } from './fold-rules.js';
import { policyOf } from './policy-of.js';

/** An entry, as far as its timeline depends on it. */
export interface Foldable extends Folded {
  readonly kind: Kind;
  readonly texts: Texts;
}

/** A device has no dates of its own, and neither has a group. */
const asDevice = {
  zone: 'UTC',
  endDateMeans: 'the whole of the last day',
  withoutEngagement: 'active',
  openEnds: false,
} as const;

const isDevice = (kind: Kind) => kind.classes.some(({ name }) => name === 'tenureDevice');
const isGroup = (kind: Kind) => kind.membership !== undefined;

/** Whether entries of the kind can have a timeline at all. */
export function hasState(kind: Kind): boolean {
  return kind.isSubject || isDevice(kind) || isGroup(kind);
}

/** What a brownout of a group folds as: nobody is a member while it is blocked. */
function brownedOut(texts: Texts): Facts['blocks'] {
  const [text] = texts(BROWNOUT.toLowerCase());
  if (text === undefined) return [];
  const found = readBrownout(text);
  if ('fault' in found) throw badFact(BROWNOUT, found.fault);
  const { by, from, until } = found;
  return [{ kind: 'administrative', by, since: formatTime(from), until: formatTime(until) }];
}

/**
 * The entry whose state bounds this one's: the principal that it names, or the one owner of a
 * device; 0 where there is none. `except` counts as gone.
 */
export function principalOf(
  id: number,
  kind: Kind,
  reader: DirectoryReader,
  except: number,
): number {
  const targets = (name: string) => {
    const type = reader.schema().attribute(name);
    const edges = type === undefined ? [] : reader.edgesFrom(id, type);
    return edges.map(({ target }) => target).filter((target) => target !== except);
  };
  const [named] = kind.isSubject ? targets('lifecyclePrincipal') : [];
  if (named !== undefined && named !== 0) return named;
  if (!isDevice(kind)) return 0;
  const owners = targets('owner').filter((target) => target !== 0);
  return owners.length === 1 ? owners[0]! : 0;
}

/** Undefined where the entry is active for ever. @throws LdapError for a value that is no fact */
export function derive(
  entry: Foldable,
  policy: Policy,
  reader: DirectoryReader,
  except = 0,
): Timeline | undefined {
  const { id, kind, texts } = entry;
  if (!hasState(kind)) return undefined;
  const principal = principalOf(id, kind, reader, except);
  const blocks = isGroup(kind) ? brownedOut(texts) : [];
  if (!kind.isSubject) return fold({ ...noFacts, blocks }, { ...asDevice, principal });
  const facts = factsOf(texts);
  if ('fault' in facts) throw badFact(facts.attribute, facts.fault);
  const all = blocks.length === 0 ? facts : { ...facts, blocks: [...facts.blocks, ...blocks] };
  return fold(all, foldRulesOf(entry, texts, principal, policy, reader));
}

/** The same of an entry as it is stored. */
export function timelineOf(
  entry: EntryRecord,
  policy: Policy,
  reader: DirectoryReader,
): Timeline | undefined {
  const { id, kind, parentId, createdBy } = entry;
  if (!hasState(kind) || id === reader.administratorId()) return undefined;
  const texts: Texts = (key) => textsOf(entry, key, reader);
  return derive({ id, kind, parentId, createdBy, texts }, policy, reader);
}

/** All of a reader as it is now, by the policy in force in it. */
export const timelinesOf: TimelinesOf = (reader) => {
  const { policy } = policyOf(reader);
  return (entry) => timelineOf(entry, policy, reader);
};
