/**
 * StartTLS (RFC 4511 §4.14): only its name and the check of its value; the connection turns itself
 * into a TLS one, because it alone knows whether anything is in flight.
 */
import { LdapError } from '../../runtime/errors.js';
import type { ExtendedStartTls } from './table.js';

export const startTls: ExtendedStartTls = {
  kind: 'startTls',
  oid: '1.3.6.1.4.1.1466.20037',
};

/** Throws LdapError protocolError: the request has no value (RFC 4511 §4.14.1). */
export function checkStartTlsValue(value: Buffer | undefined): void {
  if (value !== undefined) throw new LdapError('protocolError', 'StartTLS takes no value');
}
