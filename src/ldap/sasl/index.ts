/**
 * SASL mechanisms (RFC 4513 §5.2) and where each is offered. None that needs a stored clear-text
 * password is ever listed: clients that see one try it first and count as failed logins.
 */
import type { Identity, Origin } from '../../directory/model/identity.js';
import type { BindOutcome, Directory } from '../../directory/operations/types.js';
import { LdapError } from '../../runtime/errors.js';
import { certificateIdentity, externalMechanism, localIdentity } from './external.js';

/** Whom a SASL bind serves. */
export interface SaslCaller {
  readonly origin: Origin;
  readonly boundBefore: Identity;
  readonly wantsPolicy: boolean;
  /** What the client showed in its TLS handshake, and what was wrong with it. */
  readonly certificate: { readonly der: Buffer; readonly problem: string | undefined } | undefined;
  /** Clients may log in with a certificate on this connection. */
  readonly certificatesTaken: boolean;
}

const none: readonly string[] = [];
const external: readonly string[] = [externalMechanism];

/** What the root DSE of this connection lists as supportedSASLMechanisms. */
export function supportedSaslMechanisms(origin: Origin): readonly string[] {
  return origin.address === 'local' || origin.certificate === true ? external : none;
}

/** Who the SASL bind proves to be; throws LdapError authMethodNotSupported or a mechanism's own. */
export function saslBind(
  directory: Directory,
  mechanism: string,
  credentials: Buffer | undefined,
  caller: SaslCaller,
): BindOutcome | Promise<BindOutcome> {
  if (mechanism.toUpperCase() === externalMechanism) {
    const authorizationId = credentials?.toString('utf8') ?? '';
    if (caller.origin.address === 'local') return localIdentity(directory, authorizationId);
    if (caller.certificatesTaken) return certificateIdentity(directory, authorizationId, caller);
  }
  throw new LdapError(
    'authMethodNotSupported',
    'this SASL mechanism is not offered here; use a simple bind over TLS',
  );
}
