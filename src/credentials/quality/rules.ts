/**
 * What may be asked of a new password, and what can be said of it without a dictionary: whether it
 * is text at all, its length in characters, and the kinds of characters in it. Pure. No sentence
 * made here, or anywhere in this folder, repeats a part of the password.
 */
import { isUtf8 } from 'node:buffer';

/** What a policy asks of a password. Zero and false ask for nothing. */
export interface QualityRules {
  /** Characters at least, and at most. */
  readonly minLength: number;
  readonly maxLength: number;
  /** Characters of each kind at least. */
  readonly minLower: number;
  readonly minUpper: number;
  readonly minDigits: number;
  /** Anything that is neither a letter nor a digit; a space counts. */
  readonly minSymbols: number;
  /** How many of the four kinds at least. */
  readonly minKinds: number;
  /** Strength at least, 0 to 4: how hard it is to guess for somebody who knows the person. */
  readonly minScore: number;
  /** Refuse common passwords, whatever their capitals and look-alike signs. */
  readonly refuseCommon: boolean;
  /** Refuse what is in the file of breached hashes, where there is one. */
  readonly refuseBreached: boolean;
}

/** Asks for nothing: to be spread into rules that ask for something. */
export const noQualityRules: QualityRules = {
  minLength: 0,
  maxLength: 0,
  minLower: 0,
  minUpper: 0,
  minDigits: 0,
  minSymbols: 0,
  minKinds: 0,
  minScore: 0,
  refuseCommon: false,
  refuseBreached: false,
};

/** What anybody would try first: names, login, mail, telephone, and the organisation's name. */
export type PersonalWords = readonly string[];

/**
 * Why a password is refused. `unreadable`: it is not text (not UTF-8, or it holds a NUL), so that
 * nothing can be said of it; a policy that tolerates what it cannot check lets it pass.
 */
export type QualityProblem =
  | 'unreadable'
  | 'tooShort'
  | 'tooLong'
  | 'characters'
  | 'personal'
  | 'common'
  | 'guessable'
  | 'breached';

/** The judgement; `text` is for the person who chose the password. */
export type QualityVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly problem: QualityProblem; readonly text: string };

export const acceptable: QualityVerdict = { ok: true };

export function refused(problem: QualityProblem, text: string): QualityVerdict {
  return { ok: false, problem, text };
}

/** The password as text, or undefined where it is none. */
export function passwordText(clear: Buffer): string | undefined {
  return isUtf8(clear) && !clear.includes(0) ? clear.toString('utf8') : undefined;
}

export function unreadable(clear: Buffer): QualityVerdict {
  const why = clear.includes(0)
    ? 'it holds a NUL byte, where many programs would end it'
    : 'it is not UTF-8 text';
  return refused('unreadable', `the password cannot be checked: ${why}`);
}

/** Length and kinds of characters. */
export function judgeCharacters(text: string, rules: QualityRules): QualityVerdict {
  const counts = countKinds(text);
  const { minLength, maxLength } = rules;
  if (counts.all < minLength) {
    return refused('tooShort', `the password is too short: ${characters(minLength)} at least`);
  }
  if (maxLength > 0 && counts.all > maxLength) {
    return refused('tooLong', `the password is too long: ${characters(maxLength)} at most`);
  }
  const missing = needs
    .filter(([kind, rule]) => counts[kind] < rules[rule])
    .map(([, rule, one, many]) => (rules[rule] === 1 ? one : `${rules[rule]} ${many}`));
  if (missing.length > 0) {
    return refused('characters', `the password needs ${listed(missing)}`);
  }
  const kinds = needs.filter(([kind]) => counts[kind] > 0).length;
  if (kinds < rules.minKinds) {
    const what = 'small letters, capitals, digits, other signs';
    const which = rules.minKinds === 4 ? 'all' : `${rules.minKinds}`;
    return refused('characters', `the password needs ${which} of these: ${what}`);
  }
  return acceptable;
}

const needs = [
  ['lower', 'minLower', 'a small letter', 'small letters'],
  ['upper', 'minUpper', 'a capital letter', 'capital letters'],
  ['digits', 'minDigits', 'a digit', 'digits'],
  ['symbols', 'minSymbols', 'a sign that is neither letter nor digit', 'other signs'],
] as const;

function characters(count: number): string {
  return count === 1 ? '1 character' : `${count} characters`;
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** A character is a code point of the composed form: é is one, however the keyboard made it. */
function countKinds(text: string) {
  const counts = { all: 0, lower: 0, upper: 0, digits: 0, symbols: 0 };
  for (const character of text.normalize('NFC')) {
    counts.all += 1;
    if (/\p{Lu}|\p{Lt}/u.test(character)) counts.upper += 1;
    // Letters of scripts without capitals count as small ones.
    else if (/\p{L}|\p{M}/u.test(character)) counts.lower += 1;
    else if (/\p{Nd}/u.test(character)) counts.digits += 1;
    else counts.symbols += 1;
  }
  return counts;
}
