/** The sections `company:` and `words:`. */

import { suggest } from '../../runtime/suggest.js';
import { faultOfTime, isZone } from '../core/index.js';
import type { Company, NewEntries } from '../core/language/index.js';
import { duration } from './durations.js';
import type { Section } from './section.js';
import { defaultWords, type Vocabulary } from './vocabulary.js';
import { phraseOf, type Words, whole } from './words.js';

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const fullNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const quietOrOpen = ['quiet', 'open'] as const;

export function endDates(words: Words): 'quiet' | 'open' {
  return words.oneOf(quietOrOpen, 'what end dates can be');
}

export function company(section: Section): Company {
  const days = section.each('working days', workingDays).flat();
  return {
    zone: section.read('zone', zone) ?? 'UTC',
    endDateMeans:
      section.read('an end date means', (words) =>
        words.oneOf(
          ['the whole of the last day', 'the first day without'] as const,
          'what an end date can mean',
        ),
      ) ?? 'the whole of the last day',
    workingDays: days.length === 0 ? [1, 2, 3, 4, 5] : [...new Set(days)].sort((a, b) => a - b),
    holidays: section.each('holidays', holiday),
    endDates: section.read('end dates are', endDates) ?? 'quiet',
    probation: section.read('probation', duration) ?? { count: 6, unit: 'months' },
    newEntries: newEntries(section.section('new entries')),
  };
}

function zone(words: Words): string {
  const at = words.place;
  const name = words.word('a time zone');
  if (isZone(name)) return name;
  const meant = suggest(name, Intl.supportedValuesOf('timeZone'));
  const hint = meant === undefined ? 'write Europe/Berlin' : `did you mean ${meant}?`;
  return words.fail(`"${name}" is no time zone; ${hint}`, at);
}

/** `Mon-Fri`, `Mon`, `Mon, Wed`. */
function workingDays(words: Words): number[] {
  const found: number[] = [];
  do {
    const at = words.place;
    const text = words.word('a day of the week');
    const [first, last = first] = text.split('-').map((day) => dayOf(words, day, at));
    for (let day = first!; ; day = (day % 7) + 1) {
      found.push(day);
      if (day === last) break;
    }
  } while (words.take(','));
  return found;
}

function dayOf(words: Words, text: string, at: { line: number; column: number }): number {
  const name = text.toLowerCase();
  const index = Math.max(weekdays.indexOf(name), fullNames.indexOf(name));
  if (index >= 0) return index + 1;
  return words.fail(`"${text}" is no day of the week; write Mon, Tue, Wed, Thu, Fri, Sat, Sun`, at);
}

function holiday(words: Words): string {
  const at = words.place;
  const text = words.word('a date');
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) words.fail(`"${text}" is no date such as 2026-12-25`, at);
  const fault = faultOfTime(text);
  if (fault !== undefined) words.fail(`there is no day ${text}`, at);
  return text;
}

function newEntries(section: Section): NewEntries[] {
  return section.keys.flatMap((key) => {
    const where = section.reading(key, (words) =>
      words.oneOf(['below', 'made by'] as const, 'which entries') === 'below'
        ? { below: words.joined('a part of the tree') }
        : { madeBy: words.joined('who makes them') },
    );
    const are = section.read(key.text, (words) =>
      words.oneOf(['active', 'staged'] as const, 'what a new entry can be'),
    );
    return where === undefined || are === undefined ? [] : [{ ...phraseOf(key), ...where, are }];
  });
}

/** Words of the company for attributes, over those that are always there. */
export function companyWords(section: Section, vocabulary: Vocabulary): Record<string, string> {
  const found: Record<string, string> = { ...defaultWords };
  for (const key of section.keys) {
    const node = section.node(key.text);
    if (node?.is !== 'text') continue;
    const attribute = section.guarded(() =>
      whole(node, (words) => {
        const at = words.place;
        const name = words.word('an attribute');
        const known = vocabulary.attribute(name);
        if (known !== undefined) return known.key;
        const meant = suggest(name, vocabulary.attributes);
        const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
        return words.fail(`"${name}" is no attribute that this directory knows${hint}`, at);
      }),
    );
    if (attribute !== undefined) found[key.text.toLowerCase()] = attribute;
  }
  return found;
}
