/** Names (RFC 4514): parsing, writing, and which texts name the same entry. */
import { describe, expect, test } from '@jest/globals';
import {
  escapeDnValue,
  formatDn,
  formatRdn,
  parseDn,
  parseRdn,
} from '../../../src/directory/model/dn.js';
import {
  builtinSchema,
  dnFault,
  normalizeDn,
  normalizeRdn,
  rootDn,
} from '../../../src/directory/schema/index.js';

const schema = builtinSchema();

function parsed(text: string): [string, string][][] {
  const result = parseDn(text);
  if ('fault' in result) throw new Error(result.fault);
  return result.rdns.map((rdn) => rdn.avas.map((ava) => [ava.type, ava.value.toString('latin1')]));
}

describe('parsing', () => {
  test('the examples of RFC 4514 §4', () => {
    expect(parsed('UID=jsmith,DC=example,DC=net')).toEqual([
      [['UID', 'jsmith']],
      [['DC', 'example']],
      [['DC', 'net']],
    ]);
    expect(parsed('OU=Sales+CN=J.  Smith,DC=example,DC=net')[0]).toEqual([
      ['OU', 'Sales'],
      ['CN', 'J.  Smith'],
    ]);
    expect(parsed('CN=James \\"Jim\\" Smith\\, III,DC=example,DC=net')[0]).toEqual([
      ['CN', 'James "Jim" Smith, III'],
    ]);
    expect(parsed('CN=Before\\0dAfter,DC=example,DC=net')[0]).toEqual([['CN', 'Before\rAfter']]);
    expect(parsed('1.3.6.1.4.1.1466.0=#04024869')[0]).toEqual([['1.3.6.1.4.1.1466.0', 'Hi']]);
    expect(parsed('CN=Lu\\C4\\8Di\\C4\\87')[0]).toEqual([['CN', 'Lu\xc4\x8di\xc4\x87']]);
  });

  test('what older clients write', () => {
    expect(parsed(' cn = a , OID.2.5.4.10 = "b, \\"c\\"" + ou=x ')).toEqual([
      [['cn', 'a']],
      [
        ['2.5.4.10', 'b, "c"'],
        ['ou', 'x'],
      ],
    ]);
    expect(parsed('cn=a\\ ,o=\\ b')).toEqual([[['cn', 'a ']], [['o', ' b']]]);
    expect(parsed('cn=a=b<c>d')).toEqual([[['cn', 'a=b<c>d']]]);
    expect(parsed('')).toEqual([]);
    expect(parsed('cn=')).toEqual([[['cn', '']]]);
  });

  test('the text of each piece is kept as written', () => {
    const result = parseDn(' CN = Big  Joe \\  + o=x , dc= Y ');
    expect('fault' in result ? [] : result.rdns.map((rdn) => rdn.text)).toEqual([
      'CN = Big  Joe \\  + o=x',
      'dc= Y',
    ]);
  });

  test.each([
    ['cn', 'expected an attribute type followed by "=" at column 1'],
    ['=x', 'expected an attribute type (letters, digits and hyphens, or an OID) at column 1'],
    ['c n=x', 'at column 1'],
    ['1.2..3=x', 'at column 1'],
    ['cn=a,', 'expected an attribute type followed by "=" at column 6'],
    ['cn=a,,o=b', 'at column 6'],
    ['cn=a+', 'at column 6'],
    ['cn=a;o=b', 'write "," between names'],
    ['cn=a"b', 'must be escaped'],
    ['cn=a\\', '"\\" must be followed by'],
    ['cn=a\\zz', '"\\" must be followed by'],
    ['cn=a\\0', '"\\" must be followed by'],
    ['cn="a', 'the quotation mark is never closed'],
    ['cn="a" b', 'expected "," or "+" at column 8'],
    ['cn=#', 'hexadecimal'],
    ['cn=#0', 'hexadecimal'],
    ['cn=#0405', 'not one whole BER element'],
    ['cn=#04024869x', 'expected "," or "+"'],
    ['cn=\u0000', 'must be escaped'],
  ])('%j is refused: %s', (text, part) => {
    const result = parseDn(text);
    expect('fault' in result && result.fault).toContain(part);
    expect(normalizeDn(schema, text)).toBeUndefined();
    expect(dnFault(schema, text)).toContain(part);
  });

  test('depth is bounded, in both parsers, however long the text', () => {
    const deep = (count: number): string => Array.from({ length: count }, () => 'o=a').join(',');
    expect('fault' in parseDn(deep(64))).toBe(false);
    expect(parseDn(deep(65))).toEqual({ fault: 'more than 64 relative names' });
    expect(normalizeDn(schema, deep(64))?.rdns).toHaveLength(64);
    expect(normalizeDn(schema, deep(65))).toBeUndefined();
    expect(normalizeDn(schema, deep(200_000))).toBeUndefined();
    expect(parseDn(deep(3), 2)).toEqual({ fault: 'more than 2 relative names' });
  });

  test('one relative name is one', () => {
    expect(parseRdn('cn=a+o=b')).toMatchObject({ text: 'cn=a+o=b' });
    expect('fault' in parseRdn('cn=a,o=b')).toBe(true);
    expect('fault' in parseRdn('')).toBe(true);
  });
});

