/**
 * Pre-read and post-read (RFC 4527): the entry as it was before, or is after, an update, returned
 * with the update's own response.
 */
import type { ReadEntry } from '../../directory/operations/types.js';
import { berTags, tlvSize, writeBytes, writeHeader } from '../ber/index.js';
import {
  type Control,
  decodeReadEntryRequest,
  postReadOid,
  preReadOid,
  responseTags,
} from '../protocol/index.js';
import type { ControlDefinition } from './table.js';

/** On updates of an entry that exists. */
export const preRead: ControlDefinition = {
  oid: preReadOid,
  operations: new Set(['modify', 'delete', 'modifyDn']),
  decode(value, into, limits) {
    if (value === undefined) return false;
    const attributes = decodeReadEntryRequest(value, limits.requestedAttributesMax);
    if (attributes === undefined) return false;
    into.preRead = attributes;
    return true;
  },
};

/** On updates that leave an entry behind. */
export const postRead: ControlDefinition = {
  oid: postReadOid,
  operations: new Set(['add', 'modify', 'modifyDn']),
  decode(value, into, limits) {
    if (value === undefined) return false;
    const attributes = decodeReadEntryRequest(value, limits.requestedAttributesMax);
    if (attributes === undefined) return false;
    into.postRead = attributes;
    return true;
  },
};

/** The SearchResultEntry of a control response, from PartialAttributes that are BER already. */
function entryValue(entry: ReadEntry): Buffer {
  const name = Buffer.from(entry.dn, 'utf8');
  const attributes = Buffer.from(entry.attributes, 'latin1');
  const content = tlvSize(name.length) + tlvSize(attributes.length);
  const target = Buffer.allocUnsafe(tlvSize(content));
  let at = writeHeader(target, 0, responseTags.searchEntry, content);
  at = writeHeader(target, at, berTags.octetString, name.length);
  at = writeBytes(target, at, name, 0, name.length);
  at = writeHeader(target, at, berTags.sequence, attributes.length);
  writeBytes(target, at, attributes, 0, attributes.length);
  return target;
}

/** The response control that carries the entry as it was. */
export function preReadResponse(entry: ReadEntry): Control {
  return { oid: preReadOid, critical: false, value: entryValue(entry) };
}

/** The response control that carries the entry as it is now. */
export function postReadResponse(entry: ReadEntry): Control {
  return { oid: postReadOid, critical: false, value: entryValue(entry) };
}
