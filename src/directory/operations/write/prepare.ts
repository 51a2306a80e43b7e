/**
 * The first half of a write, on the thread that received it: everything slow. Clear-text passwords
 * become hashes, old passwords are verified, and the secrets that were looked at are noted with
 * their revision, so that the writer can tell when one has moved. The password policy is asked
 * (password-change.ts). Nothing is changed here.
 */
import {
  type Argon2Params,
  generatePassword,
  generateSecret,
  type HashPool,
  hashPassword,
  recogniseScheme,
  verifyPassword,
} from '../../../credentials/index.js';
import type { PasswordJudge } from '../../../credentials/quality/index.js';
import { LdapError } from '../../../runtime/errors.js';
import { assertMayWrite, maySetHashedPassword } from '../../access/index.js';
import { type Bytes, bufferOf, bytesOf, textOfBytes } from '../../model/bytes.js';
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader, Secret } from '../../ports.js';
import type { Names } from '../names.js';
import { hashCostOf, noStanding, policiesOf } from '../policies/index.js';
import type {
  AddRequest,
  ChangePasswordRequest,
  Context,
  ModifyChange,
  ModifyRequest,
  PreparedChange,
  PreparedWrite,
  WriteRequest,
} from '../types.js';
import type { OldPasswords } from './old-password.js';
import { assertMayModify } from './own.js';
import { PasswordChange, type PasswordTarget } from './password-change.js';
import { organisationWords, PERSONAL_ATTRIBUTES } from './personal-words.js';
import { seenId } from './seen.js';
import { withShutsOut } from './shut-out.js';

export interface PrepareTools {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly pool: HashPool;
  readonly argon2: Argon2Params;
  readonly judge?: PasswordJudge | undefined;
  readonly nowMs: () => number;
  /** Counts old passwords that are wrong; absent where nobody can guess. */
  readonly oldPasswords?: OldPasswords | undefined;
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
        : withShutsOut(request, tools);
    case 'modify':
      return request.changes.some((c) => isPassword(c.attribute, tools))
        ? prepareModify(request, tools)
        : withShutsOut(request, tools);
    case 'delete':
    case 'rename':
      return withShutsOut(request, tools);
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
  const change = new PasswordChange(targetOfAdd(request, tools), identity, tools);
  const attributes = [];
  for (const given of request.attributes) {
    if (!isPassword(given.attribute, tools)) attributes.push(given);
    else {
      const values = await storedForms(given.values, identity, change, tools);
      attributes.push({ attribute: given.attribute, values });
    }
  }
  return { request: { ...request, attributes } };
}

function targetOfAdd(request: AddRequest, { reader }: PrepareTools): PasswordTarget {
  const texts = (names: readonly string[]) =>
    request.attributes
      .filter(({ attribute }) => names.includes(attribute.toLowerCase()))
      .flatMap(({ values }) => values.map(textOfBytes));
  const words = texts(PERSONAL_ATTRIBUTES.map((name) => name.toLowerCase()));
  const standing = policiesOf(reader).ofNew(request.attributes);
  return { entry: undefined, standing, words: [...words, ...organisationWords(reader)] };
}

function targetOf(id: number, { reader }: PrepareTools): PasswordTarget {
  const entry = id === 0 ? undefined : reader.entry(id);
  const standing = entry === undefined ? noStanding : policiesOf(reader).of(entry);
  return { entry, standing };
}

/**
 * The same tools, with hashes that cost what the policy of the target says. Of somebody new the
 * first bind sees to it.
 */
function atCostOf({ standing }: PasswordTarget, tools: PrepareTools): PrepareTools {
  const argon2 = hashCostOf(standing.found, tools.reader, tools.argon2);
  return argon2 === tools.argon2 ? tools : { ...tools, argon2 };
}

