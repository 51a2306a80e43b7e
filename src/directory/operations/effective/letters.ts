/**
 * Rights as the letters of other directory servers (Sun, 389): of an entry
 *
 *   v  view   a  add an entry below   d  delete   n  rename
 *
 * and of each attribute
 *
 *   r  read   s  search   c  compare   w  put values in   o  take values away
 *
 * `none` where there is none of them. Adding oneself alone to an attribute (W, O) is a right that
 * there is not here.
 */
import type { EntryRecord } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import { mayDiscover, mayRead } from './reading.js';
import type { Subject } from './subject.js';
import { mayAddBelow, mayDelete, mayRename, mayWriteValues } from './writing.js';

const NONE = 'none';

const joined = (letters: readonly (readonly [string, boolean])[]) =>
  letters.map(([letter, has]) => (has ? letter : '')).join('') || NONE;

export function entryLetters(entry: EntryRecord, subject: Subject): string {
  return joined([
    ['v', mayDiscover(entry, subject).allowed],
    ['a', mayAddBelow(entry, subject).allowed],
    ['d', mayDelete(entry, subject).allowed],
    ['n', mayRename(entry, subject).allowed],
  ]);
}

export function attributeLetters(entry: EntryRecord, type: AttributeType, of: Subject): string {
  return joined([
    ['r', mayRead('read', entry, type, of).allowed],
    ['s', mayRead('search', entry, type, of).allowed],
    ['c', mayRead('compare', entry, type, of).allowed],
    ['w', mayWriteValues('add', entry, type, of).allowed],
    ['o', mayWriteValues('delete', entry, type, of).allowed],
  ]);
}
