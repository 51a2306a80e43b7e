/**
 * `tenure why WHO may WHAT on ENTRY`: what the words say, and how the answer reads.
 *
 *   may write telephoneNumber on uid=ada      may read @personal on ada      may add on ou=people
 */
import { suggest } from '../../../runtime/suggest.js';
import { AdminError } from '../../errors.js';
import {
  attributeVerbs,
  type MayAnswer,
  type MayAsked,
  type MayVerb,
  type MayWhy,
  mayVerbs,
} from '../../may.js';
import { table } from '../render.js';

const form = 'tenure why WHO may WHAT on ENTRY, such as: why ada may write mobile on uid=bob';

/** The words behind `may`. @throws AdminError usage */
export function mayAsked(words: readonly string[]): Pick<MayAsked, 'verb' | 'attributes' | 'on'> {
  const at = words.lastIndexOf('on');
  const on = at < 0 ? '' : words.slice(at + 1).join(' ');
  if (on === '') throw new AdminError('usage', `say on which entry: ${form}`);
  const said = words.slice(0, at);
  if (said.length === 0) throw new AdminError('usage', `say what they may do: ${form}`);
  const { verb, length } = verbOf(said);
  const attributes = said
    .slice(length)
    .flatMap((word) => word.split(','))
    .filter((word) => word !== '' && word !== 'and');
  const takes = (attributeVerbs as readonly string[]).includes(verb);
  if (takes && attributes.length === 0) {
    const example = `may ${verb} mail on ${on}, may ${verb} @personal on ${on}`;
    throw new AdminError('usage', `say which attributes: ${example}`);
  }
  if (!takes && attributes.length > 0) {
    const word = attributes.join(' ');
    throw new AdminError(
      'usage',
      `${verb} is done to an entry: "may ${verb} on ${on}", not ${word}`,
    );
  }
  return { verb, attributes, on };
}

/** The longest verb with which the words begin. */
function verbOf(said: readonly string[]): { verb: MayVerb; length: number } {
  const text = said.join(' ').toLowerCase();
  const fitting = mayVerbs.filter((verb) => text === verb || text.startsWith(`${verb} `));
  const verb = fitting.sort((a, b) => b.length - a.length)[0];
  if (verb !== undefined) return { verb, length: verb.split(' ').length };
  const meant = suggest(said[0]!, mayVerbs);
  const all = mayVerbs.join(', ');
  const hint = meant === undefined ? `there are ${all}` : `did you mean ${meant}? There are ${all}`;
  throw new AdminError('usage', `"${said[0]}" is nothing that one may do to an entry; ${hint}`);
}

export function mayText(told: MayWhy): string {
  const { login, verb, on, allowed, answers, otherwise } = told;
  const all = answers.flatMap(({ attributes }) => attributes);
  const what = all.length === 0 ? verb : `${verb} ${named(all)}`;
  const some = !allowed && answers.some((one) => one.allowed);
  const can = allowed ? 'yes' : some ? 'in part' : 'no';
  const rows = answers.flatMap(answerRows);
  const would = otherwise.map(({ text }) => ['', `another connection would: ${text}`]);
  return `${login} may ${what} on ${on}: ${can}\n${table([...rows, ...would], '  ')}`;
}

/** Of a set that is wide so many are named. */
const NAMED_MAX = 5;

function named(attributes: readonly string[]): string {
  const more = attributes.length - NAMED_MAX;
  const some = attributes.slice(0, NAMED_MAX).join(', ');
  return more > 0 ? `${some}, and ${more} more` : some;
}

function answerRows({ attributes, allowed, by, because }: MayAnswer): string[][] {
  const mark = `${allowed ? '✓' : '✗'} ${named(attributes)}`.trimEnd();
  const texts = [...by.map(({ text }) => text), because].filter((text) => text !== '');
  return texts.map((text, i) => [i === 0 ? mark : '', text]);
}
