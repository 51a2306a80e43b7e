/**
 * What of an entry somebody changes: nothing but the password, nothing but what people look after
 * themselves (password, SSH keys and the class that lets an entry have them), or more. Whether that
 * is allowed, and on whose entry, is decided by access.
 */
import { LdapError } from '../../../runtime/errors.js';
import { assertMayWrite } from '../../access/index.js';
import { type Bytes, bufferOf } from '../../model/bytes.js';
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import { policyOf } from '../lifecycle/index.js';
import { gainingBy, mayByRole } from '../rights/index.js';
import type { Transaction } from './transaction.js';

interface Touch {
  readonly op: 'add' | 'delete' | 'replace' | 'increment';
  readonly type: AttributeType | undefined;
  readonly values: readonly Bytes[];
}

/**
 * That the identity may make these changes to an entry: by itself, or by a role of the policy.
 * @throws LdapError insufficientAccessRights with a sentence
 */
export function assertMayModify(
  identity: Identity,
  entryId: number,
  touches: readonly Touch[],
  reader: DirectoryReader,
  nowMs: number,
): void {
  const what = whatIsTouched(touches);
  const own = identity.entryId === entryId && what.ownOnly;
  if (identity.role === 'user' && !own) {
    const touched = touches.map(({ op, type, values }) => ({
      op,
      attribute: type?.name ?? '',
      values: values.map((value) => bufferOf(value).toString('utf8')),
    }));
    const said = mayByRole(identity, entryId, touched, reader, Math.floor(nowMs / 1000));
    if (said === 'yes') return;
    if (said === 'surpassed') throw surpassed();
  }
  assertMayWrite(identity, { entryId, ...what });
}

/**
 * Call before somebody changes the own entry, and what it answers behind that.
 * @throws LdapError insufficientAccessRights where they would have given themselves a right
 */
export function gainingGuard(
  entry: Pick<EntryRecord, 'id'>,
  types: readonly AttributeType[],
  { identity, writer, nowSeconds }: Pick<Transaction, 'identity' | 'writer' | 'nowSeconds'>,
): () => void {
  const nothing = () => undefined;
  if (identity.role !== 'user' || entry.id !== identity.entryId) return nothing;
  if (policyOf(writer).policy.roles.length === 0) return nothing;
  if (types.every(({ name }) => name === 'userPassword')) return nothing;
  const gained = gainingBy(entry.id, identity.entryId, writer, nowSeconds);
  return () => {
    if (!gained()) return;
    throw new LdapError(
      'insufficientAccessRights',
      'nobody gives themselves a right: with this you would have one that you do not have now',
    );
  };
}

/** Which right it is remains unsaid: that somebody has it may not be for the author to know. */
function surpassed(): LdapError {
  return new LdapError(
    'insufficientAccessRights',
    'this account comes with rights that you do not have: whoever opens it could use them. ' +
      'An administrator can do it',
  );
}

function whatIsTouched(touches: readonly Touch[]) {
  return {
    passwordOnly: touches.length > 0 && touches.every(isPassword),
    ownOnly: touches.length > 0 && touches.every((touch) => isPassword(touch) || isKey(touch)),
  };
}

function isPassword({ type }: Touch): boolean {
  return type?.name === 'userPassword';
}

function isKey({ op, type, values }: Touch): boolean {
  if (type?.name === 'sshPublicKey') return true;
  if (type?.name !== 'objectClass' || op !== 'add') return false;
  return values.every((value) => bufferOf(value).toString('latin1').toLowerCase() === KEY_CLASS);
}

const KEY_CLASS = 'ldappublickey';
