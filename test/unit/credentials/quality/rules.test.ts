import { describe, expect, test } from '@jest/globals';
import {
  canonical,
  canonicalForms,
  personalForms,
} from '../../../../src/credentials/quality/canonical.js';
import { noQualityRules, type QualityRules } from '../../../../src/credentials/quality/index.js';
import { judgeCharacters } from '../../../../src/credentials/quality/rules.js';

const judge = (text: string, rules: Partial<QualityRules>) =>
  judgeCharacters(text, { ...noQualityRules, ...rules });

describe('characters', () => {
  test('length is counted in characters, not in bytes or UTF-16 units', () => {
    expect(judge('äöüß', { minLength: 4 })).toEqual({ ok: true });
    expect(judge('🔑🔑🔑', { minLength: 4 })).toMatchObject({ ok: false, problem: 'tooShort' });
    expect(judge('e\u0301'.repeat(4), { maxLength: 4 })).toEqual({ ok: true });
    expect(judge('12345', { maxLength: 4 })).toEqual({
      ok: false,
      problem: 'tooLong',
      text: 'the password is too long: 4 characters at most',
    });
  });

  test('says how long it must be, and no more', () => {
    expect(judge('', { minLength: 1 })).toMatchObject({
      text: 'the password is too short: 1 character at least',
    });
  });

  test('all needs that are not met are named at once', () => {
    const rules = { minLower: 1, minUpper: 2, minDigits: 1, minSymbols: 1 };
    expect(judge('abcdefgh', rules)).toEqual({
      ok: false,
      problem: 'characters',
      text: 'the password needs 2 capital letters, a digit and a sign that is neither letter nor digit',
    });
    expect(judge('ABc1 ', rules)).toEqual({ ok: true });
  });

  test('kinds of characters: letters of a script without capitals are small ones', () => {
    expect(judge('密碼密碼', { minKinds: 1, minLower: 4 })).toEqual({ ok: true });
    expect(judge('abc1', { minKinds: 3 })).toMatchObject({ problem: 'characters' });
    expect(judge('abC1', { minKinds: 3 })).toEqual({ ok: true });
    expect(judge('abC1', { minKinds: 4 })).toMatchObject({
      text: 'the password needs all of these: small letters, capitals, digits, other signs',
    });
  });
});

describe('the canonical form', () => {
  test.each([
    ['P@$$w0rd', 'password'],
    ['Pàsswörd', 'password'],
    ['ｐａｓｓｗｏｒｄ', 'password'],
    ['1L1L', 'iiii'],
    ['+3Nur3', 'tenure'],
  ])('%s', (text, form) => {
    expect(canonical(text)).toBe(canonical(form));
  });

  test('what is hung on at the end is taken away, but never all of it', () => {
    expect(canonicalForms('Sunshine!')).toContain(canonical('sunshine'));
    expect(canonicalForms('Sunshine2026')).toContain(canonical('sunshine'));
    expect(canonicalForms('ab1234')).toEqual([canonical('ab1234')]);
    expect(canonicalForms('123456')).toEqual([canonical('123456')]);
  });

  test('personal words are split, and the short ones left out', () => {
    expect(personalForms(['Ada Lovelace', 'ada@example.com', 'R-1'])).toEqual([
      'ada lovelace',
      'ada',
      'lovelace',
      'ada@example.com',
      'example',
      'com',
      'r-1',
    ]);
    expect(personalForms(Array.from({ length: 999 }, (_, i) => `word${i}`))).toHaveLength(200);
  });
});