async function prepareModify(request: ModifyRequest, given: PrepareTools): Promise<Prepared> {
  const { identity } = request.context;
  const id = seenId(request.dn, request.context, given);
  const schema = given.reader.schema();
  const touches = request.changes.map(({ op, attribute, values }) => {
    return { op, type: schema.describe(attribute)?.type, values };
  });
  assertMayModify(identity, id, touches, given.reader, given.nowMs());
  const target = targetOf(id, given);
  const tools = atCostOf(target, given);
  const change = new PasswordChange(target, identity, tools);
  const deleted = await deletedSecrets(id, request, tools);
  change.assertAllowed(deleted.size > 0);
  const changes: PreparedChange[] = [];
  const leaving = new Set([...deleted.values()].flat().map((secret) => secret.id));
  let sets = false;
  for (const one of request.changes) {
    if (!isPassword(one.attribute, tools)) changes.push(one);
    else if (deleted.has(one)) changes.push({ ...one, values: [], secrets: deleted.get(one)! });
    else {
      sets ||= one.values.length > 0;
      const beside = one.op === 'add' ? passwordsOf(id, leaving, tools) : [];
      const values = await storedForms(one.values, identity, change, tools, beside);
      changes.push({ ...one, values });
    }
  }
  assertSets(sets, identity);
  return { request: { ...request, changes, password: change.effects() } };
}

/** What the deletes of single passwords mean. The old password is looked at before anything else. */
async function deletedSecrets(id: number, request: ModifyRequest, tools: PrepareTools) {
  const found = new Map<ModifyChange, readonly SecretSeen[]>();
  for (const change of request.changes) {
    if (!isPassword(change.attribute, tools)) continue;
    if (change.op === 'increment') {
      throw new LdapError('constraintViolation', 'a password cannot be incremented');
    }
    if (change.op !== 'delete' || change.values.length === 0) continue;
    found.set(change, await matching(id, change.values, request.context, tools));
  }
  return found;
}

/** A session that may only change the password cannot end by leaving none. */
function assertSets(sets: boolean, identity: Identity): void {
  if (sets || identity.only === undefined) return;
  const text = 'a new password has to be set before anything else can be done';
  throw new LdapError('unwillingToPerform', text, '', 'changeAfterReset');
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
  const id = seenId(dn, context, tools);
  const type = tools.reader.schema().attribute('userPassword');
  assertMayModify(identity, id, [{ op: 'replace', type, values: [] }], tools.reader, tools.nowMs());
  const target = targetOf(id, tools);
  const change = new PasswordChange(target, identity, tools);
  let secrets: readonly SecretSeen[] = [];
  if (oldPassword !== undefined) {
    const wrong = () => new LdapError('invalidCredentials', 'the old password is wrong');
    secrets = [await matchingOne(id, bufferOf(oldPassword), context, wrong, tools)];
  }
  change.assertAllowed(oldPassword !== undefined);
  const { maxLength } = target.standing.policy;
  const generated = newPassword === undefined ? generate(maxLength, tools) : undefined;
  const clear = newPassword === undefined ? Buffer.from(generated!) : bufferOf(newPassword);
  if (generated === undefined) {
    assertStorable(clear);
    await change.assertGood(clear);
  }
  const value = await storeClear(clear, atCostOf(target, tools));
  const { reason, controls } = request;
  const modify: PreparedWrite = {
    op: 'modify',
    context,
    reason,
    dn,
    changes: [{ op: 'replace', attribute: 'userPassword', values: [value], secrets }],
    password: change.effects(),
    ...(controls && { controls }),
  };
  return generated === undefined ? { request: modify } : { request: modify, generated };
}

/** A password for a person to type once; a policy that wants it short gets random letters. */
function generate(maxLength: number, { pool }: PrepareTools): string {
  const words = generatePassword(pool.random);
  if (maxLength === 0 || words.length <= maxLength) return words;
  return generateSecret(pool.random, maxLength).slice(0, maxLength);
}

/** What is stored for each value: the hash of a clear one, or the hash that was given. */
async function storedForms(
  values: readonly Bytes[],
  identity: Identity,
  change: PasswordChange,
  tools: PrepareTools,
  beside: readonly Buffer[] = [],
): Promise<Bytes[]> {
  const stored: Bytes[] = [];
  for (const value of values) {
    const others = [...beside, ...stored.map(bufferOf)];
    stored.push(await storedForm(bufferOf(value), identity, change, tools, others));
  }
  return stored;
}

