/**
 * The canonical form of an entry: bytes that depend on nothing but its content. Two databases with
 * the same content have the same digest, whatever their ids, order and history. Operational columns
 * are in it; secrets are by kind and keyed digest.
 *
 *   head        JSON [uuid, parent uuid, rdn, csn, createdAt, createdBy, modifiedAt, modifiedBy] LF
 *   attributes  PartialAttributes (RFC 4511 §4.1.7) in the order of AttributeDescription.key, the
 *               values of each in the order of their bytes
 *   edges       LF JSON [[key, values as in a Change, sorted] …], names inside the tree by UUID,
 *               once for each holder
 *   secrets     LF JSON ["kind digest" …], sorted
 *
 * Reading the rows of a database into this form is export.ts.
 */
import { hash } from 'node:crypto';
import { encodePartialAttribute } from '../directory/model/body.js';
import { type Bytes, bufferOf, bytesOfText } from '../directory/model/bytes.js';
import type { ChangeValue, EntryMeta } from '../directory/model/change.js';
import type { HolderText } from '../directory/model/holder.js';
import type { Schema } from '../directory/schema/index.js';

/** One entry in parts that a Change can be applied to. Values are in no order. */
export interface CanonicalEntry {
  readonly uuid: string;
  parent: string;
  rdn: string;
  meta: EntryMeta;
  /** Of the body, by AttributeDescription.key. */
  readonly attributes: Map<string, Bytes[]>;
  /** By AttributeDescription.key: {@link edgeText} of each value. */
  readonly edges: Map<string, string[]>;
  /** By secret id: `kind digest`. */
  readonly secrets: Map<number, string>;
}

/** The bytes of a body value as a Change has it. */
export function bytesOfChange(value: ChangeValue): Bytes {
  if (typeof value === 'string') return bytesOfText(value);
  if ('b64' in value) return Buffer.from(value.b64, 'base64').toString('latin1');
  throw new Error('a reference is no value of a body');
}

/** An edge value as a Change has it, without the name that the target had then. */
export function edgeText(value: ChangeValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return 'ref' in value ? referenceText(value.ref, value.holder) : JSON.stringify(value);
}

/** The same of a name inside the tree; a holder is given where it is not by hand, always. */
export function referenceText(uuid: string, holder?: HolderText): string {
  if (holder === undefined) return `{"ref":"${uuid}"}`;
  const { kind, spans, note } = holder;
  return JSON.stringify({ ref: uuid, kind, spans, note });
}

export function headText(uuid: string, parent: string, rdn: string, meta: EntryMeta): string {
  const { csn, createdAt, createdBy, modifiedAt, modifiedBy } = meta;
  const fields = [uuid, parent, rdn, csn, createdAt, createdBy, modifiedAt, modifiedBy];
  return `${JSON.stringify(fields)}\n`;
}

/** The last two parts; keys without values count as absent. */
export function tailText(
  edges: ReadonlyMap<string, readonly string[]>,
  secrets: Iterable<string>,
): string {
  const keys = [...edges.keys()].filter((key) => edges.get(key)!.length > 0).sort();
  const lists = keys.map((key) => `[${JSON.stringify(key)},${[...edges.get(key)!].sort().join()}]`);
  return `\n[${lists.join()}]\n${JSON.stringify([...secrets].sort())}`;
}

/** Digest of one entry, hex. */
export function entryDigest(entry: CanonicalEntry, schema: Schema): string {
  const parts: Buffer[] = [Buffer.from(headText(entry.uuid, entry.parent, entry.rdn, entry.meta))];
  for (const key of [...entry.attributes.keys()].sort()) {
    const values = entry.attributes.get(key)!;
    const name = schema.describe(key)?.text ?? key;
    // Latin-1 texts order as their bytes do.
    const sorted = [...values].sort().map(bufferOf);
    if (sorted.length > 0) parts.push(encodePartialAttribute(name, sorted));
  }
  parts.push(Buffer.from(tailText(entry.edges, entry.secrets.values())));
  return hash('sha256', Buffer.concat(parts), 'hex');
}

/** Digest of an export: of the entries' digests in the order of their UUIDs. */
export function exportDigest(digests: ReadonlyMap<string, string>): string {
  const uuids = [...digests.keys()].sort();
  return hash('sha256', uuids.map((uuid) => digests.get(uuid)!).join('\n'), 'hex');
}
