/**
 * How guessable a text is: the list of common passwords, and zxcvbn with dictionaries of English
 * and of names. Slow to load (some 35 MB, half a second) and up to tenths of a second for one text,
 * so it runs in the thread of guess-thread.ts and nowhere else. Knows nothing of policies.
 */
import { ZxcvbnFactory, type ZxcvbnResult } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as commonDictionary } from '@zxcvbn-ts/language-common';
import { dictionary as englishDictionary, translations } from '@zxcvbn-ts/language-en';
import { canonical, canonicalForms, isMadeOf, personalForms } from './canonical.js';

/** What can be said of a text. */
export interface Guess {
  readonly common: boolean;
  /** It is made of the person's own words, and little else. */
  readonly personal: boolean;
  /** 0 to 4. */
  readonly score: number;
  /** What makes it guessable, as half a sentence without any part of it, or empty. */
  readonly because: string;
}

/** Ways to read look-alike signs that are tried; the default of 100 costs five times as much. */
const SUBSTITUTIONS_MOST = 16;

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...commonDictionary, ...englishDictionary },
  graphs: adjacencyGraphs,
  translations,
  l33tMaxSubstitutions: SUBSTITUTIONS_MOST,
});

/** Some 49,000 passwords. */
const commonForms = new Set<string>();
for (const word of commonDictionary['passwords-common']) {
  commonForms.add(typeof word === 'string' ? canonical(word) : String(word));
}

/** Judges `text`, which belongs to somebody of whom `words` are known. */
export function guess(text: string, words: readonly string[]): Guess {
  const personal = personalForms(words);
  const forms = canonicalForms(text);
  const result = zxcvbn.check(text, personal);
  return {
    common: forms.some((form) => commonForms.has(form)),
    personal: isMadeOf(canonical(text), personal.map(canonical)),
    score: result.score,
    because: reasonOf(result),
  };
}

function reasonOf({ sequence, feedback }: ZxcvbnResult): string {
  if (sequence.some((part) => part['dictionaryName'] === 'userInputs')) {
    return 'it is made of words that belong to you or to the organisation';
  }
  const warning = feedback.warning ?? '';
  return warning === '' ? '' : warning.replace(/\.$/, '').replace(/^./, (c) => c.toLowerCase());
}
