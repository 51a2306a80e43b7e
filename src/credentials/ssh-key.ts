/**
 * Whether a public key is one that should open anything: its type is allowed, what is inside is
 * what the type says (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4, OpenSSH's PROTOCOL.u2f), and it is
 * strong enough. Reads octets; no key is ever used here.
 */
import { readSshKeyLine, type SshKeyLine, sshKeyPrint } from '../directory/model/ssh-key.js';

/** What an organisation allows. */
export interface SshKeyRules {
  readonly types: readonly string[];
  readonly rsaBitsMin: number;
  /** Whether one key may stand for several entries. */
  readonly duplicates: 'refuse' | 'allow';
}

export interface SshKey extends SshKeyLine {
  readonly bits: number;
  /** SHA-256 of the blob. */
  readonly print: Buffer;
}

export type SshKeyChecked =
  | { readonly ok: true; readonly key: SshKey }
  | { readonly ok: false; readonly reason: string };

/** Longer ones make every login slow, and sshd refuses them. */
const RSA_BITS_MOST = 16_384;

const curves: Readonly<Record<string, { readonly bits: number; readonly point: number }>> = {
  nistp256: { bits: 256, point: 65 },
  nistp384: { bits: 384, point: 97 },
  nistp521: { bits: 521, point: 133 },
};

/** Checks a value of sshPublicKey; the reason continues "the SSH key is refused: ". */
export function checkSshKey(value: Buffer, rules: SshKeyRules): SshKeyChecked {
  const read = readSshKeyLine(value);
  if (!read.ok) return read;
  const { line } = read;
  const { type, blob } = line;
  const shown = type.slice(0, 60);
  if (type.includes('-cert-v01@')) return failed(`${shown} is a certificate, not a key`);
  if (!rules.types.includes(type)) {
    return failed(`keys of the type ${shown} are not allowed; allowed: ${rules.types.join(', ')}`);
  }
  const fields = readFields(blob);
  if (fields === undefined)
    return failed('what is inside is cut short or has bytes behind its end');
  const inner = fields[0]!.toString('latin1');
  if (inner !== type) {
    const found = /^[\w@.-]{1,60}$/.test(inner) ? inner : 'something else';
    return failed(`it says ${shown}, but inside is ${found}`);
  }
  const strength = strengthOf(type, fields, rules);
  if (typeof strength === 'string') return failed(strength);
  return { ok: true, key: { ...line, bits: strength, print: sshKeyPrint(blob) } };
}

function failed(reason: string): SshKeyChecked {
  return { ok: false, reason };
}

/** The bits of the key, or what is wrong with it. */
function strengthOf(type: string, fields: readonly Buffer[], rules: SshKeyRules): number | string {
  const broken = `the inside of a ${type} key looks different`;
  // Keys in hardware name the application that they are for, at the end.
  const held = type.startsWith('sk-') ? fields.slice(0, -1) : fields;
  if (held !== fields && fields.at(-1)!.length === 0) return broken;
  if (type.includes('ed25519')) {
    return held.length === 2 && held[1]!.length === 32 ? 256 : broken;
  }
  if (type === 'ssh-rsa') return rsaStrength(held, rules) ?? broken;
  const curve = /nistp\d+/.exec(type)?.[0] ?? '';
  const expected = curves[curve];
  const [, named, point] = held;
  if (expected === undefined || held.length !== 3) return broken;
  if (named!.toString('latin1') !== curve) return broken;
  return point!.length === expected.point && point![0] === 4 ? expected.bits : broken;
}

function rsaStrength(fields: readonly Buffer[], rules: SshKeyRules): number | string | undefined {
  const [, exponent, modulus] = fields;
  if (fields.length !== 3 || !isPositive(exponent!) || !isPositive(modulus!)) return undefined;
  const bits = bitsOf(modulus!);
  if (bits < rules.rsaBitsMin)
    return `RSA with ${bits} bits is too short; ${rules.rsaBitsMin} at least`;
  if (bits > RSA_BITS_MOST) return `RSA with ${bits} bits is too long; ${RSA_BITS_MOST} at most`;
  const odd = (number: Buffer) => (number.at(-1)! & 1) === 1;
  if (!odd(modulus!) || !odd(exponent!) || bitsOf(exponent!) < 2) {
    return 'its RSA numbers cannot be those of a key';
  }
  return bits;
}

/** An mpint of RFC 4251 §5 that is greater than zero and written as short as can be. */
function isPositive(number: Buffer): boolean {
  if (number.length === 0 || number[0]! >= 0x80) return false;
  return number[0] !== 0 || (number.length > 1 && number[1]! >= 0x80);
}

function bitsOf(number: Buffer): number {
  const from = number[0] === 0 ? 1 : 0;
  return (number.length - from) * 8 - Math.clz32(number[from]!) + 24;
}

/** The strings of RFC 4251 §5 that a blob is made of, to the last byte; at least two. */
function readFields(blob: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  for (let at = 0; at < blob.length; ) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length || fields.length === 8) return undefined;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields.length < 2 ? undefined : fields;
}
