/**
 * Password policies that find their people: the filter is held against the schema when it is
 * written, so that no bind meets one that it cannot decide. Only what is stored with the entry may be
 * asked: a policy that depended on groups or computed values would move without anybody writing it.
 */
import { LdapError } from '../../runtime/errors.js';
import type { Filter } from '../model/filter.js';
import type { Attributes } from '../operations/write/attributes.js';
import type { Transaction } from '../operations/write/transaction.js';
import { FilterSyntaxError, parseFilter } from '../text/index.js';
import type { WriteHook } from './types.js';

const FILTER = 'tenurepolicyfilter';

function check(after: Attributes, before: Attributes | undefined, tx: Transaction): void {
  const held = after.get(FILTER);
  if (held === undefined || held.values === before?.get(FILTER)?.values) return;
  for (const value of held.values) checkFilter(value.toString('utf8'), tx);
}

function checkFilter(text: string, tx: Transaction): void {
  let filter: Filter;
  try {
    filter = parseFilter(text);
  } catch (error) {
    const reason = error instanceof FilterSyntaxError ? error.message : 'it cannot be read';
    throw new LdapError('invalidAttributeSyntax', `tenurePolicyFilter: ${reason}`);
  }
  for (const name of namesIn(filter)) checkName(name, tx);
}

function checkName(name: string, tx: Transaction): void {
  const type = tx.writer.schema().describe(name)?.type;
  if (type === undefined) {
    throw new LdapError(
      'constraintViolation',
      `tenurePolicyFilter: "${name.slice(0, 60)}" is not an attribute of the schema`,
    );
  }
  if (type.storage === 'body') return;
  throw new LdapError(
    'constraintViolation',
    `tenurePolicyFilter: ${type.name} is not stored with the entry; ask for attributes like ` +
      'objectClass, ou, title or employeeType',
  );
}

function namesIn(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(namesIn);
    case 'not':
      return namesIn(filter.filter);
    case 'extensible':
      return [filter.attribute ?? ''];
    default:
      return [filter.attribute];
  }
}

export const policies: WriteHook = {
  name: 'password policies',
  onAdd: ({ attributes }, tx) => check(attributes, undefined, tx),
  onChange: ({ before, after }, tx) => check(after, before, tx),
};
