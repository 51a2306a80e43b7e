/**
 * Every protocol operation as one union each way (RFC 4511 §4.1.1), which request is answered by
 * which response, and the switch between tags and PDU files. No rules of any operation live here.
 */
import { BerError, type BerReader, type BerWriter } from '../ber/index.js';
import * as abandon from './abandon.js';
import * as add from './add.js';
import * as bind from './bind.js';
import * as compare from './compare.js';
import * as del from './delete.js';
import * as extended from './extended.js';
import * as intermediate from './intermediate.js';
import type { CodecLimits } from './limits.js';
import * as modify from './modify.js';
import * as modifyDn from './modify-dn.js';
import * as search from './search.js';
import * as searchResult from './search-result.js';
import { requestTags, responseTags } from './tags.js';
import * as unbind from './unbind.js';

export type RequestOp =
  | bind.BindRequest
  | unbind.UnbindRequest
  | search.SearchRequest
  | modify.ModifyRequest
  | add.AddRequest
  | del.DeleteRequest
  | modifyDn.ModifyDnRequest
  | compare.CompareRequest
  | abandon.AbandonRequest
  | extended.ExtendedRequest;

export type RequestKind = RequestOp['kind'];

export type ResponseOp =
  | bind.BindResponse
  | searchResult.SearchResultEntry
  | searchResult.SearchResultReference
  | searchResult.SearchResultDone
  | modify.ModifyResponse
  | add.AddResponse
  | del.DeleteResponse
  | modifyDn.ModifyDnResponse
  | compare.CompareResponse
  | extended.ExtendedResponse
  | intermediate.IntermediateResponse;

/** The response that ends each kind of request. */
interface FinalResponses {
  readonly bind: bind.BindResponse;
  readonly unbind: never;
  readonly search: searchResult.SearchResultDone;
  readonly modify: modify.ModifyResponse;
  readonly add: add.AddResponse;
  readonly delete: del.DeleteResponse;
  readonly modifyDn: modifyDn.ModifyDnResponse;
  readonly compare: compare.CompareResponse;
  readonly abandon: never;
  readonly extended: extended.ExtendedResponse;
}

/** The one response that ends a request of this kind; never for unbind and abandon. */
export type FinalResponseOf<Kind extends RequestKind> = FinalResponses[Kind];

/** Every response that a request of this kind may be answered with (RFC 4511 §4.2 to §4.13). */
export type ResponseOf<Kind extends RequestKind> =
  | FinalResponses[Kind]
  | (Kind extends 'search'
      ? searchResult.SearchResultEntry | searchResult.SearchResultReference
      : never)
  | (Kind extends 'search' | 'extended' ? intermediate.IntermediateResponse : never);

/** Request kinds that are answered. */
export type AnsweredKind = Exclude<RequestKind, 'unbind' | 'abandon'>;

/** A final response of the right kind with the code, texts and nothing else. */
export function finalResponse<Kind extends AnsweredKind>(
  requestKind: Kind,
  resultCode: number,
  diagnosticMessage?: string,
  matchedDn?: string,
): FinalResponseOf<Kind>;
export function finalResponse(
  requestKind: AnsweredKind,
  resultCode: number,
  diagnosticMessage = '',
  matchedDn = '',
): FinalResponseOf<AnsweredKind> {
  const result = { resultCode, matchedDn, diagnosticMessage, referral: undefined };
  switch (requestKind) {
    case 'bind':
      return { kind: 'bindResponse', ...result, serverSaslCreds: undefined };
    case 'search':
      return { kind: 'searchDone', ...result };
    case 'modify':
      return { kind: 'modifyResponse', ...result };
    case 'add':
      return { kind: 'addResponse', ...result };
    case 'delete':
      return { kind: 'deleteResponse', ...result };
    case 'modifyDn':
      return { kind: 'modifyDnResponse', ...result };
    case 'compare':
      return { kind: 'compareResponse', ...result };
    case 'extended':
      return {
        kind: 'extendedResponse',
        ...result,
        responseName: undefined,
        responseValue: undefined,
      };
  }
}

