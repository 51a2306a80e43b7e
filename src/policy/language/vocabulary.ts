/**
 * What a document may speak of: attributes of the schema under their own names or those of its
 * `words:`, and the names that the document itself gives to kinds, journeys and roles.
 */
import { suggest } from '../../runtime/suggest.js';
import type { Place } from '../core/language/index.js';
import type { Words } from './words.js';

export interface KnownAttribute {
  /** In lower case. */
  readonly key: string;
  /** Why no condition may ask for it, as a phrase that completes "NAME …"; undefined: it may. */
  readonly refused?: string;
  /** Its values name other entries: one may ask whether there are any. */
  readonly named: boolean;
  /** Nobody reads its values. */
  readonly secret?: boolean;
}

/** The schema, as far as a policy is concerned. */
export interface Vocabulary {
  attribute(name: string): KnownAttribute | undefined;
  readonly attributes: readonly string[];
}

/** What a document says unless its `words:` say otherwise. */
export const defaultWords: Readonly<Record<string, string>> = {
  login: 'uid',
  type: 'employeetype',
  department: 'departmentnumber',
  number: 'employeenumber',
  site: 'l',
  sponsor: 'lifecyclesponsor',
  deputy: 'lifecycledeputy',
  purpose: 'lifecyclepurpose',
  users: 'lifecycleuser',
};

/** Everything that is known before phrases are read. */
export interface Names {
  readonly words: Readonly<Record<string, string>>;
  readonly kinds: readonly string[];
  readonly journeys: readonly string[];
  readonly roles: readonly string[];
  readonly vocabulary: Vocabulary;
  /** Told of every value that a condition compares with. */
  readonly heard?: ((said: SaidValue) => void) | undefined;
}

/** A value in a condition, such as `department is R-210`, and where it stands. */
export interface SaidValue {
  /** LDAP name, in lower case. */
  readonly attribute: string;
  readonly value: string;
  readonly at: Place;
}

/** Takes the next word as an attribute. */
export function attribute(words: Words, names: Names): KnownAttribute & { readonly word: string } {
  const at = words.place;
  const word = words.word('an attribute');
  const found = names.vocabulary.attribute(names.words[word.toLowerCase()] ?? word);
  if (found !== undefined) return { ...found, word };
  const own = Object.keys(names.words);
  const meant = suggest(word, own) ?? suggest(word, names.vocabulary.attributes);
  const help = meant === undefined ? `; words of this policy: ${own.join(', ')}` : '';
  const hint = meant === undefined ? help : `; did you mean ${meant}?`;
  return words.fail(`"${word}" is no attribute that this directory knows${hint}`, at);
}
