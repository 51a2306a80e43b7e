/** The cost of hashes that a policy asks for is one that this server will compute. */
import { parseArgon2Cost } from '../../credentials/index.js';
import { LdapError } from '../../runtime/errors.js';
import type { Attributes } from '../operations/write/attributes.js';
import type { WriteHook } from './types.js';

const COST = 'tenureargon2';

function check(after: Attributes): void {
  const cost = after.get(COST)?.values[0]?.toString('utf8');
  const read = cost === undefined ? undefined : parseArgon2Cost(cost);
  if (read === undefined || read.ok) return;
  throw new LdapError('constraintViolation', `tenureArgon2: ${read.reason}`);
}

export const hashCost: WriteHook = {
  name: 'cost of hashes of policies',
  onAdd: ({ attributes }) => check(attributes),
  onChange: ({ after }) => check(after),
};
