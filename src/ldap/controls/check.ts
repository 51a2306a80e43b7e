/**
 * The gate that every request's controls pass before any handler runs (RFC 4511 §4.1.11): known
 * here? allowed on this operation? sent once? well-formed? A control that is unknown or misplaced
 * refuses the request where it is critical and is ignored where it is not; a known one that is
 * malformed or sent twice refuses it always.
 */
import { LdapError } from '../../runtime/errors.js';
import type { CodecLimits, Control, RequestKind } from '../protocol/index.js';
import { accountUsability } from './account-usability.js';
import { assertion } from './assertion.js';
import { effectiveRights } from './effective-rights.js';
import { manageDsaIt } from './manage-dsa-it.js';
import { pagedResults } from './paged-results.js';
import { passwordPolicy } from './password-policy.js';
import { proxiedAuthorization } from './proxied-authorization.js';
import { postRead, preRead } from './read-entry.js';
import { sessionTracking } from './session-tracking.js';
import { shown } from './shown.js';
import type { ControlDefinition, RequestControls } from './table.js';

const definitions: readonly ControlDefinition[] = [
  pagedResults,
  preRead,
  postRead,
  assertion,
  sessionTracking,
  manageDsaIt,
  passwordPolicy,
  accountUsability,
  proxiedAuthorization,
  effectiveRights,
];

const byOid = new Map(definitions.map((definition) => [definition.oid, definition]));

/** OIDs for the root DSE's supportedControl (RFC 4512 §5.1). */
export const supportedControls: readonly string[] = definitions.map((one) => one.oid);

/** What a request without controls has; most have none, so it is shared. */
export const noRequestControls: RequestControls = Object.freeze({});

/** The request's controls, decoded; throws LdapError (protocolError 2, or 12) to refuse it. */
export function checkControls(
  kind: RequestKind,
  controls: readonly Control[],
  limits: CodecLimits,
): RequestControls {
  if (controls.length === 0) return noRequestControls;
  const decoded: RequestControls = {};
  const seen = new Set<string>();
  for (const control of controls) {
    const { oid, critical, value } = control;
    const definition = byOid.get(oid);
    if (definition === undefined || !definition.operations.has(kind)) {
      if (!critical) continue;
      const where = definition === undefined ? 'is not supported' : 'cannot stand on this request';
      throw new LdapError('unavailableCriticalExtension', `control ${shown(oid)} ${where}`);
    }
    if (seen.has(oid)) throw new LdapError('protocolError', `control ${oid} was sent twice`);
    seen.add(oid);
    if (definition.mustBeCritical === true && !critical) {
      throw new LdapError('protocolError', `control ${oid} must be critical`);
    }
    if (!definition.decode(value, decoded, limits)) {
      throw new LdapError('protocolError', `the value of control ${oid} is malformed`);
    }
  }
  return decoded;
}
