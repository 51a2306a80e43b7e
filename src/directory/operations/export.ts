/**
 * Export as LDIF (RFC 2849): every entry below a base with its operational attributes and its
 * secrets, parents before children, siblings in the order in which they came. The same directory
 * gives the same bytes; imported into a fresh one it gives them again.
 */
import { decodeBody } from '../model/body.js';
import { isPlain } from '../model/holder.js';
import { formatTime } from '../model/time.js';
import type { EntryRecord } from '../ports.js';
import { canonicalAttributes, formatEntry, ldifHeader } from '../text/index.js';
import { isMemberUid, loginName } from './edge-values.js';
import { holderValues, TENURE_HOLDER } from './groups/index.js';
import { noSuchObject } from './scope.js';
import type { View } from './view.js';

const CHUNK_CHARACTERS = 64 * 1024;
const CHILDREN = 512;

/**
 * Pulls the export in pieces of about 64 KiB of ASCII text; the caller yields between them.
 * @throws LdapError noSuchObject where the base does not exist
 */
export function* exportLdif(
  base: string | undefined,
  view: () => View,
): Generator<{ text: string; entries: number }> {
  let text = ldifHeader;
  let entries = 0;
  for (const id of walk(base, view)) {
    const now = view();
    const entry = now.reader.entry(id);
    if (entry === undefined) continue;
    text += formatEntry(now.names.text(entry), attributesOf(entry, now));
    entries += 1;
    if (text.length >= CHUNK_CHARACTERS) {
      yield { text, entries };
      text = '';
    }
  }
  yield { text, entries };
}

/** Ids in pre-order. Children are read in pages, so that a large container is never one list. */
function* walk(base: string | undefined, view: () => View): Generator<number> {
  const { reader } = view();
  const roots =
    base === undefined ? reader.suffixes().map((suffix) => suffix.id) : [start(base, view())];
  for (const root of roots) {
    yield root;
    const stack: { parent: number; after: number }[] = [{ parent: root, after: 0 }];
    let page: number[] = [];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      page = reader.childIds(top.parent, top.after, CHILDREN);
      const inner = page.findIndex((id) => reader.childCount(id) > 0);
      const leaves = inner < 0 ? page : page.slice(0, inner);
      yield* leaves;
      const last = leaves.at(-1);
      if (last !== undefined) top.after = last;
      if (inner >= 0) {
        const id = page[inner]!;
        yield id;
        top.after = id;
        stack.push({ parent: id, after: 0 });
      } else if (page.length < CHILDREN) stack.pop();
    }
  }
}

function start(base: string, view: View): number {
  const { id, nearestId } = view.names.resolve(view.names.parse(base));
  if (id === 0) throw noSuchObject(nearestId, base, view);
  return id;
}

function attributesOf(entry: EntryRecord, view: View) {
  const { reader } = view;
  const attributes: { description: string; values: readonly Buffer[] }[] = [];
  for (const { name, values } of decodeBody(entry.body)) {
    attributes.push({ description: name, values });
  }
  const edges = new Map<string, Buffer[]>();
  for (const edge of entry.hasEdges ? reader.heldEdgesFrom(entry.id) : []) {
    if (!isPlain(edge.holder)) continue;
    const values = edges.get(edge.attribute.name) ?? [];
    values.push(edgeValue(edge, view));
    edges.set(edge.attribute.name, values);
  }
  for (const [description, values] of edges) attributes.push({ description, values });
  const held = holderValues(entry, view);
  if (held.length > 0) attributes.push({ description: TENURE_HOLDER, values: held });
  const secrets = new Map<string, Buffer[]>();
  for (const secret of reader.secrets(entry.id)) {
    if (reader.schema().attribute(secret.kind) === undefined) continue;
    secrets.set(secret.kind, [...(secrets.get(secret.kind) ?? []), secret.value]);
  }
  for (const [description, values] of secrets) attributes.push({ description, values });
  const text = (description: string, value: string) =>
    attributes.push({ description, values: [Buffer.from(value, 'utf8')] });
  text('entryUUID', entry.uuid);
  text('entryCSN', entry.csn);
  text('createTimestamp', formatTime(entry.createdAt));
  text('creatorsName', entry.createdBy);
  text('modifyTimestamp', formatTime(entry.modifiedAt));
  text('modifiersName', entry.modifiedBy);
  return canonicalAttributes(attributes);
}

function edgeValue(edge: ReturnType<View['reader']['edgesFrom']>[number], view: View): Buffer {
  if (edge.target === 0) return Buffer.from(edge.text, 'utf8');
  if (!isMemberUid(edge.attribute)) return view.names.dnOfId(edge.target);
  const member = view.reader.entry(edge.target);
  const login = member && loginName(member, view.reader.attributeNumber('uid'));
  return Buffer.from(login ?? '', 'utf8');
}
