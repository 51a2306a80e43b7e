/**
 * Credentials beside the password: second factors, recovery codes, app passwords. They are secrets
 * and nothing else, so the entry's meta does not move: nothing that a reader can see has changed.
 * Who may do this was decided before; only the server itself asks.
 */
import { isSealedKind } from '../../../credentials/index.js';
import { LdapError } from '../../../runtime/errors.js';
import { bufferOf } from '../../model/bytes.js';
import type { CredentialsRequest } from '../types.js';
import { LOGIN_HASH } from './nt-hashes.js';
import { addSealedSecret, removeSecret, removeSecrets } from './secrets.js';
import { Delta, metaOf, recordModify, type Transaction } from './transaction.js';

/** @throws LdapError noSuchObject, noSuchAttribute */
export function changeCredentials(request: CredentialsRequest, tx: Transaction): void {
  const { ownerDn, whileThere, remove, add } = request;
  const owner =
    ownerDn === undefined ? request.owner : tx.names.resolve(tx.names.parse(ownerDn)).id;
  const entry = tx.writer.entry(owner);
  if (entry === undefined) throw new LdapError('noSuchObject', 'the entry is gone');
  const delta = new Delta();
  const held = tx.writer.secrets(owner);
  if (whileThere !== undefined && !held.some(({ id }) => id === whileThere)) throw movedOn();
  for (const id of remove) {
    const secret = held.find((other) => other.id === id);
    if (secret === undefined) throw movedOn();
    removeSecret(id, secret.kind, delta, tx);
    if (secret.kind === 'userPassword') removeSecrets(owner, LOGIN_HASH, delta, tx);
  }
  for (const { kind, value } of add) {
    if (isSealedKind(kind)) addSealedSecret(owner, kind, bufferOf(value), delta, tx);
    else {
      const { id, digest } = tx.writer.addSecret(owner, kind, bufferOf(value));
      delta.secretsAdded.push({ id, kind, digest });
    }
  }
  recordModify(tx, entry, metaOf(entry), delta, tx.names.text(entry));
}

function movedOn(): LdapError {
  return new LdapError('noSuchAttribute', 'somebody else changed these credentials meanwhile');
}
