/** The BER writer and the size helpers: shortest forms, nesting, reuse. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  BerReader,
  BerWriter,
  integerLength,
  lengthOfLength,
  tlvSize,
  writeHeader,
  writeInteger,
} from '../../../src/ldap/ber/index.js';
import { seed } from '../../support/seed.js';
import { hex } from '../support/bytes.js';

function written(write: (writer: BerWriter) => void): string {
  const writer = new BerWriter(4);
  write(writer);
  return writer.take().toString('hex');
}

describe('BerWriter', () => {
  test.each([
    [0, '020100'],
    [127, '02017f'],
    [128, '02020080'],
    [-128, '020180'],
    [-129, '0202ff7f'],
    [0x7fffffff, '02047fffffff'],
    [-0x80000000, '020480000000'],
  ])('integer %d has the shortest form', (value, bytes) => {
    expect(written((writer) => writer.integer(value))).toBe(bytes);
  });

  test('writes the other primitives', () => {
    expect(written((writer) => writer.enumerated(3))).toBe('0a0103');
    expect(written((writer) => writer.boolean(true))).toBe('0101ff');
    expect(written((writer) => writer.boolean(false, 0x84))).toBe('840100');
    expect(written((writer) => writer.null(0x42))).toBe('4200');
    expect(written((writer) => writer.text('é'))).toBe('0402c3a9');
    expect(written((writer) => writer.octets(hex('0001'), 0x80))).toBe('80020001');
    expect(written((writer) => writer.raw(hex('0500')))).toBe('0500');
  });

  test.each([
    [0x7f, '307f'],
    [0x80, '308180'],
    [0xff, '3081ff'],
    [0x100, '30820100'],
    [0x10000, '3083010000'],
  ])('closing patches a length of %d', (length, header) => {
    const bytes = written((writer) => {
      writer.begin(0x30);
      writer.raw(Buffer.alloc(length, 0x61));
      writer.end();
    });
    expect(bytes.startsWith(header)).toBe(true);
    expect(bytes).toHaveLength(header.length + length * 2);
    expect(bytes.endsWith('61')).toBe(true);
  });

  test('nested elements that grow their lengths keep their content', () => {
    const payload = Buffer.alloc(200, 0x62);
    const writer = new BerWriter(4);
    for (let i = 0; i < 5; i++) writer.begin(0x30);
    writer.octets(payload);
    for (let i = 0; i < 5; i++) writer.end();
    const reader = new BerReader(writer.take());
    for (let i = 0; i < 5; i++) reader.enter(0x30);
    expect(reader.octets().equals(payload)).toBe(true);
  });

  test('is reusable, and a copy survives reuse', () => {
    const writer = new BerWriter();
    writer.text('one');
    const one = writer.take();
    writer.reset();
    writer.text('two');
    expect(one.toString('hex')).toBe('04036f6e65');
    expect(writer.view().toString('hex')).toBe('040374776f');
    expect(writer.length).toBe(5);
  });

  test('unbalanced elements are a defect', () => {
    const writer = new BerWriter();
    expect(() => writer.end()).toThrow('no element is open');
    writer.begin(0x30);
    expect(() => writer.take()).toThrow('still open');
  });
});

describe('sizes', () => {
  test('agree with what is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (length) => {
        const target = Buffer.alloc(8);
        const at = writeHeader(target, 0, 0x30, length);
        expect(at).toBe(1 + lengthOfLength(length));
        expect(tlvSize(length)).toBe(at + length);
        const digits = at === 2 ? target.subarray(1, 2) : target.subarray(2, at);
        expect(digits.readUIntBE(0, digits.length)).toBe(length);
      }),
      { seed: seed() },
    );
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const target = Buffer.alloc(8);
        expect(writeInteger(target, 0, value, 0x02)).toBe(2 + integerLength(value));
        expect(new BerReader(target).integer()).toBe(value);
      }),
      { seed: seed() },
    );
  });
});
