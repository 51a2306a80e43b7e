/**
 * What a person's device is given: a seed made here, and the otpauth URI that authenticator apps
 * read. Base32 is RFC 4648's, without padding.
 */
import { generateURI, ScureBase32Plugin } from 'otplib';
import type { Random } from '../../runtime/random.js';
import { type OtpFactor, type OtpType, SEED_BYTES, seedProblem } from './codes.js';

const base32 = new ScureBase32Plugin();
/** What every authenticator app can do; some silently ignore anything else. */
const common = { algorithm: 'sha1', digits: 6 } as const;
const PERIOD_SECONDS = 30;

/** A new factor that waits for its first code. */
export function newFactor(type: OtpType, seed: Buffer, nowMs: number): OtpFactor {
  const period = type === 'totp' ? PERIOD_SECONDS : 0;
  return { type, ...common, period, next: 0, confirmed: false, enrolledMs: nowMs, seed };
}

export function makeSeed(random: Random): Buffer {
  return random.bytes(SEED_BYTES);
}

/** The seed as it is typed into a device. */
export function seedText(seed: Buffer): string {
  return base32.encode(seed);
}

export type ReadSeed =
  | { readonly ok: true; readonly seed: Buffer }
  | { readonly ok: false; readonly reason: string };

/** Reads the seed of a device that brings its own, with spaces, hyphens and any case. */
export function readSeed(text: string): ReadSeed {
  const bare = text.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase();
  if (!/^[A-Z2-7]+$/.test(bare)) {
    return { ok: false, reason: 'the secret is not base32 (letters A to Z and digits 2 to 7)' };
  }
  let seed: Buffer;
  try {
    seed = Buffer.from(base32.decode(bare));
  } catch {
    return { ok: false, reason: 'the secret is not whole: base32 never has that many characters' };
  }
  const reason = seedProblem(seed);
  return reason === undefined ? { ok: true, seed } : { ok: false, reason };
}

/** `otpauth://totp/ISSUER:ACCOUNT?secret=…` */
export function otpauthUri(factor: OtpFactor, issuer: string, account: string): string {
  const { type: strategy, algorithm, digits, period, next, seed } = factor;
  // A colon separates issuer and account, escaped or not: in a name it would split it.
  const label = account.replaceAll(':', ' ');
  const shown = { strategy, issuer: issuer.replaceAll(':', ' '), label, secret: seedText(seed) };
  if (strategy === 'hotp') return generateURI({ ...shown, algorithm, digits, counter: next });
  return generateURI({ ...shown, algorithm, digits, period });
}
