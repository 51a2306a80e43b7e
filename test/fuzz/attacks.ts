/**
 * What hostile, broken and strange peers send, as plans: octets, how they are cut, how the peer
 * leaves, and what the server owes it. A plan follows from its chance alone.
 */
import { encodeRequest } from '../../src/ldap/protocol/index.js';
import { suffix } from '../support/process-server.js';
import { bindOp, compareOp, extendedOp, saslOp, searchOp } from '../support/wire-client.js';
import type { Chance } from './chance.js';
import { controls, request } from './requests.js';

export interface Attack {
  readonly name: string;
  readonly door: 'ldap' | 'ldaps' | 'local';
  readonly octets: Buffer;
  /** How the octets are cut into writes. */
  readonly cut: 'whole' | 'octets' | 'pieces';
  /** Binds as the administrator first; over the local socket. */
  readonly bound: boolean;
  /** Reads nothing of what comes. */
  readonly deaf: boolean;
  readonly leaves: 'politely' | 'rudely';
  /**
   * `notice`: the stream is broken for certain, and the server must say so before it closes.
   * `answers`: every request gets a final response. `anything`: sound answers, and an end.
   */
  readonly owed: 'notice' | 'answers' | 'anything';
  /** Requests that want a final response, where `owed` is `answers`. */
  readonly requests: number;
}

type Plan = Partial<Attack> & { readonly octets: Buffer };

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

function header(tag: number, length: number): Buffer {
  if (length < 128) return Buffer.from([tag, length]);
  if (length < 0x10000) return Buffer.from([tag, 0x82, length >> 8, length & 0xff]);
  return Buffer.from([tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]);
}

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([header(tag, content.length), content]);
}

function valid(chance: Chance, id = 1 + chance.int(200)): Buffer {
  return encodeRequest(id, request(chance), controls(chance));
}

const probe = encodeRequest(7, searchOp(''));

/** A present filter inside `depth` negations, built from the inside. */
function deepFilter(depth: number): Buffer {
  const inner = hex('870b6f626a656374436c617373');
  const heads: Buffer[] = [];
  let { length } = inner;
  for (let i = 0; i < depth; i++) {
    const head = header(0xa2, length);
    heads.push(head);
    length += head.length;
  }
  return Buffer.concat([...heads.reverse(), inner]);
}

function searchWith(filter: Buffer, selection = tlv(0x30)): Buffer {
  const fixed = hex('0400 0a0102 0a0100 020100 020100 010100');
  return tlv(0x30, hex('020103'), tlv(0x63, fixed, filter, selection));
}

