/**
 * What is set on consumers is read when it is written: a slip of the pen in a view would show too much,
 * one in the time of a cache would say too early that somebody is gone.
 */
import { LdapError } from '../../runtime/errors.js';
import { cacheWords, readCache } from '../model/caches.js';
import { viewFaultOf } from '../operations/lifecycle/index.js';
import type { Attributes } from '../operations/write/attributes.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { WriteHook } from './types.js';

/** @throws LdapError constraintViolation with what is wrong */
function check(attributes: Attributes, before: Attributes | undefined, tx: Transaction): void {
  const cache = attributes.get('tenurecache')?.values[0]?.toString();
  if (cache !== undefined && readCache(cache) === undefined) {
    const text = `tenureCache: "${cache.slice(0, 60)}" is none of ${cacheWords}`;
    throw new LdapError('constraintViolation', text);
  }
  const values = attributes.get('tenureview')?.values;
  if (values === undefined) return;
  const same = before?.get('tenureview')?.values;
  // What was sound when it was written stays: a base may have gone since.
  if (same?.length === values.length && same.every((one, i) => one.equals(values[i]!))) return;
  const fault = viewFaultOf(values.map(String), tx.writer);
  if (fault !== undefined) throw new LdapError('constraintViolation', `tenureView: ${fault}`);
}

export const views: WriteHook = {
  name: 'views of consumers',
  onAdd: ({ attributes }, tx) => check(attributes, undefined, tx),
  onChange: ({ before, after }, tx) => check(after, before, tx),
};
