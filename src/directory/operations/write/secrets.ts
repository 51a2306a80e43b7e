/**
 * Writing secret attributes: they go to the secret table and nowhere else. The log sees a number
 * and a keyed digest. Passwords arrive here as hashes (prepare.ts).
 */
import { grantKinds, isGrant, type SealedKind } from '../../../credentials/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { AttributeType } from '../../schema/index.js';
import type { PreparedChange } from '../types.js';
import { assertKept, givenNtHash, isNtPassword, LOGIN_HASH } from './nt-hashes.js';
import type { Delta, Transaction } from './transaction.js';

/** Thrown where a secret moved since prepare looked at it: the write starts again. */
export class StalePreparation extends Error {}

/** Stores one value. */
export function addSecret(
  owner: number,
  type: AttributeType,
  value: Buffer,
  delta: Delta | undefined,
  tx: Transaction,
): void {
  if (isNtPassword(type)) {
    addSealedSecret(owner, LOGIN_HASH, givenNtHash(value, tx), delta, tx);
    return;
  }
  assertKept(type);
  assertCredential(type, value);
  const { id, digest } = tx.writer.addSecret(owner, type.name, value);
  delta?.secretsAdded.push({ id, kind: type.name, digest });
}

/** What an import brings for a service has to be what an export wrote. */
function assertCredential({ name }: AttributeType, value: Buffer): void {
  if (name === grantKinds.service && !isGrant('service', value)) {
    throw new LdapError(
      'invalidAttributeSyntax',
      `${name} is what an export wrote of a credential, and nothing else`,
    );
  }
}

/** Stores what must be read back: sealed, and bound to its place. Nothing else is kept of it. */
export function addSealedSecret(
  owner: number,
  kind: SealedKind,
  clear: Buffer,
  delta: Delta | undefined,
  tx: Transaction,
): void {
  const seal = (id: number) => tx.box().seal(clear, { owner, kind, id });
  const { id, digest } = tx.writer.addSecret(owner, kind, seal);
  delta?.secretsAdded.push({ id, kind, digest });
}

export function removeSecret(id: number, kind: string, delta: Delta, tx: Transaction): void {
  delta.secretsRemoved.push({ id, kind, digest: tx.writer.secretDigest(id) });
  tx.writer.removeSecret(id);
}

/** Removes all values of an attribute (all secrets where none is named); returns how many. */
export function removeSecrets(
  owner: number,
  kind: string | undefined,
  delta: Delta,
  tx: Transaction,
): number {
  const secrets = tx.writer.secrets(owner).filter((s) => kind === undefined || s.kind === kind);
  for (const secret of secrets) removeSecret(secret.id, secret.kind, delta, tx);
  return secrets.length;
}

/**
 * One step of a modify on a secret attribute.
 * @throws StalePreparation, LdapError noSuchAttribute, attributeOrValueExists
 */
export function changeSecret(
  owner: number,
  type: AttributeType,
  change: PreparedChange,
  values: readonly Buffer[],
  delta: Delta,
  tx: Transaction,
): void {
  if (change.op === 'increment') {
    throw new LdapError('constraintViolation', `${type.name} cannot be incremented`);
  }
  if (isNtPassword(type)) {
    changeNtPassword(owner, type, change.op, values, delta, tx);
    return;
  }
  const held = tx.writer.secrets(owner).filter((secret) => secret.kind === type.name);
  for (const { id, revision } of change.secrets ?? []) {
    if (!held.some((s) => s.id === id && s.revision === revision)) throw new StalePreparation();
  }
  switch (change.op) {
    case 'add':
      for (const value of values) {
        if (held.some((secret) => secret.value.equals(value))) {
          throw new LdapError('attributeOrValueExists', `${type.name} already has that value`);
        }
        addSecret(owner, type, value, delta, tx);
      }
      return;
    case 'replace':
      removeSecrets(owner, type.name, delta, tx);
      for (const value of values) addSecret(owner, type, value, delta, tx);
      return;
    case 'delete':
      deleteSecrets(owner, type, change, values, delta, tx);
  }
}

function deleteSecrets(
  owner: number,
  type: AttributeType,
  change: PreparedChange,
  values: readonly Buffer[],
  delta: Delta,
  tx: Transaction,
): void {
  if (change.secrets !== undefined) {
    for (const { id } of change.secrets) removeSecret(id, type.name, delta, tx);
    return;
  }
  if (values.length === 0) {
    if (removeSecrets(owner, type.name, delta, tx) === 0) throw absent(type);
    return;
  }
  for (const value of values) {
    const held = tx.writer.secrets(owner);
    const secret = held.find((s) => s.kind === type.name && s.value.equals(value));
    if (secret === undefined) throw absent(type);
    removeSecret(secret.id, type.name, delta, tx);
  }
}

/** One value, sealed: what was there goes before anything comes, except by `add`. */
function changeNtPassword(
  owner: number,
  type: AttributeType,
  op: Exclude<PreparedChange['op'], 'increment'>,
  values: readonly Buffer[],
  delta: Delta,
  tx: Transaction,
): void {
  const held = tx.writer.secrets(owner).some(({ kind }) => kind === LOGIN_HASH);
  if (op !== 'delete' && (values.length > 1 || (op === 'add' && held))) {
    throw new LdapError('constraintViolation', `${type.name} takes one value only`);
  }
  if (op === 'delete' && (!held || values.length > 0)) throw absent(type);
  removeSecrets(owner, LOGIN_HASH, delta, tx);
  if (op !== 'delete') for (const value of values) addSecret(owner, type, value, delta, tx);
}

const absent = (type: AttributeType) =>
  new LdapError('noSuchAttribute', `the entry has no such ${type.name}`);
