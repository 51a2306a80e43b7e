/** Every PDU as bytes written by hand from the productions of RFC 4511, read and written. */
import assert from 'node:assert/strict';
import { describe, expect, test } from '@jest/globals';
import type { Filter as DirectoryFilter } from '../../src/directory/model/filter.js';
import {
  type Control,
  decodeRequest,
  decodeResponse,
  encodeNoticeOfDisconnection,
  encodeRequest,
  encodeResponse,
  type Filter,
  finalResponse,
  noControls,
  type RequestOp,
  type ResponseOf,
  type ResponseOp,
} from '../../src/ldap/protocol/index.js';
import { ascii, hex, searchMessage } from './support/bytes.js';
import { limits } from './support/limits.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
const startTls = '1.3.6.1.4.1.1466.20037';
const notice = '1.3.6.1.4.1.1466.20036';
const sn = { description: 'sn', values: [bytes('x')] };

const rootSearch: RequestOp = {
  kind: 'search',
  baseObject: '',
  scope: 0,
  derefAliases: 0,
  sizeLimit: 0,
  timeLimit: 0,
  typesOnly: false,
  filter: { kind: 'present', attribute: 'objectClass' },
  attributes: [],
};

const requests: readonly (readonly [string, string, number, RequestOp, (readonly Control[])?])[] = [
  [
    'anonymous bind',
    '300c 020101 6007 020103 0400 8000',
    1,
    {
      kind: 'bind',
      version: 3,
      name: '',
      authentication: { kind: 'simple', password: bytes('') },
    },
  ],
  [
    'simple bind',
    '3012 020102 600d 020103 0404636e3d61 80027077',
    2,
    {
      kind: 'bind',
      version: 3,
      name: 'cn=a',
      authentication: { kind: 'simple', password: bytes('pw') },
    },
  ],
  [
    'SASL bind',
    `3016 020103 6011 020103 0400 a30a 0408${ascii('EXTERNAL')}`,
    3,
    {
      kind: 'bind',
      version: 3,
      name: '',
      authentication: { kind: 'sasl', mechanism: 'EXTERNAL', credentials: undefined },
    },
  ],
  [
    'bind of an unknown kind',
    '300c 020101 6007 020103 0400 8900',
    1,
    { kind: 'bind', version: 3, name: '', authentication: { kind: 'unknown', tag: 0x89 } },
  ],
  ['unbind', '3005 020104 4200', 4, { kind: 'unbind' }],
  [
    'search',
    `3025 020105 6320 0400 0a0100 0a0100 020100 020100 010100 870b${ascii('objectClass')} 3000`,
    5,
    rootSearch,
  ],
  ['delete', '3009 020106 4a04636e3d61', 6, { kind: 'delete', entry: 'cn=a' }],
  ['abandon', '3006 020107 500105', 7, { kind: 'abandon', abandonedId: 5 }],
  [
    'compare',
    '3014 020108 6e0f 0404636e3d61 3007 0402636e 040178',
    8,
    { kind: 'compare', entry: 'cn=a', attribute: 'cn', value: bytes('x') },
  ],
  [
    'modify',
    '301d 020109 6618 0404636e3d61 3010 300e 0a0102 3009 0402736e 3103040178',
    9,
    { kind: 'modify', object: 'cn=a', changes: [{ operation: 'replace', modification: sn }] },
  ],
  [
    'modify by increment (RFC 4525)',
    '301d 020109 6618 0404636e3d61 3010 300e 0a0103 3009 0402736e 3103040178',
    9,
    { kind: 'modify', object: 'cn=a', changes: [{ operation: 'increment', modification: sn }] },
  ],
  [
    'add',
    '3018 02010a 6813 0404636e3d61 300b 3009 0402736e 3103040178',
    10,
    { kind: 'add', entry: 'cn=a', attributes: [sn] },
  ],
  [
    'modify DN',
    '301a 02010b 6c15 0404636e3d61 0404636e3d62 0101ff 800464633d78',
    11,
    {
      kind: 'modifyDn',
      entry: 'cn=a',
      newRdn: 'cn=b',
      deleteOldRdn: true,
      newSuperior: 'dc=x',
    },
  ],
  [
    'extended',
    `301d 02010c 7718 8016${ascii(startTls)}`,
    12,
    { kind: 'extended', requestName: startTls, requestValue: undefined },
  ],
  [
    'controls',
    '3017 02010d 4a04636e3d61 a00c 300a 0403312e32 0101ff 0400',
    13,
    { kind: 'delete', entry: 'cn=a' },
    [{ oid: '1.2', critical: true, value: bytes('') }],
  ],
  [
    'a control with nothing but its type',
    '3012 02010d 4a04636e3d61 a007 3005 0403312e32',
    13,
    { kind: 'delete', entry: 'cn=a' },
    [{ oid: '1.2', critical: false, value: undefined }],
  ],
];

