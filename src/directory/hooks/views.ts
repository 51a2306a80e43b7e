/**
 * What is set on consumers is read when it is written: a slip of the pen in a view would show too much,
 * one in the time of a cache would say too early that somebody is gone.
 */
import { LdapError } from '../../runtime/errors.js';
import { cacheWords, readCache } from '../model/caches.js';
import { readView } from '../operations/lifecycle/index.js';
import type { Attributes } from '../operations/write/attributes.js';
import type { WriteHook } from './types.js';

function check(attributes: Attributes): void {
  const cache = attributes.get('tenurecache')?.values[0]?.toString();
  if (cache !== undefined && readCache(cache) === undefined) {
    const text = `tenureCache: "${cache.slice(0, 60)}" is none of ${cacheWords}`;
    throw new LdapError('constraintViolation', text);
  }
  const values = attributes.get('tenureview')?.values;
  if (values === undefined) return;
  const read = readView(values.map(String), false);
  if ('fault' in read) throw new LdapError('constraintViolation', `tenureView: ${read.fault}`);
}

export const views: WriteHook = {
  name: 'views of consumers',
  onAdd: ({ attributes }) => check(attributes),
  onChange: ({ after }) => check(after),
};
