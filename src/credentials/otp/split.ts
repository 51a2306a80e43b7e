/**
 * Taking the code off a password: applications that only speak LDAP have one field for both. What
 * was sent splits in one way or in none, so that there is never more than one password to check.
 *
 *   passwordCODE    where the rules name the empty separator
 *   password,CODE   where they name the comma; the separator nearest to the code is the separator
 *
 * A password may end in a separator itself: with that separator allowed it is typed twice.
 */
import { generatedAtEnd } from '../generated.js';

/** What may stand between password and code; the empty one stands for nothing. */
export const otpSeparators = ['', ',', ';', ':'] as const;
export type OtpSeparator = (typeof otpSeparators)[number];

export interface Split {
  readonly password: Buffer;
  /** Digits, or a whole recovery code. */
  readonly code: string;
}

/** Undefined where there is no code, or not behind a separator that is allowed. */
export function splitCode(
  sent: Buffer,
  digits: number,
  separators: readonly OtpSeparator[],
): Split | undefined {
  const recovery = generatedAtEnd('recovery', sent);
  const length = recovery === undefined ? digits : recovery.length;
  const end = sent.length - length;
  if (end < 0) return undefined;
  if (recovery === undefined && !onlyDigits(sent, end)) return undefined;
  const code = recovery ?? sent.latin1Slice(end, sent.length);
  const before = end === 0 ? '' : String.fromCharCode(sent[end - 1]!);
  if (before !== '' && (separators as readonly string[]).includes(before)) {
    return { password: sent.subarray(0, end - 1), code };
  }
  return separators.includes('') ? { password: sent.subarray(0, end), code } : undefined;
}

function onlyDigits(sent: Buffer, from: number): boolean {
  for (let i = from; i < sent.length; i += 1) if (sent[i]! < 0x30 || sent[i]! > 0x39) return false;
  return true;
}
