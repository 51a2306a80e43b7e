/** A password on a terminal: nothing of it is shown, and the terminal is as before. */
import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Keyboard, readSecretLine } from '../../../src/admin/cli/secret-line.js';

let shown: string;
let modes: boolean[];
const output = {
  write(text: string) {
    shown += text;
  },
};

beforeEach(() => {
  shown = '';
  modes = [];
});

function terminal(): PassThrough & Keyboard {
  const setRawMode = (raw: boolean) => void modes.push(raw);
  return Object.assign(new PassThrough(), { isTTY: true, setRawMode });
}

async function typing(...keys: (string | Buffer)[]): Promise<string | undefined> {
  const input = terminal();
  const line = readSecretLine(input, output, 'password: ');
  for (const key of keys) input.write(key);
  const typed = await line;
  expect([shown, modes]).toEqual(['password: \n', [true, false]]);
  expect(input.listenerCount('data')).toBe(0);
  return typed;
}

describe('on a terminal', () => {
  const letters = Buffer.from('ü€');

  test.each([
    ['keys one by one', ['s', 'e', 'c', '\r'], 'sec'],
    ['pasted whole', ['secret one\n'], 'secret one'],
    [
      'letters cut in the middle',
      [letters.subarray(0, 1), letters.subarray(1, 3), letters.subarray(3), '\r'],
      'ü€',
    ],
    ['corrected', ['sex\u007fcrz\bet\r'], 'secret'],
    ['begun anew', ['wrong\u0015right\r'], 'right'],
    ['given up', ['sec\u0003'], undefined],
    ['ended', ['\u0004'], undefined],
    ['nothing', ['\r'], ''],
  ])('%s', async (_how, keys, wanted) => {
    expect(await typing(...keys)).toBe(wanted);
  });

  test('that goes away', async () => {
    const input = terminal();
    const line = readSecretLine(input, output, '');
    input.end('half');
    expect(await line).toBeUndefined();
    expect(modes).toEqual([true, false]);
  });
});

test('from a pipe it is the first line, and nothing is asked', async () => {
  const input = new PassThrough();
  const line = readSecretLine(input, output, 'password: ');
  input.end('secret\nmore\n');
  expect([await line, shown]).toEqual(['secret', '']);
  const empty = new PassThrough();
  const none = readSecretLine(empty, output, '');
  empty.end();
  expect(await none).toBeUndefined();
});
