/** Stretches of time and moments in words: `10 working days before start`, `every year`. */
import { type Duration, moments, type Timing, type Unit, units } from '../core/language/index.js';
import { phraseOf, type Words } from './words.js';

const singular = (unit: Unit) => unit.slice(0, -1);
const unitWords = units.flatMap((unit) => [unit, singular(unit)]);
/** Longer than anybody is employed. */
const YEARS_MAX = 100;
const perYear: Readonly<Record<Unit, number>> = {
  minutes: 525_600,
  hours: 8_760,
  days: 366,
  'working days': 366,
  weeks: 53,
  months: 12,
  years: 1,
};

/** Takes a whole number from 1 on. */
export function number(words: Words, what: string): number {
  const at = words.place;
  const text = words.word(what);
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 1e9) {
    words.fail(`"${text}" is not ${what}: a whole number from 1 on`, at);
  }
  return value;
}

/** `8 hours`, `1 day`, `a week`. */
export function duration(words: Words): Duration {
  const at = words.place;
  const count = words.take('a') || words.take('an') ? 1 : number(words, 'a number');
  const unit = unitOf(words);
  if (count > YEARS_MAX * perYear[unit]) words.fail(`${count} ${unit} is too long a time`, at);
  return { count, unit };
}

function unitOf(words: Words): Unit {
  const word = words.oneOf(unitWords, 'a unit of time');
  return units.find((unit) => unit === word || singular(unit) === word)!;
}

/** `every 90 days`, `every year`. */
export function interval(words: Words): Duration {
  if (!words.take('every')) words.unknown(['every'], 'such as "every 90 days"');
  return /^\d/.test(words.upcoming(1)) ? duration(words) : { count: 1, unit: unitOf(words) };
}

/** `at end`, `7 days before end`. */
export function timing(words: Words): Timing {
  const phrase = phraseOf(words.node);
  if (words.take('at')) return { ...phrase, moment: words.oneOf(moments, 'a moment') };
  if (!/^(\d|an?$)/i.test(words.upcoming(1))) {
    words.fail(`"${words.upcoming(1)}" begins no time; write "at end" or "7 days before end"`);
  }
  const length = duration(words);
  const direction = words.oneOf(['before', 'after'] as const, '"before" or "after"');
  return { ...phrase, offset: { ...length, direction }, moment: words.oneOf(moments, 'a moment') };
}
