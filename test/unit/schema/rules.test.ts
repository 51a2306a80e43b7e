/** Matching rules (RFC 4517 §4.2, RFC 4518): which values match, and how they order. */
import { describe, expect, test } from '@jest/globals';
import { builtinSchema } from '../../../src/directory/schema/index.js';

const schema = builtinSchema();

function rule(name: string) {
  const found = schema.matchingRule(name);
  if (found === undefined) throw new Error(`no rule ${name}`);
  return found;
}

function normal(name: string, value: string | Buffer): string | undefined {
  return rule(name).normalize(Buffer.from(value))?.toString('latin1');
}

function equal(name: string, a: string, b: string): boolean {
  const x = normal(name, a);
  return x !== undefined && x === normal(name, b);
}

describe('case-ignore strings', () => {
  test.each([
    ['abc', 'ABC'],
    ['John Doe', '  john   DOE '],
    ['a b', 'a\tb'],
    ['a b', 'a\u00a0b'],
    ['a b', 'a\u2003\u3000b'],
    ['ab', 'a\u00adb'],
    ['ab', 'a\u200bb'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['ı', 'ı'],
    ['İ', 'i\u0307'],
    ['Müller', 'MU\u0308LLER'],
    ['ΟΔΟΣ', 'οδος'],
    ['ｆｕｌｌ', 'FULL'],
    ['ﬁn', 'FIN'],
    ['Ⅷ', 'viii'],
    ['', '   '],
  ])('%j matches %j', (a, b) => {
    expect(equal('caseIgnoreMatch', a, b)).toBe(true);
  });

  test.each([
    ['a b', 'ab'],
    ['ı', 'i'],
    ['a', 'b'],
    ['Müller', 'Muller'],
  ])('%j does not match %j', (a, b) => {
    expect(equal('caseIgnoreMatch', a, b)).toBe(false);
  });

  test.each([
    ['broken UTF-8', Buffer.from([0x61, 0xff])],
    ['private use', Buffer.from('a\ue000')],
    ['the replacement character', Buffer.from('a\ufffd')],
    ['an unassigned code point', Buffer.from('a\u0378')],
    ['a non-character', Buffer.from('a\ufdd0')],
  ])('%s has no normal form', (_, value) => {
    expect(rule('caseIgnoreMatch').normalize(value)).toBeUndefined();
    expect(rule('caseExactMatch').normalize(value)).toBeUndefined();
  });

  test('a space that carries a combining mark is no space', () => {
    expect(equal('caseIgnoreMatch', 'a \u0301', 'a\u0301')).toBe(false);
    expect(equal('caseIgnoreMatch', ' \u0301a', '\u0301a')).toBe(false);
  });

  test('newer characters than those of Unicode 3.2 match too', () => {
    expect(equal('caseIgnoreMatch', 'party 🥳', 'PARTY  🥳')).toBe(true);
  });

  test('case-exact keeps case', () => {
    expect(equal('caseExactMatch', 'a  B', ' a B')).toBe(true);
    expect(equal('caseExactMatch', 'a', 'A')).toBe(false);
    expect(equal('caseExactMatch', 'É', 'E\u0301')).toBe(true);
  });

  test('the IA5 rules take ASCII only', () => {
    expect(equal('caseIgnoreIA5Match', 'A@B', 'a@b')).toBe(true);
    expect(normal('caseIgnoreIA5Match', 'ü')).toBeUndefined();
    expect(equal('caseExactIA5Match', 'A', 'a')).toBe(false);
  });
});

describe('substrings (RFC 4518 Appendix B)', () => {
  function pieceOf(text: string, position: 'initial' | 'any' | 'final'): string {
    const made = rule('caseIgnoreSubstringsMatch').normalizePiece?.(Buffer.from(text), position);
    return made?.toString() ?? '';
  }

  function matches(value: string, initial: string, final: string): boolean {
    const text = normal('caseIgnoreMatch', value) ?? '';
    const head = pieceOf(initial, 'initial');
    const tail = pieceOf(final, 'final');
    return text.startsWith(head) && text.endsWith(tail) && text.length >= head.length + tail.length;
  }

  test('foo\\20*\\20bar matches whatever number of spaces, but not none', () => {
    for (const value of ['foo bar', 'foo  bar', 'FOO    bar']) {
      expect(matches(value, 'foo ', ' bar')).toBe(true);
    }
    expect(matches('foobar', 'foo ', ' bar')).toBe(false);
  });

  test('spaces at the inner ends of a piece are one, at the outer ends none', () => {
    expect(pieceOf('  A  b  ', 'initial')).toBe('a  b ');
    expect(pieceOf('  A  b  ', 'any')).toBe(' a  b ');
    expect(pieceOf('  A  b  ', 'final')).toBe(' a  b');
    expect(pieceOf('Ä b', 'any')).toBe('ä  b');
  });

  test('a numeric or telephone piece loses what is insignificant', () => {
    const phone = rule('telephoneNumberSubstringsMatch').normalizePiece;
    expect(phone?.(Buffer.from('-512 3'), 'any')?.toString()).toBe('5123');
  });
});

describe('numbers, times and other values', () => {
  test('telephone numbers of RFC 4517 §3.3.31 match with and without hyphens', () => {
    expect(equal('telephoneNumberMatch', '+1 512 315 0280', '+1-512-315-0280')).toBe(true);
    expect(equal('telephoneNumberMatch', '+1 512', '+1 513')).toBe(false);
  });

  test('numeric strings ignore spaces', () => {
    expect(equal('numericStringMatch', '15 079 672 281', '15079672281')).toBe(true);
  });

  test('integers order as numbers', () => {
    const ascending = ['-1000', '-999', '-10', '-9', '-1', '0', '1', '9', '10', '11', '100'];
    const keys = ascending.map((text) => rule('integerMatch').normalize(Buffer.from(text))!);
    expect([...keys].reverse().sort(Buffer.compare)).toEqual(keys);
    const long = ['9'.repeat(126), `1${'0'.repeat(126)}`, '1'.repeat(300)];
    const longKeys = [`-${long[2]}`, `-${long[1]}`, `-${long[0]}`, ...long].map(
      (text) => rule('integerMatch').normalize(Buffer.from(text))!,
    );
    expect([...longKeys].reverse().sort(Buffer.compare)).toEqual(longKeys);
  });

  test.each(['', '-', '-0', '01', '1.0', '+1', ' 1', '0x1'])('%j is no integer', (text) => {
    expect(normal('integerMatch', text)).toBeUndefined();
  });

  test.each([
    ['199412161032Z', '199412160532-0500'],
    ['20260101000000Z', '20260101000000.000Z'],
    ['20260101000000Z', '2026010101+01'],
    ['20260101003000Z', '2026010100.5Z'],
    ['20260101000030Z', '202601010000,5Z'],
    ['20251231233000Z', '20260101000000+0030'],
    ['000001010000Z', '00000101000000Z'],
    ['20240229000000Z', '2024022900Z'],
  ])('the times %s and %s are equal', (a, b) => {
    expect(equal('generalizedTimeMatch', a, b)).toBe(true);
  });

  test('fractions and leap seconds order where they belong', () => {
    const ascending = [
      '000001010000Z',
      '19700101000000Z',
      '20161231235959.9Z',
      '20161231235960Z',
      '20170101000000Z',
      '20170101000000.05Z',
      '20170101000000.5Z',
      '20170101000001Z',
      '99991231235959Z',
    ];
    const rule0 = rule('generalizedTimeOrderingMatch');
    const keys = ascending.map((text) => rule0.normalize(Buffer.from(text))!);
    expect([...keys].reverse().sort(Buffer.compare)).toEqual(keys);
  });

  test.each([
    '20260101000000',
    '20261301000000Z',
    '20260230000000Z',
    '19000229000000Z',
    '20260101240000Z',
    '20260101006000Z',
    '20260101000061Z',
    '20260101000000.Z',
    '20260101000000+2400',
    '20260101000000+01000',
    '000001010000+0100',
    '999912312359-0100',
    '2026-01-01T00:00:00Z',
    '',
    'Z',
  ])('%j is no time', (text) => {
    expect(normal('generalizedTimeMatch', text)).toBeUndefined();
  });

  test('booleans, bit strings, UUIDs and octets', () => {
    expect(equal('booleanMatch', 'TRUE', 'true')).toBe(true);
    expect(equal('booleanMatch', 'TRUE', 'FALSE')).toBe(false);
    expect(normal('booleanMatch', 'yes')).toBeUndefined();
    expect(equal('bitStringMatch', "'01'B", "'01'B")).toBe(true);
    expect(normal('bitStringMatch', "'02'B")).toBeUndefined();
    const uuid = '597ae2f6-16a6-1027-98f4-d28b5365dc14';
    expect(equal('UUIDMatch', uuid, uuid.toUpperCase())).toBe(true);
    expect(rule('UUIDMatch').normalize(Buffer.from(uuid))).toHaveLength(16);
    expect(normal('UUIDMatch', '597ae2f6')).toBeUndefined();
    expect(normal('octetStringMatch', Buffer.from([0, 255]))).toBe('\u0000\u00ff');
  });

  test('addresses match line by line', () => {
    expect(equal('caseIgnoreListMatch', '1234 Main St.$USA', '1234  main st. $ usa')).toBe(true);
    expect(equal('caseIgnoreListMatch', 'a$b', 'a b')).toBe(false);
    expect(equal('caseIgnoreListMatch', '\\241,000', '\\241,000')).toBe(true);
    expect(normal('caseIgnoreListMatch', '\\241$\\5C')).toBe('$1\n\\');
  });
});

describe('object identifiers and first components', () => {
  test('names and OIDs of the same thing are equal, unknown names undefined', () => {
    expect(equal('objectIdentifierMatch', 'person', '2.5.6.6')).toBe(true);
    expect(equal('objectIdentifierMatch', 'PERSON', 'person')).toBe(true);
    expect(equal('objectIdentifierMatch', 'userid', 'uid')).toBe(true);
    expect(normal('objectIdentifierMatch', '1.2.3.4.5')).toBe('1.2.3.4.5');
    expect(normal('objectIdentifierMatch', 'noSuchThing')).toBeUndefined();
  });

  test('a definition is found by the OID in front', () => {
    const first = rule('objectIdentifierFirstComponentMatch');
    const stored = first.normalize(Buffer.from("( 2.5.4.3 NAME 'cn' )"));
    expect(first.normalizeAssertion?.(Buffer.from('cn'))).toEqual(stored);
    const number = rule('integerFirstComponentMatch');
    expect(number.normalize(Buffer.from('( 2 FORM x )'))).toEqual(
      number.normalizeAssertion?.(Buffer.from('2')),
    );
    const text = rule('directoryStringFirstComponentMatch');
    expect(text.normalize(Buffer.from("( 'A b' x )"))).toEqual(
      text.normalizeAssertion?.(Buffer.from('a  B')),
    );
    expect(first.normalize(Buffer.from('nothing'))).toBeUndefined();
  });
});

describe('rules with a test of their own', () => {
  function tested(name: string, stored: string, assertion: string): boolean | undefined {
    const found = rule(name);
    return found.test?.(
      found.normalize(Buffer.from(stored))!,
      found.normalize(Buffer.from(assertion))!,
    );
  }

  test('all bits, any bit', () => {
    expect(tested('1.2.840.113556.1.4.803', '514', '2')).toBe(true);
    expect(tested('1.2.840.113556.1.4.803', '512', '2')).toBe(false);
    expect(tested('1.2.840.113556.1.4.803', '514', '515')).toBe(false);
    expect(tested('1.2.840.113556.1.4.804', '514', '515')).toBe(true);
    expect(tested('1.2.840.113556.1.4.804', '512', '2')).toBe(false);
    expect(tested('1.2.840.113556.1.4.803', '-2147483646', '2')).toBe(true);
    expect(tested('1.2.840.113556.1.4.803', '9'.repeat(80), '1')).toBe(false);
  });

  test('a word is found whole', () => {
    expect(tested('wordMatch', 'The quick, brown fox', 'BROWN')).toBe(true);
    expect(tested('wordMatch', 'The quick brown fox', 'row')).toBe(false);
    expect(tested('keywordMatch', 'alpha;beta', 'beta')).toBe(true);
  });
});

describe('names', () => {
  test('distinguishedNameMatch normalises, uniqueMemberMatch minds the identifier', () => {
    expect(equal('distinguishedNameMatch', 'CN=A , O=B', 'cn=a,o=b')).toBe(true);
    expect(normal('distinguishedNameMatch', 'not a name')).toBeUndefined();
    expect(equal('uniqueMemberMatch', "cn=A,o=b#'01'B", "CN=a, o=B#'01'B")).toBe(true);
    expect(equal('uniqueMemberMatch', "cn=a,o=b#'01'B", 'cn=a,o=b')).toBe(false);
    expect(equal('uniqueMemberMatch', 'cn=A#1', 'cn=a#1')).toBe(true);
  });

  const certificate = Buffer.from(
    `MIIBwTCCAWegAwIBAgIGHy49TFtqMAoGCCqGSM49BAMCMD0xCzAJBgNVBAYTAkRFMRwwGgYDVQQKDBNF
eGFtcGxlICJDb3JwIiwgSW5jMRAwDgYDVQQDDAdUZXN0IENBMB4XDTI2MTEyMzA0NDMyNFoXDTM2MTEy
MDA0NDMyNFowPTELMAkGA1UEBhMCREUxHDAaBgNVBAoME0V4YW1wbGUgIkNvcnAiLCBJbmMxEDAOBgNV
BAMMB1Rlc3QgQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATZMwsulxo1HqdgI/NYm97g29fNZLZZ
Ocjh+BsbXicuNnCwYfdHUHTO3JDbEA+BbocE/HPf4gwpbqV8I/w4quL/o1MwUTAdBgNVHQ4EFgQUHy7S
j1lESyivLC9anhyLVly4J+kwHwYDVR0jBBgwFoAUHy7Sj1lESyivLC9anhyLVly4J+kwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAC8jfPD7MZYgcZ4/EV76DNsX/Kh9wIDWx3oTW6eUHl6QIh
AKYiL7EE/agUxWnQWVTi8xn1oC+nsQrcAEddWJqtAfTt`,
    'base64',
  );

  test.each([
    '{ serialNumber 34283457370986, issuer rdnSequence:' +
      '"cn=test ca,o=Example \\""Corp\\""\\, Inc,c=de" }',
    '34283457370986$CN=Test CA,O=Example \\"Corp\\"\\, Inc,C=DE',
  ])('the certificate is found by %s', (assertion) => {
    const found = rule('certificateExactMatch');
    expect(found.normalize(certificate)).toBeDefined();
    expect(found.normalize(Buffer.from(assertion))).toEqual(found.normalize(certificate));
  });

  test('another serial number or issuer is another certificate; garbage is undefined', () => {
    const found = rule('certificateExactMatch');
    expect(found.normalize(Buffer.from('1$CN=Test CA'))).not.toEqual(found.normalize(certificate));
    for (let length = 0; length < certificate.length; length += 7) {
      expect(found.normalize(certificate.subarray(0, length))).toBeUndefined();
    }
    expect(schema.syntax('1.3.6.1.4.1.1466.115.121.1.8')?.validate(certificate)).toBeUndefined();
  });
});
