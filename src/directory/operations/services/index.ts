/** Services and shared logins: which they are, and what opens them. */
export { type ServiceKind, serviceIds, serviceKindOf } from './all.js';
export { noteUse } from './in-use.js';
export { isKnownSince, type LiveSecret, liveSecrets } from './live.js';
