/**
 * Reading DER (X.690) as far as certificates are looked into: elements, object identifiers, strings,
 * names and times. Trusts no length in what it reads; what cannot be read is undefined.
 */
import { type Ava, formatDn } from '../model/dn.js';

/** One DER element inside `bytes`: its tag and where its content lies. */
export interface DerElement {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** The element at `at`, which must end by `limit`; undefined if it does not. */
export function elementAt(bytes: Buffer, at: number, limit: number): DerElement | undefined {
  if (at + 2 > limit) return undefined;
  let length = bytes[at + 1]!;
  let start = at + 2;
  if (length >= 0x80) {
    const count = length - 0x80;
    if (count === 0 || count > 4 || start + count > limit) return undefined;
    length = bytes.readUIntBE(start, count);
    start += count;
  }
  return start + length > limit ? undefined : { tag: bytes[at]!, start, end: start + length };
}

export function elementsIn(bytes: Buffer, outer: DerElement): DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let at = outer.start; at < outer.end; ) {
    const element = elementAt(bytes, at, outer.end);
    if (element === undefined) return undefined;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/** The dotted form of a DER object identifier (X.690 §8.19). */
export function oidText(bytes: Buffer, element: DerElement): string | undefined {
  const arcs: bigint[] = [];
  let arc = 0n;
  if (element.end - element.start > 64) return undefined;
  for (let i = element.start; i < element.end; i += 1) {
    arc = arc * 128n + BigInt(bytes[i]! & 0x7f);
    if (bytes[i]! < 0x80) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const first = arcs[0];
  if (first === undefined) return undefined;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...arcs.slice(1)].join('.');
}

/** The content of a string type as UTF-8; BMPString is the one that is not bytes for bytes. */
export function stringValue(bytes: Buffer, element: DerElement): Buffer {
  const content = bytes.subarray(element.start, element.end);
  if (element.tag !== 0x1e || content.length % 2 !== 0) return content;
  return Buffer.from(Buffer.from(content).swap16().toString('utf16le'));
}

function avasOf(bytes: Buffer, rdn: DerElement): Ava[] | undefined {
  const avas: Ava[] = [];
  for (const pair of elementsIn(bytes, rdn) ?? []) {
    const parts = elementsIn(bytes, pair);
    const type = parts?.[0] && oidText(bytes, parts[0]);
    const value = parts?.[1];
    if (type === undefined || value === undefined) return undefined;
    avas.push({ type, value: stringValue(bytes, value) });
  }
  return avas.length === 0 ? undefined : avas;
}

/** An RDNSequence (root first) as a name in text (leaf first). */
export function nameText(bytes: Buffer, name: DerElement): string | undefined {
  const rdns: { avas: Ava[] }[] = [];
  for (const rdn of elementsIn(bytes, name) ?? []) {
    const avas = avasOf(bytes, rdn);
    if (avas === undefined) return undefined;
    rdns.unshift({ avas });
  }
  return formatDn(rdns);
}

const timeForm = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const UTC_TIME = 0x17;

/** Milliseconds since 1970 of UTCTime and GeneralizedTime as RFC 5280 §4.1.2.5 restricts them. */
export function timeOf(bytes: Buffer, { tag, start, end }: DerElement): number | undefined {
  const match = timeForm.exec(bytes.toString('latin1', start, end));
  if (match === null || (tag === UTC_TIME) !== (match[1]!.length === 2)) return undefined;
  const [written = 0, month = 0, day = 0, hour, minute, second] = match.slice(1).map(Number);
  const century = written >= 50 ? 1900 : 2000;
  const year = tag === UTC_TIME ? century + written : written;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
