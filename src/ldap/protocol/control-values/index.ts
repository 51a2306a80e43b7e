/** Values of controls and extended operations: pure ASN.1, a file each. */
export {
  type AccountUsabilityValue,
  accountUsabilityOid,
  decodeAccountUsability,
  encodeAccountUsability,
} from './account-usability.js';
export { assertionOid, decodeAssertion, encodeAssertion } from './assertion.js';
export { decodeEffectiveRights, effectiveRightsOid } from './effective-rights.js';
export {
  decodePagedResults,
  encodePagedResults,
  type PagedResultsValue,
  pagedResultsOid,
} from './paged-results.js';
export {
  decodePasswordModifyRequest,
  decodePasswordModifyResponse,
  encodePasswordModifyRequest,
  encodePasswordModifyResponse,
  type PasswordModifyRequestValue,
  type PasswordModifyResponseValue,
  passwordModifyOid,
} from './password-modify.js';
export {
  decodePasswordPolicy,
  encodePasswordPolicy,
  type PasswordPolicyResponseValue,
  type PasswordPolicyWarning,
  passwordPolicyErrors,
  passwordPolicyOid,
} from './password-policy.js';
export {
  decodeReadEntryRequest,
  decodeReadEntryResponse,
  encodeReadEntryRequest,
  encodeReadEntryResponse,
  postReadOid,
  preReadOid,
} from './read-entry.js';
export {
  decodeSessionTracking,
  encodeSessionTracking,
  type SessionTrackingValue,
  sessionTrackingFormats,
  sessionTrackingOid,
} from './session-tracking.js';
