/**
 * A key file that is lost for good: what it sealed is taken away, as Changes, and a new file takes
 * its place. Everything is looked at first; where all opens, nothing is done. Cut off at any
 * instant, doing it again finishes it.
 */
import { existsSync, renameSync } from 'node:fs';
import {
  type BoxKey,
  KeyFileError,
  makeBoxKey,
  readKeyFile,
  SecretBox,
  writeKeyFile,
} from '../credentials/index.js';
import type { Secret } from '../directory/ports.js';
import { errorFromShape, LdapError } from '../runtime/errors.js';
import { openBox, rememberKeys } from './open-box.js';
import { unopened } from './rotate-keys.js';
import type { WriteHalf } from './write-half.js';

export interface BoxReset {
  /** Of the key that seals now. */
  readonly key: string;
  /** Sealed values that were taken away. */
  readonly removed: number;
  /** Entries that they belonged to. */
  readonly owners: number;
}

const BATCH = 100;

/** @throws LdapError unwillingToPerform where there is no need; KeyFileError */
export function resetBox(half: WriteHalf): BoxReset {
  const { store, keyFile, random } = half;
  refuseWhole(half);
  const keys = keysThatAreLeft(keyFile);
  const key = makeBoxKey(random);
  if (existsSync(keyFile)) renameSync(keyFile, `${keyFile}.old`);
  writeKeyFile(keyFile, [...keys, key]);
  const box = new SecretBox([...keys, key], random);
  const lost = new Map<number, Secret[]>();
  let removed = 0;
  for (const secret of unopened(store, box)) {
    lost.set(secret.owner, [...(lost.get(secret.owner) ?? []), secret]);
    removed += 1;
  }
  const owners = [...lost];
  for (let at = 0; at < owners.length; at += BATCH) takeAway(half, owners.slice(at, at + BATCH));
  store.begin();
  rememberKeys(
    store,
    [...keys, key].map((one) => new SecretBox([one], random)),
  );
  store.commit();
  return { key: key.id, removed, owners: lost.size };
}

function refuseWhole({ store, keyFile, random }: WriteHalf): void {
  let box: SecretBox;
  try {
    box = openBox(store, keyFile, random);
  } catch (error) {
    if (error instanceof KeyFileError) return;
    throw error;
  }
  if (!unopened(store, box).next().done) return;
  throw new LdapError(
    'unwillingToPerform',
    `${keyFile} opens everything that is sealed: there is nothing to reset`,
  );
}

/** Keys in a file that is there but lacks some. */
function keysThatAreLeft(keyFile: string): readonly BoxKey[] {
  try {
    return readKeyFile(keyFile);
  } catch (error) {
    if (error instanceof KeyFileError) return [];
    throw error;
  }
}

function takeAway(
  half: WriteHalf,
  owners: readonly (readonly [number, readonly Secret[]])[],
): void {
  const identity = half.administrator();
  const origin = { address: 'control', connection: 0, confidential: true };
  const { outcomes } = half.batch(
    owners.map(([owner, secrets]) => ({
      op: 'credentials' as const,
      context: { identity, origin },
      reason: 'tenure secrets reset',
      owner,
      remove: secrets.map(({ id }) => id),
      add: [],
    })),
  );
  for (const outcome of outcomes) if (!outcome.ok) throw errorFromShape(outcome.error);
}

/** A directory of before the secret box gets its key file; one that lacks it says so when asked. */
export function tryBox(half: WriteHalf): void {
  try {
    half.box();
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
  }
}
