import { afterAll, describe, expect, test } from '@jest/globals';
import {
  noQualityRules,
  PasswordJudge,
  type QualityRules,
} from '../../../../src/credentials/quality/index.js';
import { systemClock } from '../../../../src/runtime/clock.js';
import { handClock } from '../support.js';

const clock = handClock();
const judge = new PasswordJudge({ clock });
afterAll(() => judge.close());

const ada = ['ada', 'Ada Lovelace', 'ada@example.com', 'Difference Engines'];
const strict: QualityRules = { ...noQualityRules, minLength: 8, minScore: 3, refuseCommon: true };
const verdict = (text: string, rules: Partial<QualityRules> = {}) =>
  judge.judgePassword(Buffer.from(text), { ...strict, ...rules }, ada);

test('rules that need no dictionary load none', async () => {
  expect(await verdict('short')).toMatchObject({ problem: 'tooShort' });
  expect(await verdict('anything', { minScore: 0, refuseCommon: false })).toEqual({ ok: true });
  expect(judge.loaded).toBe(false);
});

describe('common passwords', () => {
  test.each([
    'password',
    'P@ssw0rd',
    'PASSWORD1',
    'qwertyuiop',
    'Passw0rd!!',
    '1234567890',
    'iloveyou',
    'Il0vey0u2026',
    'Sunsh1ne!',
  ])('%s', async (text) => {
    expect(await verdict(text, { minScore: 0 })).toMatchObject({ ok: false, problem: 'common' });
  });
});

test.each(['lovelace', 'Lovel@ce99', 'ada@example.com', 'AdaLovelace'])(
  'what belongs to the person is refused: %s',
  async (text) => {
    const { ok, problem } = (await verdict(text)) as { ok: boolean; problem?: string };
    expect([ok, ['personal', 'guessable'].includes(problem ?? '')]).toEqual([false, true]);
  },
);

test('the same word is fine for somebody else', async () => {
  const other = await judge.judgePassword(Buffer.from('Difference Engines 7 tulip'), strict, [
    'grace',
  ]);
  expect(other).toEqual({ ok: true });
});

test('the reason is a sentence, without any part of the password', async () => {
  for (const text of ['abcdefgh', 'zxzxzxzxzx', 'lovelace-lovelace', 'summer-1991']) {
    const refusal = (await verdict(text)) as { ok: boolean; text?: string };
    expect(refusal.ok).toBe(false);
    expect(refusal.text).toMatch(/^the password is /);
    expect(refusal.text).not.toContain(text.slice(0, 5));
  }
});

test.each(['correct horse battery staple', 'vzX8-pqrL-0twe', 'Grünkohl tanzt um 7 Uhr'])(
  'good ones pass: %s',
  async (text) => {
    expect(await verdict(text)).toEqual({ ok: true });
  },
);

test('what is no text is unreadable, and says so', async () => {
  const bytes = (...all: number[]) => judge.judgePassword(Buffer.from(all), strict, ada);
  expect(await bytes(0xff, 0xfe, 1, 2, 3, 4, 5, 6, 7, 8)).toMatchObject({
    problem: 'unreadable',
    text: 'the password cannot be checked: it is not UTF-8 text',
  });
  expect(await bytes(65, 66, 0, 67, 68, 69, 70, 71, 72, 73)).toMatchObject({
    problem: 'unreadable',
    text: expect.stringContaining('NUL') as unknown as string,
  });
});

test('of a long text the beginning is judged, and megabytes are none', async () => {
  expect(await verdict('password'.repeat(500))).toMatchObject({ problem: 'guessable' });
  expect(await verdict('x'.repeat(10_000_000))).toMatchObject({
    problem: 'tooLong',
    text: 'the password is too long: 4096 bytes at most',
  });
});

test('many at once are answered each with its own verdict; too many are told busy', async () => {
  const texts = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 'password' : `vzX8-pqrL-${i}`));
  const verdicts = await Promise.all(texts.map((text) => verdict(text)));
  expect(verdicts.map(({ ok }) => ok)).toEqual(texts.map((_, i) => i % 2 === 1));
  const flood = await Promise.allSettled(Array.from({ length: 80 }, () => verdict('password')));
  const busy = flood.filter(({ status }) => status === 'rejected');
  expect(busy).toHaveLength(16);
  expect(busy[0]).toMatchObject({ reason: { code: 'busy' } });
});

test('the dictionaries are let go when nobody asks', async () => {
  await verdict('password');
  expect(judge.loaded).toBe(true);
  clock.advance(60_000);
  expect(judge.loaded).toBe(false);
  expect(await verdict('password')).toMatchObject({ problem: 'common' });
});

test('closing refuses what waits', async () => {
  const closing = new PasswordJudge({ clock: systemClock });
  const waiting = expect(
    closing.judgePassword(Buffer.from('whatever1'), strict, []),
  ).rejects.toMatchObject({ code: 'unavailable' });
  await closing.close();
  await waiting;
  await expect(closing.judgePassword(Buffer.from('whatever1'), strict, [])).rejects.toMatchObject({
    code: 'unavailable',
  });
});
