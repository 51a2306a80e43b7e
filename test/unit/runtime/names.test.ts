/** HOST:PORT, and "did you mean". */
import { describe, expect, test } from '@jest/globals';
import { parseAddress } from '../../../src/runtime/address.js';
import { editDistance, suggest } from '../../../src/runtime/suggest.js';

describe('parseAddress', () => {
  test.each([
    ['127.0.0.1:389', '127.0.0.1', 389],
    ['[::1]:636', '::1', 636],
    ['*:0', '::', 0],
    ['ldap.example.com:65535', 'ldap.example.com', 65_535],
  ])('%s', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ ok: true, address: { host, port } });
  });

  test.each([
    '',
    '389',
    'host',
    'host:',
    'host:x',
    'host:65536',
    'host:-1',
    ':389',
    '::1:389',
    '[::1:389',
    '[x]:389',
    'a b:389',
    'host:1e3',
    '-:389',
  ])('refuses "%s"', (text) => {
    const parsed = parseAddress(text);
    expect(parsed.ok ? '' : parsed.reason).toContain('write HOST:PORT');
  });
});

describe('suggest', () => {
  const names = ['status', 'serve', 'import', 'export'];
  test.each([
    ['statsu', 'status'],
    ['STATUS', 'status'],
    ['sevre', 'serve'],
    ['exprot', 'export'],
    ['zzzz', undefined],
    ['', undefined],
    ['x'.repeat(5000), undefined],
  ])('%s', (typed, meant) => {
    expect(suggest(typed, names)).toBe(meant);
  });

  test('counts a swap as one mistake', () => {
    expect([editDistance('ab', 'ba'), editDistance('', 'abc'), editDistance('a', 'a')]).toEqual([
      1, 3, 0,
    ]);
  });
});
