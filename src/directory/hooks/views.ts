/** Views of consumers are read when they are written: a slip of the pen would show too much. */
import { LdapError } from '../../runtime/errors.js';
import { readView } from '../operations/lifecycle/index.js';
import type { Attributes } from '../operations/write/attributes.js';
import type { WriteHook } from './types.js';

function check(attributes: Attributes): void {
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
