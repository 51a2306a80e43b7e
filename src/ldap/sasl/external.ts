/**
 * SASL EXTERNAL (RFC 4422 Appendix A): the identity comes from the transport, not from a password.
 * Over the local socket whoever can open it is the administrator; over TLS it is the owner of the
 * client's certificate, where logins with certificates are configured.
 */
import type { BindOutcome, Directory } from '../../directory/operations/types.js';
import { LdapError } from '../../runtime/errors.js';
import type { SaslCaller } from './index.js';

/** The mechanism's name on the wire. */
export const externalMechanism = 'EXTERNAL';

/**
 * The identity of the local socket. An authorization identity may only name the same one, as
 * `dn:` and its DN as stored; throws LdapError authorizationDenied for another.
 */
export function localIdentity(directory: Directory, authorizationId: string): BindOutcome {
  const identity = directory.administrator();
  const same = authorizationId.toLowerCase() === `dn:${identity.dn.toLowerCase()}`;
  if (authorizationId === '' || same) return { identity, policy: undefined };
  throw new LdapError('authorizationDenied', 'acting for somebody else is not supported');
}

/** The owner of the certificate; throws LdapError invalidCredentials where it proves nothing. */
export function certificateIdentity(
  directory: Directory,
  authorizationId: string,
  { certificate, origin, boundBefore, wantsPolicy }: SaslCaller,
): BindOutcome | Promise<BindOutcome> {
  if (certificate === undefined) {
    throw new LdapError('invalidCredentials', 'the client showed no certificate');
  }
  if (certificate.problem !== undefined) {
    const text = `the client's certificate is not accepted: ${certificate.problem}`;
    throw new LdapError('invalidCredentials', text);
  }
  const request = { certificate: certificate.der, authorizationId, boundBefore, wantsPolicy };
  return directory.authenticateCertificate(request, origin);
}
