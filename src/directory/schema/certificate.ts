/**
 * certificateExactMatch (RFC 4523 §2.1): a certificate is the one that an assertion means when
 * serial number and issuer agree. Reads just as much DER as that takes and trusts no length in it;
 * signatures, dates and keys are nobody's business here.
 */
import { elementAt, elementsIn, nameText } from './der.js';

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
