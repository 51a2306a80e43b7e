/** What must never work: broken structure, forbidden content, too much of anything. */
import assert from 'node:assert/strict';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  type Fault,
} from '../../src/ldap/protocol/index.js';
import { seed } from '../support/seed.js';
import { controls, messageId, requestOp, responseOp } from './support/arbitraries.js';
import { ascii, hex, octets, searchMessage, tlv } from './support/bytes.js';
import { limits } from './support/limits.js';

function fault(frame: Buffer, tighter: Partial<typeof limits> = {}): Fault {
  const message = decodeRequest(frame, { ...limits, ...tighter });
  assert(message.kind === 'fault', 'the message was accepted');
  return message;
}

const present = hex('8702636e');
const repeat = (count: number, element: Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => element));

describe('broken structure ends the session', () => {
  test.each([
    ['nothing', '', 'element 0x30 is missing'],
    ['not a sequence', '3103 020101', 'expected element 0x30'],
    ['no message id', '3000', 'element 0x02 is missing'],
    ['message id of another type', '3005 040101 4200', 'expected element 0x02'],
    ['message id 0', '3005 020100 4200', 'messageID is out of range'],
    ['negative message id', '3005 0201ff 4200', 'messageID is out of range'],
    ['message id 2^31', '3009 02050080000000 4200', 'messageID is out of range'],
    ['no operation', '3003 020101', 'operation is missing'],
    ['unknown operation', '3005 020101 5e00', 'operation is missing or unknown'],
    ['a response', '300c 020101 6507 0a0100 0400 0400', 'operation is missing or unknown'],
    ['bytes behind the message', '3005 020101 4200 00', 'bytes behind the message'],
    ['message shorter than its content', '3004 020101 4200', 'length is missing'],
    ['length −1 inside', '300b 020101 4a 84 ffffffff 6100', 'longer than what holds it'],
    ['indefinite length inside', '3008 020101 4a80 61 00 00', 'indefinite length'],
    ['bind without authentication', '300a 020101 6005 020103 0400', 'element is missing'],
    [
      'search without a filter',
      '3016 020101 6311 0400 0a0100 0a0100 020100 020100 010100',
      'element is missing',
    ],
    ['unbind with content', '3006 020101 420100', 'null has content'],
    ['controls twice', '3009 020101 4200 a000 a000', 'controls are given twice'],
    ['control that is no sequence', '3009 020101 4200 a002 0400', 'expected element 0x30'],
    ['trailing element that is broken', '3007 020101 4200 8f05', 'longer than what holds it'],
  ])('%s', (_, text, reason) => {
    const found = fault(hex(text));
    expect(found).toMatchObject({ resultCode: 2, respondable: undefined });
    expect(found.reason).toContain(reason);
  });

  test('the message id is told as soon as it is known', () => {
    expect(fault(hex('3005 020107 5e00')).messageId).toBe(7);
    expect(fault(hex('3005 0201ff 5e00')).messageId).toBe(0);
  });

  test('a not-filter holds exactly one filter', () => {
    expect(fault(searchMessage(tlv(0xa2))).respondable).toBeUndefined();
    expect(fault(searchMessage(tlv(0xa2, present, present))).respondable).toBeUndefined();
  });
});

