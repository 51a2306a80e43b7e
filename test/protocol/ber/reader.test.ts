/** The BER reader: what it accepts, what it refuses, and with which words. */
import { describe, expect, test } from '@jest/globals';
import { BerError, BerReader } from '../../../src/ldap/ber/index.js';
import { hex } from '../support/bytes.js';

const read = (text: string): BerReader => new BerReader(hex(text));

describe('lengths', () => {
  test.each([
    ['short form', '04 01 61'],
    ['long form, one octet', '04 81 01 61'],
    ['long form, leading zeros', '04 84 00 00 00 01 61'],
    ['long form, eight octets', '04 88 00 00 00 00 00 00 00 01 61'],
    ['long form, 126 octets', `04 fe ${'00'.repeat(125)} 01 61`],
  ])('%s is accepted', (_, bytes) => {
    const reader = read(bytes);
    expect(reader.octets().toString()).toBe('a');
    expect(reader.more).toBe(false);
  });

  test.each([
    ['missing', '04', 'length is missing'],
    ['indefinite', '04 80 61 00 00', 'indefinite length'],
    ['reserved', `04 ff ${'00'.repeat(127)}`, 'reserved'],
    ['truncated', '04 82 01', 'truncated'],
    ['beyond the data', '04 02 61', 'longer than what holds it'],
    ['what a signed reader calls −1', '04 84 ff ff ff ff 61', 'longer than what holds it'],
    ['more than 32 bits', '04 85 01 00 00 00 00 61', 'too large'],
    ['more than a double holds', `04 fe ${'ff'.repeat(126)} 61`, 'too large'],
  ])('%s is refused', (_, bytes, reason) => {
    expect(() => read(bytes).octets()).toThrow(BerError);
    expect(() => read(bytes).octets()).toThrow(reason);
  });

  test('an element may not reach past the one around it', () => {
    const reader = read('30 03 04 02 61 62');
    reader.enter(0x30);
    expect(() => reader.octets()).toThrow('longer than what holds it');
  });
});

describe('primitive values', () => {
  test.each([
    ['02 01 00', 0],
    ['02 01 7f', 127],
    ['02 02 00 80', 128],
    ['02 01 80', -128],
    ['02 01 ff', -1],
    ['02 04 7f ff ff ff', 0x7fffffff],
    ['02 04 80 00 00 00', -0x80000000],
    ['02 05 00 ff ff ff ff', 0xffffffff],
    ['02 03 00 00 05', 5],
  ])('integer %s is %d', (bytes, value) => {
    expect(read(bytes).integer()).toBe(value);
  });

  test.each(['02 00', `02 07 ${'01'.repeat(7)}`, '04 01 00', ''])(
    'integer %s is refused',
    (bytes) => {
      expect(() => read(bytes).integer()).toThrow(BerError);
    },
  );

  test('any octet but zero is TRUE', () => {
    expect(read('01 01 00').boolean()).toBe(false);
    expect(read('01 01 ff').boolean()).toBe(true);
    expect(read('01 01 01').boolean()).toBe(true);
    expect(() => read('01 02 00 ff').boolean()).toThrow(BerError);
    expect(() => read('01 00').boolean()).toThrow(BerError);
  });

  test('octet strings are views, not copies', () => {
    const bytes = hex('04 02 61 62');
    const view = new BerReader(bytes).octets();
    bytes[2] = 0x7a;
    expect(view.toString()).toBe('zb');
  });

  test('null has no content', () => {
    read('05 00').null();
    expect(() => read('05 01 00').null()).toThrow('null has content');
  });
});

describe('text', () => {
  test('is UTF-8, kept as it is', () => {
    expect(read('04 00').text()).toBe('');
    expect(read('04 03 e2 82 ac').text()).toBe('€');
    expect(read('04 06 ef bb bf 61 00 62').text()).toBe('\ufeffa\0b');
  });

  test.each(['04 01 80', '04 02 c0 80', '04 03 ed a0 80', '04 02 e2 82', '04 04 f5 80 80 80'])(
    'broken UTF-8 %s is undefined',
    (bytes) => {
      expect(read(bytes).text()).toBeUndefined();
    },
  );

  test('repeated names stay right when they share a place in the table', () => {
    const names = Array.from({ length: 5000 }, (_, i) => `attribute${i}`);
    for (let round = 0; round < 2; round++) {
      for (const name of names) {
        const bytes = Buffer.concat([Buffer.from([4, name.length]), Buffer.from(name)]);
        expect(new BerReader(bytes).text()).toBe(name);
      }
    }
  });
});

describe('constructed elements', () => {
  test('a sequence skips components it does not know, a list does not', () => {
    const bytes = '30 06 02 01 05 8f 01 00';
    const sequence = read(bytes);
    const mark = sequence.enter(0x30);
    expect(sequence.integer()).toBe(5);
    sequence.leaveSequence(mark);
    expect(sequence.more).toBe(false);

    const list = read(bytes);
    const listMark = list.enter(0x30);
    list.integer();
    expect(() => list.leave(listMark)).toThrow('unexpected element');
  });

  test.each([
    ['not well formed', '30 05 02 01 05 8f 05'],
    ['with a long tag', '30 07 02 01 05 9f 85 01 00'],
  ])('a component %s is not skipped', (_, bytes) => {
    const reader = read(bytes);
    const mark = reader.enter(0x30);
    reader.integer();
    expect(() => reader.leaveSequence(mark)).toThrow(BerError);
  });

  test('peek says −1 at the end', () => {
    const reader = read('30 00 05 00');
    const mark = reader.enter(0x30);
    expect(reader.peek()).toBe(-1);
    reader.leave(mark);
    expect(reader.peek()).toBe(0x05);
  });
});
