/**
 * One line of OpenSSH's authorized_keys, as `sshPublicKey` holds it: `[options ]type base64[
 * comment]`. Takes it apart and reads the expiry in its options; whether the key is any good is
 * decided elsewhere. Pure.
 */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';

export interface SshKeyLine {
  /** Everything before the type, without the space; empty where there is nothing. */
  readonly options: string;
  readonly type: string;
  /** The key itself. */
  readonly blob: Buffer;
  readonly comment: string;
  /** Seconds since 1970 from which on the key opens nothing, or undefined. */
  readonly expiresAt: number | undefined;
}

export type SshKeyLineRead =
  | { readonly ok: true; readonly line: SshKeyLine }
  | { readonly ok: false; readonly reason: string };

/** The longest RSA key that is taken has 2 KiB; options and comment have the rest. */
export const SSH_KEY_BYTES_MOST = 16 * 1024;

const typeForm = /^(?:ssh-|ecdsa-|sk-)[\w@.-]+$/;
const base64Form = /^[A-Za-z0-9+/]+={0,2}$/;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

const failed = (reason: string): SshKeyLineRead => ({ ok: false, reason });

/** Takes a value apart, or says in half a sentence why it is no such line. */
export function readSshKeyLine(value: Buffer): SshKeyLineRead {
  if (value.length > SSH_KEY_BYTES_MOST) {
    return failed(`it has ${value.length} bytes, more than ${SSH_KEY_BYTES_MOST}`);
  }
  if (!isUtf8(value) || value.includes(0)) return failed('it is not text');
  const text = value.toString('utf8').trim();
  if (privateKey.test(text)) {
    return failed('it is a private key, which is for nobody else: give the one ending in .pub');
  }
  if (text.startsWith('---- BEGIN SSH2')) {
    return failed('it is in the form of RFC 4716; ssh-keygen -i -f FILE makes the usual one of it');
  }
  if (/[\r\n]/.test(text)) return failed('it has several lines; each key is a value of its own');
  const starts = typeStart(text);
  if (starts === undefined) return failed('it is not of the form TYPE BASE64 [COMMENT]');
  const [type = '', encoded = '', ...rest] = text.slice(starts).split(/[ \t]+/);
  if (!typeForm.test(type)) return failed('it does not name a type such as ssh-ed25519');
  if (!base64Form.test(encoded) || encoded.length % 4 !== 0) {
    return failed('what stands behind its type is not base64');
  }
  const blob = Buffer.from(encoded, 'base64');
  // Bits behind the end, which a lenient reader drops, would make two values of one key.
  if (blob.toString('base64') !== encoded) return failed('its base64 has bits behind the end');
  const options = text.slice(0, starts).trimEnd();
  const expiry = expiryOf(options);
  if (expiry === 'garbled') {
    return failed('its expiry-time is not YYYYMMDD or YYYYMMDDHHMM[SS], with or without Z');
  }
  return { ok: true, line: { options, type, blob, comment: rest.join(' '), expiresAt: expiry } };
}

/** SHA-256 of the key itself: the same whatever stands before and behind it. */
export function sshKeyPrint(blob: Buffer): Buffer {
  return hash('sha256', blob, 'buffer');
}

/** As ssh-keygen -l shows it. */
export function sshPrintText(print: Buffer): string {
  return `SHA256:${print.toString('base64').replace(/=+$/, '')}`;
}

const printForm = /^SHA256:([A-Za-z0-9+/]{43})=?$/;

/** The inverse of {@link sshPrintText}; undefined where the text is no fingerprint. */
export function readSshPrint(text: string): Buffer | undefined {
  const match = printForm.exec(text.trim());
  return match === null ? undefined : Buffer.from(match[1]!, 'base64');
}

/** Where the type starts: at once, or behind options, whose quotes may hold spaces. */
function typeStart(text: string): number | undefined {
  if (/^(?:ssh-|ecdsa-|sk-)/.test(text)) return 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === '\\' && text[i + 1] === '"') i += 1;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === ' ' || sign === '\t')) {
      return i + 1 + /^[ \t]*/.exec(text.slice(i + 1))![0].length;
    }
  }
  return undefined;
}

const expiryOption = /(?:^|,)expiry-time="([^"]*)"/gi;

/** The earliest, where there are several; without Z the times are UTC as well. */
function expiryOf(options: string): number | undefined | 'garbled' {
  let earliest: number | undefined;
  for (const [, written = ''] of options.matchAll(expiryOption)) {
    const seconds = readExpiry(written);
    if (seconds === undefined) return 'garbled';
    if (earliest === undefined || seconds < earliest) earliest = seconds;
  }
  const named = /(?:^|,)expiry-time=/i.test(options);
  return named && earliest === undefined ? 'garbled' : earliest;
}

const expiryForm = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?Z?$/;

function readExpiry(written: string): number | undefined {
  const match = expiryForm.exec(written);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0));
  const ms = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const back = new Date(ms);
  // The thirtieth of February is no day.
  if (back.getUTCMonth() !== month! - 1 || back.getUTCDate() !== day) return undefined;
  return hour! < 24 && minute! < 60 && second! < 60 ? ms / 1000 : undefined;
}

const expiryNeedle = Buffer.from('expiry-time=');

/** Whether a part of a buffer may hold a key that expires: a cheap look before a careful one. */
export function maySayExpiry(bytes: Buffer, from: number, to: number): boolean {
  const at = bytes.indexOf(expiryNeedle, from);
  return at >= 0 && at < to;
}

/** Whether the value is a key that opens nothing any more. */
export function isExpiredSshKey(value: Buffer, nowSeconds: number): boolean {
  if (!maySayExpiry(value, 0, value.length)) return false;
  const read = readSshKeyLine(value);
  return read.ok && read.line.expiresAt !== undefined && read.line.expiresAt <= nowSeconds;
}

/**
 * The key with an end in front: `until` is as clocks of the hosts show it, YYYYMMDDHHMMSS. Of
 * several ends the earliest counts.
 */
export function sshKeyUntil(value: Buffer, until: string): Buffer {
  const line = value.toString('utf8').trimStart();
  const between = typeStart(line) === 0 ? ' ' : ',';
  return Buffer.from(`expiry-time="${until}"${between}${line}`, 'utf8');
}