describe('forbidden content is answered with the right response', () => {
  const search = (text: string): Buffer =>
    tlv(0x30, hex('020101'), tlv(0x63, hex(text), present, hex('3000')));

  test.each([
    ['scope 3', search('0400 0a0103 0a0100 020100 020100 010100'), 'scope 3', 0x65],
    ['negative scope', search('0400 0a01ff 0a0100 020100 020100 010100'), 'scope -1', 0x65],
    ['derefAliases 4', search('0400 0a0100 0a0104 020100 020100 010100'), 'derefAliases 4', 0x65],
    ['size limit −1', search('0400 0a0100 0a0100 0201ff 020100 010100'), 'size limit -1', 0x65],
    [
      'time limit 2^31',
      search('0400 0a0100 0a0100 020100 02050080000000 010100'),
      'time limit 2147483648',
      0x65,
    ],
    ['base not UTF-8', search('0401ff 0a0100 0a0100 020100 020100 010100'), 'not UTF-8', 0x65],
    ['unknown filter', searchMessage(hex('8f00')), 'unknown kind', 0x65],
    ['substrings without any', searchMessage(hex('a406 0402636e 3000')), 'without', 0x65],
    [
      'substrings out of order',
      searchMessage(hex('a40c 0402636e 3006 820163 810162')),
      'not in order',
      0x65,
    ],
    ['extensible without a target', searchMessage(hex('a903 830178')), 'neither', 0x65],
    ['description not UTF-8', searchMessage(hex('8701c3')), 'attribute description', 0x65],
    ['entry not UTF-8', hex('3006 020101 4a01ff'), 'name is not UTF-8', 0x6b],
    [
      'modify operation 4',
      hex('301d 020109 6618 0404636e3d61 3010 300e 0a0104 3009 0402736e 3103040178'),
      'modify operation 4',
      0x67,
    ],
    [
      'add without a value',
      hex('3012 020101 680d 0400 3009 3007 0403736e78 3100'),
      'no value',
      0x69,
    ],
  ])('%s', (_, frame, reason, tag) => {
    const found = fault(frame);
    expect(found).toMatchObject({ messageId: expect.any(Number), resultCode: 2 });
    expect(found.reason).toContain(reason);
    expect(found.respondable).toBe(tag);
    expect(found.messageId).toBeGreaterThan(0);
  });

  test('content never appears in a reason', () => {
    expect(
      fault(searchMessage(tlv(0x87, Buffer.from([0x73, 0x65, 0x63, 0xff])))).reason,
    ).not.toMatch(/sec/);
  });
});

describe('too much of anything is refused where the limit is passed', () => {
  const control = tlv(0x30, octets('1.2'));
  const withControls = (count: number): Buffer =>
    tlv(0x30, hex('020101 4a04636e3d61'), tlv(0xa0, repeat(count, control)));

  test('controls', () => {
    expect(decodeRequest(withControls(32), limits).kind).toBe('request');
    const found = fault(withControls(100_000));
    expect(found).toMatchObject({
      resultCode: 11,
      respondable: 0x6b,
      reason: 'more than 32 controls',
    });
  });

  test('filter depth', () => {
    const nested = (depth: number): Buffer => {
      // From the inside out, each level one length field: built backwards in one buffer.
      let size = present.length;
      const headers: Buffer[] = [];
      for (let i = 0; i < depth; i++) {
        const header = Buffer.alloc(6);
        header[0] = i % 2 === 0 ? 0xa0 : 0xa2;
        header[1] = 0x84;
        header.writeUInt32BE(size, 2);
        headers.push(header);
        size += header.length;
      }
      return Buffer.concat([...headers.reverse(), present]);
    };
    expect(decodeRequest(searchMessage(nested(64)), limits).kind).toBe('request');
    expect(fault(searchMessage(nested(65)))).toMatchObject({ resultCode: 11, respondable: 0x65 });
    expect(fault(searchMessage(nested(10_000))).reason).toContain('more than 64 levels');
    // Even without a limit the stack is safe.
    const unlimited = fault(searchMessage(nested(10_000)), { filterDepthMax: 1_000_000 });
    expect(unlimited.resultCode).toBe(11);
    expect(fault(searchMessage(nested(1_000_000)), { filterDepthMax: 1e9 }).resultCode).toBe(11);
  });

  test('filter elements', () => {
    const or = (count: number): Buffer => searchMessage(tlv(0xa1, repeat(count, present)));
    expect(decodeRequest(or(3_999), limits).kind).toBe('request');
    expect(fault(or(4_000)).reason).toBe('more than 4000 elements in the filter');
    expect(fault(or(100_000)).resultCode).toBe(11);
  });

  test('requested attributes', () => {
    const asked = (count: number): Buffer =>
      searchMessage(present, tlv(0x30, repeat(count, octets('cn'))));
    expect(decodeRequest(asked(1_000), limits).kind).toBe('request');
    expect(fault(asked(1_001))).toMatchObject({ resultCode: 11, respondable: 0x65 });
  });

  const sn = (values: number): Buffer =>
    tlv(0x30, octets('sn'), tlv(0x31, repeat(values, octets('x'))));
  const add = (...attributes: readonly Buffer[]): Buffer =>
    tlv(0x30, hex('020101'), tlv(0x68, octets('cn=a'), tlv(0x30, ...attributes)));
  const modify = (...attributes: readonly Buffer[]): Buffer => {
    const changes = attributes.map((attribute) => tlv(0x30, hex('0a0100'), attribute));
    return tlv(0x30, hex('020101'), tlv(0x66, octets('cn=a'), tlv(0x30, ...changes)));
  };

  test('attributes', () => {
    expect(decodeRequest(add(repeat(2_000, sn(1))), limits).kind).toBe('request');
    expect(fault(add(repeat(2_001, sn(1)))).reason).toBe('more than 2000 attributes');
    const changes = Array.from({ length: 2_001 }, () => sn(0));
    expect(fault(modify(...changes))).toMatchObject({ resultCode: 11, respondable: 0x67 });
  });

  test('values, all attributes together', () => {
    const tight = { valuesMax: 10 };
    for (const request of [add, modify]) {
      const whole = decodeRequest(request(sn(4), sn(6)), { ...limits, ...tight });
      expect(whole.kind).toBe('request');
      expect(fault(request(sn(4), sn(7)), tight).reason).toBe('more than 10 values');
      expect(fault(request(sn(11)), tight).resultCode).toBe(11);
    }
  });
});

