/** The LDAP codec: frames, messages, operations and control values; import it from here only. */
export type { AbandonRequest } from './abandon.js';
export type { AddRequest, AddResponse } from './add.js';
export {
  encodePartialAttribute,
  type PartialAttribute,
  partialAttributeSize,
  writePartialAttribute,
} from './attribute.js';
export type { Authentication, BindRequest, BindResponse } from './bind.js';
export type { CompareRequest, CompareResponse } from './compare.js';
export * from './control-values/index.js';
export { type Control, controlsBytes, noControls } from './controls.js';
export type { DeleteRequest, DeleteResponse } from './delete.js';
export {
  type ExtendedRequest,
  type ExtendedResponse,
  noticeOfDisconnection,
  noticeOfDisconnectionOid,
} from './extended.js';
export type { Filter } from './filter.js';
export { Framer, type FramerStep } from './framer.js';
export type { IntermediateResponse } from './intermediate.js';
export type { CodecLimits } from './limits.js';
export {
  decodeRequest,
  decodeResponse,
  encodeNoticeOfDisconnection,
  encodeRequest,
  encodeResponse,
  type Fault,
  type RequestMessage,
  type ResponseMessage,
  writeRequest,
  writeResponse,
} from './message.js';
export type { ModifyChange, ModifyOperation, ModifyRequest, ModifyResponse } from './modify.js';
export type { ModifyDnRequest, ModifyDnResponse } from './modify-dn.js';
export {
  type AnsweredKind,
  type FinalResponseOf,
  finalResponse,
  type RequestKind,
  type RequestOp,
  type ResponseOf,
  type ResponseOp,
} from './operations.js';
export { bareResultSize, type LdapResult, writeBareResult } from './result.js';
export type { DerefAliases, SearchRequest, SearchScope } from './search.js';
export { AttributeRanges, searchEntrySize, writeSearchEntry } from './search-entry.js';
export type {
  SearchResultDone,
  SearchResultEntry,
  SearchResultReference,
} from './search-result.js';
export {
  type RequestTag,
  type ResponseTag,
  requestTags,
  responseTagOf,
  responseTags,
} from './tags.js';
export type { UnbindRequest } from './unbind.js';
