/** Steps in words: `tell manager not-arrived if never seen`. The first word is the verb. */
import type { Condition, Step } from '../core/language/index.js';
import { anything, condition } from './conditions.js';
import { duration } from './durations.js';
import type { TextNode } from './tree.js';
import type { Names } from './vocabulary.js';
import { everybody } from './who.js';
import { phraseOf, type Words, whole } from './words.js';

type Body<S> = S extends unknown ? Omit<S, 'at' | 'text' | 'when'> : never;
type StepBody = Body<Step>;

interface Reading {
  readonly words: Words;
  readonly names: Names;
  /** What a message or question is called that has no name of its own. */
  readonly journey: string;
}

const bare = ['activate', 'pause', 'resume', 'suspend', 'offboard', 'archive', 'purge'] as const;

const verbs: Readonly<Record<string, (reading: Reading) => StepBody>> = {
  ...Object.fromEntries(bare.map((verb) => [verb, (): StepBody => ({ verb })])),
  'open case': () => ({ verb: 'open case' }),
  destroy: ({ words }) => ({
    verb: 'destroy',
    what: words.oneOf(['credentials'], 'what to destroy'),
  }),
  forget: ({ words }) => ({ verb: 'forget', what: words.oneOf(['groups'], 'what to forget') }),
  join: ({ words }) => ({ verb: 'join', groups: several(words, 'a group') }),
  quit: ({ words }) => ({ verb: 'quit', groups: several(words, 'a group') }),
  keep: ({ words }) => ({ verb: 'keep', services: several(words, 'a service') }),
  require: ({ words }) => ({
    verb: 'require',
    what: words.oneOf(['new-password', 'second-factor'] as const, 'what can be required'),
  }),
  give({ words, names }) {
    const who = everybody(words, names);
    const what = words.oneOf(['first-password'], 'what can be given');
    return words.take('for')
      ? { verb: 'give', who, what, for: duration(words) }
      : { verb: 'give', who, what };
  },
  tell({ words, names, journey }) {
    const who = everybody(words, names);
    const loudlyFirst = words.take('loudly');
    const message = ends(words) ? journey : words.word('a message');
    return { verb: 'tell', who, message, loudly: words.take('loudly') || loudlyFirst };
  },
  ask({ words, names, journey }) {
    const who = everybody(words, names);
    const question = ends(words) ? journey : words.word('a question');
    return { verb: 'ask', who, question, silence: silence(words) };
  },
  task: ({ words, names }) => ({
    verb: 'task',
    who: everybody(words, names),
    what: words.word('what is to be done'),
  }),
  call: ({ words }) => ({ verb: 'call', hook: words.word('a hook') }),
};

export const verbWords = Object.keys(verbs);

export function step(node: TextNode, names: Names, journey: string): Step {
  return whole(node, (words) => {
    const verb = words.oneOf(verbWords, 'a verb');
    const body = verbs[verb]!({ words, names, journey });
    const when = whenOf(words, names);
    const base = { ...phraseOf(node), ...body } as Step;
    return when === undefined ? base : { ...base, when };
  });
}

function whenOf(words: Words, names: Names): Condition | undefined {
  if (words.take('if')) return condition(words, names, anything);
  if (words.take('unless')) return { is: 'not', of: condition(words, names, anything) };
  return undefined;
}

/** Whether no further name comes. */
function ends(words: Words): boolean {
  return words.done || ['if', 'unless', ';', 'silence'].some((word) => words.comes(word));
}

const silences = ['nothing', 'end', 'agreed'] as const;

function silence(words: Words): (typeof silences)[number] {
  if (!words.take(';')) return 'nothing';
  if (!words.take('silence means')) words.unknown(['silence means'], 'what follows ";"');
  return words.oneOf(silences, 'what silence can mean');
}

function several(words: Words, what: string): string[] {
  const found = [words.word(what)];
  while (words.take('and') || words.take(',')) found.push(words.word(what));
  return found;
}
