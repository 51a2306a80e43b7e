/**
 * The form under which two spellings of one idea are the same: `P@ssw0rd` and `password`. Signs
 * that stand for one another fall into one class, on both sides of a comparison, so that nothing
 * has to be tried out.
 */

/** Each class is written as its first sign. */
const classes = ['a@4', 'b8', 'c(', 'e3', 'g69', 'i1!|l', 'o0', 's$5', 't7+', 'x%', 'z2'];

const standsFor = new Map<string, string>(
  classes.flatMap((signs) => [...signs].map((sign) => [sign, signs[0]!] as const)),
);

/** Case, accents, width and look-alikes set aside. */
export function canonical(text: string): string {
  let form = '';
  for (const sign of plain(text)) form += standsFor.get(sign) ?? sign;
  return form;
}

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** What people hang on a word when they are asked for a digit or a sign. */
const tail = /[\p{N}\p{P}\p{S}\s]{1,5}$/u;
/** A stem this short is not what makes a password guessable. */
const STEM_LEAST = 4;

/** The forms to look up: the whole, and without up to five digits or signs at its end. */
export function canonicalForms(text: string): string[] {
  const stem = plain(text).replace(tail, '');
  const whole = canonical(text);
  return stem.length < STEM_LEAST || stem.length === text.length
    ? [whole]
    : [whole, canonical(stem)];
}

/** The words of a person's attributes, long enough to be worth looking for, each once. */
export function personalForms(values: readonly string[]): string[] {
  const words = new Set<string>();
  for (const value of values) {
    const text = value.normalize('NFKC').toLowerCase();
    for (const word of [text, ...text.split(/[^\p{L}\p{N}]+/u)]) {
      if (word.length >= WORD_LEAST && word.length <= WORD_MOST) words.add(word);
      if (words.size === WORDS_MOST) return [...words];
    }
  }
  return [...words];
}

/** Whether `form` is words of `words`, with fewer than five other letters, digits and signs. */
export function isMadeOf(form: string, words: readonly string[]): boolean {
  let rest = form;
  for (const word of [...words].sort((a, b) => b.length - a.length)) {
    rest = rest.replaceAll(word, ' ');
  }
  const others = rest.replace(/\s/g, '').length;
  return others < 5 && others <= form.length / 2;
}

const WORD_LEAST = 3;
const WORD_MOST = 64;
const WORDS_MOST = 200;
