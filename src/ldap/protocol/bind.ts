/**
 * Bind (RFC 4511 §4.2):
 *
 *   BindRequest ::= [APPLICATION 0] SEQUENCE {
 *     version         INTEGER (1 .. 127),
 *     name            LDAPDN,
 *     authentication  CHOICE {
 *       simple  [0] OCTET STRING,
 *       sasl    [3] SaslCredentials, ... } }
 *   SaslCredentials ::= SEQUENCE {
 *     mechanism    LDAPString,
 *     credentials  OCTET STRING OPTIONAL }
 *   BindResponse ::= [APPLICATION 1] SEQUENCE {
 *     COMPONENTS OF LDAPResult,
 *     serverSaslCreds  [7] OCTET STRING OPTIONAL }
 *
 * Versions other than 3 and unknown authentication choices are decoded as they are, because both
 * have answers of their own (protocolError, authMethodNotSupported).
 */
import { type BerReader, type BerWriter, berTags } from '../ber/index.js';
import { readDn, readText } from './names.js';
import { decodeResult, encodeResult, type LdapResult } from './result.js';
import { requestTags, responseTags } from './tags.js';

const tags = { simple: 0x80, sasl: 0xa3, serverSaslCreds: 0x87 } as const;

export type Authentication =
  | { readonly kind: 'simple'; readonly password: Buffer }
  | {
      readonly kind: 'sasl';
      readonly mechanism: string;
      readonly credentials: Buffer | undefined;
    }
  | { readonly kind: 'unknown'; readonly tag: number };

export interface BindRequest {
  readonly kind: 'bind';
  readonly version: number;
  readonly name: string;
  readonly authentication: Authentication;
}

export interface BindResponse extends LdapResult {
  readonly kind: 'bindResponse';
  readonly serverSaslCreds: Buffer | undefined;
}

function decodeAuthentication(reader: BerReader): Authentication {
  const tag = reader.peek();
  if (tag === tags.simple) return { kind: 'simple', password: reader.octets(tags.simple) };
  if (tag !== tags.sasl) {
    reader.skip();
    return { kind: 'unknown', tag };
  }
  const mark = reader.enter(tags.sasl);
  const mechanism = readText(reader, 'SASL mechanism');
  const credentials = reader.peek() === berTags.octetString ? reader.octets() : undefined;
  reader.leaveSequence(mark);
  return { kind: 'sasl', mechanism, credentials };
}

/** Reads a BindRequest. */
export function decodeBindRequest(reader: BerReader): BindRequest {
  const mark = reader.enter(requestTags.bind);
  const version = reader.integer();
  const name = readDn(reader);
  const authentication = decodeAuthentication(reader);
  reader.leaveSequence(mark);
  return { kind: 'bind', version, name, authentication };
}

/** Appends a BindRequest. */
export function encodeBindRequest(writer: BerWriter, request: BindRequest): void {
  const { authentication } = request;
  writer.begin(requestTags.bind);
  writer.integer(request.version);
  writer.text(request.name);
  if (authentication.kind === 'simple') {
    writer.octets(authentication.password, tags.simple);
  } else if (authentication.kind === 'sasl') {
    writer.begin(tags.sasl);
    writer.text(authentication.mechanism);
    if (authentication.credentials !== undefined) writer.octets(authentication.credentials);
    writer.end();
  } else {
    writer.null(authentication.tag);
  }
  writer.end();
}

/** Reads a BindResponse. */
export function decodeBindResponse(reader: BerReader): BindResponse {
  const mark = reader.enter(responseTags.bindResponse);
  const result = decodeResult(reader);
  const serverSaslCreds =
    reader.peek() === tags.serverSaslCreds ? reader.octets(tags.serverSaslCreds) : undefined;
  reader.leaveSequence(mark);
  return { kind: 'bindResponse', ...result, serverSaslCreds };
}

/** Appends a BindResponse. */
export function encodeBindResponse(writer: BerWriter, response: BindResponse): void {
  writer.begin(responseTags.bindResponse);
  encodeResult(writer, response);
  if (response.serverSaslCreds !== undefined) {
    writer.octets(response.serverSaslCreds, tags.serverSaslCreds);
  }
  writer.end();
}
