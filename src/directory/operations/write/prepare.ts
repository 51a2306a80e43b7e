/**
 * The first half of a write, on the thread that received it: everything slow. Clear-text passwords
 * become hashes, old passwords are verified, and the secrets that were looked at are noted with
 * their revision, so that the writer can tell when one has moved. Nothing is changed here.
 */
import {
  type Argon2Params,
  generatePassword,
  type HashPool,
  hashPassword,
  recogniseScheme,
  verifyPassword,
} from '../../../credentials/index.js';
import type { PasswordJudge } from '../../../credentials/quality/index.js';
import { LdapError } from '../../../runtime/errors.js';
import { assertMayWrite, maySetHashedPassword } from '../../access/index.js';
import { type Bytes, bufferOf, bytesOf } from '../../model/bytes.js';
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader, Secret } from '../../ports.js';
import type { Names } from '../names.js';
import type {
  AddRequest,
  ChangePasswordRequest,
  ModifyRequest,
  PreparedChange,
  PreparedWrite,
  WriteRequest,
} from '../types.js';
import { whatIsTouched } from './own.js';

export interface PrepareTools {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly pool: HashPool;
  readonly argon2: Argon2Params;
  readonly judge?: PasswordJudge | undefined;
}

export interface Prepared {
  readonly request: PreparedWrite;
  /** The password that was generated, if one was. */
  readonly generated?: string;
}

const PASSWORD_BYTES_MAX = 4_096;
const USER_PASSWORD = '2.5.4.35';

/** Answers at once where there is nothing slow to do. @throws LdapError */
export function prepareWrite(
  request: WriteRequest,
  tools: PrepareTools,
): Prepared | Promise<Prepared> {
  switch (request.op) {
    case 'changePassword':
      return prepareChangePassword(request, tools);
    case 'add':
      return request.attributes.some((a) => isPassword(a.attribute, tools))
        ? prepareAdd(request, tools)
        : { request };
    case 'modify':
      return request.changes.some((c) => isPassword(c.attribute, tools))
        ? prepareModify(request, tools)
        : { request };
    default:
      return { request };
  }
}

function isPassword(attribute: string, { reader }: PrepareTools): boolean {
  return reader.schema().describe(attribute)?.type.oid === USER_PASSWORD;
}

async function prepareAdd(request: AddRequest, tools: PrepareTools): Promise<Prepared> {
  const { identity } = request.context;
  assertMayWrite(identity, { entryId: 0, passwordOnly: false });
  const attributes = [];
  for (const given of request.attributes) {
    if (!isPassword(given.attribute, tools)) attributes.push(given);
    else {
      const values = await storedForms(given.values, identity, tools);
      attributes.push({ attribute: given.attribute, values });
    }
  }
  return { request: { ...request, attributes } };
}

async function prepareModify(request: ModifyRequest, tools: PrepareTools): Promise<Prepared> {
  const { identity } = request.context;
  const { id } = tools.names.resolve(tools.names.parse(request.dn));
  const schema = tools.reader.schema();
  const touches = request.changes.map(({ op, attribute, values }) => {
    return { op, type: schema.describe(attribute)?.type, values };
  });
  assertMayWrite(identity, { entryId: id, ...whatIsTouched(touches) });
  const changes: PreparedChange[] = [];
  const leaving = new Set<number>();
  for (const change of request.changes) {
    if (!isPassword(change.attribute, tools)) changes.push(change);
    else if (change.op === 'delete' && change.values.length > 0) {
      const secrets = await matching(id, change.values, tools);
      for (const secret of secrets) leaving.add(secret.id);
      changes.push({ ...change, values: [], secrets });
    } else if (change.op === 'increment') {
      throw new LdapError('constraintViolation', 'a password cannot be incremented');
    } else {
      const beside = change.op === 'add' ? passwordsOf(id, leaving, tools) : [];
      const values = await storedForms(change.values, identity, tools, beside);
      changes.push({ ...change, values });
    }
  }
  return { request: { ...request, changes } };
}

/** The passwords that stay beside a new one: they share its salt, so that one hash checks all. */
function passwordsOf(
  owner: number,
  leaving: ReadonlySet<number>,
  { reader }: PrepareTools,
): readonly Buffer[] {
  if (owner === 0) return [];
  return reader
    .secrets(owner)
    .filter(({ id, kind }) => kind === 'userPassword' && !leaving.has(id))
    .map(({ value }) => value);
}