/** Reads the request whose tag comes next; an unknown tag is broken structure. */
export function decodeRequestOp(reader: BerReader, tag: number, limits: CodecLimits): RequestOp {
  switch (tag) {
    case requestTags.search:
      return search.decodeSearchRequest(reader, limits);
    case requestTags.bind:
      return bind.decodeBindRequest(reader);
    case requestTags.compare:
      return compare.decodeCompareRequest(reader);
    case requestTags.modify:
      return modify.decodeModifyRequest(reader, limits);
    case requestTags.add:
      return add.decodeAddRequest(reader, limits);
    case requestTags.delete:
      return del.decodeDeleteRequest(reader);
    case requestTags.modifyDn:
      return modifyDn.decodeModifyDnRequest(reader);
    case requestTags.extended:
      return extended.decodeExtendedRequest(reader);
    case requestTags.abandon:
      return abandon.decodeAbandonRequest(reader);
    case requestTags.unbind:
      return unbind.decodeUnbindRequest(reader);
    default:
      throw new BerError('operation is missing or unknown');
  }
}

/** Appends a request. */
export function encodeRequestOp(writer: BerWriter, op: RequestOp): void {
  switch (op.kind) {
    case 'search':
      search.encodeSearchRequest(writer, op);
      break;
    case 'bind':
      bind.encodeBindRequest(writer, op);
      break;
    case 'compare':
      compare.encodeCompareRequest(writer, op);
      break;
    case 'modify':
      modify.encodeModifyRequest(writer, op);
      break;
    case 'add':
      add.encodeAddRequest(writer, op);
      break;
    case 'delete':
      del.encodeDeleteRequest(writer, op);
      break;
    case 'modifyDn':
      modifyDn.encodeModifyDnRequest(writer, op);
      break;
    case 'extended':
      extended.encodeExtendedRequest(writer, op);
      break;
    case 'abandon':
      abandon.encodeAbandonRequest(writer, op);
      break;
    case 'unbind':
      unbind.encodeUnbindRequest(writer);
      break;
  }
}

/** Reads the response whose tag comes next; an unknown tag is broken structure. */
export function decodeResponseOp(reader: BerReader, tag: number): ResponseOp {
  switch (tag) {
    case responseTags.searchEntry:
      return searchResult.decodeSearchEntry(reader);
    case responseTags.searchDone:
      return searchResult.decodeSearchDone(reader);
    case responseTags.searchReference:
      return searchResult.decodeSearchReference(reader);
    case responseTags.bindResponse:
      return bind.decodeBindResponse(reader);
    case responseTags.compareResponse:
      return compare.decodeCompareResponse(reader);
    case responseTags.modifyResponse:
      return modify.decodeModifyResponse(reader);
    case responseTags.addResponse:
      return add.decodeAddResponse(reader);
    case responseTags.deleteResponse:
      return del.decodeDeleteResponse(reader);
    case responseTags.modifyDnResponse:
      return modifyDn.decodeModifyDnResponse(reader);
    case responseTags.extendedResponse:
      return extended.decodeExtendedResponse(reader);
    case responseTags.intermediate:
      return intermediate.decodeIntermediate(reader);
    default:
      throw new BerError('operation is missing or unknown');
  }
}

/** Appends a response. */
export function encodeResponseOp(writer: BerWriter, op: ResponseOp): void {
  switch (op.kind) {
    case 'searchEntry':
      searchResult.encodeSearchEntry(writer, op);
      break;
    case 'searchDone':
      searchResult.encodeSearchDone(writer, op);
      break;
    case 'searchReference':
      searchResult.encodeSearchReference(writer, op);
      break;
    case 'bindResponse':
      bind.encodeBindResponse(writer, op);
      break;
    case 'compareResponse':
      compare.encodeCompareResponse(writer, op);
      break;
    case 'modifyResponse':
      modify.encodeModifyResponse(writer, op);
      break;
    case 'addResponse':
      add.encodeAddResponse(writer, op);
      break;
    case 'deleteResponse':
      del.encodeDeleteResponse(writer, op);
      break;
    case 'modifyDnResponse':
      modifyDn.encodeModifyDnResponse(writer, op);
      break;
    case 'extendedResponse':
      extended.encodeExtendedResponse(writer, op);
      break;
    case 'intermediate':
      intermediate.encodeIntermediate(writer, op);
      break;
  }
}
