/**
 * The list of revoked certificates: past its end a TLS library trusts no client certificate at all,
 * so that nobody gets in with one.
 */
import { readFileSync } from 'node:fs';
import { revocationListEnd } from '../../directory/schema/index.js';
import { type Finding, fine, look, wrong } from './finding.js';

const SUBJECT = 'revocation list';
/** Authorities make a new list about every week. */
const SOON_MS = 2 * 86_400_000;
const renew = 'fetch a new one from the authority; it is read without a restart (SIGHUP)';

export function revocationFinding(file: string, nowMs: number): Finding {
  const ends = endsOf(file);
  if (typeof ends === 'string') return wrong(SUBJECT, `${file} ${ends}`, renew);
  if (ends === undefined) return fine(SUBJECT, `${file} names no end`);
  const at = `${new Date(ends).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (nowMs >= ends) {
    return wrong(SUBJECT, `${file} ended at ${at}: no certificate opens anything`, renew);
  }
  const text = `${file} holds until ${at}`;
  return ends - nowMs < SOON_MS ? look(SUBJECT, text, renew) : fine(SUBJECT, text);
}

/** When it ends, undefined where it does not, or what is wrong with it. */
function endsOf(file: string): number | string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return missing ? 'does not exist' : 'cannot be read';
  }
  const end = revocationListEnd(derOf(bytes));
  return end === 'never' ? undefined : (end ?? 'is no list of revoked certificates in PEM form');
}

function derOf(bytes: Buffer): Buffer {
  const pem = /-----BEGIN X509 CRL-----([\s\S]*?)-----END X509 CRL-----/.exec(
    bytes.toString('latin1'),
  );
  return pem === null ? bytes : Buffer.from(pem[1]!, 'base64');
}
