/**
 * The secret box of a directory: its key file held against what the database says is sealed. Makes
 * the file where nothing was ever sealed; otherwise a file that is missing or another's is refused
 * with what is concerned and how to go on.
 */
import { join } from 'node:path';
import {
  KeyFileError,
  makeBoxKey,
  readKeyFile,
  type SealedName,
  SecretBox,
  sealedKinds,
  sealedWith,
  writeKeyFile,
} from '../credentials/index.js';
import type { Config } from '../runtime/config.js';
import type { Random } from '../runtime/random.js';
import type { StoreWriter } from '../store/index.js';

/** What stands for a key in the database: its name, and what it holds. */
const checkName: SealedName = { owner: 0, kind: 'check', id: 0 };
const checkText = Buffer.from('tenure');

const kindWords: Readonly<Record<string, readonly [one: string, many: string]>> = {
  totp: ['TOTP seed', 'TOTP seeds'],
  hotp: ['HOTP seed', 'HOTP seeds'],
  ntHash: ['NT hash', 'NT hashes'],
  wifiHash: ['Wi-Fi secret', 'Wi-Fi secrets'],
  fileHash: ['file server secret', 'file server secrets'],
  firstMail: ['first password on its way', 'first passwords on their way'],
};

/** Where the keys are. */
export function keyFileOf(config: Pick<Config, 'secrets'>, dataDir: string): string {
  return config.secrets.keyFile ?? join(dataDir, 'secrets.key');
}

/** @throws KeyFileError */
export function openBox(store: StoreWriter, keyFile: string, random: Random): SecretBox {
  const checks = store.sealed.checks();
  if (checks.length === 0) return firstBox(store, keyFile, random);
  const box = readBox(keyFile, random, store);
  for (const check of checks) {
    try {
      box.open(check, checkName);
    } catch {
      const id = sealedWith(check) ?? 'of unknown id';
      const held = box.keyIds.includes(id) ? 'another key under its id' : 'not in it';
      throw new KeyFileError(
        keyFile,
        `this is not the key file of this directory: key ${id} is in use and ${held}. ${advice(store)}`,
      );
    }
  }
  return box;
}

/** The box of a reader: the writer has checked the file. @throws KeyFileError */
export function readerBox(keyFile: string, random: Random): SecretBox {
  return new SecretBox(readKeyFile(keyFile), random, () => readKeyFile(keyFile));
}

function readBox(keyFile: string, random: Random, store: StoreWriter): SecretBox {
  try {
    return readerBox(keyFile, random);
  } catch (error) {
    if (!(error instanceof KeyFileError) || !error.missing) throw error;
    throw new KeyFileError(keyFile, `the key file is missing. ${advice(store)}`, true);
  }
}

function firstBox(store: StoreWriter, keyFile: string, random: Random): SecretBox {
  let box: SecretBox;
  try {
    box = readerBox(keyFile, random);
  } catch (error) {
    if (!(error instanceof KeyFileError) || !error.missing) throw error;
    writeKeyFile(keyFile, [makeBoxKey(random)]);
    box = readerBox(keyFile, random);
  }
  store.begin();
  rememberKeys(store, [box]);
  store.commit();
  return box;
}

/** From now on the key that seals in each of the boxes must be in the file. In a transaction. */
export function rememberKeys(store: StoreWriter, boxes: readonly SecretBox[]): void {
  store.sealed.setChecks(boxes.map((box) => box.seal(checkText, checkName)));
}

/** What is concerned, and what to do. */
function advice(store: StoreWriter): string {
  const counts = store.secretRows.counts(sealedKinds).map(({ kind, secrets, owners }) => {
    const words = kindWords[kind]?.[secrets === 1 ? 0 : 1] ?? kind;
    return `${secrets} ${words} (of ${owners} ${owners === 1 ? 'entry' : 'entries'})`;
  });
  const concerned = counts.length === 0 ? 'nothing at present' : counts.join(', ');
  return (
    `Sealed with its keys: ${concerned}; passwords, app passwords and recovery codes are not. ` +
    'Put the file back from its copy (secrets.keyFile in config.yaml says where it is looked for) ' +
    'and start again. If it is lost for good, "tenure secrets reset --yes" takes away what cannot be ' +
    'opened any more and makes a new file; whoever had a second factor enrols again'
  );
}
