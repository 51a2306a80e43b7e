/**
 * The two controls by which Netscape's directory told of expiry: unsolicited, on the answer to a
 * bind. Older clients know no others; some trip over controls that they did not ask for, so they are
 * sent only where the configuration says so.
 */
import type { PolicyResponse } from '../../directory/model/password-policy.js';
import type { Control } from '../protocol/index.js';

const expiredOid = '2.16.840.1.113730.3.4.4';
const expiringOid = '2.16.840.1.113730.3.4.5';

const expired: Control = { oid: expiredOid, critical: false, value: Buffer.from('0') };

/** The control for what a policy says to a bind; undefined where there is none for it. */
export function netscapeExpiry({ warning, error }: PolicyResponse): Control | undefined {
  if (error === 'passwordExpired' || error === 'changeAfterReset') return expired;
  if (warning?.kind === 'graceAuthNsRemaining') return expired;
  if (warning === undefined) return undefined;
  return { oid: expiringOid, critical: false, value: Buffer.from(String(warning.seconds)) };
}
