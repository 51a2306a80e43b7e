/**
 * Parts of a policy as words again: what `policy read` prints and explanations quote. A condition is
 * said in the words of the language, so that it could be written back.
 */
import type { Condition, Duration, Timing, Who } from './types.js';

export function sayDuration({ count, unit }: Duration): string {
  return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
}

export function sayTiming({ moment, offset }: Timing): string {
  return offset === undefined
    ? `at ${moment}`
    : `${sayDuration(offset)} ${offset.direction} ${moment}`;
}

export function sayWho(who: readonly Who[]): string {
  return joined(
    who.map((one) => ('name' in one ? one.name : one.is)),
    'and',
  );
}

/** `a`, `a and b`, `a, b and c`. */
export function joined(words: readonly string[], by: string): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} ${by} ${words.at(-1)}`;
}

/** Words for attributes, the other way round. */
export type AttributeWord = (attribute: string) => string;

/** The word of the policy for each attribute, else its name. */
export function wordsBack(words: Readonly<Record<string, string>>): AttributeWord {
  const back = new Map(Object.entries(words).map(([word, attribute]) => [attribute, word]));
  return (attribute) => back.get(attribute) ?? attribute;
}

const asItIs: AttributeWord = (attribute) => attribute;
const stateWord = (state: string) =>
  state === 'sealed' || state === 'destroyed' ? 'offboarded' : state;

export function sayCondition(condition: Condition, word: AttributeWord = asItIs): string {
  return say(condition, word, 'or');
}

/** `inside` is what joins the parts around: an `or` within an `and` cannot be said in one phrase. */
function say(condition: Condition, word: AttributeWord, inside: 'or' | 'and' | 'not'): string {
  switch (condition.is) {
    case 'and':
    case 'or': {
      const text = condition.of
        .map((inner) => say(inner, word, condition.is))
        .join(` ${condition.is} `);
      const looser = inside === 'not' || (inside === 'and' && condition.is === 'or');
      return looser ? `(${text})` : text;
    }
    case 'not':
      return sayNot(condition.of, word);
    default:
      return sayOne(condition, word, 'is');
  }
}

function sayNot(of: Condition, word: AttributeWord): string {
  switch (of.is) {
    case 'kind':
    case 'state':
    case 'value':
      return sayOne(of, word, 'is not');
    case 'present':
      return `has no ${word(of.attribute)}`;
    default:
      return `not ${say(of, word, 'not')}`;
  }
}

type One = Exclude<Condition, { is: 'and' | 'or' | 'not' }>;

function sayOne(condition: One, word: AttributeWord, is: 'is' | 'is not'): string {
  switch (condition.is) {
    case 'kind':
      return `kind ${is} ${joined(condition.kinds.map(quoted), 'or')}`;
    case 'state':
      return `state ${is} ${joined([...new Set(condition.states.map(stateWord))], 'or')}`;
    case 'value':
      return `${word(condition.attribute)} ${is} ${joined(condition.values.map(quoted), 'or')}`;
    case 'present':
      return `has ${word(condition.attribute)}`;
    case 'below':
      return `below ${quoted(condition.base)}`;
    case 'group':
      return `group ${joined(condition.groups.map(quoted), 'or')}`;
    case 'role':
      return condition.role === undefined ? 'has any role' : `has role ${condition.role}`;
    case 'noticed':
      return 'under notice';
    case 'seen':
      return `seen within ${sayDuration(condition.within)}`;
    case 'away':
      return `away over ${sayDuration(condition.over)}`;
    default:
      return condition.is;
  }
}

function quoted(value: string): string {
  const plain = /^[^\s,;()"]+$/.test(value) && !/^(?:or|and|not)$/i.test(value);
  return plain ? value : `"${value}"`;
}
