/**
 * pwdHistory (draft-behera-ldap-password-policy-10 §5.3.5): hashes of former passwords as
 * `time#syntax#length#data`, kept with the other secrets and shown to nobody.
 */
import { formatTime } from '../../model/time.js';

/** Kind of the secrets. */
export const PASSWORD_HISTORY = 'pwdHistory';
const OCTET_STRING = '1.3.6.1.4.1.1466.115.121.1.40';
const HASH = 0x23;

/** A hash that stops being a password at `seconds`. */
export function historyValue(hash: Buffer, seconds: number): Buffer {
  const head = `${formatTime(seconds)}#${OCTET_STRING}#${hash.length}#`;
  return Buffer.concat([Buffer.from(head), hash]);
}

/** The hash in a value; a value of another form is taken for a hash itself. */
export function hashInHistory(value: Buffer): Buffer {
  let at = -1;
  for (let part = 0; part < 3; part++) {
    at = value.indexOf(HASH, at + 1);
    if (at < 0) return value;
  }
  return value.subarray(at + 1);
}
