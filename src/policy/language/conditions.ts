/**
 * Conditions in words:
 *
 *   condition  all {`or` all}          all   one {`and` one}
 *   one        `not` one | `(` condition `)` | `everyone` | `kind is` names | `state is` words | ATTRIBUTE `is` values
 *              | `below` NAME | `group` names | `has` ATTRIBUTE | `has no` ATTRIBUTE | `has any role`
 *              | `has role` NAME | `held` | `under notice` | `never seen` | `seen within` TIME
 *              | `used in` TIME | `away over` TIME
 *   values     VALUE {(`,` | `or`) VALUE}
 *
 * An `or` that is followed by the beginning of a condition joins conditions, else values. What a
 * section cannot ask is refused here, with what it can.
 */
import type { State } from '../../directory/model/timeline.js';
import type { Condition } from '../core/language/index.js';
import { duration } from './durations.js';
import { attribute, type Names } from './vocabulary.js';
import type { Words } from './words.js';

type Asked = Condition['is'];

/** What a section may ask, and how to say what it may not. */
export interface Limits {
  readonly refused: readonly Asked[];
  readonly why: string;
}

/** Steps look at somebody at the moment when they are due. */
export const anything: Limits = { refused: [], why: '' };

/** Who is who, and who is in a group by rule, must follow from the entry alone. */
export const storedOnly: Limits = {
  refused: ['group', 'role', 'never seen', 'seen', 'away'],
  why: 'this must follow from stored attributes and the state alone',
};

/** The state follows from what an end date of the kind means, so the kind cannot follow from it. */
export const kindsOnly: Limits = {
  refused: [...storedOnly.refused, 'state', 'kind'],
  why: 'who is of which kind must follow from stored attributes alone',
};

/** Who has a role must not hang on who has a role. */
export const noRoles: Limits = {
  refused: ['role', 'never seen', 'seen', 'away'],
  why: 'who has a role must not depend on it',
};

/** Whom something concerns, at any time. */
export const noTraces: Limits = {
  refused: ['never seen', 'seen', 'away'],
  why: 'this must not turn with the time of day',
};

const stateWords: Readonly<Record<string, readonly State[]>> = {
  staged: ['staged'],
  active: ['active'],
  leave: ['leave'],
  suspended: ['suspended'],
  offboarded: ['sealed', 'destroyed'],
  archived: ['archived'],
  purged: ['purged'],
};

const begins = [
  '(',
  'not',
  'everyone',
  'below',
  'group',
  'has',
  'held',
  'under notice',
  'never seen',
  'seen within',
  'used in',
  'away over',
];

export function condition(words: Words, names: Names, limits: Limits = anything): Condition {
  return new Reader(words, names, limits).any();
}

class Reader {
  readonly #words: Words;
  readonly #names: Names;
  readonly #limits: Limits;

  constructor(words: Words, names: Names, limits: Limits) {
    this.#words = words;
    this.#names = names;
    this.#limits = limits;
  }

