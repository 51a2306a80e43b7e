/**
 * One-time passwords: what `tenure admin recover` sets, and its use. The entry's meta does not
 * move when one is used: nothing that anybody can see has changed.
 */
import { LdapError } from '../../../runtime/errors.js';
import { ONE_TIME_PASSWORD } from '../bind/index.js';
import { removeSecrets } from './secrets.js';
import { Delta, metaAfter, metaOf, recordModify, type Transaction } from './transaction.js';

/** @throws LdapError noSuchAttribute where it has been used already */
export function removeOneTime(owner: number, secretId: number, tx: Transaction): void {
  const entry = tx.writer.entry(owner);
  const secret = tx.writer.secrets(owner).find((other) => other.id === secretId);
  if (entry === undefined || secret === undefined) {
    throw new LdapError('noSuchAttribute', 'the one-time password has been used');
  }
  const delta = new Delta();
  const digest = tx.writer.secretDigest(secretId);
  delta.secretsRemoved.push({ id: secretId, kind: secret.kind, digest });
  tx.writer.removeSecret(secretId);
  recordModify(tx, entry, metaOf(entry), delta, tx.names.text(entry));
}

/** All passwords of the entry end; the one-time password takes their place. */
export function recoverEntry(owner: number, value: Buffer, tx: Transaction): void {
  const entry = tx.writer.entry(owner);
  if (entry === undefined) throw new LdapError('noSuchObject', 'there is no administrator entry');
  const delta = new Delta();
  removeSecrets(owner, 'userPassword', delta, tx);
  removeSecrets(owner, ONE_TIME_PASSWORD, delta, tx);
  const { id, digest } = tx.writer.addSecret(owner, ONE_TIME_PASSWORD, value);
  delta.secretsAdded.push({ id, kind: ONE_TIME_PASSWORD, digest });
  const meta = metaAfter(entry, tx);
  tx.writer.updateEntry(entry, { meta });
  recordModify(tx, entry, meta, delta, tx.names.text(entry));
}
