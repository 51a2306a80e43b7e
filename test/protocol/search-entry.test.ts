/** The writers that fill a buffer sized beforehand say the same as the plain encoder. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  AttributeRanges,
  bareResultSize,
  type Control,
  controlsBytes,
  encodePartialAttribute,
  encodeResponse,
  finalResponse,
  noControls,
  type PartialAttribute,
  partialAttributeSize,
  responseTags,
  searchEntrySize,
  writeBareResult,
  writeSearchEntry,
} from '../../src/ldap/protocol/index.js';
import { seed } from '../support/seed.js';
import { attribute, controls, messageId, text } from './support/arbitraries.js';

/** A guard on both sides shows a writer that leaves its place. */
const GUARD = 3;

function guarded(size: number, write: (target: Buffer, at: number) => number): Buffer {
  const target = Buffer.alloc(size + 2 * GUARD, 0xee);
  expect(write(target, GUARD)).toBe(GUARD + size);
  expect(target.subarray(0, GUARD).toString('hex')).toBe('eeeeee');
  expect(target.subarray(GUARD + size).toString('hex')).toBe('eeeeee');
  return target.subarray(GUARD, GUARD + size);
}

function hotEntry(
  id: number,
  name: string,
  attributes: readonly PartialAttribute[],
  list: readonly Control[],
): Buffer {
  const body = Buffer.concat(
    attributes.map((a) => encodePartialAttribute(a.description, a.values)),
  );
  const ranges = new AttributeRanges();
  // As a projection does: ranges of one body, neighbours included.
  let at = 0;
  for (const a of attributes) {
    const end = at + partialAttributeSize(Buffer.byteLength(a.description), a.values);
    ranges.add(body, at, end);
    at = end;
  }
  const dn = Buffer.from(name);
  const extra = controlsBytes(list);
  const size = searchEntrySize(id, dn.length, ranges.bytes, extra.length);
  return guarded(size, (target, start) => writeSearchEntry(target, start, id, dn, ranges, extra));
}

describe('search entry writer', () => {
  test('equals the plain encoder', () => {
    const attributes = fc.array(attribute, { maxLength: 8 });
    fc.assert(
      fc.property(messageId, text, attributes, controls, (id, name, list, extra) => {
        const plain = encodeResponse(
          id,
          { kind: 'searchEntry', objectName: name, attributes: list },
          extra,
        );
        expect(hotEntry(id, name, list, extra).equals(plain)).toBe(true);
      }),
      { seed: seed() },
    );
  });

  test('takes ranges out of order and from several buffers, and forgets them', () => {
    const one = encodePartialAttribute('cn', [Buffer.from('one')]);
    const two = encodePartialAttribute('sn', [Buffer.alloc(300, 0x61)]);
    const both = Buffer.concat([one, two]);
    const ranges = new AttributeRanges();
    ranges.add(both, one.length, both.length);
    ranges.add(both, 0, one.length);
    ranges.add(one, 0, one.length);
    // Starts where the last range ended, but in another buffer.
    ranges.add(both, one.length, both.length);
    expect(ranges.bytes).toBe(both.length * 2);
    const target = Buffer.alloc(ranges.bytes);
    expect(ranges.write(target, 0)).toBe(target.length);
    expect(target.equals(Buffer.concat([two, one, one, two]))).toBe(true);
    ranges.clear();
    expect(ranges.bytes).toBe(0);
    expect(ranges.write(target, 0)).toBe(0);
  });

  test('an entry without attributes', () => {
    const plain = encodeResponse(1, { kind: 'searchEntry', objectName: '', attributes: [] });
    expect(hotEntry(1, '', [], noControls).equals(plain)).toBe(true);
  });
});

test('bare results equal the plain encoder', () => {
  fc.assert(
    fc.property(messageId, fc.integer({ min: 0, max: 4096 }), (id, code) => {
      const bare = guarded(bareResultSize(id, code), (target, at) =>
        writeBareResult(target, at, id, responseTags.compareResponse, code),
      );
      expect(bare.equals(encodeResponse(id, finalResponse('compare', code)))).toBe(true);
    }),
    { seed: seed() },
  );
});
