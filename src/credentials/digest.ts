/**
 * The salted and unsalted digest schemes of RFC 2307 §5.3 and their SHA-2 successors: base64 of
 * digest followed by salt. They are fast, therefore weak: we verify them for imported people and
 * never make them. Everything here is synchronous and lies on the path of a bind.
 */
import { hash } from 'node:crypto';

interface DigestKind {
  readonly algorithm: string;
  readonly digestBytes: number;
  readonly salted: boolean;
}

const digestKinds = {
  SSHA: { algorithm: 'sha1', digestBytes: 20, salted: true },
  SHA: { algorithm: 'sha1', digestBytes: 20, salted: false },
  SSHA256: { algorithm: 'sha256', digestBytes: 32, salted: true },
  SHA256: { algorithm: 'sha256', digestBytes: 32, salted: false },
  SSHA384: { algorithm: 'sha384', digestBytes: 48, salted: true },
  SHA384: { algorithm: 'sha384', digestBytes: 48, salted: false },
  SSHA512: { algorithm: 'sha512', digestBytes: 64, salted: true },
  SHA512: { algorithm: 'sha512', digestBytes: 64, salted: false },
  SMD5: { algorithm: 'md5', digestBytes: 16, salted: true },
  MD5: { algorithm: 'md5', digestBytes: 16, salted: false },
} as const satisfies Record<string, DigestKind>;

export type DigestScheme = keyof typeof digestKinds;

const kinds = new Map<string, DigestKind>(Object.entries(digestKinds));

/** Whether `scheme`, in upper case, is one of this file's. */
export function isDigestScheme(scheme: string): scheme is DigestScheme {
  return kinds.has(scheme);
}

/** Longest salt accepted; the usual ones are 4 to 16 bytes. */
const SALT_BYTES_MAX = 256;
const strictBase64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Why `encoded`, the text after `{SCHEME}`, cannot be a hash of this scheme; else undefined. */
export function digestProblem(scheme: DigestScheme, encoded: string): string | undefined {
  const { digestBytes, salted } = digestKinds[scheme];
  if (!strictBase64.test(encoded)) return `{${scheme}} is not followed by base64`;
  const length = Buffer.from(encoded, 'base64').length;
  const saltBytes = length - digestBytes;
  if (salted ? saltBytes > 0 && saltBytes <= SALT_BYTES_MAX : saltBytes === 0) return undefined;
  const expected = salted ? `${digestBytes} and a salt of 1 to ${SALT_BYTES_MAX}` : digestBytes;
  return `{${scheme}} holds ${length} bytes, not ${expected}`;
}

/** Salt behind password, as it is hashed. Reused: a bind must not allocate for it. */
const scratch = Buffer.alloc(4096 + SALT_BYTES_MAX);

/** Whether `clear` is the password of `encoded`; a garbled value matches nothing. */
export function verifyDigest(scheme: DigestScheme, encoded: string, clear: Buffer): boolean {
  const { algorithm, digestBytes, salted } = digestKinds[scheme];
  const stored = Buffer.from(encoded, 'base64');
  const saltBytes = stored.length - digestBytes;
  if (salted ? saltBytes < 1 || saltBytes > SALT_BYTES_MAX : saltBytes !== 0) return false;
  const inputBytes = clear.length + saltBytes;
  const input = inputBytes <= scratch.length ? scratch : Buffer.alloc(inputBytes);
  clear.copy(input, 0);
  stored.copy(input, clear.length, digestBytes);
  // A 'binary' string costs a quarter of a Buffer here; one character is one byte.
  const computed = hash(algorithm, input.subarray(0, inputBytes), 'binary');
  input.fill(0, 0, inputBytes);
  // Every byte is looked at whatever the first ones say, so the time tells nothing.
  let difference = 0;
  for (let i = 0; i < digestBytes; i++) difference |= computed.charCodeAt(i) ^ stored[i]!;
  return difference === 0;
}
