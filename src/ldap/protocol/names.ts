/**
 * Text components of requests and responses: LDAPString, LDAPDN, AttributeDescription (RFC 4511
 * §4.1.2 to §4.1.4). Only their encoding is checked here; DNs and descriptions are parsed by the
 * directory. Names are handed on exactly as sent, never lower-cased.
 */
import type { BerReader } from '../ber/index.js';
import { ContentError } from './content-error.js';

/** Reads a text component; `what` names it in the error. Throws when it is not UTF-8. */
export function readText(reader: BerReader, what: string, tag?: number): string {
  const text = reader.text(tag);
  if (text === undefined) throw ContentError.invalid(`${what} is not UTF-8`);
  return text;
}

/** Reads an LDAPDN or RelativeLDAPDN. */
export function readDn(reader: BerReader, tag?: number): string {
  return readText(reader, 'name', tag);
}

/** Reads an AttributeDescription. */
export function readDescription(reader: BerReader, tag?: number): string {
  return readText(reader, 'attribute description', tag);
}
