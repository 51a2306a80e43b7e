import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressBytes, isIn, readNetwork } from '../../../src/directory/model/network.js';
import { seed } from '../../support/seed.js';

function holds(network: string, address: string): boolean {
  const read = readNetwork(network);
  if (!read.ok) throw new Error(read.reason);
  return isIn(read.network, addressBytes(address)!);
}

describe('a network', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '::1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['::/0', '192.0.2.1', false],
    ['::ffff:192.0.2.0/120', '::ffff:192.0.2.9', true],
    ['fe80::/10', 'febf::1', true],
    ['fe80::/10', 'fec0::1', false],
  ])('%s and %s: %s', (network, address, is) => expect(holds(network, address)).toBe(is));

  test.each([
    ['', 'is not an address'],
    ['192.0.2', 'is not an address'],
    ['192.0.2.256', 'is not an address'],
    ['wiki.example.com', 'is not an address'],
    ['fe80::1%eth0', 'is not an address'],
    ['192.0.2.0/24/3', 'is not an address'],
    ['192.0.2.0/', 'has no number of bits'],
    ['192.0.2.0/024', 'has no number of bits'],
    ['192.0.2.0/33', 'has more than 32 bits'],
    ['::/129', 'has more than 128 bits'],
    ['192.0.2.7/24', 'is 192.0.2.0/24 meant?'],
    ['2001:db8::1/32', 'is 2001:db8::/32 meant?'],
    ['x'.repeat(1_000), 'is not an address'],
  ])('%s is none', (text, reason) => {
    const read = readNetwork(text);
    expect(read).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  test('whatever is cut off an address is a network that holds it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(128), (address, cut) => {
        const bytes = addressBytes(address)!;
        const bits = Math.min(cut, bytes.length * 8);
        const network = Buffer.from(bytes);
        for (let bit = bits; bit < bytes.length * 8; bit += 1) {
          network[bit >> 3]! &= ~(0x80 >> (bit & 7));
        }
        expect(isIn({ address: network, bits }, bytes)).toBe(true);
        if (bits === 0) return;
        const other = Buffer.from(bytes);
        other[(bits - 1) >> 3]! ^= 0x80 >> ((bits - 1) & 7);
        expect(isIn({ address: network, bits }, other)).toBe(false);
      }),
      { seed: seed() },
    );
  });
});