/** RFC 3062: becomes a replacement of userPassword. */
async function prepareChangePassword(
  request: ChangePasswordRequest,
  tools: PrepareTools,
): Promise<Prepared> {
  const { context, oldPassword, newPassword } = request;
  const { identity } = context;
  const dn = request.dn === '' ? identity.dn : request.dn;
  if (dn === '') throw new LdapError('unwillingToPerform', 'bind first, or name whose password');
  const { id } = tools.names.resolve(tools.names.parse(dn));
  assertMayWrite(identity, { entryId: id, passwordOnly: true });
  let secrets: readonly { id: number; revision: number }[] = [];
  if (oldPassword !== undefined) {
    const found = await findMatching(id, bufferOf(oldPassword), tools);
    if (found === undefined) throw new LdapError('invalidCredentials', 'the old password is wrong');
    secrets = [found];
  }
  const generated = newPassword === undefined ? generatePassword(tools.pool.random) : undefined;
  const clear = newPassword === undefined ? Buffer.from(generated!) : bufferOf(newPassword);
  const value = await storeClear(clear, tools);
  const change: PreparedChange = {
    op: 'replace',
    attribute: 'userPassword',
    values: [value],
    secrets,
  };
  const { reason, controls } = request;
  const modify: PreparedWrite = {
    op: 'modify',
    context,
    reason,
    dn,
    changes: [change],
    ...(controls && { controls }),
  };
  return generated === undefined ? { request: modify } : { request: modify, generated };
}

/** What is stored for each value: the hash of a clear one, or the hash that was given. */
async function storedForms(
  values: readonly Bytes[],
  identity: Identity,
  tools: PrepareTools,
  beside: readonly Buffer[] = [],
): Promise<Bytes[]> {
  const stored: Bytes[] = [];
  for (const value of values) {
    const others = [...beside, ...stored.map(bufferOf)];
    stored.push(await storedForm(bufferOf(value), identity, others, tools));
  }
  return stored;
}

async function storedForm(
  value: Buffer,
  identity: Identity,
  beside: readonly Buffer[],
  tools: PrepareTools,
): Promise<Bytes> {
  // What a person types is never read as a hash, whatever it looks like to others.
  if (!maySetHashedPassword(identity)) {
    if (/^\{[A-Za-z0-9./_-]+\}/.test(value.toString('latin1'))) {
      throw new LdapError(
        'constraintViolation',
        'a password may not start with {…}: only an administrator may store a hash',
      );
    }
    return storeClear(value, tools, beside);
  }
  return storedFormOf(value, (clear) => storeClear(clear, tools, beside));
}

/** A given hash as it is, clear text as `hash` makes it. @throws LdapError constraintViolation */
export function storedFormOf(
  value: Buffer,
  hash: (clear: Buffer) => Promise<Bytes>,
): Bytes | Promise<Bytes> {
  if (value[0] !== 0x7b && value[0] !== 0x24) return hash(value);
  const recognised = recogniseScheme(value);
  if (!recognised.ok) {
    throw new LdapError('constraintViolation', `the password hash: ${recognised.reason}`);
  }
  return recognised.scheme === 'CLEARTEXT' ? hash(recognised.clear) : bytesOf(value);
}

function storeClear(
  clear: Buffer,
  tools: PrepareTools,
  beside: readonly Buffer[] = [],
): Promise<Bytes> {
  if (clear.length === 0) {
    throw new LdapError('constraintViolation', 'a password may not be empty');
  }
  if (clear.length > PASSWORD_BYTES_MAX) {
    throw new LdapError(
      'constraintViolation',
      `a password may have at most ${PASSWORD_BYTES_MAX} bytes`,
    );
  }
  return hashPassword(tools.pool, Buffer.from(clear), tools.argon2, beside);
}

/** The stored passwords that the given values are, clear or as hashes. */
async function matching(
  owner: number,
  values: readonly Bytes[],
  tools: PrepareTools,
): Promise<{ id: number; revision: number }[]> {
  const found: { id: number; revision: number }[] = [];
  for (const value of values) {
    const secret = await findMatching(owner, bufferOf(value), tools);
    if (secret === undefined) {
      throw new LdapError('noSuchAttribute', 'the old password to be deleted is not the password');
    }
    found.push(secret);
  }
  return found;
}

async function findMatching(
  owner: number,
  value: Buffer,
  tools: PrepareTools,
): Promise<{ id: number; revision: number } | undefined> {
  const secrets = owner === 0 ? [] : tools.reader.secrets(owner);
  for (const secret of secrets) {
    if (secret.kind !== 'userPassword') continue;
    const { id, revision } = secret;
    if (secret.value.equals(value)) return { id, revision };
    if (await verifies(secret, value, tools)) return { id, revision };
  }
  return undefined;
}

async function verifies(secret: Secret, value: Buffer, { pool }: PrepareTools): Promise<boolean> {
  return value.length <= PASSWORD_BYTES_MAX && (await verifyPassword(secret.value, value, pool));
}
