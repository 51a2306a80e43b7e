/**
 * The syntaxes (RFC 4517 §3.3, RFC 4523, RFC 4530, RFC 2307) and what is wrong with a value that
 * does not follow one: a phrase that completes "the value …". A syntax never changes a value.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { parseDn } from '../model/dn.js';
import { readNetwork } from '../model/network.js';
import { networkSyntax } from './builtin/index.js';
import { isDerSequence } from './certificate.js';
import { isInteger } from './integer.js';
import { normalizeGeneralizedTime } from './time.js';
import type { Syntax } from './types.js';

type Validate = (value: Buffer) => string | undefined;

const any: Validate = () => undefined;

const utf8: Validate = (value) => {
  if (value.length === 0) return 'is empty';
  return isUtf8(value) ? undefined : 'is not valid UTF-8';
};

const ascii: Validate = (value) =>
  isAscii(value) ? undefined : 'has a character that is not ASCII';

/** RFC 4517 §3.2: PrintableCharacter. */
const isPrintable = new Uint8Array(256);
for (const byte of Buffer.from(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'()+,-.=/:? ",
)) {
  isPrintable[byte] = 1;
}

const printable: Validate = (value) => {
  if (value.length === 0) return 'is empty';
  for (let i = 0; i < value.length; i += 1) {
    if (isPrintable[value[i]!] === 0) {
      return `may only hold letters, digits, spaces and '()+,-./:=? (see character ${i + 1})`;
    }
  }
  return undefined;
};

/** Parts separated by `$`, the first of which must be printable (fax, telex, teletex). */
const printableParts: Validate = (value) => {
  const parts = value.latin1Slice(0, value.length).split('$');
  return printable(Buffer.from(parts[0]!, 'latin1'));
};

const telex: Validate = (value) => {
  const parts = value.latin1Slice(0, value.length).split('$');
  if (parts.length !== 3) return 'is not number$country$answerback';
  for (const part of parts) {
    const reason = printable(Buffer.from(part, 'latin1'));
    if (reason !== undefined) return reason;
  }
  return undefined;
};

const boolean: Validate = (value) => {
  const text = value.latin1Slice(0, value.length);
  return text === 'TRUE' || text === 'FALSE' ? undefined : 'is neither TRUE nor FALSE';
};

function matching(pattern: RegExp, reason: string): Validate {
  return (value) =>
    value.length <= 65_536 && pattern.test(value.latin1Slice(0, value.length)) ? undefined : reason;
}

const integer: Validate = (value) =>
  isInteger(value) ? undefined : 'is not an integer (digits without leading zeros)';

const time: Validate = (value) =>
  normalizeGeneralizedTime(value) === undefined
    ? 'is not a time such as 20260131235900Z'
    : undefined;

const dn: Validate = (value) => {
  if (!isUtf8(value)) return 'is not valid UTF-8';
  const parsed = parseDn(value.toString('utf8'));
  return 'fault' in parsed ? `is not a distinguished name: ${parsed.fault}` : undefined;
};

const OPTIONAL_UID = /#'[01]*'B$/;

const dnAndUid: Validate = (value) => {
  const text = value.latin1Slice(0, value.length);
  return dn(text.endsWith("'B") ? Buffer.from(text.replace(OPTIONAL_UID, ''), 'latin1') : value);
};

const jpeg: Validate = (value) =>
  value[0] === 0xff && value[1] === 0xd8 ? undefined : 'is not a JPEG image';

const der: Validate = (value) =>
  isDerSequence(value) ? undefined : 'is not DER (one whole SEQUENCE)';

const postalAddress: Validate = (value) => {
  const reason = utf8(value);
  if (reason !== undefined) return reason;
  const escapes = /\\(?!24|5[Cc])/;
  return escapes.test(value.latin1Slice(0, value.length))
    ? 'has a "\\" that is not \\24 (for "$") or \\5C (for "\\")'
    : undefined;
};

const otherMailbox: Validate = (value) => {
  const at = value.indexOf(0x24);
  if (at < 1) return 'is not type$mailbox';
  return printable(value.subarray(0, at)) ?? ascii(value.subarray(at + 1));
};

const definition: Validate = (value) => {
  const text = value.toString('utf8').trim();
  return text.startsWith('(') && text.endsWith(')') ? undefined : 'is not enclosed in "(" and ")"';
};

const DELIVERY = '(?:any|mhs|physical|telex|teletex|g3fax|g4fax|ia5|videotex|telephone)';

const DAY = '[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])';
const TIME = '(?:[01][0-9]|2[0-3])[0-5][0-9]';
const UTC_TIME = new RegExp(`^${DAY}${TIME}(?:[0-5][0-9])?(?:Z|[+-]${TIME})?$`);

const network: Validate = (value) => {
  const read = readNetwork(value.latin1Slice(0, value.length));
  return read.ok ? undefined : `is not a network: ${read.reason}`;
};

const BASE = '1.3.6.1.4.1.1466.115.121.1.';

