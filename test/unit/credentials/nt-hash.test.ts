import { expect, test } from '@jest/globals';
import { md4 } from '../../../src/credentials/md4.js';
import { ntHash, ntHashText } from '../../../src/credentials/nt-hash.js';

test.each([
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['message digest', 'd9130a8164549fe818874806e1c7014b'],
  ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
  [
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
    '043f8582f241db351ce627e153e7f0e4',
  ],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    'e33b4ddc9c38f2199c3e7b164fcc0536',
  ],
])('MD4 as RFC 1320 §A.5 has it: %j', (text, digest) => {
  expect(md4(Buffer.from(text)).toString('hex')).toBe(digest);
});

test.each([
  // MS-NLMP §4.2.2.1.2
  ['Password', 'A4F49C406510BDCAB6824EE7C30FD852'],
  // RFC 2759 §9.2
  ['clientPass', '44EBBA8D5312B8D611474411F56989AE'],
  ['', '31D6CFE0D16AE931B73C59D7E0C089C0'],
])('NT hash of %j', (password, text) => {
  expect(ntHashText(ntHash(password))).toBe(text);
});

test('signs outside the first plane are two units of UTF-16', () => {
  expect(ntHash('🔑')).toEqual(md4(Buffer.from([0x3d, 0xd8, 0x11, 0xdd])));
});
