/**
 * certificateExactMatch (RFC 4523 §2.1): a certificate is the one that an assertion means when
 * serial number and issuer agree. Reads just as much DER as that takes and trusts no length in it;
 * signatures, dates and keys are nobody's business here.
 */
import { type Ava, formatDn } from '../model/dn.js';

/** One DER element inside `bytes`: its tag and where its content lies. */
interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** The element at `at`, which must end by `limit`; undefined if it does not. */
function elementAt(bytes: Buffer, at: number, limit: number): Element | undefined {
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

function elementsIn(bytes: Buffer, outer: Element): Element[] | undefined {
  const elements: Element[] = [];
  for (let at = outer.start; at < outer.end; ) {
    const element = elementAt(bytes, at, outer.end);
    if (element === undefined) return undefined;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/** The dotted form of a DER object identifier (X.690 §8.19). */
function oidText(bytes: Buffer, element: Element): string | undefined {
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
function stringValue(bytes: Buffer, element: Element): Buffer {
  const content = bytes.subarray(element.start, element.end);
  if (element.tag !== 0x1e || content.length % 2 !== 0) return content;
  return Buffer.from(Buffer.from(content).swap16().toString('utf16le'));
}

function avasOf(bytes: Buffer, rdn: Element): Ava[] | undefined {
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
function nameText(bytes: Buffer, name: Element): string | undefined {
  const rdns: { avas: Ava[] }[] = [];
  for (const rdn of elementsIn(bytes, name) ?? []) {
    const avas = avasOf(bytes, rdn);
    if (avas === undefined) return undefined;
    rdns.unshift({ avas });
  }
  return formatDn(rdns);
}

/** Whether the bytes are one DER SEQUENCE: as much as is asked of a stored certificate. */
export function isDerSequence(bytes: Buffer): boolean {
  const outer = elementAt(bytes, 0, bytes.length);
  return outer !== undefined && outer.tag === 0x30 && outer.end === bytes.length;
}

/** Serial number in decimal and issuer as text. */
interface SerialAndIssuer {
  readonly serial: string;
  readonly issuer: string;
}

function fromDer(bytes: Buffer): SerialAndIssuer | undefined {
  const outer = elementAt(bytes, 0, bytes.length);
  const signed = outer && elementAt(bytes, outer.start, outer.end);
  const fields = signed && elementsIn(bytes, signed);
  if (fields === undefined) return undefined;
  // version [0] is left out of version 1 certificates.
  const first = fields[0]?.tag === 0xa0 ? 1 : 0;
  const serial = fields[first];
  const issuer = fields[first + 2];
  if (serial?.tag !== 0x02 || issuer?.tag !== 0x30) return undefined;
  const length = serial.end - serial.start;
  if (length === 0 || length > 64) return undefined;
  const unsigned = BigInt(`0x${bytes.toString('hex', serial.start, serial.end)}`);
  const negative = bytes[serial.start]! >= 0x80;
  const number = negative ? unsigned - (1n << BigInt(length * 8)) : unsigned;
  const text = nameText(bytes, issuer);
  return text === undefined ? undefined : { serial: number.toString(), issuer: text };
}

const SERIAL = /serialNumber\s+(-?[0-9]{1,160})/;
const ISSUER = /issuer\s+(?:rdnSequence\s*:\s*)?"((?:[^"]|"")*)"/;
const OLD_FORM = /^(-?[0-9]{1,160})\s*\$\s*(.*)$/s;

/** `{ serialNumber 42, issuer rdnSequence:"cn=CA" }` (RFC 4523 Appendix A.1) or `42$cn=CA`. */
function fromText(text: string): SerialAndIssuer | undefined {
  const old = OLD_FORM.exec(text);
  if (old !== null) return { serial: old[1]!, issuer: old[2]! };
  const serial = SERIAL.exec(text)?.[1];
  const issuer = ISSUER.exec(text)?.[1];
  if (serial === undefined || issuer === undefined) return undefined;
  return { serial, issuer: issuer.replaceAll('""', '"') };
}

/**
 * The normal form of a stored certificate or of an assertion: serial number, `$`, key of the
 * issuer's name. Undefined where either cannot be read.
 */
export function normalizeCertificate(
  value: Buffer,
  dnKey: (text: string) => string | undefined,
): Buffer | undefined {
  const found = value[0] === 0x30 && isDerSequence(value) ? fromDer(value) : undefined;
  const parts = found ?? (value.length <= 16_384 ? fromText(value.toString('utf8')) : undefined);
  const issuer = parts && dnKey(parts.issuer);
  if (parts === undefined || issuer === undefined) return undefined;
  return Buffer.from(`${BigInt(parts.serial)}$${issuer}`, 'latin1');
}