describe('requests', () => {
  test.each(requests)('%s', (_, text, messageId, op, controls = noControls) => {
    const message = decodeRequest(hex(text), limits);
    assert.deepStrictEqual(message, { kind: 'request', messageId, op, controls });
    expect(encodeRequest(messageId, op, controls).toString('hex')).toBe(hex(text).toString('hex'));
  });
});

const plain = { matchedDn: '', diagnosticMessage: '', referral: undefined };

const responses: readonly (readonly [string, string, number, ResponseOp])[] = [
  [
    'search done',
    '300c 020101 6507 0a0100 0400 0400',
    1,
    { kind: 'searchDone', resultCode: 0, ...plain },
  ],
  [
    'bind response',
    '3011 020102 610c 0a0131 0400 04026e6f 870163',
    2,
    {
      kind: 'bindResponse',
      ...plain,
      resultCode: 49,
      diagnosticMessage: 'no',
      serverSaslCreds: bytes('c'),
    },
  ],
  [
    'referral',
    `3018 020103 6713 0a010a 0400 0400 a30a 0408${ascii('ldap:///')}`,
    3,
    { kind: 'modifyResponse', ...plain, resultCode: 10, referral: ['ldap:///'] },
  ],
  [
    'matched DN',
    '3010 020103 690b 0a0120 0404636e3d61 0400',
    3,
    { kind: 'addResponse', ...plain, resultCode: 32, matchedDn: 'cn=a' },
  ],
  [
    'delete response',
    '300c 020101 6b07 0a0100 0400 0400',
    1,
    { kind: 'deleteResponse', resultCode: 0, ...plain },
  ],
  [
    'modify DN response',
    '300c 020101 6d07 0a0100 0400 0400',
    1,
    { kind: 'modifyDnResponse', resultCode: 0, ...plain },
  ],
  [
    'compare true',
    '300c 020101 6f07 0a0106 0400 0400',
    1,
    { kind: 'compareResponse', resultCode: 6, ...plain },
  ],
  [
    'entry',
    '3018 020104 6413 0404636e3d61 300b 3009 0402736e 3103040178',
    4,
    { kind: 'searchEntry', objectName: 'cn=a', attributes: [sn] },
  ],
  [
    'reference',
    `300f 020105 730a 0408${ascii('ldap:///')}`,
    5,
    { kind: 'searchReference', uris: ['ldap:///'] },
  ],
  [
    'extended response',
    '3014 020101 780f 0a0100 0400 0400 8a03312e32 8b0178',
    1,
    {
      kind: 'extendedResponse',
      resultCode: 0,
      ...plain,
      responseName: '1.2',
      responseValue: bytes('x'),
    },
  ],
  [
    'intermediate response',
    '300d 020106 7908 8003312e32 810178',
    6,
    { kind: 'intermediate', responseName: '1.2', responseValue: bytes('x') },
  ],
];

