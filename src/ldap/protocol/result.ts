/**
 * The result that ends every operation (RFC 4511 §4.1.9, referrals §4.1.10):
 *
 *   LDAPResult ::= SEQUENCE {
 *     resultCode         ENUMERATED,
 *     matchedDN          LDAPDN,
 *     diagnosticMessage  LDAPString,
 *     referral           [3] Referral OPTIONAL }
 *   Referral ::= SEQUENCE SIZE (1..MAX) OF uri URI
 *
 * Result codes are plain numbers here; their names live with the server's errors.
 */
import {
  type BerReader,
  type BerWriter,
  berTags,
  integerLength,
  tlvSize,
  writeHeader,
  writeInteger,
} from '../ber/index.js';
import { readDn, readText } from './names.js';
import type { ResponseTag } from './tags.js';

const referralTag = 0xa3;

export interface LdapResult {
  readonly resultCode: number;
  readonly matchedDn: string;
  readonly diagnosticMessage: string;
  /** URIs, at least one; only with the code referral (10). */
  readonly referral: readonly string[] | undefined;
}

/** Reads a list of URIs under `tag`. */
export function decodeUris(reader: BerReader, tag: number): readonly string[] {
  const uris: string[] = [];
  const mark = reader.enter(tag);
  while (reader.more) uris.push(readText(reader, 'URI'));
  reader.leave(mark);
  return uris;
}

/** Reads the components of LDAPResult, which several responses extend. */
export function decodeResult(reader: BerReader): LdapResult {
  const resultCode = reader.integer(berTags.enumerated);
  const matchedDn = readDn(reader);
  const diagnosticMessage = readText(reader, 'diagnostic message');
  const referral = reader.peek() === referralTag ? decodeUris(reader, referralTag) : undefined;
  return { resultCode, matchedDn, diagnosticMessage, referral };
}

/** Appends the components of LDAPResult. */
export function encodeResult(writer: BerWriter, result: LdapResult): void {
  writer.enumerated(result.resultCode);
  writer.text(result.matchedDn);
  writer.text(result.diagnosticMessage);
  if (result.referral !== undefined && result.referral.length > 0) {
    writer.begin(referralTag);
    for (const uri of result.referral) writer.text(uri);
    writer.end();
  }
}

/** Tags and lengths of an empty matchedDN and an empty diagnosticMessage. */
const EMPTY_TEXTS_BYTES = 4;

/** Octets of a whole message that holds a result with a code and nothing else. */
export function bareResultSize(messageId: number, resultCode: number): number {
  const body = 2 + integerLength(resultCode) + EMPTY_TEXTS_BYTES;
  return tlvSize(2 + integerLength(messageId) + tlvSize(body));
}

/**
 * Writes such a message (a success, a compareTrue) into a buffer with `bareResultSize` octets of
 * room at `at`; returns the offset behind it.
 */
export function writeBareResult(
  target: Buffer,
  at: number,
  messageId: number,
  tag: ResponseTag,
  resultCode: number,
): number {
  const body = 2 + integerLength(resultCode) + EMPTY_TEXTS_BYTES;
  const content = 2 + integerLength(messageId) + tlvSize(body);
  at = writeHeader(target, at, berTags.sequence, content);
  at = writeInteger(target, at, messageId, berTags.integer);
  at = writeHeader(target, at, tag, body);
  at = writeInteger(target, at, resultCode, berTags.enumerated);
  target[at++] = berTags.octetString;
  target[at++] = 0;
  target[at++] = berTags.octetString;
  target[at++] = 0;
  return at;
}
