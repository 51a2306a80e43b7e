/** Services and shared logins: which they are, and what opens them. */
export { type ServiceKind, serviceIds, serviceKindOf } from './all.js';
export { isKnownSince, type LiveSecret, liveSecrets } from './live.js';
