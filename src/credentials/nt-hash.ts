/**
 * The NT hash (MS-NLMP §3.3.1, NTOWFv1): MD4 over the password in UTF-16, little endian. MSCHAPv2
 * and SMB servers need it as it is, so it is worth as much as the password it was made of.
 */
import { md4 } from './md4.js';

/** The 16 bytes of the NT hash of `password`. */
export function ntHash(password: string): Buffer {
  const encoded = Buffer.from(password, 'utf16le');
  const digest = md4(encoded);
  encoded.fill(0);
  return digest;
}

/** As sambaNTPassword holds it: 32 upper-case hexadecimal digits. */
export function ntHashText(hash: Buffer): string {
  return hash.toString('hex').toUpperCase();
}
