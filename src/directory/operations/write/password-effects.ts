/**
 * What a password leaves on its entry when it is set: when that was, whether it has to be changed,
 * the former ones, and no memory of grace logins. In the writer thread, inside the savepoint.
 */
import { grantKinds } from '../../../credentials/index.js';
import { LdapError } from '../../../runtime/errors.js';
import { formatTime, parseTime } from '../../model/time.js';
import type { EntryRecord, Secret } from '../../ports.js';
import { ONE_TIME_PASSWORD } from '../bind/index.js';
import type { PasswordEffects } from '../types.js';
import { type Attributes, attributesOf, bodyOf, describe } from './attributes.js';
import { recordBody } from './body-delta.js';
import { historyValue, PASSWORD_HISTORY } from './password-history.js';
import { removeSecrets, StalePreparation } from './secrets.js';
import { Delta, metaOf, recordModify, type Transaction } from './transaction.js';

const USER_PASSWORD = 'userPassword';
const GRACE_USE_TIME = 'pwdGraceUseTime';

function set(attributes: Attributes, name: string, values: string[], tx: Transaction): void {
  const description = describe(tx.writer, name);
  if (values.length === 0) attributes.delete(description.key);
  else {
    const buffers = values.map((value) => Buffer.from(value));
    attributes.set(description.key, { description, values: buffers });
  }
}

/** A new entry with a password: it is as old as the entry. */
export function stampNewPassword(attributes: Attributes, tx: Transaction): void {
  if (attributes.has('pwdchangedtime')) return;
  set(attributes, 'pwdChangedTime', [formatTime(tx.nowSeconds)], tx);
}

/** The passwords and former passwords of an entry, before a write touches them. */
export function passwordsOf(owner: number, tx: Transaction): readonly Secret[] {
  const kinds = [USER_PASSWORD, PASSWORD_HISTORY];
  return tx.writer.secrets(owner).filter(({ kind }) => kinds.includes(kind));
}

/**
 * After the passwords of an entry have changed.
 * @throws StalePreparation where others have changed since prepare looked at them
 */
export function leaveEffects(
  entry: EntryRecord,
  before: readonly Secret[],
  effects: PasswordEffects | undefined,
  attributes: Attributes,
  delta: Delta,
  tx: Transaction,
): void {
  assertUnmoved(before, effects);
  const now = tx.writer.secrets(entry.id);
  const any = now.some(({ kind }) => kind === USER_PASSWORD);
  set(attributes, 'pwdChangedTime', any ? [formatTime(tx.nowSeconds)] : [], tx);
  set(attributes, GRACE_USE_TIME, [], tx);
  // A password of one's own ends those that only led to it.
  if (any) removeSecrets(entry.id, ONE_TIME_PASSWORD, delta, tx);
  // Whoever sets one by hand means it to be the only one.
  if (any) removeSecrets(entry.id, grantKinds.service, delta, tx);
  if (effects === undefined) return;
  set(attributes, 'pwdReset', any && effects.reset ? ['TRUE'] : [], tx);
  const gone = before.filter(
    ({ id, kind }) => kind === USER_PASSWORD && !now.some((other) => other.id === id),
  );
  keepHistory(entry.id, gone, effects.history, delta, tx);
}

function assertUnmoved(before: readonly Secret[], effects: PasswordEffects | undefined): void {
  if (effects === undefined || effects.seen.length === 0) return;
  const same = ({ id, revision }: { id: number; revision: number }) =>
    before.some((secret) => secret.id === id && secret.revision === revision);
  if (before.length !== effects.seen.length || !effects.seen.every(same)) {
    throw new StalePreparation();
  }
}

/** The newest `most` former passwords stay. */
function keepHistory(
  owner: number,
  gone: readonly Secret[],
  most: number,
  delta: Delta,
  tx: Transaction,
): void {
  const { writer } = tx;
  if (most > 0) {
    for (const { value } of gone) {
      const kept = historyValue(value, tx.nowSeconds);
      const { id, digest } = writer.addSecret(owner, PASSWORD_HISTORY, kept);
      delta.secretsAdded.push({ id, kind: PASSWORD_HISTORY, digest });
    }
  }
  const kept = writer.secrets(owner).filter(({ kind }) => kind === PASSWORD_HISTORY);
  for (const { id } of kept.slice(0, Math.max(0, kept.length - most))) {
    const digest = writer.secretDigest(id);
    delta.secretsRemoved.push({ id, kind: PASSWORD_HISTORY, digest });
    writer.removeSecret(id);
  }
}

/**
 * One more login with an expired password. The entry's meta does not move.
 * @throws LdapError noSuchAttribute where none is left
 */
export function useGrace(owner: number, limit: number, tx: Transaction): void {
  const entry = tx.writer.entry(owner);
  if (entry === undefined) throw new LdapError('noSuchObject', 'the entry is gone');
  const before = attributesOf(entry, tx.writer);
  const description = describe(tx.writer, GRACE_USE_TIME);
  const used = before.get(description.key)?.values ?? [];
  if (used.length >= limit) {
    throw new LdapError('noSuchAttribute', 'no login with the expired password is left');
  }
  const times = used.map((value) => value.toString('latin1'));
  // Values of an attribute differ: two logins in a second are a second apart.
  let at = tx.nowSeconds;
  for (const time of times) at = Math.max(at, (parseTime(time) ?? 0) + 1);
  const after: Attributes = new Map(before);
  set(after, GRACE_USE_TIME, [...times, formatTime(at)], tx);
  const delta = new Delta();
  recordBody(before, after, delta);
  const meta = metaOf(entry);
  tx.writer.updateEntry(entry, { meta, attributes: bodyOf(after) });
  recordModify(tx, entry, meta, delta, tx.names.text(entry));
}