describe('writing', () => {
  test.each([
    ['James "Jim" Smith, III', 'James \\"Jim\\" Smith\\, III'],
    ['#1', '\\#1'],
    [' a ', '\\ a\\ '],
    [' ', '\\ '],
    ['a\u0000b', 'a\\00b'],
    ['a=b', 'a=b'],
    ['Lučić', 'Lučić'],
    ['', ''],
  ])('%j is written %j', (value, text) => {
    expect(escapeDnValue(value)).toBe(text);
    expect(escapeDnValue(Buffer.from(value))).toBe(text);
  });

  test('bytes that are not UTF-8 are written in hexadecimal', () => {
    expect(escapeDnValue(Buffer.from([0x61, 0xff]))).toBe('\\61\\ff');
    const avas = [
      { type: 'cn', value: Buffer.from('a+b') },
      { type: 'o', value: Buffer.from('c') },
    ];
    expect(formatRdn(avas)).toBe('cn=a\\+b+o=c');
    expect(formatDn([{ avas }, { avas }])).toBe('cn=a\\+b+o=c,cn=a\\+b+o=c');
  });
});

describe('normal form', () => {
  const key = (text: string): string | undefined => normalizeDn(schema, text)?.key;

  test.each([
    ['uid=jsmith,dc=example,dc=net', ' UID = JSmith , DC=Example,DC=net'],
    ['uid=jsmith,dc=net', 'userid=jsmith,domainComponent=NET'],
    ['uid=jsmith,dc=net', '0.9.2342.19200300.100.1.1=jsmith,OID.0.9.2342.19200300.100.1.25=net'],
    ['cn=a b', 'cn=A   B'],
    ['cn=a+uid=b', 'uid=B+cn=A'],
    ['cn=Müller', 'CN=M\\C3\\BCLLER'],
    ['cn=a\\,b', 'cn="A,B"'],
    ['cn=Hi', 'cn=#04024849'],
    ['ou=people,dc=x', 'OU=\\50eople,dc=x'],
    ['foo=A  b', 'FOO=a B'],
    ['memberUid=a', 'memberuid=a'],
    ['', '  '],
  ])('%j and %j name the same entry', (a, b) => {
    expect(key(a)).toBeDefined();
    expect(key(a)).toBe(key(b));
    expect(dnFault(schema, b)).toBeUndefined();
  });

  test.each([
    ['uid=a,dc=x', 'uid=a\\,dc=x'],
    ['cn=a+uid=b', 'cn=a,uid=b'],
    ['cn=a', 'sn=a'],
    ['cn=a b', 'cn=ab'],
    ['memberUid=a', 'memberUid=A'],
    ['cn=a\\00ou=b', 'cn=a,ou=b'],
    [
      'entryUUID=597ae2f6-16a6-1027-98f4-d28b5365dc14',
      'entryUUID=597ae2f6-16a6-1027-98f4-d28b5365dc15',
    ],
    ['userPassword=\\00', 'userPassword=\\020'],
    ['userPassword=a\\01cn=b', 'userPassword=a+cn=b'],
  ])('%j and %j name different entries', (a, b) => {
    expect(key(a)).toBeDefined();
    expect(key(b)).toBeDefined();
    expect(key(a)).not.toBe(key(b));
  });

  test('keys of relative names are joined leaf first, so that a subtree is a suffix', () => {
    const dn = normalizeDn(schema, 'UID=U1,ou=People,dc=Example,dc=com');
    expect(dn?.key).toBe('uid=u1\u0000ou=people\u0000dc=example\u0000dc=com');
    expect(dn?.rdns.map((rdn) => rdn.text)).toEqual([
      'UID=U1',
      'ou=People',
      'dc=Example',
      'dc=com',
    ]);
    expect(dn?.rdns.map((rdn) => rdn.key).join('\u0000')).toBe(dn?.key);
    expect(normalizeDn(schema, '')).toBe(rootDn);
    expect(normalizeRdn(schema, ' OU=People ')).toEqual({ key: 'ou=people', text: 'OU=People' });
    expect(normalizeRdn(schema, 'ou=a,o=b')).toBeUndefined();
  });

  test('a value that its type does not allow is no name, and the reason says which', () => {
    expect(key('uidNumber=abc,dc=x')).toBeUndefined();
    expect(dnFault(schema, 'uidNumber=abc,dc=x')).toBe(
      'the value of "uidNumber" in "uidNumber=abc" is not valid for that attribute type',
    );
    expect(key('uidNumber=7,dc=x')).toBeDefined();
    expect(key('cn=\\ff,dc=x')).toBeUndefined();
  });

  test('asking again gives the same answer', () => {
    for (let round = 0; round < 3; round += 1) {
      expect(key('uid=a,ou=People,dc=x')).toBe(key('uid=A,OU=people,dc=X'));
      expect(key('cn=bad\\,ou=People,dc=x')).toBe('cn=bad,ou=people\u0000dc=x');
      expect(key('uid=a,')).toBeUndefined();
    }
  });
});