/** Every kind of attack, by name. */
export const attackKinds: Readonly<Record<string, (chance: Chance) => Plan>> = {
  'random octets': (chance) => {
    const octets = chance.bytes(1 + chance.int(400));
    // Anything but the beginning of a SEQUENCE is refused at the first octet.
    return { octets, owed: octets[0] === 0x30 ? 'anything' : 'notice' };
  },
  'a mutated request': (chance) => {
    const octets = Buffer.from(valid(chance));
    for (let i = 0; i <= chance.int(5); i++) octets[chance.int(octets.length)] = chance.int(256);
    return { octets, bound: chance.once(2) };
  },
  'a request with octets lost or doubled': (chance) => {
    const bytes = valid(chance);
    const at = chance.int(bytes.length);
    const to = Math.min(bytes.length, at + 1 + chance.int(8));
    const lost = [bytes.subarray(0, at), bytes.subarray(to)];
    const doubled = [bytes.subarray(0, to), bytes.subarray(at)];
    return { octets: Buffer.concat(chance.once(2) ? lost : doubled), bound: chance.once(2) };
  },
  'a valid request, then garbage': (chance) => {
    const garbage = chance.bytes(1 + chance.int(50));
    garbage[0] = 0xff;
    return { octets: Buffer.concat([probe, garbage]), owed: 'notice' };
  },
  'a truncated request': (chance) => {
    const bytes = valid(chance);
    return { octets: bytes.subarray(0, chance.int(bytes.length)), bound: chance.once(2) };
  },
  'an overlong length': (chance) => {
    const heads = [
      '30847fffffff',
      '3084ffffffff',
      '308480000000',
      '3085 0100000000',
      '30ff',
      '3088ffffffffffffffff',
    ];
    return { octets: Buffer.concat([hex(chance.pick(heads)), chance.bytes(20)]), owed: 'notice' };
  },
  'an indefinite length': () => ({ octets: hex('3080 020101 4200 0000'), owed: 'notice' }),
  'a length below nothing': (chance) => {
    const inner = [
      '02 01 01 63 84 ff ff ff ff',
      '02 84 ff ff ff ff 01',
      '02 01 01 60 85 80 00 00 00 00',
    ];
    return { octets: tlv(0x30, hex(chance.pick(inner))), owed: 'notice' };
  },
  'a messageID that is none': (chance) => {
    const ids = [
      '02 01 00',
      '02 01 ff',
      '02 05 01 00 00 00 00',
      '02 00',
      '04 01 01',
      '02 04 80 00 00 00',
    ];
    return { octets: tlv(0x30, hex(chance.pick(ids)), hex('4200')), owed: 'notice' };
  },
  'an operation that is none': (chance) => {
    const known = [0x60, 0x42, 0x63, 0x66, 0x68, 0x4a, 0x6c, 0x6e, 0x50, 0x77];
    let tag = chance.int(256);
    while (known.includes(tag)) tag = chance.int(256);
    return {
      octets: tlv(0x30, hex('020105'), tlv(tag, chance.bytes(chance.int(20)))),
      owed: 'notice',
    };
  },
  'a hundred thousand controls': (chance) => {
    const one = hex('3005 0403 312e32');
    const many = Buffer.alloc(one.length * 100_000, one);
    const octets = tlv(0x30, hex('020101'), tlv(0x77, hex('8001 31')), tlv(0xa0, many));
    // Larger than an anonymous peer may send; the administrator's are counted.
    return chance.once(2) ? { octets, owed: 'notice' } : { octets, bound: true };
  },
  'a very deep filter': (chance) => ({
    octets: searchWith(deepFilter(chance.pick([65, 1_000, 10_000]))),
    bound: chance.once(2),
    owed: 'answers',
    requests: 1,
  }),
  'a very wide filter': (chance) => {
    const leaf = hex('870b6f626a656374436c617373');
    const octets = searchWith(tlv(0xa1, Buffer.alloc(leaf.length * 10_000, leaf)));
    return { octets, bound: chance.once(2), owed: 'answers', requests: 1 };
  },
  'many attributes': (chance) => {
    const name = hex('0402636e');
    const selection = tlv(0x30, Buffer.alloc(name.length * 50_000, name));
    const octets = searchWith(hex('870b6f626a656374436c617373'), selection);
    return { octets, bound: chance.once(2), owed: 'answers', requests: 1 };
  },
  'many values': () => {
    const one = hex('040178');
    const attribute = tlv(0x30, hex('0402636e'), tlv(0x31, Buffer.alloc(one.length * 60_000, one)));
    const add = tlv(0x68, tlv(4, Buffer.from(`cn=x,${suffix}`)), tlv(0x30, attribute));
    return { octets: tlv(0x30, hex('020102'), add), owed: 'answers', requests: 1 };
  },
  'another protocol': (chance) => {
    const first = [
      'GET / HTTP/1.1\r\nHost: directory\r\n\r\n',
      'SSH-2.0-OpenSSH_9.9\r\n',
      'EHLO mail.example.com\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      '\0\0\0\x85\xffSMBr\0\0\0\0',
    ];
    return { octets: Buffer.from(chance.pick(first), 'latin1'), owed: 'notice' };
  },
  'StartTLS with something behind it': (chance) => {
    const startTls = encodeRequest(1, extendedOp('1.3.6.1.4.1.1466.20037'));
    const behind = chance.once(2) ? valid(chance) : chance.bytes(1 + chance.int(300));
    // Cut in pieces, what is behind may come after the answer and be a handshake that fails.
    return { octets: Buffer.concat([startTls, behind]), cut: 'whole', owed: 'notice' };
  },
  'a TLS handshake that stops': (chance) => ({
    octets: Buffer.concat([hex('160301020001 0001fc0303'), chance.bytes(chance.int(300))]),
    door: 'ldaps',
    leaves: chance.pick(['politely', 'rudely']),
  }),
  'no TLS at all': (chance) => ({
    octets: chance.once(2) ? probe : chance.bytes(1 + chance.int(300)),
    door: 'ldaps',
  }),
  'a peer that takes nothing': (chance) => {
    const search = searchOp(chance.pick([suffix, 'cn=subschema']));
    const one = encodeRequest(2, { ...search, attributes: ['*', '+'] });
    return {
      octets: Buffer.alloc(one.length * 100, one),
      bound: true,
      deaf: true,
      leaves: 'rudely',
    };
  },
  'requests of sense and nonsense': (chance) => {
    const list = Array.from({ length: 1 + chance.int(12) }, (_, i) => valid(chance, i + 10));
    const bound = !chance.once(4);
    return { octets: Buffer.concat(list), bound, owed: 'answers', requests: list.length };
  },
  'abandons and unbinds in between': (chance) => {
    const list = Array.from({ length: 2 + chance.int(10) }, (_, i) => {
      if (chance.once(3))
        return encodeRequest(90 + i, { kind: 'abandon', abandonedId: 10 + chance.int(12) });
      if (chance.once(12)) return encodeRequest(90 + i, { kind: 'unbind' });
      return valid(chance, i + 10);
    });
    return { octets: Buffer.concat(list), bound: chance.once(2) };
  },
  'binds one after another': (chance) => {
    const list = Array.from({ length: 1 + chance.int(6) }, (_, i) => {
      const op = chance.pick([bindOp('', ''), saslOp('EXTERNAL'), bindOp(`uid=ada,${suffix}`, '')]);
      return encodeRequest(i + 20, op);
    });
    const last = encodeRequest(99, compareOp(suffix, 'dc', 'example'));
    return {
      octets: Buffer.concat([...list, last]),
      door: 'local',
      owed: 'answers',
      requests: list.length + 1,
    };
  },
  'nothing at all': (chance) => ({
    octets: Buffer.alloc(0),
    door: chance.pick(['ldap', 'ldaps', 'local']),
  }),
};

/** The attack that follows from a chance; of one kind where `only` names it. */
export function attackOf(chance: Chance, only?: string): Attack {
  const name = only ?? chance.pick(Object.keys(attackKinds));
  const plan = attackKinds[name]!(chance);
  const bound = plan.bound ?? false;
  const small = plan.octets.length < 600;
  return {
    name,
    door: bound ? 'local' : 'ldap',
    cut: small ? chance.pick(['whole', 'octets', 'pieces']) : chance.pick(['whole', 'pieces']),
    deaf: false,
    leaves: plan.owed === undefined && chance.once(5) ? 'rudely' : 'politely',
    owed: 'anything',
    requests: 0,
    ...plan,
    bound,
  };
}
