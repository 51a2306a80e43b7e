/** A wire server over the directory in a Map, on a free port, with a throwaway certificate. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';
import {
  type CleartextBind,
  createTlsMaterial,
  createWireServer,
  type TlsMaterial,
  type WireServer,
} from '../../src/ldap/index.js';
import { type Clock, systemClock } from '../../src/runtime/clock.js';
import { defaultLimits, type Limits } from '../../src/runtime/limits.js';
import { createLog, type LogLevel } from '../../src/runtime/log.js';
import { MemoryDirectory } from './wire-directory.js';

export interface TestWire {
  readonly directory: MemoryDirectory;
  readonly server: WireServer;
  readonly port: number;
  readonly ldapsPort: number;
  readonly localPath: string;
  readonly folder: string;
  readonly tls: TlsMaterial;
  readonly logged: string[];
  close(): Promise<void>;
}

export interface TestWireOptions {
  readonly limits?: Partial<Limits>;
  readonly cleartextBind?: CleartextBind;
  readonly level?: LogLevel;
  /** The machine's unless given. */
  readonly clock?: Clock;
}

/** A self-signed certificate for `commonName` and its key, PEM. */
export function selfSigned(commonName: string): { readonly cert: string; readonly key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - 86_400_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  const name = [{ name: 'commonName', value: commonName }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), key: privateKey };
}

let pair: { readonly cert: string; readonly key: string } | undefined;

/** Starts it with all three listeners; `close` leaves nothing behind. */
export async function startWire(options: TestWireOptions = {}): Promise<TestWire> {
  const folder = mkdtempSync(join(tmpdir(), 'tenure-wire-'));
  pair ??= selfSigned('localhost');
  const certFile = join(folder, 'server.pem');
  const keyFile = join(folder, 'server.key');
  writeFileSync(certFile, pair.cert);
  writeFileSync(keyFile, pair.key);
  const logged: string[] = [];
  const log = createLog({
    level: options.level ?? 'error',
    destination: 'json',
    stream: { write: (line) => void logged.push(line) },
  });
  const clock = options.clock ?? systemClock;
  const tls = createTlsMaterial({ certFile, keyFile, minVersion: 'TLSv1.2' }, clock, log);
  const directory = new MemoryDirectory();
  const server = createWireServer({
    directory,
    limits: { ...defaultLimits, ...options.limits },
    clock,
    log,
    cleartextBind: options.cleartextBind ?? 'loopback',
    tls,
  });
  const localPath = join(folder, 'ldapi.sock');
  const plain = await server.listen({ kind: 'ldap', host: '127.0.0.1', port: 0 });
  const secure = await server.listen({ kind: 'ldaps', host: '127.0.0.1', port: 0 });
  await server.listen({ kind: 'local', path: localPath });
  return {
    directory,
    server,
    port: plain.kind === 'local' ? 0 : plain.port,
    ldapsPort: secure.kind === 'local' ? 0 : secure.port,
    localPath,
    folder,
    tls,
    logged,
    async close() {
      directory.writeGate.open();
      directory.bindGate.open();
      await server.stop();
      tls.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
