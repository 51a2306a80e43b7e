/**
 * The development certificates: a certificate authority of this machine alone and one server
 * certificate under it, so that TLS works on a fresh clone. Owns DIR/certs/{ca,server}.{pem,key}.
 * It never overwrites a certificate that somebody else issued, and no private key is readable by
 * others or ever replaced by half: files appear whole, by rename.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import type { Issuer, KeyPairPem, Validity } from './x509.js';

/** Most commands make no certificate and do without the library. */
const loadX509 = () => import('./x509.js');

export interface CertificateOptions {
  /** DNS names of the server, the first also as common name. */
  readonly names: readonly string[];
  readonly ips: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
}

/** Where the files lie, until when the server certificate is valid, and what was done why. */
export interface DevelopmentCertificates {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly notAfterMs: number;
  readonly outcome: 'created' | 'renewed' | 'kept';
  readonly reason: string;
}

/** Certificates that cannot be made or read; the message says what to do. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

const DAY_MS = 86_400_000;
const CA_DAYS = 3_653;
/** The longest that common clients accept. */
const SERVER_DAYS = 825;
const RENEW_BEFORE_MS = 30 * DAY_MS;
/** Clients' clocks may be behind ours. */
const BACKDATE_MS = DAY_MS;
const CA_KEY_BITS = 3_072;
const SERVER_KEY_BITS = 2_048;

/** The names that a server on this machine is reached by: localhost and its host names. */
export function developmentNames(): { readonly names: string[]; readonly ips: string[] } {
  const names = new Set(['localhost']);
  const host = hostname().toLowerCase();
  for (const name of [host, host.split('.')[0]!]) if (isDnsName(name)) names.add(name);
  return { names: [...names], ips: ['127.0.0.1', '::1'] };
}

/** Makes the authority and the server certificate in `dir`/certs; the folder must not have them. */
export async function makeDevelopmentCertificates(
  dir: string,
  options: CertificateOptions,
): Promise<DevelopmentCertificates> {
  const files = filesIn(dir);
  if ((await readIfThere(files.ca)) ?? (await readIfThere(files.cert))) {
    throw new CertificateError(`${files.folder} already holds certificates; they are left alone`);
  }
  return create(files, options);
}

/**
 * Called at every start: makes what is missing, and issues the server certificate anew from the
 * same authority when it ends within 30 days, names other hosts, or does not fit its key.
 */
export async function ensureDevelopmentCertificates(
  dir: string,
  options: CertificateOptions,
): Promise<DevelopmentCertificates> {
  const files = filesIn(dir);
  const [ca, caKey, cert, key] = await Promise.all([
    readIfThere(files.ca),
    readIfThere(files.caKey),
    readIfThere(files.cert),
    readIfThere(files.key),
  ]);
  if (ca === undefined && cert === undefined) return create(files, options);

  const authority = ca === undefined ? undefined : readCertificate(ca, files.ca);
  const server = cert === undefined ? undefined : readCertificate(cert, files.cert);
  const ours = server === undefined || isIssuedBy(server, authority);
  const reason = renewalReason(server, key, options);
  if (server !== undefined && (reason === undefined || !ours)) {
    const why = ours ? 'it is valid' : 'it was not issued by the development authority';
    return done(files, server, { outcome: 'kept', reason: why });
  }
  if (authority === undefined || ca === undefined || caKey === undefined) {
    throw new CertificateError(
      `the server certificate must be issued anew (${reason}), but ${files.caKey} is missing; ` +
        `put it back, or remove ${files.folder} to get a new one that clients must trust anew`,
    );
  }
  if (!keyFits(authority, caKey)) {
    throw new CertificateError(`${files.caKey} is not the key of ${files.ca}`);
  }
  const issuer: Issuer = { certificatePem: ca, privateKeyPem: caKey };
  // A key without a certificate is somebody's request, or ours interrupted: it is not overwritten.
  const keys = server === undefined && key !== undefined ? readKeys(key, files.key) : undefined;
  return issueInto(files, issuer, options, { outcome: 'renewed', reason: reason ?? '' }, keys);
}

interface Files {
  readonly folder: string;
  readonly ca: string;
  readonly caKey: string;
  readonly cert: string;
  readonly key: string;
}

function filesIn(dir: string): Files {
  const folder = join(dir, 'certs');
  return {
    folder,
    ca: join(folder, 'ca.pem'),
    caKey: join(folder, 'ca.key'),
    cert: join(folder, 'server.pem'),
    key: join(folder, 'server.key'),
  };
}

async function create(files: Files, options: CertificateOptions): Promise<DevelopmentCertificates> {
  checkNames(options);
  const keys = await makeKeys(CA_KEY_BITS);
  const validity = validFrom(options.clock, CA_DAYS);
  const { random } = options;
  const { issueAuthority } = await loadX509();
  const ca = issueAuthority({ keys, validity, random });
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await writeWhole(files.caKey, keys.privateKeyPem, 0o600, random);
  await writeWhole(files.ca, ca, 0o644, random);
  const issuer: Issuer = { certificatePem: ca, privateKeyPem: keys.privateKeyPem };
  return issueInto(files, issuer, options, { outcome: 'created', reason: 'there were none' });
}

