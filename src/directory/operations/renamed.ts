/**
 * Attributes that one consumer knows by other names: what it asks for is translated on the way in,
 * and what it is sent on the way out. Its words are in tenureView; nobody else pays for it.
 *
 * `rename=entryUUID:objectGUID` is more than a name: who asks for objectGUID takes it for the 16 octets of
 * Active Directory ([MS-DTYP] §2.3.4.2: the first three fields with the lowest octet first), and
 * filters and compares by them.
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
        : valueInOurs({ ...filter, attribute: ours(filter.attribute, renames) }, renames);
  }
}

const UUID = 'entryuuid';
const GUID = 'objectguid';

const hasGuids = (renames: Renames) => renames.get(UUID)?.toLowerCase() === GUID;

/** 16 octets as our text; anything else is left as it is. */
export function uuidOfGuid(value: Buffer): Buffer {
  if (value.length !== 16) return value;
  const hex = swapped(value).toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return Buffer.from(`${parts.join('-')}-${hex.slice(20)}`);
}

export function guidOfUuid(value: Buffer): Buffer {
  return swapped(Buffer.from(value.toString('latin1').replaceAll('-', ''), 'hex'));
}

function swapped(value: Buffer): Buffer {
  const copy = Buffer.from(value);
  copy.subarray(0, 4).reverse();
  copy.subarray(4, 6).reverse();
  copy.subarray(6, 8).reverse();
  return copy;
}

function valueInOurs(filter: Filter, renames: Renames): Filter {
  if (!('value' in filter) || !hasGuids(renames)) return filter;
  if (filter.attribute?.toLowerCase() !== UUID) return filter;
  return { ...filter, value: uuidOfGuid(filter.value) };
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
  const guids = hasGuids(renames);
  out.count = 0;
  out.bytes = 0;
  for (const range of ranges) {
    for (const { name, values, bytes } of partialAttributesIn(range)) {
      const renamed = theirs(name, renames);
      const shown = name.toLowerCase() === UUID && guids ? values.map(guidOfUuid) : values;
      const part = renamed === undefined ? bytes : encodePartialAttribute(renamed, shown);
      out.parts[out.count] = part;
      out.starts[out.count] = 0;
      out.ends[out.count] = part.length;
      out.count += 1;
      out.bytes += part.length;
    }
  }
}

/** A comparison in our words. */
export function comparisonInOurs(
  { attribute, value }: { readonly attribute: string; readonly value: Buffer },
  identity: Identity,
  reader: DirectoryReader,
): { readonly attribute: string; readonly value: Buffer } {
  const renames = renamesFor(identity, reader);
  if (renames === undefined) return { attribute, value };
  const own = ours(attribute, renames);
  const isGuid = own.toLowerCase() === UUID && hasGuids(renames);
  return { attribute: own, value: isGuid ? uuidOfGuid(value) : value };
}
