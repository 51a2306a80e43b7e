/**
 * What is kept of generated secrets (generated.ts), as the bytes of a row of the secret table: the
 * digest, and what it is good for. Neither is a secret that opens anything.
 */

/** A password for one program. */
export interface AppPassword {
  readonly id: string;
  /** What its owner calls it. */
  readonly label: string;
  /** UUID of the service account through which it opens, or undefined: any. */
  readonly service: string | undefined;
  readonly madeMs: number;
  /** From then on it opens nothing. */
  readonly endsMs: number | undefined;
  readonly digest: Buffer;
}

/** Stands in for a second factor once. */
export interface RecoveryCode {
  readonly id: string;
  readonly digest: Buffer;
}

/** Opens a number of times within a window, and only to set a new password. */
export interface FirstPassword {
  readonly id: string;
  readonly madeMs: number;
  readonly startsMs: number;
  readonly endsMs: number;
  readonly usesLeft: number;
  readonly digest: Buffer;
}

/** What an application logs in with. */
export interface ServiceSecret {
  readonly id: string;
  readonly madeMs: number;
  /** How long whatever was there before goes on opening beside it. */
  readonly overlapMs: number;
  readonly digest: Buffer;
}

/** Kinds of the rows. */
export const grantKinds = {
  app: 'appPassword',
  recovery: 'recoveryCode',
  first: 'oneTimePassword',
  service: 'serviceSecret',
} as const;

interface GrantOf {
  readonly app: AppPassword;
  readonly recovery: RecoveryCode;
  readonly first: FirstPassword;
  readonly service: ServiceSecret;
}
type GrantName = keyof GrantOf;

const VERSION = 1;

export function encodeGrant<Name extends GrantName>(name: Name, grant: GrantOf[Name]): Buffer {
  const digest = grant.digest.toString('base64');
  return Buffer.from(JSON.stringify({ v: VERSION, grant: name, ...grant, digest }), 'utf8');
}

/** Undefined where the bytes are something else, such as the hash of an older one-time password. */
export function decodeGrant<Name extends GrantName>(
  name: Name,
  bytes: Buffer,
): GrantOf[Name] | undefined {
  // `{"`: the hashes that may lie beside start with `{ARGON2}` or the like.
  if (bytes[0] !== 0x7b || bytes[1] !== 0x22) return undefined;
  const { v, grant, digest, ...rest } = JSON.parse(bytes.toString('utf8')) as Record<
    string,
    unknown
  >;
  if (v !== VERSION || grant !== name || typeof digest !== 'string') return undefined;
  return { ...rest, digest: Buffer.from(digest, 'base64') } as unknown as GrantOf[Name];
}

/** Whether the bytes are such a grant: of what comes from outside nothing is known. */
export function isGrant(name: GrantName, bytes: Buffer): boolean {
  try {
    return decodeGrant(name, bytes) !== undefined;
  } catch {
    return false;
  }
}
