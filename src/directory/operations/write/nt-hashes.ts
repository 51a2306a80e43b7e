/**
 * The NT hash of a login password: made where a password is set or verified in clear, where the
 * organisation wants it, or given as sambaNTPassword by an administrator or an import. A hash never
 * outlives the password that it was made of.
 */
import { encodeNtSecret, ntHash, readNtHash, recogniseScheme } from '../../../credentials/index.js';
import { LdapError } from '../../../runtime/errors.js';
import { type Bytes, bufferOf, bytesOf } from '../../model/bytes.js';
import type { AttributeType } from '../../schema/index.js';
import type { PreparedWrite, WriteRequest } from '../types.js';
import { addSealedSecret, removeSecrets } from './secrets.js';
import { Delta, metaOf, recordModify, type Transaction } from './transaction.js';

export const LOGIN_HASH = 'ntHash';

/** Hashes of Samba that are guessed in no time, and that nothing here reads: nobody keeps them. */
export const UNKEPT_HASHES: readonly string[] = ['sambaLMPassword', 'sambaPasswordHistory'];

/** @throws LdapError constraintViolation for a hash that is not kept */
export function assertKept({ name }: AttributeType): void {
  if (!UNKEPT_HASHES.includes(name)) return;
  throw new LdapError(
    'constraintViolation',
    `${name} is not kept: whoever read it would soon have the password; leave it out`,
  );
}

export function isNtPassword(type: AttributeType): boolean {
  return type.name === 'sambaNTPassword';
}

/** The hash in a value that an administrator gives. @throws LdapError invalidAttributeSyntax */
export function givenNtHash(value: Buffer, tx: Transaction): Buffer {
  const hash = readNtHash(value);
  if (hash === undefined) {
    const text = 'sambaNTPassword is an NT hash: 32 hexadecimal digits';
    throw new LdapError('invalidAttributeSyntax', text);
  }
  return encodeNtSecret({ hash, madeMs: tx.nowSeconds * 1000 });
}

/** Puts the hash of a new password in the place of that of the old one. */
export function replaceNtHash(id: number, hash: Buffer, tx: Transaction): void {
  const entry = tx.writer.entry(id);
  const person = tx.writer.schema().objectClass('person');
  if (entry === undefined || person === undefined || !entry.kind.has(person)) return;
  const delta = new Delta();
  removeSecrets(id, LOGIN_HASH, delta, tx);
  const clear = encodeNtSecret({ hash, madeMs: tx.nowSeconds * 1000 });
  addSealedSecret(id, LOGIN_HASH, clear, delta, tx);
  recordModify(tx, entry, metaOf(entry), delta, tx.names.text(entry));
}

/** The NT hash of the clear password that a write sets last, or undefined where it sets none. */
export function ntHashOfWrite(
  request: WriteRequest,
  generated: string | undefined,
): Bytes | undefined {
  const clear = generated ?? clearPasswordOf(request);
  return clear === undefined ? undefined : bytesOf(ntHash(clear));
}

function clearPasswordOf(request: WriteRequest): string | undefined {
  if (request.op === 'changePassword') {
    return request.newPassword === undefined ? undefined : text(bufferOf(request.newPassword));
  }
  const given =
    request.op === 'add'
      ? request.attributes.map(({ attribute, values }) => ({ op: 'add', attribute, values }))
      : request.op === 'modify'
        ? request.changes
        : [];
  let last: Buffer | undefined;
  for (const { op, attribute, values } of given) {
    if (op === 'delete' || attribute.toLowerCase() !== 'userpassword') continue;
    for (const value of values) last = bufferOf(value);
  }
  if (last === undefined) return undefined;
  const recognised = recogniseScheme(last);
  return recognised.ok && recognised.scheme === 'CLEARTEXT' ? text(recognised.clear) : undefined;
}

/** The password with its hash beside it, where the write is one that can carry it. */
export function withNtHash(prepared: PreparedWrite, hash: Bytes | undefined): PreparedWrite {
  if (hash === undefined || (prepared.op !== 'add' && prepared.op !== 'modify')) return prepared;
  return { ...prepared, ntHash: hash };
}

function text(clear: Buffer): string {
  return clear.toString('utf8');
}
