/** Reading into a buffer that is used again: what is still looked at is never overwritten. */
import { createServer, connect as dial, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { INPUT_BYTES, takeOver } from '../../../src/ldap/connection/socket-input.js';
import { encodeRequest } from '../../../src/ldap/protocol/index.js';
import {
  bindOp,
  codeOf,
  compareOp,
  modifyOp,
  until,
  WireClient,
} from '../../support/wire-client.js';
import { suffix } from '../../support/wire-directory.js';
import { startWire, type TestWire } from '../../support/wire-server.js';

const ada = `uid=ada,${suffix}`;
/** Whole requests of other content, enough to fill any buffer twice. */
const flood = (client: WireClient): Buffer => {
  const one = () => encodeRequest(client.nextId(), compareOp(ada, 'uid', 'x'.repeat(150)));
  const requests: Buffer[] = [];
  for (let bytes = 0; bytes < 2 * INPUT_BYTES; bytes += requests.at(-1)!.length)
    requests.push(one());
  return Buffer.concat(requests);
};

describe('a server', () => {
  let wire: TestWire;
  let client: WireClient;

  beforeEach(async () => {
    wire = await startWire();
    client = await WireClient.connect(wire.port);
  });

  afterEach(async () => {
    client.end();
    await wire.close();
  });

  test('checks the password that was sent, whatever comes in while it waits', async () => {
    wire.directory.bindGate.close();
    const bind = client.send(bindOp(ada, 'ada-secret'));
    await until(() => wire.directory.binds.length === 1);
    client.write(flood(client));
    await new Promise((resolve) => setTimeout(resolve, 30));
    wire.directory.bindGate.open();
    expect(codeOf(await client.answer(bind))).toBe(0);
  });

  test('stores the values that were sent, whatever comes in while they wait', async () => {
    await client.bind(ada, 'ada-secret');
    wire.directory.writeGate.close();
    const write = client.send(modifyOp(ada, 'note', 'kept'));
    await until(() => wire.directory.submitted.length === 1);
    const read = client.send(compareOp(ada, 'note', 'kept'));
    client.write(flood(client));
    await new Promise((resolve) => setTimeout(resolve, 30));
    wire.directory.writeGate.open();
    expect(codeOf(await client.answer(write))).toBe(0);
    expect(codeOf(await client.answer(read))).toBe(6);
  });

  test('puts a request together from pieces of any size', async () => {
    const request = encodeRequest(client.nextId(), bindOp(ada, 'ada-secret'));
    for (const size of [1, 7, 20]) {
      const other = await WireClient.connect(wire.port);
      for (let at = 0; at < request.length; at += size) {
        other.write(request.subarray(at, at + size));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      expect(codeOf(await other.answer(1))).toBe(0);
      other.end();
    }
  });
});

describe('taking a socket over', () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  /** Both ends of a new connection; the accepted one has not begun to read. */
  async function pair(): Promise<{ accepted: Socket; client: Socket }> {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const client = dial(port, '127.0.0.1');
    const accepted = await new Promise<Socket>((resolve) => server.once('connection', resolve));
    closers.push(() => {
      client.destroy();
      server.close();
    });
    return { accepted, client };
  }

  test('works in this runtime, uses one buffer again, and a new one for what is kept', async () => {
    const { accepted, client } = await pair();
    const seen: Buffer[] = [];
    let keeps = false;
    const socket = takeOver(accepted, {
      received: (chunk) => void seen.push(chunk),
      keepsInput: () => keeps,
    });
    expect(socket).toBeDefined();
    closers.push(() => socket?.destroy());
    const send = async (text: string) => {
      const before = seen.length;
      client.write(text);
      await until(() => seen.length > before);
    };
    await send('one');
    await send('two');
    expect(seen[1]!.buffer).toBe(seen[0]!.buffer);
    keeps = true;
    await send('three');
    keeps = false;
    await send('four');
    expect(seen[3]!.buffer).not.toBe(seen[2]!.buffer);
    expect(seen[2]!.toString()).toBe('three');
    expect(seen[3]!.toString()).toBe('four');
  });

  test('tells the end, and still sends', async () => {
    const { accepted, client } = await pair();
    const socket = takeOver(accepted, { received: () => undefined, keepsInput: () => false })!;
    closers.push(() => socket.destroy());
    const ended = new Promise<void>((resolve) => socket.once('end', resolve));
    const answer = new Promise<string>((resolve) => client.once('data', (d) => resolve(String(d))));
    client.end('last words');
    await ended;
    socket.end('answer');
    expect(await answer).toBe('answer');
  });

  test('leaves a socket without a handle alone', () => {
    const fake = { _handle: {} } as unknown as Socket;
    expect(takeOver(fake, { received: () => undefined, keepsInput: () => false })).toBeUndefined();
  });
});
