/**
 * The assertion control (RFC 4528): the operation happens only where a filter matches. Writes carry
 * the filter to another thread as text, so one that has no text form (RFC 4515) is malformed here.
 */
import type { Filter } from '../../directory/model/filter.js';
import { formatFilter, parseFilter } from '../../directory/text/index.js';
import { assertionOid, decodeAssertion } from '../protocol/index.js';
import type { ControlDefinition } from './table.js';

const soundName = /^[\w.;-]+$/;

/** Names that could be taken for more of the filter once it is text are none. */
function namesAreSound(filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.every(namesAreSound);
    case 'not':
      return namesAreSound(filter.filter);
    case 'extensible':
      return [filter.attribute, filter.rule].every(
        (name) => name === undefined || soundName.test(name),
      );
    default:
      return soundName.test(filter.attribute);
  }
}

function hasText(filter: Filter): boolean {
  if (!namesAreSound(filter)) return false;
  try {
    parseFilter(formatFilter(filter));
    return true;
  } catch {
    return false;
  }
}

/** On everything that names an entry; a filter that does not match is answered with 122. */
export const assertion: ControlDefinition = {
  oid: assertionOid,
  operations: new Set(['search', 'compare', 'add', 'modify', 'delete', 'modifyDn']),
  decode(value, into, limits) {
    const filter = value === undefined ? undefined : decodeAssertion(value, limits);
    if (filter === undefined || !hasText(filter)) return false;
    into.assertion = filter;
    return true;
  },
};