describe('responses', () => {
  test.each(responses)('%s', (_, text, messageId, op) => {
    const message = decodeResponse(hex(text));
    assert.deepStrictEqual(message, { kind: 'response', messageId, op, controls: [] });
    expect(encodeResponse(messageId, op).toString('hex')).toBe(hex(text).toString('hex'));
  });

  test('notice of disconnection', () => {
    const text = `3027 020100 7822 0a0102 0400 0403${ascii('bad')} 8a16${ascii(notice)}`;
    expect(encodeNoticeOfDisconnection(2, 'bad').equals(hex(text))).toBe(true);
  });

  test.each([
    ['bind', 0x61],
    ['search', 0x65],
    ['modify', 0x67],
    ['add', 0x69],
    ['delete', 0x6b],
    ['modifyDn', 0x6d],
    ['compare', 0x6f],
    ['extended', 0x78],
  ] as const)('%s is answered with its own response', (kind, tag) => {
    const response = encodeResponse(1, finalResponse(kind, 80, 'no', 'cn=a'));
    expect(response[5]).toBe(tag);
    const decoded = decodeResponse(response);
    expect(decoded).toMatchObject({
      op: { resultCode: 80, diagnosticMessage: 'no', matchedDn: 'cn=a' },
    });
  });
});

const filters: readonly (readonly [string, string, Filter])[] = [
  ['true (RFC 4526)', 'a000', { kind: 'and', filters: [] }],
  ['false (RFC 4526)', 'a100', { kind: 'or', filters: [] }],
  ['not', 'a204 8702636e', { kind: 'not', filter: { kind: 'present', attribute: 'cn' } }],
  [
    'and',
    'a00b a307 0402636e 040178 8700',
    {
      kind: 'and',
      filters: [
        { kind: 'equality', attribute: 'cn', value: bytes('x') },
        { kind: 'present', attribute: '' },
      ],
    },
  ],
  [
    'greater or equal',
    'a507 0402636e 040178',
    { kind: 'greaterOrEqual', attribute: 'cn', value: bytes('x') },
  ],
  [
    'less or equal',
    'a607 0402636e 040178',
    { kind: 'lessOrEqual', attribute: 'cn', value: bytes('x') },
  ],
  ['approx', 'a807 0402636e 040178', { kind: 'approx', attribute: 'cn', value: bytes('x') }],
  [
    'substrings',
    'a40f 0402636e 3009 800161 810162 820163',
    {
      kind: 'substrings',
      attribute: 'cn',
      initial: bytes('a'),
      any: [bytes('b')],
      final: bytes('c'),
    },
  ],
  [
    'extensible',
    `a914 8108${ascii('2.5.13.2')} 8202636e 830178 8401ff`,
    {
      kind: 'extensible',
      rule: '2.5.13.2',
      attribute: 'cn',
      value: bytes('x'),
      dnAttributes: true,
    },
  ],
  [
    'extensible without a rule',
    'a907 8202636e 830178',
    {
      kind: 'extensible',
      rule: undefined,
      attribute: 'cn',
      value: bytes('x'),
      dnAttributes: false,
    },
  ],
];

describe('filters', () => {
  test.each(filters)('%s', (_, text, filter) => {
    const frame = searchMessage(hex(text));
    const message = decodeRequest(frame, limits);
    assert(message.kind === 'request' && message.op.kind === 'search');
    assert.deepStrictEqual(message.op.filter, filter);
    expect(encodeRequest(1, message.op).equals(frame)).toBe(true);
  });
});

describe('types, proven by the compiler', () => {
  test('a request is answered only by its own responses', () => {
    const right: ResponseOf<'compare'> = finalResponse('compare', 6);
    // @ts-expect-error Compare cannot be answered with SearchResultDone
    const wrong: ResponseOf<'compare'> = finalResponse('search', 0);
    // @ts-expect-error nothing answers an unbind
    const never: ResponseOf<'unbind'> = finalResponse('bind', 0);
    expect([right.kind, wrong.kind, (never as ResponseOp).kind]).toEqual([
      'compareResponse',
      'searchDone',
      'bindResponse',
    ]);
  });

  test('filters of the wire and of the directory are one type', () => {
    const wire: Filter = { kind: 'or', filters: [] };
    const directory: DirectoryFilter = wire;
    const back: Filter = directory;
    expect(back).toBe(wire);
  });
});
