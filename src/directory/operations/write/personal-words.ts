/**
 * What somebody who knows a person would try first: names, logins, addresses, and the name of the
 * organisation. For the judge of passwords; nothing here is kept.
 */
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { textsOf } from '../policies/index.js';

/** Attributes whose values nobody should have as a password. */
export const PERSONAL_ATTRIBUTES: readonly string[] = [
  'uid',
  'cn',
  'sn',
  'givenName',
  'displayName',
  'initials',
  'mail',
  'telephoneNumber',
  'mobile',
  'employeeNumber',
  'o',
  'ou',
];

/** The words of an entry and of the suffix that it is in. */
export function personalWords(entry: EntryRecord, reader: DirectoryReader): readonly string[] {
  return [
    ...PERSONAL_ATTRIBUTES.flatMap((name) => textsOf(entry, name, reader)),
    ...organisationWords(reader),
  ];
}

/** `dc=example,dc=com` gives `example`, `com`. */
export function organisationWords(reader: DirectoryReader): readonly string[] {
  return reader
    .suffixes()
    .flatMap(({ dn }) => dn.split(',').map((rdn) => rdn.slice(rdn.indexOf('=') + 1).trim()));
}
