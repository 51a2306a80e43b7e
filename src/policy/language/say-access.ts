/** A rule of the section `access:` as a sentence. */
import { networkText } from '../../directory/model/network.js';
import {
  type AccessRule,
  type AttributeWord,
  joined,
  sayCondition,
} from '../core/language/index.js';

const readers = {
  anyone: 'anyone, bound or not',
  bound: 'anyone who has bound',
  self: 'everybody, of themselves',
  manager: 'the manager, of whoever names them',
  owner: 'the owner, of what names them',
} as const;

/** All of a rule but its name. */
export function sayAccess(rule: AccessRule, word: AttributeWord = (name) => name): string {
  const { who, from, what } = rule;
  const whom = who.is === 'those' ? sayCondition(who.condition, word) : readers[who.is];
  const where = from === undefined ? '' : `, from ${joined(from.map(networkText), 'or')}`;
  const how = rule.with.length === 0 ? '' : `, with ${joined(rule.with, 'and')}`;
  const sets = rule.sets.map((set) => `@${set}`);
  const attributes = joined([...sets, ...rule.attributes.map(word)], 'and');
  const of = what.is === 'everyone' ? '' : ` of ${sayCondition(what, word)}`;
  const reads = rule.may.includes('read') ? ['read'] : rule.may;
  const can = joined([...reads, ...rule.writes], 'and');
  return `${whom}${where}${how} may ${can} ${attributes}${of}`;
}
