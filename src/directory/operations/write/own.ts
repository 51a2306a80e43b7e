/**
 * What of an entry somebody changes: nothing but the password, nothing but what people look after
 * themselves (password, SSH keys and the class that lets an entry have them), or more. Whether that
 * is allowed, and on whose entry, is decided by access.
 */
import { LdapError } from '../../../runtime/errors.js';
import { assertMayWrite } from '../../access/index.js';
import { type Bytes, bufferOf } from '../../model/bytes.js';
import type { Identity, Origin } from '../../model/identity.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import { policyOf } from '../lifecycle/index.js';
import {
  type Author,
  type By,
  byGrant,
  byRole,
  gainingBy,
  mayByRole,
  mayWriteByRule,
  nothingGained,
} from '../rights/index.js';
import type { Transaction } from './transaction.js';

/** Who writes, as rules ask for it. */
export function authorOf({ identity, origin, writer, nowSeconds }: Transaction): Author {
  return { identity, origin, reader: writer, nowSeconds };
}

interface Touch {
  readonly op: 'add' | 'delete' | 'replace' | 'increment';
  readonly type: AttributeType | undefined;
  readonly values: readonly Bytes[];
}

/**
 * That the identity may make these changes to an entry, and by what: by itself, by roles of the
 * policy, or by rules of it.
 * @throws LdapError insufficientAccessRights with a sentence
 */
export function assertMayModify(
  identity: Identity,
  entryId: number,
  touches: readonly Touch[],
  reader: DirectoryReader,
  nowMs: number,
  origin?: Origin,
): readonly By[] {
  const what = whatIsTouched(touches);
  const own = identity.entryId === entryId && what.ownOnly;
  if (identity.role === 'user' && !own) {
    const touched = touches.map(({ op, type, values }) => ({
      op,
      attribute: type?.name ?? '',
      values: values.map((value) => bufferOf(value).toString('utf8')),
    }));
    const nowSeconds = Math.floor(nowMs / 1000);
    const said = mayByRole(identity, entryId, touched, reader, nowSeconds);
    if (said === 'surpassed') throw surpassed();
    if (said !== 'no') return said.map(byRole);
    const types = touches.map(({ type }) => type);
    const grants = mayWriteByRule(entryId, types, { identity, origin, reader, nowSeconds });
    if (grants !== undefined) return grants.map(byGrant);
  }
  assertMayWrite(identity, { entryId, ...what });
  return [{ is: identity.role === 'administrator' ? 'administrator' : 'own' }];
}

/** The same inside a write. */
export function assertMayModifyIn(
  { identity, writer, nowSeconds, origin }: Transaction,
  { id }: Pick<EntryRecord, 'id'>,
  touches: readonly Touch[],
): readonly By[] {
  return assertMayModify(identity, id, touches, writer, nowSeconds * 1000, origin);
}

/**
 * Call before somebody changes the own entry, or another by a rule, and what it answers behind that.
 * @throws LdapError insufficientAccessRights where they would have given a right that they lack
 */
export function gainingGuard(
  entry: Pick<EntryRecord, 'id'>,
  types: readonly AttributeType[],
  tx: Transaction,
  byRule: boolean,
): () => void {
  const { identity, writer, nowSeconds } = tx;
  const nothing = () => undefined;
  if (byRule && entry.id !== identity.entryId) return nothingGained(entry.id, authorOf(tx));
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
