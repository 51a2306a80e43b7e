/**
 * Simple bind (RFC 4513 §5.1): a name and a password become an identity. Every refusal about the
 * person is the same invalidCredentials with the same cost, one argon2 hash, whatever the reason.
 * What is malformed, or sent in clear where it must not be, was refused before this is asked.
 */
import {
  type Argon2Params,
  failureIsPaid,
  type HashPool,
  hashPassword,
  needsRehash,
  verifyDummy,
  verifyPassword,
} from '../../credentials/index.js';
import { LdapError } from '../../runtime/errors.js';
import type { Identity } from '../model/identity.js';
import type { DirectoryReader, EntryRecord, Secret } from '../ports.js';
import type { Names } from './names.js';
import type { BindRequest } from './types.js';

/** Kind of the secret that `tenure admin recover` makes: it opens once. */
export const ONE_TIME_PASSWORD = 'oneTimePassword';

export interface AuthenticateTools {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly pool: HashPool;
  readonly argon2: Argon2Params;
  readonly rehashOnBind: boolean;
  /** Uses up a one-time password durably; false where somebody else was faster. */
  readonly consume: (secret: Secret) => Promise<boolean>;
  /** Stores a new hash of the same password; nobody waits for it. */
  readonly rehash: (secret: Secret, value: Buffer) => void;
}

const PASSWORD_BYTES_MAX = 4_096;

function refused(): LdapError {
  return new LdapError('invalidCredentials', 'the name or the password is wrong');
}

/** The identity behind a name. */
export function identityOf(entry: EntryRecord, reader: DirectoryReader, names: Names): Identity {
  const role = entry.id === reader.administratorId() ? 'administrator' : 'user';
  return { role, dn: names.text(entry), entryId: entry.id };
}

/**
 * Answers at once where the stored hash is a cheap one and matches; else with a promise.
 * @throws LdapError invalidDNSyntax, invalidCredentials, busy
 */
export function authenticate(
  request: BindRequest,
  tools: AuthenticateTools,
): Identity | Promise<Identity> {
  const { reader, names } = tools;
  const { id } = names.resolve(names.parse(request.dn));
  const entry = id === 0 ? undefined : reader.entry(id);
  if (entry === undefined || request.password.length > PASSWORD_BYTES_MAX) {
    return refuse(tools, request.password, false);
  }
  const secrets = reader.secrets(id);
  for (const secret of secrets) {
    if (secret.kind !== 'userPassword') continue;
    // Only what answers at once is tried here: the common imported hashes.
    const verdict = isCheap(secret.value)
      ? verifyPassword(secret.value, request.password, tools.pool)
      : undefined;
    if (verdict === true) return accepted(entry, secret, request.password, tools);
  }
  return authenticateSlowly(entry, secrets, request.password, tools);
}

/** Digest schemes start like this: `{SSHA}`, `{SHA256}`, `{MD5}` … */
function isCheap(value: Buffer): boolean {
  if (value[0] !== 0x7b) return false;
  const second = value[1]! | 0x20;
  const third = value[2]! | 0x20;
  return second === 0x73 || (second === 0x6d && third === 0x64);
}

async function authenticateSlowly(
  entry: EntryRecord,
  secrets: readonly Secret[],
  password: Buffer,
  tools: AuthenticateTools,
): Promise<Identity> {
  let paid = false;
  for (const secret of secrets) {
    const oneTime = secret.kind === ONE_TIME_PASSWORD;
    if (!oneTime && (secret.kind !== 'userPassword' || isCheap(secret.value))) continue;
    if (await verifyPassword(secret.value, password, tools.pool)) {
      // The row is read again: a password that was changed meanwhile opens nothing.
      const now = tools.reader.secrets(entry.id).find((other) => other.id === secret.id);
      if (now === undefined || now.revision !== secret.revision)
        return refuse(tools, password, true);
      if (oneTime && !(await tools.consume(secret))) return refuse(tools, password, true);
      return oneTime
        ? identityOf(entry, tools.reader, tools.names)
        : accepted(entry, secret, password, tools);
    }
    paid ||= failureIsPaid(secret.value, tools.argon2);
  }
  return refuse(tools, password, paid);
}

async function refuse(tools: AuthenticateTools, password: Buffer, paid: boolean): Promise<never> {
  if (!paid) {
    const short = password.subarray(0, PASSWORD_BYTES_MAX);
    await verifyDummy(tools.pool, short, tools.argon2);
  }
  throw refused();
}

function accepted(
  entry: EntryRecord,
  secret: Secret,
  password: Buffer,
  tools: AuthenticateTools,
): Identity {
  if (tools.rehashOnBind && needsRehash(secret.value, tools.argon2)) {
    // The request's bytes are gone when the hash is computed.
    void upgrade(secret, Buffer.from(password), tools);
  }
  return identityOf(entry, tools.reader, tools.names);
}

/** Best effort: a full pool means that the next bind tries again. */
async function upgrade(secret: Secret, password: Buffer, tools: AuthenticateTools): Promise<void> {
  try {
    tools.rehash(secret, Buffer.from(await hashPassword(tools.pool, password, tools.argon2)));
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
  }
}
