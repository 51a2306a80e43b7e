/** Addresses and networks of addresses (RFC 4632, RFC 4291 §2.3): reading them, and who is in one. */
import { isIP, isIPv4 } from 'node:net';

export interface Network {
  /** 4 or 16 bytes. */
  readonly address: Buffer;
  /** Leading bits that an address in it has in common with it. */
  readonly bits: number;
}

export type ReadNetwork =
  | { readonly ok: true; readonly network: Network }
  | { readonly ok: false; readonly reason: string };

const LENGTH_MAX = 64;

/** Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`; bits behind the prefix must be 0. */
export function readNetwork(text: string): ReadNetwork {
  const shown = text.slice(0, LENGTH_MAX);
  const [written = '', prefix, ...rest] = text.split('/');
  const address = text.length > LENGTH_MAX || rest.length > 0 ? undefined : addressBytes(written);
  if (address === undefined) {
    return { ok: false, reason: `"${shown}" is not an address such as 192.0.2.7 or 2001:db8::/32` };
  }
  const most = address.length * 8;
  if (prefix !== undefined && !/^(?:0|[1-9][0-9]{0,2})$/.test(prefix)) {
    return { ok: false, reason: `"${shown}" has no number of bits behind its /` };
  }
  const bits = prefix === undefined ? most : Number(prefix);
  if (bits > most) return { ok: false, reason: `"${shown}" has more than ${most} bits` };
  if (!masked(address, bits).equals(address)) {
    const network = addressText(masked(address, bits));
    return {
      ok: false,
      reason: `"${shown}" has bits behind its prefix; is ${network}/${bits} meant?`,
    };
  }
  return { ok: true, network: { address, bits } };
}

/** The bytes of an address, or undefined where the text is none; zones are not addresses. */
export function addressBytes(text: string): Buffer | undefined {
  if (isIP(text) === 0 || text.includes('%')) return undefined;
  return isIPv4(text) ? Buffer.from(text.split('.').map(Number)) : v6Bytes(text);
}

function v6Bytes(text: string): Buffer {
  // A dotted tail is two groups.
  const plain = text.replace(/[0-9.]+\.[0-9.]+$/, (tail) => {
    const [a, b, c, d] = tail.split('.').map(Number) as [number, number, number, number];
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = [...left, ...Array(8 - left.length - right.length).fill('0'), ...right] as string[];
  const bytes = Buffer.alloc(16);
  for (const [i, group] of all.entries()) bytes.writeUInt16BE(Number.parseInt(group, 16), i * 2);
  return bytes;
}

export function isIn({ address, bits }: Network, peer: Buffer): boolean {
  return peer.length === address.length && masked(peer, bits).equals(address);
}

function masked(address: Buffer, bits: number): Buffer {
  const copy = Buffer.from(address);
  for (let i = 0; i < copy.length; i += 1) {
    const kept = Math.min(8, Math.max(0, bits - i * 8));
    copy[i]! &= 0xff00 >> kept;
  }
  return copy;
}

/** As it is written: `10.0.0.0/8`, and one address without its bits. */
export function networkText({ address, bits }: Network): string {
  const text = addressText(address);
  return bits === address.length * 8 ? text : `${text}/${bits}`;
}

function addressText(address: Buffer): string {
  if (address.length === 4) return [...address].join('.');
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(address.readUInt16BE(i).toString(16));
  return groups.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/, '::');
}
