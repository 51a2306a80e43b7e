/** The sections `journeys:`, `groups:`, `resources:`, `guards:` and `audit:`. */
import type {
  AuditRule,
  GroupRule,
  Guards,
  Journey,
  Resource,
  Rule,
  Who,
} from '../core/language/index.js';
import { condition, noTraces, storedOnly } from './conditions.js';
import { duration, interval, number, timing } from './durations.js';
import { type Section, said } from './section.js';
import { step } from './steps.js';
import type { TextNode } from './tree.js';
import type { Names } from './vocabulary.js';
import { everybody, who } from './who.js';
import { phraseOf, type Words } from './words.js';

export function journeys(section: Section, names: Names): Journey[] {
  return section.keys.map((key) => ({
    ...phraseOf(key),
    name: key.text,
    rules: rules(section.section(key.text), key.text, names),
  }));
}

function rules(section: Section, journey: string, names: Names): Rule[] {
  return section.keys.flatMap((key) => {
    const when = section.reading(key, timing);
    const steps = section
      .texts(key.text)
      .flatMap((node) => section.guarded(() => step(node, names, journey)) ?? []);
    return when === undefined ? [] : [{ name: `${journey}, ${key.text}`, timing: when, steps }];
  });
}

export function groups(section: Section, names: Names): GroupRule[] {
  return section.keys.map((key) => group(section.section(key.text), key, names));
}

function group(section: Section, key: TextNode, names: Names): GroupRule {
  return said<GroupRule>({
    ...phraseOf(key),
    name: key.text,
    rule: section.read('rule', (words) => condition(words, names, storedOnly)),
    moversKeepIt: section.read('movers keep it', (words) =>
      words.take('not at all') ? undefined : duration(words),
    ),
    byHand:
      section.read('members', (words) => words.oneOf(['by hand'], 'how members come')) !==
      undefined,
    longest: section.read('longest', duration),
    ask: section.read('ask', (words) => who(words, names)),
  });
}

export function resources(section: Section, names: Names): Resource[] {
  return section.keys.map((key) => {
    const inner = section.section(key.text);
    const removal = inner.read('removed by', (words) => removed(words, names));
    return said<Resource>({
      ...phraseOf(key),
      name: key.text,
      who: inner.read('who has it', (words) => condition(words, names, noTraces)) ?? {
        is: 'everyone',
      },
      removedBy: removal?.by ?? [],
      within: removal?.within,
      checkedAgainst: inner.text('checked against'),
    });
  });
}

function removed(words: Words, names: Names) {
  const by = everybody(words, names);
  return { by, within: words.take('within') ? duration(words) : undefined };
}

export function guards(section: Section, names: Names): Guards {
  const file = section.section('hr file');
  const closed = section.section('people closed');
  const held = section.section('when held');
  return said<Guards>({
    hrFile: file.read('hold when it shrinks by', shrinkage),
    peopleClosed: closed.read('hold when more than', rate),
    yesFrom: held.read('yes from', (words) => deciders(words, names)) ?? [],
    tellAgainEvery: held.read('tell again', interval),
  });
}

export function audit(section: Section): AuditRule {
  return said<AuditRule>({
    keep: section.read('keep', duration),
    keepBinds: section.read('keep binds', duration),
  });
}

/** `3 % or 5 people`. */
function shrinkage(words: Words): NonNullable<Guards['hrFile']> {
  let found: NonNullable<Guards['hrFile']> = phraseOf(words.node);
  do {
    const [, joined] = /^(\d+)%$/.exec(words.upcoming(1)) ?? [];
    if (joined !== undefined) words.word('a number');
    const count = joined === undefined ? number(words, 'a number') : Number(joined);
    const unit = joined === undefined ? words.oneOf(['%', 'people', 'person'], 'a measure') : '%';
    if (unit === '%' && count > 100) words.fail('nothing shrinks by more than 100 %');
    found = { ...found, ...(unit === '%' ? { percent: count } : { people: count }) };
  } while (words.take('or'));
  return found;
}

/** `5 an hour`. */
function rate(words: Words): NonNullable<Guards['peopleClosed']> {
  const count = number(words, 'a number');
  const pers = ['an hour', 'a day', 'per hour', 'per day'] as const;
  const per = words.oneOf(pers, 'how often').endsWith('hour') ? 'hour' : 'day';
  return { ...phraseOf(words.node), count, per };
}

/** `one admin and one of hr`. */
function deciders(words: Words, names: Names): Who[] {
  const found: Who[] = [];
  do {
    if (words.take('one')) words.take('of');
    found.push(who(words, names));
  } while (words.take('and'));
  return found;
}
