import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  formatKeyFile,
  KeyFileError,
  makeBoxKey,
  parseKeyFile,
  readKeyFile,
  writeKeyFile,
} from '../../../src/credentials/index.js';
import { systemRandom } from '../../../src/runtime/random.js';

const random = systemRandom();
const keys = [makeBoxKey(random), makeBoxKey(random)];
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenure-key-'));
  file = join(folder, 'secrets.key');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function failure(work: () => unknown): KeyFileError {
  try {
    work();
  } catch (error) {
    if (error instanceof KeyFileError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('the key file', () => {
  test('is written whole, for its owner only, and read back', () => {
    writeKeyFile(file, [keys[0]!]);
    writeKeyFile(file, keys);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readKeyFile(file)).toEqual(keys);
    expect(readdirSync(folder)).toEqual(['secrets.key']);
    expect(readFileSync(file, 'utf8')).toMatch(/^# Tenure: the keys of the secret box\./);
  });

  test('a leftover of a replacement that was cut off is in nobody’s way', () => {
    writeKeyFile(file, [keys[0]!]);
    writeFileSync(`${file}.new`, 'half a li');
    expect(readKeyFile(file)).toEqual([keys[0]!]);
    writeKeyFile(file, keys);
    expect(readKeyFile(file)).toEqual(keys);
  });

  test.each([
    ['', 'it holds no key'],
    ['# only words\n', 'it holds no key'],
    ['4f1c09aa\n', 'line 1 is not a key (eight hex digits, then base64)'],
    [`# a\n\n4f1c09aa ${Buffer.alloc(31).toString('base64')}\n`, 'line 3 is not a key'],
    [`4F1C09AA ${Buffer.alloc(32).toString('base64')}\n`, 'line 1 is not a key'],
    [formatKeyFile([keys[0]!, keys[0]!]), `repeats the key ${keys[0]!.id}`],
    ['\0\0\0', 'line 1 is not a key'],
  ])('%j is refused', (text, reason) => {
    const error = failure(() => parseKeyFile(text, '/etc/secrets.key'));
    expect(error.message).toContain('/etc/secrets.key: ');
    expect(error.message).toContain(reason);
    expect(error.missing).toBe(false);
  });

  test('no error shows a key', () => {
    const { key } = keys[0]!;
    const text = `x ${key.toString('base64')}`;
    expect(failure(() => parseKeyFile(text, 'f')).message).not.toContain(key.toString('base64'));
  });

  test('missing, open to others, a folder: each says so', () => {
    expect(failure(() => readKeyFile(file))).toMatchObject({ missing: true });
    writeKeyFile(file, keys);
    for (const mode of [0o604, 0o644, 0o620]) {
      chmodSync(file, mode);
      expect(failure(() => readKeyFile(file)).message).toContain(`chmod 600 ${file}`);
    }
    chmodSync(file, 0o440);
    expect(readKeyFile(file)).toEqual(keys);
    mkdirSync(join(folder, 'inner'));
    expect(failure(() => readKeyFile(join(folder, 'inner'))).message).toContain('not a file');
  });

  test('a folder that is not there cannot be written to', () => {
    const error = failure(() => writeKeyFile(join(folder, 'no/such'), keys));
    expect(error.message).toContain('the key file cannot be written (ENOENT)');
  });
});
