/**
 * Unbind (RFC 4511 §4.3), which has no response:
 *
 *   UnbindRequest ::= [APPLICATION 2] NULL
 */
import type { BerReader, BerWriter } from '../ber/index.js';
import { requestTags } from './tags.js';

export interface UnbindRequest {
  readonly kind: 'unbind';
}

const unbindRequest: UnbindRequest = { kind: 'unbind' };

/** Reads an UnbindRequest. */
export function decodeUnbindRequest(reader: BerReader): UnbindRequest {
  reader.null(requestTags.unbind);
  return unbindRequest;
}

/** Appends an UnbindRequest. */
export function encodeUnbindRequest(writer: BerWriter): void {
  writer.null(requestTags.unbind);
}
