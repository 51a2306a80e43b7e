/**
 * The first entries of a directory: a suffix has no parent, and nobody is there yet to ask for it.
 * Used by `tenure init` only.
 */
import { LdapError } from '../../../runtime/errors.js';
import { bytesOf } from '../../model/bytes.js';
import { parseRdn } from '../../model/dn.js';
import type { Identity } from '../../model/identity.js';
import { validateEntry } from '../../schema/index.js';
import { addEntry, addNamingValues, type NewEntry, sortValues } from './add.js';
import { bodyOf } from './attributes.js';
import { begin, changeValue, Delta, metaOfNew, type WriteTools } from './transaction.js';

/** Which class an entry named by the attribute has. */
const CLASS_OF: Readonly<Record<string, string>> = {
  dc: 'domain',
  o: 'organization',
  ou: 'organizationalUnit',
  c: 'country',
  l: 'locality',
};

/** Adds the root of a tree; returns its id. @throws LdapError for a name that cannot be one */
export function addSuffix(
  suffix: string,
  identity: Identity,
  reason: string,
  tools: WriteTools,
): number {
  const tx = begin(tools, identity);
  const dn = tx.names.parse(suffix);
  const first = dn.rdns[0] && parseRdn(dn.rdns[0].text);
  if (first === undefined || 'fault' in first) {
    throw new LdapError(
      'invalidDNSyntax',
      'a suffix is a distinguished name like dc=example,dc=com',
    );
  }
  const name = first.avas[0]!.type.toLowerCase();
  const cls = first.avas.length === 1 ? CLASS_OF[name] : undefined;
  if (cls === undefined) {
    throw new LdapError(
      'namingViolation',
      `a suffix starts with one of ${Object.keys(CLASS_OF).join('=, ')}= (not "${suffix}")`,
    );
  }
  if (tx.names.resolve(dn).id !== 0) {
    throw new LdapError('entryAlreadyExists', `the suffix "${suffix}" exists already`);
  }
  const given = [
    { attribute: 'objectClass', values: [cls] },
    { attribute: name, values: [bytesOf(first.avas[0]!.value)] },
  ];
  const sorted = sortValues(given, tx, suffix);
  addNamingValues(dn.rdns[0]!.text, sorted, tx);
  validateEntry(tx.writer.schema(), sorted.kind, sorted.attributes);
  const meta = metaOfNew(tx);
  const uuid = tx.writer.newUuid();
  const rdn = dn.rdns.map((part) => part.text).join(',');
  const { kind } = sorted;
  const attributes = bodyOf(sorted.attributes);
  const place = { parentId: 0, rdn, rdnKey: dn.key };
  const id = tx.writer.insertEntry({ meta, ...place, uuid, kind, attributes });
  const delta = new Delta();
  for (const { description, values } of sorted.attributes.values()) {
    for (const value of values) delta.add(description.text, changeValue(value));
  }
  const placeAfter = { parent: '', rdn };
  const values = delta.values();
  tx.items.push({ op: 'add', uuid, dn: rdn, after: meta, placeAfter, values });
  tx.writer.appendChange({ csn: tx.csn, actor: identity.dn, reason }, tx.items);
  return id;
}

/** Adds one entry outside a request; its passwords are hashes already. @throws LdapError */
export function addEntryAs(
  identity: Identity,
  reason: string,
  tools: WriteTools,
  entry: NewEntry,
): number {
  const tx = begin(tools, identity);
  const id = addEntry(entry, tx);
  tx.writer.appendChange({ csn: tx.csn, actor: identity.dn, reason }, tx.items);
  return id;
}
