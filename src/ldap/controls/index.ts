/** Controls: the gate for those of a request, and the makers of those of a response. */
export { accountUsabilityBytes } from './account-usability.js';
export { checkControls, noRequestControls, supportedControls } from './check.js';
export { netscapeExpiry } from './netscape-expiry.js';
export { pagedResultsResponse } from './paged-results.js';
export { passwordPolicyResponse, wantsPolicy } from './password-policy.js';
export { proxiedAuthorizationOid, readAuthzId } from './proxied-authorization.js';
export { postReadResponse, preReadResponse } from './read-entry.js';
export { shown } from './shown.js';
export type { RequestControls } from './table.js';
