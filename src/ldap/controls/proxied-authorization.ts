/**
 * Proxied authorization (RFC 4370): the request is asked as somebody else. The value is no BER but
 * the identity itself (RFC 4513 §5.2.1.8):
 *
 *   authzId = "dn:" distinguishedName / "u:" userid / ""      -- "": as anonymous
 *
 * On what reads and on updates; the audit trail names both, who asks and as whom.
 */
import type { ControlDefinition } from './table.js';

export const proxiedAuthorizationOid = '2.16.840.1.113730.3.4.18';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of an authzId; undefined where it has none of the three forms. */
export function readAuthzId(value: Buffer): string | undefined {
  let text: string;
  try {
    text = utf8.decode(value);
  } catch {
    return undefined;
  }
  return text === '' || /^(?:dn:|u:.)/is.test(text) ? text : undefined;
}

/** §3: critical always, and refused otherwise; what was not said aloud must not be ignored. */
export const proxiedAuthorization: ControlDefinition = {
  oid: proxiedAuthorizationOid,
  operations: new Set(['search', 'compare', 'add', 'modify', 'delete', 'modifyDn']),
  mustBeCritical: true,
  decode(value, into) {
    const authzId = value === undefined ? undefined : readAuthzId(value);
    if (authzId === undefined) return false;
    into.authzId = authzId;
    return true;
  },
};
