/** The sections `kinds:` and `passwords:`: lists of which the first match wins. */
import {
  type Duration,
  exemptions,
  type Kind,
  type PasswordRule,
  type Requirement,
} from '../core/language/index.js';
import { endDates } from './company.js';
import { condition, kindsOnly, noTraces } from './conditions.js';
import { duration, interval, number } from './durations.js';
import { type Section, said } from './section.js';
import type { TextNode } from './tree.js';
import { attribute, type Names } from './vocabulary.js';
import { everybody } from './who.js';
import { phraseOf, type Words } from './words.js';

export interface CompanyHabits {
  readonly endDates: 'quiet' | 'open';
}

export function kinds(section: Section, names: Names, habits: CompanyHabits): Kind[] {
  return section.keys.map((key) => kind(section.section(key.text), key, names, habits));
}

function kind(section: Section, key: TextNode, names: Names, habits: CompanyHabits): Kind {
  const journey = (words: Words) => words.oneOf(names.journeys, 'a journey of this policy');
  return said<Kind>({
    ...phraseOf(key),
    name: key.text,
    who: section.read('who', (words) => condition(words, names, kindsOnly)) ?? { is: 'everyone' },
    mustHave: section.each('must have', (words) => requirement(words, names)),
    endDates: section.read('end dates are', endDates) ?? habits.endDates,
    gets: section.each('gets', groupName),
    neverGets: section.each('never gets', groupName),
    journeys: section.each('journeys', journey),
    never: section.each('never', (words) => words.oneOf(exemptions, 'what can be left out')),
    everyUse: section.read('every use', (words) => alarm(words, names)) ?? [],
    rehearseEvery: section.read('rehearse', interval),
    whenAUserLeaves: section.read('when a user leaves', (words) =>
      words.oneOf(['rotate the secret'] as const, 'what can be done'),
    ),
  });
}

export const groupName = (words: Words) => words.word('a group');

function alarm(words: Words, names: Names) {
  if (!words.take('alarm')) words.unknown(['alarm'], 'what each use can do');
  return everybody(words, names);
}

/** `manager`, `end within 6 months`. */
function requirement(words: Words, names: Names): Requirement {
  const phrase = phraseOf(words.node);
  if (words.comes('end within') || words.comes('end')) {
    words.take('end');
    if (!words.take('within')) words.fail('say how soon: "end within 6 months"');
    return { ...phrase, is: 'end', within: duration(words) };
  }
  const { key, word } = attribute(words, names);
  return { ...phrase, is: 'attribute', attribute: key, word };
}

export function passwords(section: Section, names: Names): PasswordRule[] {
  return section.keys.map((key) => password(section.section(key.text), key, names));
}

const makers = ['tenure', 'anybody'] as const;

function password(section: Section, key: TextNode, names: Names): PasswordRule {
  return said<PasswordRule>({
    ...phraseOf(key),
    name: key.text,
    who: section.read('who', (words) => condition(words, names, noTraces)) ?? { is: 'everyone' },
    madeBy:
      section.read('made by', (words) => words.oneOf(makers, 'who can make them')) ?? 'anybody',
    lengthMin: section.read('at least', (words) => counted(words, 'characters', 'character')),
    remembered: section.read('remember', (words) => counted(words, 'passwords', 'password')),
    renewEvery: section.read('renew', interval),
    bothWorkFor: section.read('old and new both work for', duration),
    secondFactor: section.read('second factor', secondFactor),
    wrongTries: section.read('wrong tries', wrongTries),
  });
}

function counted(words: Words, many: string, one: string): number {
  const count = number(words, 'a number');
  words.oneOf([many, one], 'what is counted');
  return count;
}

function secondFactor(words: Words): 'always' | 'never' | Duration {
  const found = words.oneOf(
    ['always', 'never', 'within'] as const,
    'when a second factor is needed',
  );
  return found === 'within' ? duration(words) : found;
}

/** `slow down after 5`, `lock after 10 for 15 minutes`. */
function wrongTries(words: Words): NonNullable<PasswordRule['wrongTries']> {
  const answer = words.oneOf(['slow down', 'lock'] as const, 'what can follow wrong tries');
  if (!words.take('after')) words.fail(`say after how many: "${answer} after 5"`);
  const after = number(words, 'a number');
  if (answer === 'slow down') return { answer, after };
  return words.take('for') ? { answer, after, for: duration(words) } : { answer, after };
}
