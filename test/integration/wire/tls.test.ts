/** StartTLS, ldaps, and certificates that change while the server runs. */
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type CloseReason, createTlsMaterial } from '../../../src/ldap/index.js';
import {
  encodePasswordModifyRequest,
  encodeRequest,
  passwordModifyOid,
} from '../../../src/ldap/protocol/index.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { createLog } from '../../../src/runtime/log.js';
import {
  bindOp,
  codeOf,
  compareOp,
  extendedOp,
  modifyOp,
  searchOp,
  textOf,
  until,
  WireClient,
} from '../../support/wire-client.js';
import { suffix } from '../../support/wire-directory.js';
import {
  selfSigned,
  startWire,
  type TestWire,
  type TestWireOptions,
} from '../../support/wire-server.js';

const startTlsOid = '1.3.6.1.4.1.1466.20037';
const startTls = extendedOp(startTlsOid);
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

async function secureClient(): Promise<WireClient> {
  const made = await WireClient.connectTls(wire.ldapsPort);
  clients.push(made);
  return made;
}

function nameOf(one: WireClient): string {
  const { CN } = (one.socket as TLSSocket).getPeerCertificate().subject;
  return String(CN);
}

/** Waits until the server counted one connection as closed for that reason. */
function closedFor(reason: CloseReason): Promise<void> {
  return until(() => wire.server.metrics().connections.closed[reason] === 1);
}

afterEach(async () => {
  for (const one of clients.splice(0)) one.end();
  await wire.close();
});

describe('StartTLS', () => {
  test('turns the connection into a TLS one and keeps the identity', async () => {
    await start();
    const one = await client();
    await one.bind(ada, 'ada-secret');
    const answer = await one.ask(startTls);
    expect(answer.op).toMatchObject({
      kind: 'extendedResponse',
      resultCode: 0,
      responseName: startTlsOid,
    });
    await one.upgrade();
    const id = one.send(searchOp(suffix, 'whoami', 'me'));
    await one.answer(id);
    expect(one.entries(id)[0]?.op).toMatchObject({ objectName: `cn=${ada}` });
    const again = await one.ask(startTls);
    expect(codeOf(again)).toBe(1);
  });

  test('carries large results', async () => {
    await start();
    wire.directory.hugeEntries = 5_000;
    const one = await client();
    await one.ask(startTls);
    await one.upgrade();
    const id = one.send(searchOp('cn=huge'));
    expect(codeOf(await one.answer(id))).toBe(0);
    expect(one.entries(id).length).toBe(5_000);
  });

  test('is refused while something is in flight', async () => {
    await start();
    wire.directory.writeGate.close();
    const one = await client();
    const write = one.send(modifyOp(ada, 'x', 'y'));
    await until(() => wire.directory.submitted.length === 1);
    expect(await one.code(startTls)).toBe(1);
    wire.directory.writeGate.open();
    expect(codeOf(await one.answer(write))).toBe(0);
    expect(await one.code(startTls)).toBe(0);
  });

  test('with a value is a protocol error', async () => {
    await start();
    const one = await client();
    expect(await one.code(extendedOp(startTlsOid, Buffer.from('x')))).toBe(2);
  });

  test('octets in the clear behind it end the connection', async () => {
    await start();
    const one = await client();
    one.write(
      Buffer.concat([encodeRequest(1, startTls), encodeRequest(2, bindOp(ada, 'ada-secret'))]),
    );
    await one.closed;
    await closedFor('plaintextAfterStartTls');
    expect(wire.directory.binds).toEqual([]);
    expect(one.received.map(({ messageId }) => messageId)).toEqual([0]);
  });

  test('requests in the clear after its answer are never carried out', async () => {
    await start();
    const one = await client();
    await one.ask(startTls);
    one.write(encodeRequest(2, bindOp(ada, 'ada-secret')));
    await one.closed;
    expect(wire.directory.binds).toEqual([]);
    await closedFor('handshakeFailed');
  });

  test('the size limit holds after it', async () => {
    await start({ limits: { anonymousPduBytesMax: 2_000 } });
    const one = await client();
    await one.ask(startTls);
    await one.upgrade();
    one.write(encodeRequest(9, modifyOp(ada, 'x', 'y'.repeat(5_000))));
    await one.closed;
    expect(one.notice?.code).toBe(2);
  });

  test('a handshake that is begun and not ended is cut', async () => {
    await start({ limits: { firstByteTimeoutMs: 80 } });
    const one = await client();
    await one.ask(startTls);
    await one.closed;
    await closedFor('handshakeTimeout');
  });
});

