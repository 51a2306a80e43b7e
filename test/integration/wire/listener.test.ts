/** Opening and closing doors: the local socket, taken ports, and clear words for failures. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createWireServer,
  ListenError,
  type ListenOptions,
  supportedSaslMechanisms,
  type WireServer,
} from '../../../src/ldap/index.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { defaultLimits } from '../../../src/runtime/limits.js';
import { createLog } from '../../../src/runtime/log.js';
import { extendedOp, saslOp, searchOp, WireClient } from '../../support/wire-client.js';
import { adminDn, MemoryDirectory, suffix } from '../../support/wire-directory.js';
import { startWire, type TestWire } from '../../support/wire-server.js';

let wire: TestWire;
let other: WireServer;

beforeEach(async () => {
  wire = await startWire();
  other = createWireServer({
    directory: new MemoryDirectory(),
    limits: defaultLimits,
    clock: systemClock,
    log: createLog({ level: 'silent', destination: 'json', stream: { write: () => undefined } }),
    cleartextBind: 'loopback',
    tls: undefined,
  });
});

afterEach(async () => {
  await other.stop();
  await wire.close();
});

async function refusal(options: ListenOptions): Promise<ListenError> {
  try {
    await other.listen(options);
  } catch (error) {
    if (error instanceof ListenError) return error;
    throw error;
  }
  throw new Error('it was opened');
}

describe('the local socket', () => {
  test('makes its owner the administrator, and nobody else can open it', async () => {
    expect(statSync(wire.localPath).mode & 0o777).toBe(0o600);
    const client = await WireClient.connect(wire.localPath);
    expect(await client.code(saslOp('EXTERNAL'))).toBe(0);
    const { op } = await client.ask(extendedOp('1.3.6.1.4.1.4203.1.11.3'));
    expect(op).toMatchObject({ responseValue: Buffer.from(`dn:${adminDn}`) });
    expect(await client.code(saslOp('external', `dn:${adminDn.toUpperCase()}`))).toBe(0);
    expect(await client.code(saslOp('EXTERNAL', `dn:uid=ada,${suffix}`))).toBe(123);
    expect(await client.code(saslOp('PLAIN', 'x'))).toBe(7);
    client.end();
  });

  test('is the only place where EXTERNAL is offered', () => {
    const origin = { connection: 1, confidential: true };
    expect(supportedSaslMechanisms({ ...origin, address: 'local' })).toEqual(['EXTERNAL']);
    expect(supportedSaslMechanisms({ ...origin, address: '127.0.0.1' })).toEqual([]);
  });

  test('is gone when the server stopped', async () => {
    const path = join(wire.folder, 'own.sock');
    await other.listen({ kind: 'local', path });
    expect(existsSync(path)).toBe(true);
    await other.stop();
    expect(existsSync(path)).toBe(false);
  });

  test('left by a killed server is replaced; one that is answered is not', async () => {
    const error = await refusal({ kind: 'local', path: wire.localPath });
    expect(error.code).toBe('EADDRINUSE');
    expect(error.message).toContain(wire.localPath);
    const client = await WireClient.connect(wire.localPath);
    expect(await client.code(searchOp(suffix))).toBe(0);
    client.end();

    const stale = join(wire.folder, 'stale.sock');
    const { spawnSync } = await import('node:child_process');
    const server = `require('net').createServer().listen(${JSON.stringify(stale)}`;
    const leave = `${server}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', leave]);
    expect(existsSync(stale)).toBe(true);
    await other.listen({ kind: 'local', path: stale });
    const second = await WireClient.connect(stale);
    expect(await second.code(searchOp(suffix))).toBe(0);
    second.end();
  });

  test('never replaces a file, and says what is wrong with a path', async () => {
    const file = join(wire.folder, 'notes.txt');
    writeFileSync(file, 'keep me');
    expect((await refusal({ kind: 'local', path: file })).code).toBe('EEXIST');
    expect(existsSync(file)).toBe(true);
    const missing = join(wire.folder, 'no', 'such.sock');
    expect((await refusal({ kind: 'local', path: missing })).message).toContain('does not exist');
    const long = join(wire.folder, 'x'.repeat(120));
    expect((await refusal({ kind: 'local', path: long })).code).toBe('ENAMETOOLONG');
  });
});

describe('ports', () => {
  test('that are taken', async () => {
    const error = await refusal({ kind: 'ldap', host: '127.0.0.1', port: wire.port });
    expect(error.code).toBe('EADDRINUSE');
    expect(error.message).toBe(
      `ldap://127.0.0.1:${wire.port} is already in use by another program`,
    );
  });

  test('on an address of another machine', async () => {
    const error = await refusal({ kind: 'ldap', host: '192.0.2.1', port: 0 });
    expect(error.message).toContain('192.0.2.1 is not an address of this machine');
  });

  test('for ldaps without a certificate', async () => {
    const error = await refusal({ kind: 'ldaps', host: '127.0.0.1', port: 0 });
    expect(error.message).toContain('certificate');
  });

  test('are free again after stop', async () => {
    const bound = await other.listen({ kind: 'ldap', host: '127.0.0.1', port: 0 });
    await other.stop();
    if (bound.kind === 'local') throw new Error('not a port');
    const again = createServer();
    await new Promise<void>((resolve, reject) => {
      again.once('error', reject);
      again.listen(bound.port, '127.0.0.1', resolve);
    });
    await new Promise((resolve) => again.close(resolve));
    expect((await refusal({ kind: 'ldap', host: '127.0.0.1', port: 0 })).code).toBe('ESTOPPED');
  });
});
