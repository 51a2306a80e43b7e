/**
 * Changing the key of the secret box. Safe to cut off at any instant, and taken up again where it
 * was left: the old key stays in the file until nothing is under it.
 *
 *   file: old, new → database: both must be there → values sealed anew, a slice a commit
 *     → database: new must be there → file: new
 */
import type { OnProgress } from '../admin/engine.js';
import {
  type BoxKey,
  makeBoxKey,
  readKeyFile,
  SealedError,
  SecretBox,
  sealedKinds,
  writeKeyFile,
} from '../credentials/index.js';
import type { Random } from '../runtime/random.js';
import type { StoreWriter } from '../store/index.js';
import { rememberKeys } from './open-box.js';

export interface Rotated {
  /** Of the key that seals now. */
  readonly key: string;
  /** Values that were sealed anew. */
  readonly resealed: number;
  /** True where an earlier change was finished instead of a new one begun. */
  readonly resumed: boolean;
}

const SLICE = 200;

/**
 * Each turn of the generator is one commit; between two of them others may write.
 * @throws KeyFileError, SealedError
 */
export function* rotateKeys(
  store: StoreWriter,
  box: SecretBox,
  keyFile: string,
  random: Random,
): Generator<number, Rotated> {
  const held = readKeyFile(keyFile);
  const resumed = held.length > 1;
  const keys = resumed ? held : [...held, makeBoxKey(random)];
  if (!resumed) writeKeyFile(keyFile, keys);
  box.replaceKeys(keys);
  const boxOf = (key: BoxKey) => new SecretBox([key], random);
  inTransaction(store, () => rememberKeys(store, keys.map(boxOf)));
  let resealed = 0;
  for (let afterId = 0; ; ) {
    const page = store.sealed.after(sealedKinds, afterId, SLICE);
    if (page.length === 0) break;
    inTransaction(store, () => {
      for (const secret of page) {
        if (box.isCurrent(secret.value)) continue;
        const value = box.seal(box.open(secret.value, secret), secret);
        store.replaceSecretValue(secret.id, secret.revision, value);
        resealed += 1;
      }
    });
    afterId = page.at(-1)!.id;
    yield resealed;
  }
  const last = keys.at(-1)!;
  inTransaction(store, () => rememberKeys(store, [boxOf(last)]));
  writeKeyFile(keyFile, [last]);
  box.replaceKeys([last]);
  return { key: last.id, resealed, resumed };
}

/** Runs a rotation to its end, where nobody else writes. */
export function rotated(slices: Generator<number, Rotated>, onProgress: OnProgress): Rotated {
  for (;;) {
    const { done, value } = slices.next();
    if (done === true) return value;
    onProgress({ phase: 'sealing', done: value, total: 0 });
  }
}

/** Secrets that none of the keys opens. */
export function* unopened(store: StoreWriter, box: SecretBox) {
  for (let afterId = 0; ; ) {
    const page = store.sealed.after(sealedKinds, afterId, SLICE);
    for (const secret of page) {
      try {
        box.open(secret.value, secret);
      } catch (error) {
        if (!(error instanceof SealedError)) throw error;
        yield secret;
      }
    }
    const last = page.at(-1);
    if (last === undefined) return;
    afterId = last.id;
  }
}

function inTransaction(store: StoreWriter, work: () => void): void {
  store.begin();
  try {
    work();
    store.commit();
  } catch (error) {
    store.rollback();
    throw error;
  }
}
