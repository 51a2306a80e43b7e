/** Every control and extended value: bytes by hand, round trip, malformed, noise. */
import assert from 'node:assert/strict';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeAssertion,
  decodePagedResults,
  decodePasswordModifyRequest,
  decodePasswordModifyResponse,
  decodePasswordPolicy,
  decodeReadEntryRequest,
  decodeReadEntryResponse,
  decodeSessionTracking,
  encodeAssertion,
  encodePagedResults,
  encodePasswordModifyRequest,
  encodePasswordModifyResponse,
  encodePasswordPolicy,
  encodeReadEntryRequest,
  encodeReadEntryResponse,
  encodeSessionTracking,
} from '../../src/ldap/protocol/index.js';
import { seed } from '../support/seed.js';
import { attribute, filter, record, text, value } from './support/arbitraries.js';
import { ascii, hex } from './support/bytes.js';
import { limits } from './support/limits.js';

const bytes = (content: string): Buffer => Buffer.from(content, 'utf8');
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(of, { nil: undefined });

/** One codec: how to make a value, write it, read it, and its bytes by hand. */
interface Codec {
  readonly name: string;
  readonly vector: readonly [string, unknown];
  readonly any: fc.Arbitrary<unknown>;
  readonly encode: (decoded: never) => Buffer;
  readonly decode: (encoded: Buffer) => unknown;
  readonly malformed: readonly string[];
}

const codecs: readonly Codec[] = [
  {
    name: 'paged results',
    vector: ['3008 020203e8 0402636b', { size: 1000, cookie: bytes('ck') }],
    any: record({ size: fc.integer({ min: 0, max: 0x7fffffff }), cookie: value }),
    encode: encodePagedResults,
    decode: decodePagedResults,
    malformed: ['', '3000', '3005 0201ff 0400', '3009 02050080000000 0400', '3005 020101 0400 00'],
  },
  {
    name: 'pre-read and post-read request',
    vector: [`3006 0402${ascii('cn')} 0400`, ['cn', '']],
    any: fc.array(text, { maxLength: 8 }),
    encode: encodeReadEntryRequest,
    decode: (encoded) => decodeReadEntryRequest(encoded, 10),
    malformed: ['', '3003 0401ff', '3001 04', `3016${'0400'.repeat(11)}`],
  },
  {
    name: 'pre-read and post-read response',
    vector: [
      '6413 0404636e3d61 300b 3009 0402736e 3103040178',
      {
        kind: 'searchEntry',
        objectName: 'cn=a',
        attributes: [{ description: 'sn', values: [bytes('x')] }],
      },
    ],
    any: record({
      kind: fc.constant('searchEntry'),
      objectName: text,
      attributes: fc.array(attribute, { maxLength: 4 }),
    }),
    encode: encodeReadEntryResponse,
    decode: decodeReadEntryResponse,
    malformed: ['', '3002 0400', '6402 0400', '6405 0401ff 3000'],
  },
  {
    name: 'assertion',
    vector: ['8702636e', { kind: 'present', attribute: 'cn' }],
    any: filter,
    encode: encodeAssertion,
    decode: (encoded) => decodeAssertion(encoded, limits),
    malformed: ['', '8f00', '8702636e 00', 'a302 0400'],
  },
  {
    name: 'session tracking',
    vector: [
      `300e 0402${ascii('ip')} 0400 0403${ascii('1.2')} 0401${ascii('s')}`,
      {
        sessionSourceIp: 'ip',
        sessionSourceName: '',
        formatOid: '1.2',
        sessionTrackingIdentifier: 's',
      },
    ],
    any: record({
      sessionSourceIp: text,
      sessionSourceName: text,
      formatOid: text,
      sessionTrackingIdentifier: text,
    }),
    encode: encodeSessionTracking,
    decode: decodeSessionTracking,
    malformed: ['', '3006 0400 0400 0400', '3009 0401ff 0400 0400 0400'],
  },
  {
    name: 'password modify request',
    vector: [
      '300c 800161 81026f6c 82036e6577',
      { userIdentity: 'a', oldPassword: bytes('ol'), newPassword: bytes('new') },
    ],
    any: record({
      userIdentity: maybe(text),
      oldPassword: maybe(value),
      newPassword: maybe(value),
    }),
    encode: encodePasswordModifyRequest,
    decode: decodePasswordModifyRequest,
    malformed: ['', '3003 8001ff', '3002 8005', '3100'],
  },
  {
    name: 'password modify response',
    vector: ['3003 800167', { generatedPassword: bytes('g') }],
    any: record({ generatedPassword: maybe(value) }),
    encode: encodePasswordModifyResponse,
    decode: decodePasswordModifyResponse,
    malformed: ['', '3002 8001', '0400'],
  },
  {
    name: 'password policy',
    vector: [
      '3008 a003 810102 810102',
      { warning: { kind: 'graceAuthNsRemaining', count: 2 }, error: 2 },
    ],
    any: record({
      warning: maybe(
        fc.oneof(
          record({
            kind: fc.constant('timeBeforeExpiration'),
            seconds: fc.integer({ min: 0, max: 0x7fffffff }),
          }),
          record({
            kind: fc.constant('graceAuthNsRemaining'),
            count: fc.integer({ min: 0, max: 0x7fffffff }),
          }),
        ),
      ),
      error: maybe(fc.integer({ min: 0, max: 8 })),
    }),
    encode: encodePasswordPolicy,
    decode: decodePasswordPolicy,
    malformed: ['', '3002 a000', '3005 a003 8001ff', '3005 a003 820101'],
  },
];

describe.each(codecs)('$name', ({ vector, any, encode, decode, malformed }) => {
  test('bytes by hand', () => {
    const [encoded, decoded] = vector;
    assert.deepStrictEqual(decode(hex(encoded)), decoded);
    expect(encode(decoded as never).toString('hex')).toBe(hex(encoded).toString('hex'));
  });

  test('encode, then decode', () => {
    fc.assert(
      fc.property(any, (decoded) => {
        assert.deepStrictEqual(decode(encode(decoded as never)), decoded);
      }),
      { seed: seed() },
    );
  });

  test.each(malformed)('malformed %s is undefined', (encoded) => {
    expect(decode(hex(encoded))).toBeUndefined();
  });

  test('noise is a value or undefined', () => {
    fc.assert(
      fc.property(any, fc.nat(), fc.integer({ min: 0, max: 255 }), (decoded, at, octet) => {
        const noise = encode(decoded as never);
        noise[at % noise.length] = octet;
        expect(() => decode(noise)).not.toThrow();
      }),
      { seed: seed() },
    );
  });
});

test('an empty password modify request has no field', () => {
  expect(decodePasswordModifyRequest(hex('3000'))).toEqual({
    userIdentity: undefined,
    oldPassword: undefined,
    newPassword: undefined,
  });
});
