/**
 * Whom a certificate names (RFC 5280 §4.1.2.6, §4.2.1.6) and between which instants it is valid.
 * Reads no signature: that the certificate can be believed was decided before.
 */
import {
  type DerElement,
  elementAt,
  elementsIn,
  nameText,
  oidText,
  stringValue,
  timeOf,
} from './der.js';

export interface CertificateNames {
  /** As a distinguished name, leaf first. */
  readonly subject: string;
  readonly commonNames: readonly string[];
  /** rfc822Name of the subject alternative names. */
  readonly emails: readonly string[];
  /** User principal names among them (Microsoft's otherName). */
  readonly principals: readonly string[];
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

const COMMON_NAME = '2.5.4.3';
const SUBJECT_ALT_NAME = '2.5.29.17';
const PRINCIPAL = '1.3.6.1.4.1.311.20.2.3';

const SEQUENCE = 0x30;
const OTHER_NAME = 0xa0;
const RFC822_NAME = 0x81;
const EXTENSIONS = 0xa3;

/** The names in a DER certificate, or undefined where it cannot be read. */
export function certificateNames(bytes: Buffer): CertificateNames | undefined {
  const outer = elementAt(bytes, 0, bytes.length);
  const signed = outer && elementAt(bytes, outer.start, outer.end);
  const fields = signed && elementsIn(bytes, signed);
  if (fields === undefined) return undefined;
  const first = fields[0]?.tag === 0xa0 ? 1 : 0;
  const validity = fields[first + 3];
  const subject = fields[first + 4];
  if (validity?.tag !== SEQUENCE || subject?.tag !== SEQUENCE) return undefined;
  const text = nameText(bytes, subject);
  const times = elementsIn(bytes, validity)?.map((time) => timeOf(bytes, time));
  const [fromMs, toMs] = times ?? [];
  if (text === undefined || fromMs === undefined || toMs === undefined) return undefined;
  const alternatives = alternativesOf(bytes, fields);
  if (alternatives === undefined) return undefined;
  return {
    subject: text,
    commonNames: commonNamesOf(bytes, subject),
    ...alternatives,
    fromMs,
    toMs,
  };
}

function commonNamesOf(bytes: Buffer, subject: DerElement): string[] {
  const names: string[] = [];
  for (const rdn of elementsIn(bytes, subject) ?? []) {
    for (const pair of elementsIn(bytes, rdn) ?? []) {
      const [type, value] = elementsIn(bytes, pair) ?? [];
      if (type === undefined || value === undefined) continue;
      if (oidText(bytes, type) === COMMON_NAME) names.push(stringValue(bytes, value).toString());
    }
  }
  return names;
}

function alternativesOf(bytes: Buffer, fields: readonly DerElement[]) {
  const found = { emails: [] as string[], principals: [] as string[] };
  const extensions = fields.find(({ tag }) => tag === EXTENSIONS);
  if (extensions === undefined) return found;
  const list = elementAt(bytes, extensions.start, extensions.end);
  for (const extension of (list && elementsIn(bytes, list)) ?? []) {
    const parts = elementsIn(bytes, extension);
    const type = parts?.[0];
    const value = parts?.at(-1);
    if (type === undefined || value === undefined) return undefined;
    if (oidText(bytes, type) !== SUBJECT_ALT_NAME) continue;
    const names = elementAt(bytes, value.start, value.end);
    for (const name of (names && elementsIn(bytes, names)) ?? []) addName(bytes, name, found);
  }
  return found;
}

function addName(
  bytes: Buffer,
  name: DerElement,
  found: { readonly emails: string[]; readonly principals: string[] },
): void {
  if (name.tag === RFC822_NAME) found.emails.push(bytes.toString('latin1', name.start, name.end));
  if (name.tag !== OTHER_NAME) return;
  const [type, wrapped] = elementsIn(bytes, name) ?? [];
  if (type === undefined || wrapped === undefined || oidText(bytes, type) !== PRINCIPAL) return;
  const value = elementAt(bytes, wrapped.start, wrapped.end);
  if (value !== undefined) found.principals.push(stringValue(bytes, value).toString());
}
