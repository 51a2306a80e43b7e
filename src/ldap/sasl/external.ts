/**
 * SASL EXTERNAL (RFC 4422 Appendix A): the identity comes from the transport, not from a password.
 * Only the local socket proves one: whoever can open it is the administrator.
 */
import type { Identity } from '../../directory/model/identity.js';
import type { Directory } from '../../directory/operations/types.js';
import { LdapError } from '../../runtime/errors.js';

/** The mechanism's name on the wire. */
export const externalMechanism = 'EXTERNAL';

/**
 * The identity of the local socket. An authorization identity may only name the same one, as
 * `dn:` and its DN as stored; throws LdapError authorizationDenied for another.
 */
export function externalIdentity(directory: Directory, credentials: Buffer | undefined): Identity {
  const identity = directory.administrator();
  const authzId = credentials?.toString('utf8') ?? '';
  if (authzId === '' || authzId.toLowerCase() === `dn:${identity.dn.toLowerCase()}`) {
    return identity;
  }
  throw new LdapError('authorizationDenied', 'acting for somebody else is not supported');
}
