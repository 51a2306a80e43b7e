/** The end: graceful stop, sessions ended from inside, counters, and what the log says. */
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  codeOf,
  compareOp,
  modifyOp,
  searchOp,
  until,
  WireClient,
} from '../../support/wire-client.js';
import { adminDn, suffix } from '../../support/wire-directory.js';
import { startWire, type TestWire, type TestWireOptions } from '../../support/wire-server.js';

const ada = `uid=ada,${suffix}`;
let wire: TestWire;
const clients: WireClient[] = [];

async function start(options: TestWireOptions = {}): Promise<void> {
  wire = await startWire(options);
}

async function client(): Promise<WireClient> {
  const made = await WireClient.connect(wire.port);
  clients.push(made);
  return made;
}

afterEach(async () => {
  for (const one of clients.splice(0)) one.end();
  await wire.close();
});

describe('stop', () => {
  test('lets what runs end, says goodbye, and lets nobody in', async () => {
    await start();
    wire.directory.writeGate.close();
    const idle = await client();
    await idle.code(searchOp(suffix));
    const busy = await client();
    const id = busy.send(modifyOp(ada, 'x', 'y'));
    await until(() => wire.directory.submitted.length === 1);
    const stopped = wire.server.stop();
    expect(wire.server.stop()).toBe(stopped);
    await idle.closed;
    expect(idle.notice).toEqual({ code: 52, text: 'the server is stopping' });
    await expect(WireClient.connect(wire.port)).rejects.toThrow('ECONNREFUSED');
    busy.send(modifyOp(ada, 'x', 'too late'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    wire.directory.writeGate.open();
    expect(codeOf(await busy.answer(id))).toBe(0);
    await busy.closed;
    expect(busy.notice?.code).toBe(52);
    await stopped;
    expect(wire.directory.submitted.length).toBe(1);
    expect(wire.server.metrics().connections.open).toBe(0);
  });

  test('does not wait for ever', async () => {
    await start({ limits: { stopGraceMs: 50 } });
    const endless = await client();
    const id = endless.send(searchOp('cn=forever'));
    await until(() => wire.directory.foreverPulls > 0);
    await wire.server.stop();
    await endless.closed;
    expect(endless.notice?.code).toBe(52);
    expect(endless.received.some(({ messageId }) => messageId === id)).toBe(false);
    const pulls = wire.directory.foreverPulls;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(wire.directory.foreverPulls).toBe(pulls);
  });

  test('cuts a client that takes nothing, half-open ones, and TLS ones', async () => {
    await start({ limits: { stopGraceMs: 50 } });
    wire.directory.hugeEntries = 1_000_000;
    const deaf = await client();
    deaf.socket.pause();
    deaf.send(searchOp('cn=huge'));
    await until(() => wire.directory.hugeTaken > 1_000);
    const secure = await WireClient.connectTls(wire.ldapsPort);
    clients.push(secure);
    await secure.code(searchOp(suffix));
    await wire.server.stop();
    expect(wire.server.metrics().connections.open).toBe(0);
  });
});

describe('sessions', () => {
  test('of a person are ended with a notice, others stay', async () => {
    await start();
    const person = await client();
    await person.bind(ada, 'ada-secret');
    const admin = await client();
    await admin.bind(adminDn, 'admin-secret');
    const nobody = await client();
    await nobody.code(searchOp(suffix));
    const ended = wire.server.endSessions(({ dn }) => dn === ada, 'your account has ended');
    expect(ended).toBe(1);
    await person.closed;
    expect(person.notice).toEqual({ code: 52, text: 'your account has ended' });
    expect(await admin.code(searchOp(suffix))).toBe(0);
    expect(await nobody.code(searchOp(suffix))).toBe(0);
    await until(() => wire.server.metrics().connections.closed.sessionEnded === 1);
  });
});

describe('accounts of itself', () => {
  test('counters add up', async () => {
    await start();
    const one = await client();
    await one.bind(ada, 'ada-secret');
    await one.code(compareOp(ada, 'uid', 'ada'));
    await one.code(searchOp('ou=nowhere'));
    await one.code(searchOp(suffix, 'uid', 'ada'));
    const { connections, operations, results, entries, bytesIn, bytesOut } = wire.server.metrics();
    expect(connections).toMatchObject({ open: 1, opened: 1, refused: 0 });
    expect(operations).toMatchObject({ bind: 1, compare: 1, search: 2, modify: 0 });
    expect(results).toEqual({ success: 2, compareTrue: 1, noSuchObject: 1 });
    expect(entries).toBe(1);
    expect(bytesIn).toBeGreaterThan(100);
    expect(bytesOut).toBeGreaterThan(100);
  });

  test('the log tells each operation, its code and time, and no secret', async () => {
    await start({ level: 'debug' });
    const one = await client();
    await one.bind(ada, 'ada-secret');
    await one.bind(ada, 'a-wrong-secret');
    await one.code(searchOp(suffix));
    one.send({ kind: 'unbind' });
    await one.closed;
    await until(() => wire.logged.some((line) => line.includes('connection closed')));
    const lines = wire.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
    const bind = lines.find(({ msg }) => msg === 'bind');
    expect(bind).toMatchObject({ connection: 1, message: 1, identity: ada, resultCode: 0 });
    expect(typeof bind?.['ms']).toBe('number');
    expect(lines.find(({ msg }) => msg === 'connection closed')).toMatchObject({
      reason: 'unbind',
      requests: 4,
    });
    expect(wire.logged.join('')).not.toContain('secret');
  });
});
