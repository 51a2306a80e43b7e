/**
 * Bind (RFC 4511 §4.2, RFC 4513 §5). Refusals come in a fixed order, so that nobody learns about a
 * person from how they are refused: malformed (2, 34), a name without a password (53), a password
 * where others can read it (13); all that concerns the person is the directory's single 49.
 */
import { parseDn } from '../../directory/model/dn.js';
import { anonymous } from '../../directory/model/identity.js';
import type { BindOutcome, Directory } from '../../directory/operations/types.js';
import { LdapError } from '../../runtime/errors.js';
import type { BindRequest as BindOp } from '../protocol/index.js';
import { type SaslCaller, saslBind } from '../sasl/index.js';

export interface BindServices {
  readonly directory: Directory;
  readonly dnDepthMax: number;
}

/** A malformed name comes before every other refusal; the directory repeats the parse otherwise. */
function assertDn(name: string, dnDepthMax: number): void {
  const parsed = parseDn(name, dnDepthMax);
  if ('fault' in parsed) throw new LdapError('invalidDNSyntax', parsed.fault);
}

/** Whom a bind serves. */
export interface BindCaller extends SaslCaller {
  /** False where a password on this connection could be read by others, and config forbids it. */
  readonly passwordsAllowed: boolean;
  /** For whom the client asks, as it says (session tracking). */
  readonly trackedAddress: string | undefined;
}

const nobody: BindOutcome = { identity: anonymous, policy: undefined };

/** Who the client now is. Throws or rejects with LdapError. */
export function bind(
  { directory, dnDepthMax }: BindServices,
  op: BindOp,
  caller: BindCaller,
): BindOutcome | Promise<BindOutcome> {
  const { origin, boundBefore, passwordsAllowed, wantsPolicy, trackedAddress } = caller;
  if (op.version !== 3) {
    throw new LdapError('protocolError', 'only version 3 of LDAP is spoken here');
  }
  const { authentication, name } = op;
  if (authentication.kind === 'unknown') {
    throw new LdapError('authMethodNotSupported', 'this kind of authentication is not known');
  }
  if (authentication.kind === 'sasl') {
    const { mechanism, credentials } = authentication;
    return saslBind(directory, mechanism, credentials, caller);
  }
  const { password } = authentication;
  if (password.length === 0) {
    if (name === '') return nobody;
    assertDn(name, dnDepthMax);
    throw new LdapError('unwillingToPerform', 'a bind with a name needs a password');
  }
  if (!passwordsAllowed) {
    assertDn(name, dnDepthMax);
    throw new LdapError(
      'confidentialityRequired',
      'passwords are taken over TLS only: use StartTLS or ldaps',
    );
  }
  const request = { dn: name, password, boundBefore, wantsPolicy };
  const tracked = trackedAddress === undefined ? request : { ...request, trackedAddress };
  return directory.authenticate(tracked, origin);
}
