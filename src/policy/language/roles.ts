/**
 * The section `roles:`. Some roles are known by their names: whoever writes `help desk: {who: group
 * desk}` gets what a help desk usually may, over whom it usually may, and says otherwise where it
 * is otherwise here.
 *
 *   administrator   everything; members of groups, or named by login, so that it is known who they are
 *   manager         over those whose manager or sponsor they are: nobody is named
 *   self            everybody, over themselves
 */
import {
  ADMINISTRATOR,
  type Condition,
  namedBy,
  type Power,
  powers,
  type Role,
} from '../core/language/index.js';
import { condition, noRoles, noTraces } from './conditions.js';
import { duration } from './durations.js';
import { type Section, said } from './section.js';
import type { TextNode } from './tree.js';
import type { Names } from './vocabulary.js';
import { phraseOf, type Words, Wrong } from './words.js';

const everyone: Condition = { is: 'everyone' };
const nobody: Condition = { is: 'not', of: everyone };
const anyRole: Condition = { is: 'role' };

interface Shipped {
  readonly may: Role['may'];
  readonly over?: (names: Names) => Condition;
  readonly neverOver?: Condition;
  readonly relation?: Role['relation'];
}

const may = (...given: readonly Power[]): Role['may'] => given.map((power) => ({ power }));

/** Contractors by the kind of that name, where the document has one, or by what type they are. */
function contractors({ kinds, words }: Names): Condition {
  const type: Condition = {
    is: 'value',
    attribute: words['type'] ?? 'employeetype',
    values: ['contractor'],
  };
  return kinds.includes('contractor') ? { is: 'kind', kinds: ['contractor'] } : type;
}

/** What a role with such a name is unless the document says otherwise. */
const shipped: Readonly<Record<string, Shipped>> = {
  [ADMINISTRATOR]: { may: [] },
  'people admin': {
    may: may(
      'read facts',
      'see end dates',
      'join',
      'move',
      'pause',
      'suspend',
      'lift',
      'give notice',
      'offboard',
    ),
    neverOver: anyRole,
  },
  'help desk': {
    may: [
      { power: 'reset' },
      { power: 'unlock' },
      { power: 'bypass', for: { count: 4, unit: 'hours' } },
    ],
    neverOver: anyRole,
  },
  hr: {
    may: may('read facts', 'see end dates', 'give notice', 'join', 'move', 'pause', 'offboard'),
  },
  legal: { may: may('hold', 'release') },
  auditor: { may: may('read facts', 'see end dates', 'audit') },
  reader: { may: [] },
  radius: { may: [] },
  'file server': { may: [] },
  host: { may: [] },
  manager: { may: may('pause', 'offboard'), over: contractors, relation: 'manager' },
  self: { may: [], relation: 'self' },
};

export const shippedRoles: readonly string[] = Object.keys(shipped);

/** `People-Admin` is the people admin. */
const plain = (name: string) => name.toLowerCase().replace(/[-_\s]+/g, ' ');

function shippedAs(name: string): Shipped | undefined {
  return Object.hasOwn(shipped, plain(name)) ? shipped[plain(name)] : undefined;
}

export function roles(section: Section, names: Names): Role[] {
  return section.keys.flatMap(
    (key) => section.guarded(() => role(section.section(key.text), key, names)) ?? [],
  );
}

function role(section: Section, key: TextNode, names: Names): Role {
  const known = shippedAs(key.text);
  const has = (word: string) => section.node(word) !== undefined;
  const wrong = (word: string, message: string) =>
    new Wrong(section.node(word)?.at ?? key.at, message);
  const isAdministrator = plain(key.text) === ADMINISTRATOR;
  if (known === undefined && !has('may')) throw wrong('may', unknownRole(key.text));
  if (known?.relation !== undefined && has('who')) {
    const whose =
      known.relation === 'self' ? 'everybody is' : 'the attributes manager and sponsor say';
    throw wrong('who', `${whose} who that is: leave out "who"`);
  }
  if (known?.relation === undefined && !has('who'))
    throw wrong('who', `roles.${key.text} lacks "who"`);
  const who = section.read('who', (words) => condition(words, names, noRoles)) ?? nobody;
  if (isAdministrator) {
    const more = ['may', 'over', 'never over'].find(has);
    const text = `an administrator may do everything, over everyone: leave out "${more}"`;
    if (more !== undefined) throw wrong(more, text);
    if (namedBy(who, names.words) === undefined) throw wrong('who', namedOutright);
  }
  return said<Role>({
    ...phraseOf(key),
    name: isAdministrator ? ADMINISTRATOR : key.text,
    who,
    may: has('may') ? section.each('may', power) : known!.may,
    over:
      section.read('over', (words) => condition(words, names, noTraces)) ??
      known?.over?.(names) ??
      everyone,
    neverOver:
      section.read('never over', (words) => condition(words, names, noTraces)) ??
      (has('over') ? undefined : known?.neverOver),
    relation: known?.relation,
  });
}

const namedOutright =
  'who is an administrator must be plain to see, and no attribute may make one: ' +
  '"group admins", or "login in ada, grace"';

function unknownRole(name: string): string {
  return (
    `roles.${name} lacks "may": what it lets somebody do; without it there are the roles ` +
    `${shippedRoles.join(', ')}`
  );
}

/** `reset`, `bypass for 4 hours`. */
function power(words: Words): Role['may'][number] {
  const found = words.oneOf(powers, 'a power');
  return words.take('for') ? { power: found, for: duration(words) } : { power: found };
}
