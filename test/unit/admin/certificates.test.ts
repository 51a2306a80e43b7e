import { X509Certificate } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  CertificateError,
  type CertificateOptions,
  type DevelopmentCertificates,
  developmentNames,
  ensureDevelopmentCertificates,
  makeDevelopmentCertificates,
} from '../../../src/admin/certificates.js';
import { type Clock, systemClock } from '../../../src/runtime/clock.js';
import { systemRandom } from '../../../src/runtime/random.js';

const DAY_MS = 86_400_000;
const random = systemRandom();
let dir = '';
let template = '';
beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'tenure-certs-'));
  await makeDevelopmentCertificates(template, optionsIn(0));
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tenure-certs-'));
});
afterEach(() => rm(dir, { recursive: true }));
afterAll(() => rm(template, { recursive: true }));

/** Certificates as the first start leaves them; copied, because making keys takes a while. */
async function made(): Promise<DevelopmentCertificates> {
  await cp(template, dir, { recursive: true });
  return ensureDevelopmentCertificates(dir, optionsIn(0));
}

function optionsIn(days: number, more: Partial<CertificateOptions> = {}): CertificateOptions {
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + days * DAY_MS };
  return { names: ['localhost', 'web.test'], ips: ['127.0.0.1', '::1'], clock, random, ...more };
}

async function read(file: string): Promise<X509Certificate> {
  return new X509Certificate(await readFile(file));
}

/** What a client that trusts only our authority sees of the server. */
async function handshake(files: DevelopmentCertificates, servername: string): Promise<boolean> {
  const [ca, cert, key] = await Promise.all(
    [files.caFile, files.certFile, files.keyFile].map((file) => readFile(file)),
  );
  const server = createServer({ cert, key }, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', ca, servername }, () => {
        resolve(socket.authorized);
        socket.destroy();
      });
      socket.on('error', () => resolve(false));
    });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test('what is made is trusted by TLS under its names and no other', async () => {
  const first = await makeDevelopmentCertificates(dir, optionsIn(0));
  expect(first.outcome).toBe('created');
  expect(await handshake(first, 'localhost')).toBe(true);
  expect(await handshake(first, 'elsewhere.test')).toBe(false);

  const [ca, server] = [await read(first.caFile), await read(first.certFile)];
  expect([ca.ca, server.ca]).toEqual([true, false]);
  expect(server.subjectAltName).toBe(
    'DNS:localhost, DNS:web.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  );
  expect(server.checkIssued(ca) && server.verify(ca.publicKey)).toBe(true);
  expect(ca.verify(ca.publicKey)).toBe(true);
  expect(Math.round((Date.parse(server.validTo) - Date.parse(server.validFrom)) / DAY_MS)).toBe(
    825,
  );
  expect(first.notAfterMs).toBe(Date.parse(server.validTo));
  for (const name of ['ca.key', 'server.key']) {
    expect((await stat(join(dir, 'certs', name))).mode & 0o777).toBe(0o600);
  }
  expect((await readdir(join(dir, 'certs'))).sort()).toEqual([
    'ca.key',
    'ca.pem',
    'server.key',
    'server.pem',
  ]);
  await expect(makeDevelopmentCertificates(dir, optionsIn(0))).rejects.toThrow(CertificateError);
});

test('kept while valid; renewed near its end, for new names and for a lost key', async () => {
  const first = await made();
  expect(first.outcome).toBe('kept');
  const ca = await read(first.caFile);
  expect((await ensureDevelopmentCertificates(dir, optionsIn(790))).outcome).toBe('kept');

  const later = await ensureDevelopmentCertificates(dir, optionsIn(800));
  expect([later.outcome, later.reason]).toEqual(['renewed', expect.stringContaining('it ends on')]);
  const more = { names: ['localhost', 'web.test', 'db.test'] };
  const renamed = await ensureDevelopmentCertificates(dir, optionsIn(800, more));
  expect([renamed.outcome, renamed.reason]).toEqual(['renewed', 'the names of the server changed']);
  expect((await ensureDevelopmentCertificates(dir, optionsIn(800, more))).outcome).toBe('kept');
  expect((await ensureDevelopmentCertificates(dir, optionsIn(800))).outcome).toBe('renewed');

  await writeFile(first.keyFile, 'not a key');
  expect((await ensureDevelopmentCertificates(dir, optionsIn(800))).reason).toContain('not fit');
  await unlink(first.certFile);
  const key = await readFile(first.keyFile, 'latin1');
  expect((await ensureDevelopmentCertificates(dir, optionsIn(0))).outcome).toBe('renewed');
  expect(await readFile(first.keyFile, 'latin1')).toBe(key);

  expect((await read(first.caFile)).fingerprint256).toBe(ca.fingerprint256);
  expect(await handshake(first, 'localhost')).toBe(true);
  expect((await readdir(join(dir, 'certs'))).length).toBe(4);
});

test('the server never outlives its authority, and an ended authority is said so', async () => {
  await made();
  const late = await ensureDevelopmentCertificates(dir, optionsIn(3_500));
  expect(late.notAfterMs).toBe(Date.parse((await read(late.caFile)).validTo));
  await expect(ensureDevelopmentCertificates(dir, optionsIn(3_640))).rejects.toThrow(
    'the development authority',
  );
});

test('without the key of the authority all is well until something must be issued', async () => {
  await made();
  await unlink(join(dir, 'certs', 'ca.key'));
  expect((await ensureDevelopmentCertificates(dir, optionsIn(0))).outcome).toBe('kept');
  await expect(ensureDevelopmentCertificates(dir, optionsIn(800))).rejects.toThrow('is missing');
});

test('a certificate from elsewhere is never overwritten', async () => {
  const own = await ensureDevelopmentCertificates(dir, optionsIn(0));
  const foreign = await readFile(join(template, 'certs', 'server.pem'));
  await writeFile(own.certFile, foreign);
  const kept = await ensureDevelopmentCertificates(dir, optionsIn(3_000));
  expect([kept.outcome, kept.reason]).toEqual([
    'kept',
    'it was not issued by the development authority',
  ]);
  expect(await readFile(own.certFile)).toEqual(foreign);
});

test('names that no certificate can hold are refused', async () => {
  for (const more of [{ names: [] }, { names: ['no good'] }, { ips: ['300.1.1.1'] }]) {
    await expect(makeDevelopmentCertificates(dir, optionsIn(0, more))).rejects.toThrow(
      CertificateError,
    );
  }
  expect(await readdir(dir)).toEqual([]);
});

test('the names of this machine begin with localhost', () => {
  const { names, ips } = developmentNames();
  expect(names[0]).toBe('localhost');
  expect(ips).toEqual(['127.0.0.1', '::1']);
});
