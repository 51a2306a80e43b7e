/**
 * ModifyDN (RFC 4511 §4.9):
 *
 *   ModifyDNRequest ::= [APPLICATION 12] SEQUENCE {
 *     entry         LDAPDN,
 *     newrdn        RelativeLDAPDN,
 *     deleteoldrdn  BOOLEAN,
 *     newSuperior   [0] LDAPDN OPTIONAL }
 *   ModifyDNResponse ::= [APPLICATION 13] LDAPResult
 */
import type { BerReader, BerWriter } from '../ber/index.js';
import { readDn } from './names.js';
import { decodeResult, encodeResult, type LdapResult } from './result.js';
import { requestTags, responseTags } from './tags.js';

const newSuperiorTag = 0x80;

export interface ModifyDnRequest {
  readonly kind: 'modifyDn';
  readonly entry: string;
  readonly newRdn: string;
  readonly deleteOldRdn: boolean;
  /** Empty is the root DSE, undefined leaves the entry where it is. */
  readonly newSuperior: string | undefined;
}

export interface ModifyDnResponse extends LdapResult {
  readonly kind: 'modifyDnResponse';
}

/** Reads a ModifyDNRequest. */
export function decodeModifyDnRequest(reader: BerReader): ModifyDnRequest {
  const mark = reader.enter(requestTags.modifyDn);
  const entry = readDn(reader);
  const newRdn = readDn(reader);
  const deleteOldRdn = reader.boolean();
  const newSuperior = reader.peek() === newSuperiorTag ? readDn(reader, newSuperiorTag) : undefined;
  reader.leaveSequence(mark);
  return { kind: 'modifyDn', entry, newRdn, deleteOldRdn, newSuperior };
}

/** Appends a ModifyDNRequest. */
export function encodeModifyDnRequest(writer: BerWriter, request: ModifyDnRequest): void {
  writer.begin(requestTags.modifyDn);
  writer.text(request.entry);
  writer.text(request.newRdn);
  writer.boolean(request.deleteOldRdn);
  if (request.newSuperior !== undefined) writer.text(request.newSuperior, newSuperiorTag);
  writer.end();
}

/** Reads a ModifyDNResponse. */
export function decodeModifyDnResponse(reader: BerReader): ModifyDnResponse {
  const mark = reader.enter(responseTags.modifyDnResponse);
  const result = decodeResult(reader);
  reader.leaveSequence(mark);
  return { kind: 'modifyDnResponse', ...result };
}

/** Appends a ModifyDNResponse. */
export function encodeModifyDnResponse(writer: BerWriter, response: ModifyDnResponse): void {
  writer.begin(responseTags.modifyDnResponse);
  encodeResult(writer, response);
  writer.end();
}
