/** Simple paged results (RFC 2696): the request's page, and the answer's cookie. */
import {
  type Control,
  decodePagedResults,
  encodePagedResults,
  pagedResultsOid,
} from '../protocol/index.js';
import type { ControlDefinition } from './table.js';

/** On searches; the directory makes and checks the cookie. */
export const pagedResults: ControlDefinition = {
  oid: pagedResultsOid,
  operations: new Set(['search']),
  decode(value, into) {
    const paged = value === undefined ? undefined : decodePagedResults(value);
    if (paged === undefined) return false;
    into.paged = paged;
    return true;
  },
};

/** The control that goes with the end of a page; `estimate` in entries, 0 = unknown. */
export function pagedResultsResponse(paged: {
  readonly cookie: Buffer;
  readonly estimate: number;
}): Control {
  const value = encodePagedResults({ size: paged.estimate, cookie: paged.cookie });
  return { oid: pagedResultsOid, critical: false, value };
}
