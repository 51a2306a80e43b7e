/** Connections and listeners; everything outside this folder imports from here. */
export { type CloseReason, closeReasons } from './close-reasons.js';
export { type BoundAddress, ListenError, type ListenOptions } from './listener.js';
export type { MetricsSnapshot } from './metrics.js';
export { createWireServer, type WireOptions, type WireServer } from './server.js';
export { createTlsMaterial, type TlsFiles, type TlsMaterial } from './tls.js';
export type { CleartextBind } from './wire.js';
