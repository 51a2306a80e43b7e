/**
 * NT hashes that are kept: of generated secrets, each for one kind of consumer, and of login
 * passwords where those are wanted. What is sealed is the hash and the time at which it was made.
 */
import type { Random } from '../runtime/random.js';
import { generatePassword } from './generate.js';
import { ntHash } from './nt-hash.js';
import type { SealedKind } from './secret-box.js';

/** Who reads hashes. */
export type NtConsumer = 'radius' | 'fileServer';

/** Where hashes come from: secrets of their own, or the login password. */
export interface NtSources {
  readonly wifi: 'secret' | 'password';
  readonly files: 'secret' | 'password';
}

/** Kinds of secrets, the first that an entry has is what the consumer receives. */
export function ntKindsFor(consumer: NtConsumer, sources: NtSources): readonly SealedKind[] {
  const [own, from] =
    consumer === 'radius'
      ? (['wifiHash', sources.wifi] as const)
      : (['fileHash', sources.files] as const);
  return from === 'password' ? [own, 'ntHash'] : [own];
}

export interface NtSecret {
  /** 16 bytes. */
  readonly hash: Buffer;
  /** Milliseconds since 1970. */
  readonly madeMs: number;
}

const HASH_BYTES = 16;

export function encodeNtSecret({ hash, madeMs }: NtSecret): Buffer {
  const encoded = Buffer.alloc(HASH_BYTES + 8);
  hash.copy(encoded);
  encoded.writeDoubleBE(madeMs, HASH_BYTES);
  return encoded;
}

/** The inverse; undefined where it is none. */
export function decodeNtSecret(clear: Buffer): NtSecret | undefined {
  if (clear.length !== HASH_BYTES + 8) return undefined;
  return { hash: clear.subarray(0, HASH_BYTES), madeMs: clear.readDoubleBE(HASH_BYTES) };
}

/** A new secret that somebody can type, and its hash. */
export function makeNtSecret(random: Random): { readonly clear: string; readonly hash: Buffer } {
  const clear = generatePassword(random);
  return { clear, hash: ntHash(clear) };
}

/** The hash in a value of sambaNTPassword, or undefined where it holds none. */
export function readNtHash(value: Buffer): Buffer | undefined {
  const text = value.toString('latin1');
  return /^[0-9A-Fa-f]{32}$/.test(text) ? Buffer.from(text, 'hex') : undefined;
}
