/** The framer: any cut of the stream gives the same frames; faults are early and final. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Framer } from '../../src/ldap/protocol/index.js';
import { seed } from '../support/seed.js';
import { hex, tlv } from './support/bytes.js';

const BYTES_MAX = 1024 * 1024;

/** Frames as hex, then how the framer stopped. */
function drain(framer: Framer): string[] {
  const frames: string[] = [];
  let step = framer.next();
  while (step === 'frame') {
    frames.push(framer.frame.toString('hex'));
    step = framer.next();
  }
  return [...frames, step];
}

function feed(chunks: readonly Buffer[], bytesMax = BYTES_MAX): string[] {
  const framer = new Framer(bytesMax);
  const seen: string[] = [];
  for (const chunk of chunks) {
    framer.push(chunk);
    seen.push(...drain(framer).filter((step) => step !== 'needMore'));
  }
  return seen;
}

const short = tlv(0x30, Buffer.alloc(5, 1));
const medium = tlv(0x30, Buffer.alloc(200, 2));
const long = tlv(0x30, Buffer.alloc(70_000, 3));
const padded = Buffer.concat([hex('30 84 00 00 00 05'), Buffer.alloc(5, 4)]);

describe('frames', () => {
  test('one in a chunk is the chunk itself', () => {
    const framer = new Framer(BYTES_MAX);
    framer.push(medium);
    expect(framer.next()).toBe('frame');
    expect(framer.frame).toBe(medium);
    expect(framer.next()).toBe('needMore');
    expect(framer.pendingBytes()).toBe(0);
  });

  test('many in a chunk are views of it', () => {
    const chunk = Buffer.concat([short, padded, medium, short]);
    const framer = new Framer(BYTES_MAX);
    framer.push(chunk);
    expect(framer.next()).toBe('frame');
    expect(framer.frame.buffer).toBe(chunk.buffer);
    expect(framer.frame.equals(short)).toBe(true);
    expect(drain(framer)).toEqual([
      padded.toString('hex'),
      medium.toString('hex'),
      short.toString('hex'),
      'needMore',
    ]);
  });

  test('are the same when the stream is split anywhere', () => {
    const all = [short, padded, medium, short];
    const stream = Buffer.concat(all);
    const expected = all.map((frame) => frame.toString('hex'));
    for (let at = 0; at <= stream.length; at++) {
      expect(feed([stream.subarray(0, at), stream.subarray(at)])).toEqual(expected);
    }
  });

  test('come one octet at a time', () => {
    const all = [short, long, padded, medium];
    const stream = Buffer.concat(all);
    const octets = Array.from(stream, (_, i) => stream.subarray(i, i + 1));
    expect(feed(octets)).toEqual(all.map((frame) => frame.toString('hex')));
  });

  test('are the same whatever the chunks', () => {
    const body = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 5000 }));
    const sizes = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 4000 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.array(body, { maxLength: 12 }), sizes, (bodies, cuts) => {
        const all = bodies.map((length, i) => tlv(0x30, Buffer.alloc(length, i)));
        const stream = Buffer.concat(all);
        const chunks: Buffer[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const end = Math.min(at + cuts[i % cuts.length]!, stream.length);
          chunks.push(stream.subarray(at, end));
          at = end;
        }
        expect(feed(chunks)).toEqual(all.map((frame) => frame.toString('hex')));
      }),
      { seed: seed(), numRuns: 60 },
    );
  });

  test('handed out earlier are not touched by later small chunks', () => {
    const framer = new Framer(BYTES_MAX);
    const kept: Buffer[] = [];
    const stream = Buffer.concat(
      Array.from({ length: 50 }, (_, i) => tlv(0x30, Buffer.alloc(9, i))),
    );
    for (let at = 0; at < stream.length; at += 7) {
      framer.push(stream.subarray(at, at + 7));
      while (framer.next() === 'frame') kept.push(framer.frame);
    }
    expect(Buffer.concat(kept).equals(stream)).toBe(true);
  });

  test('waiting bytes are counted', () => {
    const framer = new Framer(BYTES_MAX);
    framer.push(Buffer.concat([short, medium.subarray(0, 10)]));
    expect(framer.next()).toBe('frame');
    expect(framer.next()).toBe('needMore');
    expect(framer.pendingBytes()).toBe(10);
    framer.push(medium.subarray(10, 12));
    expect(framer.pendingBytes()).toBe(12);
  });
});

describe('limits and faults', () => {
  test.each([
    ['another first octet', '16 03 01', 'not an LDAP message'],
    ['a web request', '47 45 54 20 2f', 'not an LDAP message'],
    ['an indefinite length', '30 80', 'indefinite length'],
    ['a reserved length', '30 ff', 'reserved'],
    ['what a signed reader calls −1', '30 84 ff ff ff ff', 'larger than 1048576 bytes'],
    ['a huge length', `30 fe ${'ff'.repeat(126)}`, 'larger than 1048576 bytes'],
    ['a length just past the limit', '30 83 10 00 00', 'larger than 1048576 bytes'],
  ])('%s is a fault', (_, bytes, reason) => {
    for (const chunks of [[hex(bytes)], Array.from(hex(bytes), (octet) => Buffer.from([octet]))]) {
      const framer = new Framer(BYTES_MAX);
      for (const chunk of chunks) framer.push(chunk);
      expect(framer.next()).toBe('fault');
      expect(framer.fault).toContain(reason);
    }
  });

  test('a size past the limit is refused before the body is waited for', () => {
    const framer = new Framer(100);
    framer.push(hex('30 63'));
    expect(framer.next()).toBe('fault');
    const early = new Framer(100);
    early.push(hex('30 84 00 01'));
    expect(early.next()).toBe('needMore');
    early.push(hex('00'));
    expect(early.next()).toBe('fault');
    const exact = new Framer(100);
    exact.push(Buffer.concat([hex('30 62'), Buffer.alloc(98)]));
    expect(exact.next()).toBe('frame');
  });

  test('a fault is final and keeps nothing', () => {
    const framer = new Framer(BYTES_MAX);
    framer.push(Buffer.concat([short, hex('00'), short]));
    expect(framer.next()).toBe('frame');
    expect(framer.next()).toBe('fault');
    framer.push(short);
    expect(framer.next()).toBe('fault');
    expect(framer.pendingBytes()).toBe(0);
  });

  test('a new limit holds for the next message', () => {
    const framer = new Framer(100);
    framer.setMaxBytes(BYTES_MAX);
    framer.push(long);
    expect(framer.next()).toBe('frame');
    framer.setMaxBytes(100);
    framer.push(medium);
    expect(framer.next()).toBe('fault');
  });

  test('an announced body costs nothing until it comes', () => {
    const framer = new Framer(0x7fffffff);
    framer.push(hex('30 84 7f ff ff f0'));
    expect(framer.next()).toBe('needMore');
    expect(framer.pendingBytes()).toBe(6);
  });

  test('any bytes at all end in a step, never an exception', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 });
    fc.assert(
      fc.property(chunks, fc.boolean(), (arrays, startsRight) => {
        const framer = new Framer(500);
        if (startsRight) framer.push(hex('30'));
        for (const array of arrays) {
          framer.push(Buffer.from(array));
          expect(['needMore', 'fault']).toContain(drain(framer).at(-1));
          expect(framer.pendingBytes()).toBeLessThanOrEqual(501);
        }
      }),
      { seed: seed() },
    );
  });
});