  any(): Condition {
    const of = [this.#all()];
    while (this.#words.take('or')) of.push(this.#all());
    return of.length === 1 ? of[0]! : { is: 'or', of };
  }

  #all(): Condition {
    const of = [this.#one()];
    while (this.#words.take('and')) of.push(this.#one());
    return of.length === 1 ? of[0]! : { is: 'and', of };
  }

  #one(): Condition {
    const words = this.#words;
    if (words.take('not')) return { is: 'not', of: this.#one() };
    if (words.take('(')) {
      const inner = this.any();
      if (!words.take(')')) words.fail('")" is missing');
      return inner;
    }
    const at = words.place;
    const text = words.upcoming(2);
    const found = this.#simple() ?? this.#timed() ?? this.#values();
    const core = found.is === 'not' ? found.of : found;
    if (this.#limits.refused.includes(core.is)) {
      words.fail(`"${text}" cannot be asked here: ${this.#limits.why}`, at);
    }
    return found;
  }

  #simple(): Condition | undefined {
    const words = this.#words;
    if (words.take('everyone')) return { is: 'everyone' };
    if (words.take('held')) return { is: 'held' };
    if (words.take('under notice')) return { is: 'noticed' };
    if (words.take('never seen')) return { is: 'never seen' };
    if (words.take('below')) return { is: 'below', base: words.joined('a part of the tree') };
    if (words.take('group'))
      return { is: 'group', groups: this.#list(() => words.word('a group')) };
    return words.take('has') ? this.#has() : undefined;
  }

  #has(): Condition {
    const words = this.#words;
    if (words.take('any role')) return { is: 'role' };
    if (words.take('role')) return { is: 'role', role: words.oneOf(this.#names.roles, 'a role') };
    const none = words.take('no');
    const present: Condition = { is: 'present', attribute: this.#attribute().key };
    return none ? { is: 'not', of: present } : present;
  }

  #timed(): Condition | undefined {
    const words = this.#words;
    if (words.take('seen within') || words.take('used in')) {
      return { is: 'seen', within: duration(words) };
    }
    return words.take('away over') ? { is: 'away', over: duration(words) } : undefined;
  }

  /** `WORD is VALUE or VALUE`, `WORD is not VALUE`, `WORD in VALUE, VALUE`. */
  #values(): Condition {
    const words = this.#words;
    const of = words.keyword(0);
    if (words.done || !['is', 'in'].includes(words.keyword(1))) this.#noCondition();
    if (of === 'kind' || of === 'state') {
      words.take(of);
      const not = this.#is();
      return negated(not, of === 'kind' ? this.#kinds() : this.#states());
    }
    const at = words.place;
    const { key, named, word } = this.#attribute();
    if (named) {
      words.fail(`${word} names another entry; ask "has ${word}" or "has no ${word}"`, at);
    }
    const not = this.#is();
    const values = this.#list(() => {
      const place = words.place;
      const value = words.word('a value');
      this.#names.heard?.({ attribute: key, value, at: place });
      return value;
    });
    return negated(not, { is: 'value', attribute: key, values });
  }

  #is(): boolean {
    if (this.#words.take('in')) return false;
    this.#words.take('is');
    return this.#words.take('not');
  }

  #kinds(): Condition {
    const kind = () => this.#words.oneOf(this.#names.kinds, 'a kind of this policy');
    return { is: 'kind', kinds: this.#list(kind) };
  }

  #states(): Condition {
    const state = () => stateWords[this.#words.oneOf(Object.keys(stateWords), 'a state')]!;
    return { is: 'state', states: this.#list(state).flat() };
  }

  #attribute() {
    const at = this.#words.place;
    const found = attribute(this.#words, this.#names);
    if (found.refused === undefined) return found;
    return this.#words.fail(`${found.word} ${found.refused}`, at);
  }

  #list<T>(one: () => T): T[] {
    const found = [one()];
    while (this.#words.take(',') || (!this.#beginsAfterOr() && this.#words.take('or'))) {
      found.push(one());
    }
    return found;
  }

  /** Whether the `or` that comes next begins another condition. */
  #beginsAfterOr(): boolean {
    const words = this.#words;
    const next = `${words.keyword(1)} ${words.keyword(2)} `;
    return begins.some((phrase) => next.startsWith(`${phrase} `)) || words.keyword(2) === 'is';
  }

  #noCondition(): never {
    const words = this.#words;
    if (words.done) words.fail('a condition is missing, such as "kind is employee"');
    const known = [...begins, 'kind is', 'state is', ...Object.keys(this.#names.words)];
    return words.unknown(
      known.filter((word) => word !== 'not' && word !== '('),
      'the beginning of a condition',
    );
  }
}

function negated(not: boolean, of: Condition): Condition {
  return not ? { is: 'not', of } : of;
}