async function storedForm(
  value: Buffer,
  identity: Identity,
  change: PasswordChange,
  tools: PrepareTools,
  beside: readonly Buffer[],
): Promise<Bytes> {
  const clearForm = async (clear: Buffer): Promise<Bytes> => {
    assertStorable(clear);
    await change.assertGood(clear);
    return storeClear(clear, tools, beside);
  };
  if (!maySetHashedPassword(identity)) {
    assertNoHash(value);
    return clearForm(value);
  }
  return storedFormOf(value, clearForm, () => change.assertHashTaken());
}

/** What a person types is never read as a hash, whatever it looks like to others. */
function assertNoHash(value: Buffer): void {
  if (!/^\{[A-Za-z0-9./_-]+\}/.test(value.toString('latin1'))) return;
  throw new LdapError(
    'constraintViolation',
    'a password may not start with {…}: only an administrator may store a hash',
  );
}

/** A given hash as it is, clear text as `hash` makes it. @throws LdapError constraintViolation */
export function storedFormOf(
  value: Buffer,
  hash: (clear: Buffer) => Promise<Bytes>,
  assertTaken: () => void = () => undefined,
): Bytes | Promise<Bytes> {
  if (value[0] !== 0x7b && value[0] !== 0x24) return hash(value);
  const recognised = recogniseScheme(value);
  if (!recognised.ok) {
    throw new LdapError('constraintViolation', `the password hash: ${recognised.reason}`);
  }
  if (recognised.scheme === 'CLEARTEXT') return hash(recognised.clear);
  assertTaken();
  return bytesOf(value);
}

function assertStorable(clear: Buffer): void {
  if (clear.length === 0) {
    throw new LdapError('constraintViolation', 'a password may not be empty');
  }
  if (clear.length > PASSWORD_BYTES_MAX) {
    throw new LdapError(
      'constraintViolation',
      `a password may have at most ${PASSWORD_BYTES_MAX} bytes`,
    );
  }
}

function storeClear(
  clear: Buffer,
  tools: PrepareTools,
  beside: readonly Buffer[] = [],
): Promise<Bytes> {
  assertStorable(clear);
  return hashPassword(tools.pool, Buffer.from(clear), tools.argon2, beside);
}

interface SecretSeen {
  readonly id: number;
  readonly revision: number;
}

/** The stored passwords that the given values are: clear, or, for an administrator, as hashes. */
async function matching(
  owner: number,
  values: readonly Bytes[],
  context: Context,
  tools: PrepareTools,
): Promise<SecretSeen[]> {
  const found: SecretSeen[] = [];
  const text = 'the old password to be deleted is not the password';
  const wrong = () => new LdapError('noSuchAttribute', text);
  for (const value of values) {
    found.push(await matchingOne(owner, bufferOf(value), context, wrong, tools));
  }
  return found;
}

/** @throws what `wrong` makes; it counts against the owner, unless an administrator was wrong */
async function matchingOne(
  owner: number,
  value: Buffer,
  context: Context,
  wrong: () => LdapError,
  tools: PrepareTools,
): Promise<SecretSeen> {
  const trusted = maySetHashedPassword(context.identity);
  const entry = owner === 0 || trusted ? undefined : tools.reader.entry(owner);
  if (entry !== undefined) tools.oldPasswords?.assertOpen(entry);
  const secret = await findMatching(owner, value, trusted, tools);
  if (secret !== undefined) return secret;
  if (entry !== undefined) await tools.oldPasswords?.wrong(entry, value, context);
  throw wrong();
}

async function findMatching(
  owner: number,
  value: Buffer,
  byHash: boolean,
  tools: PrepareTools,
): Promise<SecretSeen | undefined> {
  const secrets = owner === 0 ? [] : tools.reader.secrets(owner);
  for (const secret of secrets) {
    if (secret.kind !== 'userPassword') continue;
    const { id, revision } = secret;
    if (byHash && secret.value.equals(value)) return { id, revision };
    if (await verifies(secret, value, tools)) return { id, revision };
  }
  return undefined;
}

async function verifies(secret: Secret, value: Buffer, { pool }: PrepareTools): Promise<boolean> {
  return value.length <= PASSWORD_BYTES_MAX && (await verifyPassword(secret.value, value, pool));
}
