/** Syntaxes (RFC 4517 §3.3): examples of the RFC are valid, their near misses are explained. */
import { describe, expect, test } from '@jest/globals';
import { builtinSchema } from '../../../src/directory/schema/index.js';

const schema = builtinSchema();
const BASE = '1.3.6.1.4.1.1466.115.121.1.';

function reason(oid: string, value: string | Buffer): string | undefined {
  const syntax = schema.syntax(oid.includes('.') ? oid : BASE + oid);
  if (syntax === undefined) throw new Error(`no syntax ${oid}`);
  return syntax.validate(Buffer.from(value));
}

const valid: readonly (readonly [string, string | Buffer])[] = [
  ['3', "( 2.5.4.3 NAME 'cn' )"],
  ['4', Buffer.from([1, 2])],
  ['5', Buffer.from([0])],
  ['6', "'0101111101'B"],
  ['6', "''B"],
  ['7', 'TRUE'],
  ['7', 'FALSE'],
  ['8', Buffer.from([0x30, 0x01, 0x00])],
  ['11', 'US'],
  ['12', 'UID=jsmith,DC=example,DC=net'],
  ['12', ''],
  ['14', 'telephone'],
  ['14', 'mhs $ telephone'],
  ['15', 'Lučić'],
  ['22', '+61 3 9896 7801'],
  ['22', '+81 3 347 7418$fineResolution'],
  ['24', '199412160532-0500'],
  ['26', 'Some text'],
  ['26', ''],
  ['27', '1321'],
  ['27', '-1'],
  ['28', Buffer.from([0xff, 0xd8, 0xff])],
  ['34', "1.3.6.1.4.1.1466.0=#04024869,O=Test,C=GB#'0101'B"],
  ['34', 'o=Test'],
  ['36', '15 079 672 281'],
  ['38', '1.2.3.4'],
  ['38', 'cn'],
  ['39', 'internet$mail@example.com'],
  ['40', Buffer.from([0, 255])],
  ['41', '1234 Main St.$Anytown, CA 12345$USA'],
  ['41', '\\241,000,000 Sweepstakes$PO Box 1000000$Anytown, CA 12345$USA'],
  ['44', 'This is a PrintableString.'],
  ['45', '{ }'],
  ['50', '+1 512 315 0280'],
  ['51', '12345$graphic:x'],
  ['52', '12345$023$ABCDE'],
  ['53', '9412161032Z'],
  ['1.3.6.1.1.16.1', '597ae2f6-16a6-1027-98f4-d28b5365dc14'],
  ['1.3.6.1.4.1.4203.666.11.2.1', '20260131235900.123456Z#000000#001#000000'],
];

const invalid: readonly (readonly [string, string | Buffer, string])[] = [
  ['3', 'cn', 'enclosed'],
  ['6', "'012'B", 'bit string'],
  ['6', '0101', 'bit string'],
  ['7', 'true', 'TRUE nor FALSE'],
  ['8', Buffer.from([0x30, 0x05, 0x00]), 'DER'],
  ['11', 'USA', 'country code'],
  ['12', 'no name', 'distinguished name: expected an attribute type'],
  ['14', 'pigeon', 'delivery methods'],
  ['15', '', 'empty'],
  ['15', Buffer.from([0xc3, 0x28]), 'UTF-8'],
  ['24', '20261301000000Z', 'time'],
  ['26', 'ü', 'ASCII'],
  ['27', '007', 'integer'],
  ['28', Buffer.from('PNG'), 'JPEG'],
  ['34', "x#'0101'B", 'distinguished name'],
  ['36', '12a', 'digits'],
  ['36', '', 'digits'],
  ['38', '1..2', 'OID'],
  ['38', 'a_b', 'OID'],
  ['39', 'mail@example.com', 'type$mailbox'],
  ['41', 'a\\b', '\\24'],
  ['44', 'a_b', 'character 2'],
  ['44', '', 'empty'],
  ['50', 'call me!', 'character 8'],
  ['52', '12345', 'number$country$answerback'],
  ['53', '9413161032Z', 'UTC time'],
  ['1.3.6.1.1.16.1', '597ae2f6', 'UUID'],
  ['1.3.6.1.4.1.4203.666.11.2.1', 'x', 'change sequence number'],
];

describe('syntaxes', () => {
  test.each(valid)('%s takes %j', (oid, value) => {
    expect(reason(oid, value)).toBeUndefined();
  });

  test.each(invalid)('%s refuses %j: … %s', (oid, value, part) => {
    expect(reason(oid, value)).toContain(part);
  });

  test('certificates and lists are transferred as binary, and no text is', () => {
    for (const syntax of schema.syntaxes) {
      if (syntax.binaryTransfer) expect(syntax.humanReadable).toBe(false);
    }
    expect(schema.syntax(`${BASE}8`)?.binaryTransfer).toBe(true);
    expect(schema.syntax(`${BASE}40`)?.binaryTransfer).toBe(false);
  });
});
