/**
 * The lifecycle policy in force: the document in the entry cn=policy of a suffix, or the one that is
 * built in. A reader keeps what it has read until a commit touches that entry; the writer looks at
 * the entry's CSN each time, because what it reads may still be taken back. A text is read once.
 */
import type { Policy } from '../../../policy/core/language/index.js';
import { builtIn } from '../../../policy/examples/index.js';
import { type ReadPolicy, readPolicy } from '../../../policy/language/index.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { normalizeRdn, type Schema } from '../../schema/index.js';
import { textsOf } from '../texts-of.js';
import { vocabularyOf } from './vocabulary.js';

export const POLICY_CLASS = 'tenureLifecyclePolicy';
export const POLICY_TEXT = 'tenurePolicyText';
export const POLICY_RDN = 'cn=policy';

export interface PolicyInForce {
  readonly policy: Policy;
  /** The document. */
  readonly text: string;
  /** 0 where none is installed and the built-in policy holds. */
  readonly entryId: number;
  /** Of the entry; empty for the built-in one. */
  readonly csn: string;
}

const kept = new WeakMap<DirectoryReader, { found: PolicyInForce | undefined }>();
const texts = new WeakMap<Schema, Map<string, ReadPolicy>>();
const TEXTS_MAX = 8;

/** What everybody asks. In a reader that tells of commits it is one look into a map. */
export function policyOf(reader: DirectoryReader): PolicyInForce {
  let place = kept.get(reader);
  if (place === undefined) {
    place = { found: undefined };
    kept.set(reader, place);
    watch(reader, place);
  }
  const { found } = place;
  if (found !== undefined && (reader.watch !== undefined || isCurrent(found, reader))) return found;
  place.found = look(reader);
  return place.found;
}

function watch(reader: DirectoryReader, place: { found: PolicyInForce | undefined }): void {
  reader.watch?.(({ entries, population, schema, all }) => {
    const id = place.found?.entryId ?? 0;
    if (all || schema || (id === 0 ? population : entries.includes(id))) place.found = undefined;
  });
}

function isCurrent({ entryId, csn }: PolicyInForce, reader: DirectoryReader): boolean {
  return entryId !== 0 && reader.entry(entryId)?.csn === csn;
}

function look(reader: DirectoryReader): PolicyInForce {
  const entry = policyEntry(reader);
  const text = entry && textsOf(entry, POLICY_TEXT, reader)[0];
  const read = text === undefined ? undefined : readText(text, reader.schema());
  // The hook lets sound documents in only; one can lose an attribute of which it speaks later on.
  if (entry === undefined || text === undefined || read?.policy === undefined) {
    return { policy: builtInPolicy(reader), text: builtIn, entryId: 0, csn: '' };
  }
  return { policy: read.policy, text, entryId: entry.id, csn: entry.csn };
}

/** The policy that holds where none is installed. */
export function builtInPolicy(reader: DirectoryReader): Policy {
  return readText(builtIn, reader.schema()).policy!;
}

/** The entry that holds the policy: that of the first suffix that has one. */
export function policyEntry(reader: DirectoryReader): EntryRecord | undefined {
  const schema = reader.schema();
  const cls = schema.objectClass(POLICY_CLASS);
  // Most have none, and an import asks for each of its entries.
  if (cls === undefined || !reader.kinds().some((kind) => kind.has(cls))) return undefined;
  const key = normalizeRdn(schema, POLICY_RDN)!.key;
  for (const { id } of reader.suffixes()) {
    const child = reader.childId(id, key);
    const entry = child === 0 ? undefined : reader.entry(child);
    if (entry?.kind.has(cls) === true) return entry;
  }
  return undefined;
}

/** A document as it reads under the schema; what was read a moment ago is not read again. */
export function readText(text: string, schema: Schema): ReadPolicy {
  let known = texts.get(schema);
  if (known === undefined) {
    known = new Map();
    texts.set(schema, known);
  }
  let read = known.get(text);
  if (read === undefined) {
    read = readPolicy(text, vocabularyOf(schema));
    if (known.size >= TEXTS_MAX) known.clear();
    known.set(text, read);
  }
  return read;
}
