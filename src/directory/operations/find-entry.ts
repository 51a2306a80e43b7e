/**
 * Whom an administrator means by a name typed on a command line: a distinguished name, a login name
 * (`uid`), a mail address, or a common name (of services and groups). Exactly one, or a refusal that
 * helps. Not for names that come over the wire: nobody's right to see is asked here.
 */
import { LdapError } from '../../runtime/errors.js';
import { suggest } from '../../runtime/suggest.js';
import { decodeBody } from '../model/body.js';
import type { DirectoryReader, EntryRecord } from '../ports.js';
import type { Names } from './names.js';

/** By which attributes, the likeliest first. */
const nameAttributes = ['uid', 'mail', 'cn'] as const;
/** Several entries of one name are listed in the refusal up to this many. */
const SHOWN_MAX = 5;
/** Names looked through for one that was meant. */
const COMPARED_MAX = 5_000;

/**
 * The entry behind `name`.
 * @throws LdapError noSuchObject, or unwillingToPerform where the name fits several
 */
export function findEntry(name: string, reader: DirectoryReader, names: Names): EntryRecord {
  if (name.includes('=')) return byDn(name, reader, names);
  for (const attribute of nameAttributes) {
    const found = reader.entries(idsNamed(attribute, name, reader));
    if (found.length === 1) return found[0]!;
    if (found.length > 1) {
      const list = found.slice(0, SHOWN_MAX).map((entry) => names.text(entry));
      const more = found.length > SHOWN_MAX ? ' …' : '';
      throw new LdapError(
        'unwillingToPerform',
        `"${name}" is several entries; name one of them: ${list.join('; ')}${more}`,
      );
    }
  }
  const meant = suggest(name, loginNames(reader));
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new LdapError('noSuchObject', `nobody here is called "${name}"${hint}`);
}

function byDn(dn: string, reader: DirectoryReader, names: Names): EntryRecord {
  const { id } = names.resolve(names.parse(dn));
  const entry = id === 0 ? undefined : reader.entry(id);
  if (entry === undefined) throw new LdapError('noSuchObject', `there is no entry ${dn}`);
  return entry;
}

function idsNamed(attribute: string, name: string, reader: DirectoryReader): readonly number[] {
  const type = reader.schema().attribute(attribute);
  const key = type?.equality?.normalize(Buffer.from(name, 'utf8'));
  if (type === undefined || key === undefined) return [];
  return reader.idsEqual(type, key, SHOWN_MAX + 1).ids;
}

function loginNames(reader: DirectoryReader): string[] {
  const type = reader.schema().attribute('uid');
  const number = type === undefined ? 0 : reader.attributeNumber('uid');
  if (type === undefined || number === 0) return [];
  const logins: string[] = [];
  for (const entry of reader.entries(reader.idsPresent(type, COMPARED_MAX).ids)) {
    for (const attribute of decodeBody(entry.body)) {
      if (attribute.number === number) logins.push(...attribute.values.map(String));
    }
  }
  return logins;
}
