/**
 * The file with the keys of the secret box: lines of text, mode 0600, outside the database. Owns its
 * form, its checks and its replacement, which is whole or not at all. Decides nothing about when
 * keys come and go.
 *
 *   # words for whoever finds it
 *   4f1c09aa AbCd…=        id of the key, key in base64; the last line is the one that seals
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { BoxKey } from './secret-box.js';

/** The file is missing, unreadable, not what it should be, or not the one of this directory. */
export class KeyFileError extends Error {
  readonly file: string;
  /** The message without the file's name. */
  readonly reason: string;
  readonly missing: boolean;

  constructor(file: string, reason: string, missing = false) {
    super(`${file}: ${reason}`);
    this.name = 'KeyFileError';
    this.file = file;
    this.reason = reason;
    this.missing = missing;
  }
}

const FILE_BYTES_MAX = 64 * 1024;
const KEY_BYTES = 32;
/** Reading by a group is left to whoever set it up; writing by one, and all to others, is not. */
const TOO_OPEN = 0o027;

const words = `# Tenure: the keys of the secret box. Sealed with them are the seeds of one-time codes, NT
# hashes and tokens; password hashes are not. Without this file those do not open.
# Keep a copy apart from the backups of the database. The last key is the one that seals.
`;

const line = /^([0-9a-f]{8}) ([A-Za-z0-9+/]{43}=)$/;

/** @throws KeyFileError where the text is no key file */
export function parseKeyFile(text: string, file: string): readonly BoxKey[] {
  const keys: BoxKey[] = [];
  for (const [i, written] of text.split('\n').entries()) {
    const trimmed = written.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const match = line.exec(trimmed);
    const key = match === null ? undefined : Buffer.from(match[2]!, 'base64');
    if (match === null || key?.length !== KEY_BYTES) {
      throw new KeyFileError(file, `line ${i + 1} is not a key (eight hex digits, then base64)`);
    }
    const id = match[1]!;
    if (keys.some((other) => other.id === id)) {
      throw new KeyFileError(file, `line ${i + 1} repeats the key ${id}`);
    }
    keys.push({ id, key });
  }
  if (keys.length === 0) throw new KeyFileError(file, 'it holds no key');
  return keys;
}

export function formatKeyFile(keys: readonly BoxKey[]): string {
  return words + keys.map(({ id, key }) => `${id} ${key.toString('base64')}\n`).join('');
}

/** @throws KeyFileError, `missing` where there is no such file */
export function readKeyFile(file: string): readonly BoxKey[] {
  let text: string;
  let mode: number;
  try {
    const opened = openSync(file, 'r');
    try {
      const stat = fstatSync(opened);
      if (!stat.isFile()) throw new KeyFileError(file, 'this is not a file');
      if (stat.size > FILE_BYTES_MAX)
        throw new KeyFileError(file, 'it is too large for a key file');
      mode = stat.mode;
      text = readFileSync(opened, 'utf8');
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  if ((mode & TOO_OPEN) !== 0) {
    throw new KeyFileError(file, `others may read or write it; run chmod 600 ${file}`);
  }
  return parseKeyFile(text, file);
}

function unreadable(file: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new KeyFileError(file, 'the key file is missing', true);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new KeyFileError(file, 'permission to read the key file is missing');
  }
  return error;
}

/**
 * Puts `keys` in place of what the file held: at every instant either the old ones are there or the
 * new ones, and on disk when this returns.
 * @throws KeyFileError where the folder cannot be written
 */
export function writeKeyFile(file: string, keys: readonly BoxKey[]): void {
  const beside = `${file}.new`;
  try {
    rmSync(beside, { force: true });
    const opened = openSync(beside, 'wx', 0o600);
    try {
      writeSync(opened, formatKeyFile(keys));
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
    renameSync(beside, file);
    const folder = openSync(dirname(file), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new KeyFileError(file, `the key file cannot be written (${code ?? message})`);
  }
}
