/** Whatever is encoded is decoded to the same, however the stream is cut. */
import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import { BerWriter } from '../../src/ldap/ber/index.js';
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  Framer,
  writeRequest,
} from '../../src/ldap/protocol/index.js';
import { seed } from '../support/seed.js';
import { controls, messageId, requestOp, responseOp } from './support/arbitraries.js';
import { limits } from './support/limits.js';

const RUNS = 600;

describe('encode, then decode', () => {
  test('gives back every request', () => {
    fc.assert(
      fc.property(messageId, requestOp, controls, (id, op, list) => {
        const decoded = decodeRequest(encodeRequest(id, op, list), limits);
        assert.deepStrictEqual(decoded, { kind: 'request', messageId: id, op, controls: list });
      }),
      { seed: seed(), numRuns: RUNS },
    );
  });

  test('gives back every response', () => {
    fc.assert(
      fc.property(messageId, responseOp, controls, (id, op, list) => {
        const decoded = decodeResponse(encodeResponse(id, op, list));
        assert.deepStrictEqual(decoded, { kind: 'response', messageId: id, op, controls: list });
      }),
      { seed: seed(), numRuns: RUNS },
    );
  });

  test('gives back requests written behind each other and cut anywhere', () => {
    const stream = fc.array(fc.tuple(messageId, requestOp, controls), { maxLength: 6 });
    fc.assert(
      fc.property(stream, fc.nat(), (messages, cut) => {
        const writer = new BerWriter(16);
        for (const [id, op, list] of messages) writeRequest(writer, id, op, list);
        const bytes = writer.take();
        const at = cut % (bytes.length + 1);
        const framer = new Framer(16 * 1024 * 1024);
        framer.push(bytes.subarray(0, at));
        const decoded: unknown[] = [];
        while (framer.next() === 'frame') decoded.push(decodeRequest(framer.frame, limits));
        framer.push(bytes.subarray(at));
        while (framer.next() === 'frame') decoded.push(decodeRequest(framer.frame, limits));
        const expected = messages.map(([id, op, list]) => {
          return { kind: 'request', messageId: id, op, controls: list };
        });
        assert.deepStrictEqual(decoded, expected);
      }),
      { seed: seed(), numRuns: 100 },
    );
  });
});

describe('every request split at every offset', () => {
  test('is found whole by the framer', () => {
    fc.assert(
      fc.property(messageId, requestOp, (id, op) => {
        const bytes = encodeRequest(id, op);
        const step = Math.max(1, Math.floor(bytes.length / 400));
        for (let at = 1; at < bytes.length; at += step) {
          const framer = new Framer(bytes.length);
          framer.push(bytes.subarray(0, at));
          assert.equal(framer.next(), 'needMore');
          framer.push(bytes.subarray(at));
          assert.equal(framer.next(), 'frame');
          assert(framer.frame.equals(bytes));
        }
      }),
      { seed: seed(), numRuns: 60 },
    );
  });
});
