/**
 * Attributes that one consumer knows by other names: what it asks for is translated on the way in,
 * and what it is sent on the way out. Its words are in tenureView; nobody else pays for it.
 */
import { encodePartialAttribute, partialAttributesIn } from '../model/body.js';
import type { Filter } from '../model/filter.js';
import type { Identity } from '../model/identity.js';
import type { DirectoryReader } from '../ports.js';
import { consumerView } from './lifecycle/index.js';
import type { OutgoingEntry, SearchRequest } from './types.js';

/** Our names in lower case → the consumer's; undefined where it has none of its own. */
export type Renames = ReadonlyMap<string, string>;

export function renamesFor(identity: Identity, reader: DirectoryReader): Renames | undefined {
  if (identity.role !== 'user' || reader.attributeNumber('tenureview') === 0) return undefined;
  const { renames } = consumerView(identity, reader);
  return renames.size === 0 ? undefined : renames;
}

/** `name;option` in our words. */
function ours(description: string, renames: Renames): string {
  const [name = '', ...options] = description.split(';');
  for (const [own, theirs] of renames) {
    if (theirs.toLowerCase() === name.toLowerCase()) return [own, ...options].join(';');
  }
  return description;
}

function theirs(description: string, renames: Renames): string | undefined {
  const [name = '', ...options] = description.split(';');
  const renamed = renames.get(name.toLowerCase());
  return renamed && [renamed, ...options].join(';');
}

function filterInOurs(filter: Filter, renames: Renames): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { ...filter, filters: filter.filters.map((part) => filterInOurs(part, renames)) };
    case 'not':
      return { ...filter, filter: filterInOurs(filter.filter, renames) };
    default:
      return filter.attribute === undefined
        ? filter
        : { ...filter, attribute: ours(filter.attribute, renames) };
  }
}

/** The request in our words. */
export function requestInOurs(request: SearchRequest, renames: Renames): SearchRequest {
  const { filter, assertion, attributes } = request;
  return {
    ...request,
    filter: filterInOurs(filter, renames),
    attributes: attributes.map((name) => ours(name, renames)),
    ...(assertion !== undefined && { assertion: filterInOurs(assertion, renames) }),
  };
}

/** Puts the consumer's names in place of ours. */
export function answerInTheirs(out: OutgoingEntry, renames: Renames): void {
  const ranges = out.parts
    .slice(0, out.count)
    .map((part, i) => part.subarray(out.starts[i]!, out.ends[i]!));
  out.count = 0;
  out.bytes = 0;
  for (const range of ranges) {
    for (const { name, values, bytes } of partialAttributesIn(range)) {
      const renamed = theirs(name, renames);
      const part = renamed === undefined ? bytes : encodePartialAttribute(renamed, values);
      out.parts[out.count] = part;
      out.starts[out.count] = 0;
      out.ends[out.count] = part.length;
      out.count += 1;
      out.bytes += part.length;
    }
  }
}

/** A comparison's attribute in our words. */
export function attributeInOurs(
  attribute: string,
  identity: Identity,
  reader: DirectoryReader,
): string {
  const renames = renamesFor(identity, reader);
  return renames === undefined ? attribute : ours(attribute, renames);
}
