import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ntHash } from '../../../../src/credentials/nt-hash.js';
import {
  BreachFile,
  noQualityRules,
  PasswordJudge,
} from '../../../../src/credentials/quality/index.js';
import { handClock } from '../support.js';

const folder = mkdtempSync(join(tmpdir(), 'tenure-breach-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();
const nt = (text: string) => ntHash(text).toString('hex').toUpperCase();

let files = 0;
function fileOf(content: string): string {
  const file = join(folder, `hashes-${++files}.txt`);
  writeFileSync(file, content);
  return file;
}

const known = Array.from({ length: 200 }, (_, i) => `breached ${i}`);

describe.each([
  ['SHA-1', sha1],
  ['NT', nt],
] as const)('%s hashes', (kind, hash) => {
  test.each([
    ['with counts and CRLF', (line: string, i: number) => `${line}:${i * 7 + 1}`, '\r\n', true],
    ['bare, without a last end of line', (line: string) => line, '\n', false],
    ['lower case', (line: string) => line.toLowerCase(), '\n', true],
    [
      'counts of many lengths',
      (line: string, i: number) => `${line}:${10 ** (i % 12)}`,
      '\n',
      true,
    ],
  ])('%s', async (_, form, newline, ends) => {
    const lines = known.map(hash).sort().map(form);
    const breach = await BreachFile.open(fileOf(lines.join(newline) + (ends ? newline : '')));
    try {
      expect(breach.kind).toBe(kind);
      for (const password of known) expect(await breach.holds(password)).toBe(true);
      for (let i = 0; i < 100; i++) expect(await breach.holds(`other ${i}`)).toBe(false);
    } finally {
      await breach.close();
    }
  });
});

test('a single line', async () => {
  const breach = await BreachFile.open(fileOf(sha1('x')));
  expect([await breach.holds('x'), await breach.holds('y')]).toEqual([true, false]);
  await breach.close();
});

test.each([
  ['', 'the file is empty'],
  ['password\nqwerty\n', 'its first line is not a hash: 40 hexadecimal digits (SHA-1) or 32 (NT)'],
  [`${sha1('a')}0\n`, 'its first line is not a hash'],
  [`${'0'.repeat(40)}\n\n${'1'.repeat(40)}\n`, 'the line at byte 41 is not a hash'],
  [`${'0'.repeat(40)}\n${'1'.repeat(32)}\n`, 'the hash at byte 41 has 32 digits, the first has 40'],
  [`${'F'.repeat(40)}:9\n${'1'.repeat(40)}:2\n`, 'not sorted by hash (see byte 43)'],
  [`${'x'.repeat(1_000)}\n`, 'its first line is not a hash'],
  ['\0'.repeat(100), 'its first line is not a hash'],
])('refuses at start what cannot be searched: %#', async (content, problem) => {
  const file = fileOf(content);
  await expect(BreachFile.open(file)).rejects.toThrow(`${file}: ${problem}`);
});

test('refuses a path that is no file', async () => {
  await expect(BreachFile.open(folder)).rejects.toThrow(/not a file|EISDIR/);
  const missing = join(folder, 'missing.txt');
  await expect(BreachFile.open(missing)).rejects.toThrow(`${missing}: there is no such file`);
});

test('a breached password is refused where the rules ask for it', async () => {
  const good = 'correct horse battery staple';
  const breachFile = await BreachFile.open(fileOf(`${sha1(good)}:4\n`));
  const judge = new PasswordJudge({ clock: handClock(), breachFile });
  const rules = { ...noQualityRules, refuseBreached: true };
  expect(await judge.judgePassword(Buffer.from(good), rules, [])).toEqual({
    ok: false,
    problem: 'breached',
    text: 'the password is known from a data breach; choose one that was never used anywhere',
  });
  expect(await judge.judgePassword(Buffer.from(good), noQualityRules, [])).toEqual({ ok: true });
  expect(await judge.judgePassword(Buffer.from('another'), rules, [])).toEqual({ ok: true });
  await judge.close();
});