describe('ldaps', () => {
  test('serves', async () => {
    await start();
    const one = await secureClient();
    expect(await one.bind(ada, 'ada-secret')).toBe(0);
    expect(await one.code(compareOp(ada, 'uid', 'ada'))).toBe(6);
    expect(wire.directory.binds[0]?.origin.confidential).toBe(true);
  });

  test('an open port with nobody speaking TLS is cut', async () => {
    await start({ limits: { firstByteTimeoutMs: 80 } });
    const socket = connect(wire.ldapsPort, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.on('close', resolve));
    await closedFor('handshakeTimeout');
  });

  test('plain LDAP on it fails and ends', async () => {
    await start();
    const socket = connect(wire.ldapsPort, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(encodeRequest(1, bindOp(ada, 'ada-secret')));
    await new Promise((resolve) => socket.on('close', resolve));
    await closedFor('handshakeFailed');
    expect(wire.directory.binds).toEqual([]);
  });

  test('a client that takes nothing is bounded and cut there, too', async () => {
    await start({ limits: { drainTimeoutMs: 150, writeHighWaterBytes: 64 * 1024 } });
    wire.directory.hugeEntries = 1_000_000;
    const deaf = await secureClient();
    deaf.socket.pause();
    deaf.send(searchOp('cn=huge'));
    await closedFor('drainTimeout');
    expect(wire.directory.hugeTaken).toBeLessThan(50_000);
  });
});

describe('cleartext passwords', () => {
  const change = extendedOp(
    passwordModifyOid,
    encodePasswordModifyRequest({
      userIdentity: ada,
      oldPassword: undefined,
      newPassword: Buffer.from('x'),
    }),
  );

  test('are refused where the rule is never, and taken over TLS', async () => {
    await start({ cleartextBind: 'never' });
    const one = await client();
    const answer = await one.ask(bindOp(ada, 'ada-secret'));
    expect(codeOf(answer)).toBe(13);
    expect(textOf(answer)).toContain('StartTLS');
    expect(await one.code(change)).toBe(13);
    expect(await one.bind('no name', 'x')).toBe(34);
    expect(await one.bind(ada, '')).toBe(53);
    expect(await one.bind('', '')).toBe(0);
    expect(wire.directory.binds).toEqual([]);
    expect(wire.directory.submitted).toEqual([]);
    await one.ask(startTls);
    await one.upgrade();
    expect(await one.bind(ada, 'ada-secret')).toBe(0);
    expect(await one.code(change)).toBe(0);
  });
});

describe('certificates', () => {
  test('are replaced without dropping a connection, on request', async () => {
    await start();
    const old = await secureClient();
    expect(nameOf(old)).toBe('localhost');
    const fresh = selfSigned('renewed');
    writeFileSync(join(wire.folder, 'server.pem'), fresh.cert);
    writeFileSync(join(wire.folder, 'server.key'), fresh.key);
    expect(wire.tls.reload()).toBe(true);
    expect(nameOf(await secureClient())).toBe('renewed');
    expect(await old.code(searchOp(suffix))).toBe(0);
    const plain = await client();
    await plain.ask(startTls);
    await plain.upgrade();
    expect(nameOf(plain)).toBe('renewed');
  });

  test('that cannot be used are refused, the old one stays', async () => {
    await start();
    writeFileSync(join(wire.folder, 'server.key'), selfSigned('other').key);
    expect(wire.tls.reload()).toBe(false);
    expect(wire.logged.join('')).toContain('does not belong to the certificate');
    writeFileSync(join(wire.folder, 'server.pem'), 'nonsense');
    expect(wire.tls.reload()).toBe(false);
    expect(nameOf(await secureClient())).toBe('localhost');
  });

  test('are read again when their files change', async () => {
    await start();
    const tasks: (() => void)[] = [];
    const clock = {
      ...systemClock,
      later: (_delayMs: number, task: () => void) => {
        tasks.push(task);
        return () => undefined;
      },
    };
    const certFile = join(wire.folder, 'watched.pem');
    const keyFile = join(wire.folder, 'watched.key');
    const write = ({ cert, key }: { cert: string; key: string }) => {
      writeFileSync(certFile, cert);
      writeFileSync(keyFile, key);
    };
    write(selfSigned('first'));
    const lines: string[] = [];
    const stream = { write: (line: string) => void lines.push(line) };
    const log = createLog({ level: 'info', destination: 'json', stream });
    const material = createTlsMaterial({ certFile, keyFile, minVersion: 'TLSv1.2' }, clock, log);
    const first = material.context();
    tasks.shift()?.();
    expect(material.context()).toBe(first);
    write(selfSigned('second one'));
    tasks.shift()?.();
    expect(material.context()).not.toBe(first);
    expect(tasks.length).toBe(1);
    material.close();
    expect(lines.join('')).not.toContain('PRIVATE KEY');
  });

  test('that cannot be used at the start say why in one sentence', async () => {
    await start();
    const missing = join(wire.folder, 'missing.pem');
    const keyFile = join(wire.folder, 'server.key');
    const open = (certFile: string) =>
      createTlsMaterial({ certFile, keyFile, minVersion: 'TLSv1.2' }, systemClock, silent);
    const silent = createLog({
      level: 'silent',
      destination: 'json',
      stream: { write: () => undefined },
    });
    expect(() => open(missing)).toThrow(`TLS: there is no file ${missing}`);
  });
});
