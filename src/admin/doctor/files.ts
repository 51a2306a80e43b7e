/**
 * Files that must be there, be ours alone, and fit together: the folder, the database, keys and
 * certificates. Reads; changes nothing, not even permissions.
 */
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, fine, look, wrong } from './finding.js';

const OTHERS_READ = 0o077;
const OTHERS_WRITE = 0o022;
const DAY_MS = 86_400_000;
/** When a certificate's end is near enough to be said. */
const SOON_MS = 30 * DAY_MS;

/** Names in the data folder that hold secrets, or are doors. */
const secretFiles = /^(?:tenure\.db(?:-wal|-shm)?|.*\.key|.*\.sock)$/;

/** Whose the folder is, who else may read in it, and whether the server that runs it could. */
export function folderFindings(dataDir: string): Finding[] {
  const findings: Finding[] = [];
  const folder = statSync(dataDir);
  if ((folder.mode & OTHERS_READ) !== 0) {
    const text = `${dataDir} is open to others (mode ${octal(folder)})`;
    findings.push(wrong('folder', text, `chmod 700 ${dataDir}`));
  }
  for (const name of readdirSync(dataDir)) {
    const file = join(dataDir, name);
    const stat = lstatSync(file);
    if (stat.uid !== folder.uid) {
      const text = `${file} belongs to user ${stat.uid}, the folder to user ${folder.uid}`;
      findings.push(wrong('folder', text, `chown ${folder.uid} ${file}`));
    }
    if (name === 'config.yaml' && (stat.mode & OTHERS_WRITE) !== 0) {
      const text = `${file} may be changed by others (mode ${octal(stat)})`;
      findings.push(wrong('folder', text, `chmod go-w ${file}`));
    }
    if (secretFiles.test(name) && !stat.isSymbolicLink()) findings.push(...secretFinding(file));
  }
  if (findings.length > 0) return findings;
  return [fine('folder', `${dataDir} and what is in it are open to its owner only`)];
}

/** A file that holds a secret: that it is there, and closed to others. */
export function secretFinding(file: string): Finding[] {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return [wrong('key', `${file} is missing`, 'put it back from a backup')];
  if ((stat.mode & OTHERS_READ) === 0) return [];
  const text = `${file} is open to others (mode ${octal(stat)})`;
  return [wrong('key', text, `chmod 600 ${file}`)];
}

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
}

/** That the server's certificate and key fit, and until when certificates are valid. */
export function certificateFindings(files: CertificateFiles, nowMs: number): Finding[] {
  const server = readCertificate(files.cert);
  if (!(server instanceof X509Certificate)) return [server];
  const findings = [...secretFinding(files.key), validity(files.cert, server, nowMs)];
  const key = readKey(files.key, server);
  if (key !== undefined) findings.push(key);
  if (files.ca === undefined) return findings;
  const ca = readCertificate(files.ca);
  if (!(ca instanceof X509Certificate)) return [...findings, ca];
  findings.push(validity(files.ca, ca, nowMs));
  if (!server.checkIssued(ca) || !server.verify(ca.publicKey)) {
    const text = `${files.cert} was not issued by ${files.ca}, which clients are given`;
    findings.push(look('certificate', text, 'tls.ca must name the authority of tls.cert'));
  }
  return findings;
}

/** The authorities that clients' certificates come from. */
export function authorityFinding(file: string, nowMs: number): Finding {
  const authority = readCertificate(file);
  return authority instanceof X509Certificate ? validity(file, authority, nowMs) : authority;
}

function validity(file: string, certificate: X509Certificate, nowMs: number): Finding {
  const fromMs = Date.parse(certificate.validFrom);
  const toMs = Date.parse(certificate.validTo);
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const renew = 'get a new one; it is read without a restart';
  if (nowMs < fromMs) {
    return wrong('certificate', `${file} is valid only from ${day(fromMs)}`, 'is the clock right?');
  }
  if (nowMs > toMs) return wrong('certificate', `${file} ended on ${day(toMs)}`, renew);
  const days = Math.floor((toMs - nowMs) / DAY_MS);
  const text = `${file} is valid until ${day(toMs)} (${days} day${days === 1 ? '' : 's'})`;
  return toMs - nowMs < SOON_MS ? look('certificate', text, renew) : fine('certificate', text);
}

function readCertificate(file: string): X509Certificate | Finding {
  try {
    return new X509Certificate(readFileSync(file));
  } catch (error) {
    const text = `${file} cannot be read: ${reason(error)}`;
    return wrong('certificate', text, 'clients cannot use TLS without it');
  }
}

function readKey(file: string, certificate: X509Certificate): Finding | undefined {
  try {
    const key = createPrivateKey(readFileSync(file));
    if (createPublicKey(key).equals(certificate.publicKey)) return undefined;
    return wrong('key', `${file} is not the key of the server's certificate`, 'bring the pair');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return wrong(
      'key',
      `${file} cannot be read: ${reason(error)}`,
      'a PEM file without passphrase',
    );
  }
}

function reason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission is missing';
  return 'it is not in PEM form';
}

function octal({ mode }: Stats): string {
  return (mode & 0o777).toString(8);
}