describe('legal, if unusual', () => {
  test('lengths longer than needed, at every level', () => {
    const inner = hex(`0481 00 0a82 0001 02 0a0100 020100 020100 010100
      8784 00000002 ${ascii('cn')} 3081 00`);
    const op = Buffer.concat([hex('6384'), lengthOf(inner), inner]);
    const content = Buffer.concat([hex('0284 00000001 09'), op]);
    const whole = Buffer.concat([hex('3084'), lengthOf(content), content]);
    const message = decodeRequest(whole, limits);
    assert(message.kind === 'request' && message.op.kind === 'search');
    expect(message.messageId).toBe(9);
    expect(message.op).toMatchObject({
      scope: 2,
      filter: { kind: 'present', attribute: 'cn' },
      attributes: [],
    });
  });

  test('components added by a later version are skipped', () => {
    const frame = hex('300e 020101 4a04636e3d61 8f017a 8e00');
    expect(decodeRequest(frame, limits).kind).toBe('request');
    const compare = hex('3016 020108 6e11 0404636e3d61 3007 0402636e 040178 8f00');
    expect(decodeRequest(compare, limits).kind).toBe('request');
  });
});

function lengthOf(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return length;
}

describe('mutated bytes', () => {
  const mutation = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });

  function mutate(
    bytes: Buffer,
    changes: readonly { at: number; to: number }[],
    cut: number,
  ): Buffer {
    const copy = Buffer.from(bytes);
    for (const { at, to } of changes) copy[at % copy.length] = to;
    return cut === 0 ? copy : copy.subarray(0, cut % copy.length);
  }

  // 'message cannot be decoded' is what a defect in a decoder turns into.
  const defect = 'message cannot be decoded';
  const cuts = fc.oneof(fc.constant(0), fc.nat());

  test('of requests give a message or a fault', () => {
    fc.assert(
      fc.property(messageId, requestOp, controls, mutations, cuts, (id, op, list, changes, cut) => {
        const frame = mutate(encodeRequest(id, op, list), changes, cut);
        const message = decodeRequest(frame, limits);
        if (message.kind === 'fault') expect(message.reason).not.toBe(defect);
        else expect(message.messageId).toBeGreaterThan(0);
      }),
      { seed: seed(), numRuns: 2000 },
    );
  });

  test('of responses give a message or a fault', () => {
    fc.assert(
      fc.property(messageId, responseOp, mutations, cuts, (id, op, changes, cut) => {
        const message = decodeResponse(mutate(encodeResponse(id, op), changes, cut));
        if (message.kind === 'fault') expect(message.reason).not.toBe(defect);
      }),
      { seed: seed(), numRuns: 1000 },
    );
  });

  test('noise gives a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        for (const prefix of [hex(''), hex('30'), hex('3020 020101'), hex('3020 020101 63')]) {
          const message = decodeRequest(Buffer.concat([prefix, Buffer.from(noise)]), limits);
          if (message.kind === 'fault') expect(message.reason).not.toBe(defect);
        }
      }),
      { seed: seed(), numRuns: 1000 },
    );
  });
});
