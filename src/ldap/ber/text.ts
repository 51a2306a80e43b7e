/**
 * Character strings of the wire: LDAPString is UTF-8 in an OCTET STRING (RFC 4511 §4.1.2). Names
 * repeat endlessly (attribute descriptions, search bases), so short ASCII ones come from a small
 * fixed table instead of being built anew. Broken UTF-8 is reported, never repaired. Not for values
 * or credentials: those stay octets.
 */
import { isUtf8 } from 'node:buffer';

const INTERNED_BYTES_MAX = 64;
const INTERNED_SLOTS = 1024;

/** Direct-mapped: a collision replaces, so nobody can make it grow or search. */
const interned: string[] = new Array<string>(INTERNED_SLOTS).fill('');

function sameText(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) {
    if (text.charCodeAt(i) !== bytes[start + i]) return false;
  }
  return true;
}

function decodeLong(bytes: Buffer, start: number, end: number): string | undefined {
  const view = bytes.subarray(start, end);
  return isUtf8(view) ? view.toString('utf8') : undefined;
}

/** The text spelled by `bytes[start, end)`; undefined when that is not UTF-8 (RFC 3629). */
export function decodeText(bytes: Buffer, start: number, end: number): string | undefined {
  const length = end - start;
  if (length === 0) return '';
  if (length > INTERNED_BYTES_MAX) return decodeLong(bytes, start, end);
  let hash = length;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x80) return decodeLong(bytes, start, end);
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  const slot = (hash ^ (hash >>> 10)) & (INTERNED_SLOTS - 1);
  const known = interned[slot]!;
  if (sameText(known, bytes, start, length)) return known;
  const text = bytes.toString('latin1', start, end);
  interned[slot] = text;
  return text;
}

/** Whether every character of `text` is ASCII, so that its length is its size in octets. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) >= 0x80) return false;
  }
  return true;
}