function syntax(
  oid: string,
  description: string,
  validate: Validate,
  traits: { readonly text?: boolean; readonly binaryTransfer?: boolean } = {},
): Syntax {
  return {
    oid,
    name: description,
    description,
    validate,
    humanReadable: traits.text ?? true,
    binaryTransfer: traits.binaryTransfer ?? false,
  };
}

const bytes = { text: false };
const certificates = { text: false, binaryTransfer: true };

/** Every syntax that an attribute type may name. */
export const syntaxes: readonly Syntax[] = [
  syntax(`${BASE}3`, 'Attribute Type Description', definition),
  syntax(`${BASE}4`, 'Audio', any, bytes),
  syntax(`${BASE}5`, 'Binary', any, certificates),
  syntax(`${BASE}6`, 'Bit String', matching(/^'[01]*'B$/, "is not a bit string such as '0101'B")),
  syntax(`${BASE}7`, 'Boolean', boolean),
  syntax(`${BASE}8`, 'Certificate', der, certificates),
  syntax(`${BASE}9`, 'Certificate List', der, certificates),
  syntax(`${BASE}10`, 'Certificate Pair', der, certificates),
  syntax(
    `${BASE}11`,
    'Country String',
    matching(/^[A-Za-z0-9'()+,\-./:=? ]{2}$/, 'is not a two-letter country code'),
  ),
  syntax(`${BASE}12`, 'DN', dn),
  syntax(
    `${BASE}14`,
    'Delivery Method',
    matching(
      new RegExp(`^${DELIVERY}(?: *\\$ *${DELIVERY})*$`),
      'is not a list of delivery methods such as mhs $ telephone',
    ),
  ),
  syntax(`${BASE}15`, 'Directory String', utf8),
  syntax(`${BASE}16`, 'DIT Content Rule Description', definition),
  syntax(`${BASE}17`, 'DIT Structure Rule Description', definition),
  syntax(`${BASE}21`, 'Enhanced Guide', utf8),
  syntax(`${BASE}22`, 'Facsimile Telephone Number', printableParts),
  syntax(`${BASE}23`, 'Fax', any, bytes),
  syntax(`${BASE}24`, 'Generalized Time', time),
  syntax(`${BASE}25`, 'Guide', utf8),
  syntax(`${BASE}26`, 'IA5 String', ascii),
  syntax(`${BASE}27`, 'INTEGER', integer),
  syntax(`${BASE}28`, 'JPEG', jpeg, bytes),
  syntax(`${BASE}30`, 'Matching Rule Description', definition),
  syntax(`${BASE}31`, 'Matching Rule Use Description', definition),
  syntax(`${BASE}34`, 'Name And Optional UID', dnAndUid),
  syntax(`${BASE}35`, 'Name Form Description', definition),
  syntax(`${BASE}36`, 'Numeric String', matching(/^[0-9 ]+$/, 'may only hold digits and spaces')),
  syntax(`${BASE}37`, 'Object Class Description', definition),
  syntax(
    `${BASE}38`,
    'OID',
    matching(
      /^(?:[A-Za-z][A-Za-z0-9-]*|(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))+)$/,
      'is neither a name nor an OID',
    ),
  ),
  syntax(`${BASE}39`, 'Other Mailbox', otherMailbox),
  syntax(`${BASE}40`, 'Octet String', any, bytes),
  syntax(`${BASE}41`, 'Postal Address', postalAddress),
  syntax(`${BASE}44`, 'Printable String', printable),
  syntax(
    `${BASE}45`,
    'Subtree Specification',
    matching(/^\{[\s\S]*\}$/, 'is not enclosed in "{" and "}"'),
  ),
  syntax(`${BASE}49`, 'Supported Algorithm', der, certificates),
  syntax(`${BASE}50`, 'Telephone Number', printable),
  syntax(`${BASE}51`, 'Teletex Terminal Identifier', printableParts),
  syntax(`${BASE}52`, 'Telex Number', telex),
  syntax(`${BASE}53`, 'UTC Time', matching(UTC_TIME, 'is not a UTC time such as 260131235900Z')),
  syntax(`${BASE}54`, 'LDAP Syntax Description', definition),
  syntax(networkSyntax, 'IP Network', network),
  syntax(`${BASE}58`, 'Substring Assertion', utf8),
  syntax('1.3.6.1.1.15.1', 'X.509 Certificate Exact Assertion', utf8),
  syntax(
    '1.3.6.1.1.16.1',
    'UUID',
    matching(
      /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/,
      'is not a UUID such as 597ae2f6-16a6-1027-98f4-d28b5365dc14',
    ),
  ),
  syntax(
    '1.3.6.1.4.1.4203.666.11.2.1',
    'CSN',
    matching(
      /^[0-9]{14}(?:\.[0-9]{1,6})?Z#[0-9a-fA-F]{6}#[0-9a-fA-F]{2,3}#[0-9a-fA-F]{6}$/,
      'is not a change sequence number',
    ),
  ),
];
