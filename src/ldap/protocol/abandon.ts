/**
 * Abandon (RFC 4511 §4.11), which has no response:
 *
 *   AbandonRequest ::= [APPLICATION 16] MessageID
 *   MessageID ::= INTEGER (0 .. maxInt)
 */
import type { BerReader, BerWriter } from '../ber/index.js';
import { requestTags } from './tags.js';

export interface AbandonRequest {
  readonly kind: 'abandon';
  /** Of the request to give up; one that is not running is ignored (RFC 4511 §4.11). */
  readonly abandonedId: number;
}

/** Reads an AbandonRequest. */
export function decodeAbandonRequest(reader: BerReader): AbandonRequest {
  return { kind: 'abandon', abandonedId: reader.integer(requestTags.abandon) };
}

/** Appends an AbandonRequest. */
export function encodeAbandonRequest(writer: BerWriter, request: AbandonRequest): void {
  writer.integer(request.abandonedId, requestTags.abandon);
}
