/**
 * The LDAP side of the server: everything outside this folder imports from here. The lists are what
 * the root DSE says about the wire (RFC 4512 §5.1); the directory serves them.
 */
export {
  type BoundAddress,
  type CleartextBind,
  type CloseReason,
  closeReasons,
  createTlsMaterial,
  createWireServer,
  ListenError,
  type ListenOptions,
  type MetricsSnapshot,
  type TlsFiles,
  type TlsMaterial,
  type WireOptions,
  type WireServer,
} from './connection/index.js';
export { supportedControls } from './controls/index.js';
export { supportedExtensions } from './extended/index.js';
export { supportedSaslMechanisms } from './sasl/index.js';

/** OIDs for the root DSE's supportedFeatures. */
export const supportedFeatures: readonly string[] = [
  // All operational attributes by "+" (RFC 3673).
  '1.3.6.1.4.1.4203.1.5.1',
  // All attributes of a class by "@class" (RFC 4529).
  '1.3.6.1.4.1.4203.1.5.2',
  // Absolute true and false filters (RFC 4526).
  '1.3.6.1.4.1.4203.1.5.3',
  // Modify-increment (RFC 4525).
  '1.3.6.1.1.14',
];
