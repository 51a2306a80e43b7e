/**
 * SASL mechanisms (RFC 4513 §5.2) and where each is offered. None that needs a stored clear-text
 * password is ever listed: clients that see one try it first and count as failed logins.
 */
import type { Identity, Origin } from '../../directory/model/identity.js';
import type { Directory } from '../../directory/operations/types.js';
import { LdapError } from '../../runtime/errors.js';
import { externalIdentity, externalMechanism } from './external.js';

const none: readonly string[] = [];
const local: readonly string[] = [externalMechanism];

/** What the root DSE of this connection lists as supportedSASLMechanisms. */
export function supportedSaslMechanisms(origin: Origin): readonly string[] {
  return origin.address === 'local' ? local : none;
}

/** Who the SASL bind proves to be; throws LdapError authMethodNotSupported or a mechanism's own. */
export function saslIdentity(
  directory: Directory,
  origin: Origin,
  mechanism: string,
  credentials: Buffer | undefined,
): Identity {
  if (mechanism.toUpperCase() === externalMechanism && origin.address === 'local') {
    return externalIdentity(directory, credentials);
  }
  throw new LdapError(
    'authMethodNotSupported',
    'this SASL mechanism is not offered here; use a simple bind over TLS',
  );
}