type Done = Pick<DevelopmentCertificates, 'outcome' | 'reason'>;

async function issueInto(
  files: Files,
  issuer: Issuer,
  options: CertificateOptions,
  what: Done,
  givenKeys?: KeyPairPem,
): Promise<DevelopmentCertificates> {
  checkNames(options);
  const { names, ips, clock, random } = options;
  const authority = new X509Certificate(issuer.certificatePem);
  const caEndsMs = notAfterMs(authority);
  if (caEndsMs < clock.nowMs() + RENEW_BEFORE_MS) {
    throw new CertificateError(
      `the development authority ${files.ca} ends on ${authority.validTo}; ` +
        `remove ${files.folder} to get a new one that clients must trust anew`,
    );
  }
  const keys = givenKeys ?? (await makeKeys(SERVER_KEY_BITS));
  const { fromMs, toMs } = validFrom(clock, SERVER_DAYS);
  const validity: Validity = { fromMs, toMs: Math.min(toMs, caEndsMs) };
  const { issueServer } = await loadX509();
  const cert = issueServer({ issuer, keys, validity, names, ips, random });
  // Key first: stopped in between, the next start sees that they do not fit and issues again.
  await writeWhole(files.key, keys.privateKeyPem, 0o600, random);
  await writeWhole(files.cert, cert, 0o644, random);
  return done(files, new X509Certificate(cert), what);
}

function done(files: Files, server: X509Certificate, what: Done): DevelopmentCertificates {
  return {
    caFile: files.ca,
    certFile: files.cert,
    keyFile: files.key,
    notAfterMs: notAfterMs(server),
    ...what,
  };
}

function renewalReason(
  server: X509Certificate | undefined,
  key: string | undefined,
  { names, ips, clock }: CertificateOptions,
): string | undefined {
  if (server === undefined) return 'the certificate is missing';
  if (key === undefined) return 'its key is missing';
  if (!keyFits(server, key)) return 'its key does not fit';
  if (notAfterMs(server) < clock.nowMs() + RENEW_BEFORE_MS) return `it ends on ${server.validTo}`;
  const inside = new Set(server.subjectAltName?.split(', '));
  const named = names.every((name) => inside.has(`DNS:${name}`));
  const addressed = ips.every((ip) => server.checkIP(ip) !== undefined);
  if (named && addressed && inside.size === new Set([...names, ...ips]).size) return undefined;
  return 'the names of the server changed';
}

function isIssuedBy(server: X509Certificate, authority: X509Certificate | undefined): boolean {
  if (authority === undefined) return false;
  return server.checkIssued(authority) && server.verify(authority.publicKey);
}

function keyFits(certificate: X509Certificate, keyPem: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(keyPem));
  } catch {
    return false;
  }
}

function readCertificate(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new CertificateError(`${file} is not a PEM certificate`);
  }
}

function readKeys(keyPem: string, file: string): KeyPairPem {
  try {
    const key = createPrivateKey(keyPem);
    if (key.asymmetricKeyType === 'rsa') {
      const publicKeyPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string;
      const privateKeyPem = key.export({ type: 'pkcs8', format: 'pem' }) as string;
      return { publicKeyPem, privateKeyPem };
    }
  } catch {
    // Unreadable and not RSA end alike.
  }
  throw new CertificateError(
    `${file} has no certificate beside it and is not a plain RSA key; move it away`,
  );
}

function notAfterMs(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo);
}

function validFrom(clock: Clock, days: number): Validity {
  const nowMs = clock.nowMs();
  return { fromMs: nowMs - BACKDATE_MS, toMs: nowMs - BACKDATE_MS + days * DAY_MS };
}

function checkNames({ names, ips }: CertificateOptions): void {
  if (names.length === 0) throw new CertificateError('a server certificate needs a DNS name');
  for (const name of names) {
    if (!isDnsName(name)) throw new CertificateError(`${JSON.stringify(name)} is not a DNS name`);
  }
  for (const ip of ips) {
    if (isIP(ip) === 0) throw new CertificateError(`${JSON.stringify(ip)} is not an IP address`);
  }
}

const dnsName =
  /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

function isDnsName(name: string): boolean {
  return name.length <= 253 && dnsName.test(name) && isIP(name) === 0;
}

const generate = promisify(generateKeyPair);

/** Keys come from the kernel's randomness inside OpenSSL; they cannot be drawn from `random`. */
async function makeKeys(modulusLength: number): Promise<KeyPairPem> {
  const { publicKey, privateKey } = await generate('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKeyPem: publicKey, privateKeyPem: privateKey };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeWhole(file: string, text: string, mode: number, random: Random): Promise<void> {
  const half = `${file}.${random.bytes(6).toString('hex')}`;
  await writeFile(half, text, { mode, flag: 'wx', flush: true });
  await rename(half, file);
}
