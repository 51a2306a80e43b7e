/**
 * One-time codes: TOTP (RFC 6238) and HOTP (RFC 4226), computed by otplib. Owns what is kept of a
 * factor (sealed, see secret-box.ts), which codes are good at a moment, and that none is good twice:
 * `next` is the first step or counter that may still be used. Reads no clock and stores nothing.
 *
 *   record = version ‖ flags ‖ algorithm ‖ digits ‖ period (2) ‖ next (8) ‖ enrolled (8) ‖ seed
 */
import { timingSafeEqual } from 'node:crypto';
import { generateSync } from 'otplib';

export type OtpType = 'totp' | 'hotp';
export const otpAlgorithms = ['sha1', 'sha256', 'sha512'] as const;
export type OtpAlgorithm = (typeof otpAlgorithms)[number];

export interface OtpFactor {
  readonly type: OtpType;
  readonly algorithm: OtpAlgorithm;
  readonly digits: 6 | 7 | 8;
  /** Seconds of a step; HOTP has none. */
  readonly period: number;
  /** The first step (TOTP) or counter (HOTP) that is still good. */
  readonly next: number;
  /** False until a code has shown that the device has the seed. */
  readonly confirmed: boolean;
  readonly enrolledMs: number;
  readonly seed: Buffer;
}

/** How far a clock or a counter may be off. */
export interface OtpWindow {
  /** Steps of TOTP before and after that of now. */
  readonly drift: number;
  /** Counters of HOTP behind the next one. */
  readonly lookAhead: number;
}

export const defaultOtpWindow: OtpWindow = { drift: 1, lookAhead: 10 };

/** RFC 4226 §4, R6: at least 128 bits; 160 are recommended. */
export const SEED_BYTES_LEAST = 16;
export const SEED_BYTES_MOST = 64;
export const SEED_BYTES = 20;

const VERSION = 1;
const CONFIRMED = 1;
const HEAD_BYTES = 22;

/** What is wrong with a seed, or undefined. */
export function seedProblem(seed: Buffer): string | undefined {
  if (seed.length >= SEED_BYTES_LEAST && seed.length <= SEED_BYTES_MOST) return undefined;
  const bounds = `${SEED_BYTES_LEAST} to ${SEED_BYTES_MOST}`;
  return `the secret has ${seed.length} bytes, not ${bounds}`;
}

/** The factor as it is sealed. @throws Error for a seed of the wrong length: a defect here */
export function encodeFactor(factor: OtpFactor): Buffer {
  const problem = seedProblem(factor.seed);
  if (problem !== undefined) throw new Error(problem);
  const head = Buffer.alloc(HEAD_BYTES);
  head[0] = VERSION;
  head[1] = factor.confirmed ? CONFIRMED : 0;
  head[2] = otpAlgorithms.indexOf(factor.algorithm);
  head[3] = factor.digits;
  head.writeUInt16BE(factor.period, 4);
  head.writeBigUInt64BE(BigInt(factor.next), 6);
  head.writeBigUInt64BE(BigInt(factor.enrolledMs), 14);
  return Buffer.concat([head, factor.seed]);
}

/** @throws Error where the bytes are no factor */
export function decodeFactor(type: OtpType, bytes: Buffer): OtpFactor {
  const algorithm = otpAlgorithms[bytes[2] ?? 255];
  const digits = bytes[3];
  const known = bytes[0] === VERSION && (digits === 6 || digits === 7 || digits === 8);
  if (!known || algorithm === undefined || bytes.length < HEAD_BYTES + SEED_BYTES_LEAST) {
    throw new Error(`the stored ${type} factor is not one that this version knows`);
  }
  return {
    type,
    algorithm,
    digits,
    period: bytes.readUInt16BE(4),
    next: Number(bytes.readBigUInt64BE(6)),
    confirmed: (bytes[1]! & CONFIRMED) !== 0,
    enrolledMs: Number(bytes.readBigUInt64BE(14)),
    seed: bytes.subarray(HEAD_BYTES),
  };
}

/** The code of one step or counter. */
export function codeAt(factor: OtpFactor, counter: number): string {
  const { seed: secret, algorithm, digits } = factor;
  return generateSync({ strategy: 'hotp', secret, algorithm, digits, counter });
}

/** The step of TOTP at a time. */
export function stepAt({ period }: OtpFactor, nowMs: number): number {
  return Math.floor(nowMs / 1000 / period);
}

/** `at`: the step or counter to use up. `used`: it was right, and had been used. */
export type CodeVerdict =
  | { readonly ok: true; readonly at: number }
  | { readonly ok: false; readonly used: boolean };

/** Whether a code is good now. Every code of the window is computed, whichever matches. */
export function checkCode(
  factor: OtpFactor,
  code: string,
  nowMs: number,
  window: OtpWindow = defaultOtpWindow,
): CodeVerdict {
  if (code.length !== factor.digits || !/^[0-9]+$/.test(code)) return { ok: false, used: false };
  const given = Buffer.from(code, 'latin1');
  const [from, to] = windowOf(factor, nowMs, window);
  let at: number | undefined;
  let used = false;
  for (let counter = from; counter <= to; counter += 1) {
    if (!timingSafeEqual(Buffer.from(codeAt(factor, counter), 'latin1'), given)) continue;
    if (counter >= factor.next) at ??= counter;
    else used = true;
  }
  return at === undefined ? { ok: false, used } : { ok: true, at };
}

function windowOf(factor: OtpFactor, nowMs: number, window: OtpWindow): [number, number] {
  if (factor.type === 'hotp') return [factor.next, factor.next + window.lookAhead];
  const now = stepAt(factor, nowMs);
  return [Math.max(0, now - window.drift), now + window.drift];
}
