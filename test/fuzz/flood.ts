/** Malformed connections in great number, at a steady rate, from hundreds of sockets at once. */
import { connect } from 'node:net';
import { encodeRequest } from '../../src/ldap/protocol/index.js';
import type { TenureServer } from '../support/process-server.js';
import { searchOp } from '../support/wire-client.js';
import { type Chance, chanceOf } from './chance.js';

export interface FloodOptions {
  readonly seed: number;
  /** Number of the first connection. */
  readonly from: number;
  readonly count: number;
  /** Connections open at once. */
  readonly sockets: number;
  /** Connections begun a second at most. */
  readonly perSecond: number;
}

const valid = encodeRequest(1, searchOp(''));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Small and wrong in some way; some are refused at once, some leave the server waiting for more. */
function malformed(chance: Chance): Buffer {
  switch (chance.int(6)) {
    case 0:
      return chance.bytes(1 + chance.int(64));
    case 1:
      return valid.subarray(0, chance.int(valid.length));
    case 2: {
      const bytes = Buffer.from(valid);
      bytes[chance.int(bytes.length)] = chance.int(256);
      return bytes;
    }
    case 3:
      return Buffer.from('GET / HTTP/1.1\r\n\r\n');
    case 4:
      return Buffer.concat([Buffer.from([0x30, 0x84, 0, 3, 0xff, 0xff]), chance.bytes(200)]);
    default:
      return Buffer.concat([valid, chance.bytes(8)]);
  }
}

/** One connection from open to close, whoever ends it; false where it could not be opened. */
function annoy(server: TenureServer, chance: Chance): Promise<boolean> {
  const bytes = malformed(chance);
  const resets = chance.once(4);
  return new Promise((resolve) => {
    const port = chance.once(10) ? server.ldapsPort : server.ldapPort;
    let opened = false;
    // Many addresses, so that no pair of address and port has to be used twice in a hurry.
    const localAddress = `127.0.0.${2 + chance.int(200)}`;
    const socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true });
    socket.on('connect', () => {
      opened = true;
      if (resets) socket.write(bytes, () => socket.resetAndDestroy());
      else socket.end(bytes);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(opened));
    socket.resume();
  });
}

/** So many connections, each from open to close; gives how many were opened. */
export async function flood(server: TenureServer, options: FloodOptions): Promise<number> {
  const { seed, from, count, sockets, perSecond } = options;
  const startMs = performance.now();
  let next = 0;
  let opened = 0;
  const side = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      const earlyMs = startMs + (index * 1_000) / perSecond - performance.now();
      if (earlyMs > 0) await pause(earlyMs);
      if (await annoy(server, chanceOf(seed, from + index))) opened++;
    }
  };
  await Promise.all(Array.from({ length: sockets }, side));
  return opened;
}
