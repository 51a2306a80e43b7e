/**
 * What it takes to be a control here: an OID, the operations it may stand on, and a decoder that
 * puts its meaning into the request's controls. Decoders read values only; they decide nothing.
 */
import type { Filter } from '../../directory/model/filter.js';
import type { CodecLimits, RequestKind, SessionTrackingValue } from '../protocol/index.js';

/** The controls of one request, decoded. Absent ones were not sent, or not understood. */
export interface RequestControls {
  /** RFC 2696. */
  paged?: { readonly size: number; readonly cookie: Buffer };
  /** RFC 4528. */
  assertion?: Filter;
  /** RFC 4527: attributes of the entry before the update. */
  preRead?: readonly string[];
  /** RFC 4527: attributes of the entry after the update. */
  postRead?: readonly string[];
  /** draft-behera-ldap-password-policy: the client understands the response control. */
  passwordPolicy?: boolean;
  /** Whether the accounts of the entries could be used. */
  accountUsability?: boolean;
  /** Who stands behind the client, as the client says: believed of registered services alone. */
  tracking?: SessionTrackingValue;
  /** RFC 4370: as whom the request is asked. */
  authzId?: string;
  /** Whose rights are asked for, in the same form. */
  rightsOf?: string;
}

export interface ControlDefinition {
  readonly oid: string;
  /** Where it may stand; elsewhere it counts as unknown (RFC 4511 §4.1.11). */
  readonly operations: ReadonlySet<RequestKind>;
  /** A control that must never be ignored: sent without criticality it is an error. */
  readonly mustBeCritical?: true;
  /** Adds the value's meaning to `into`; false when the value is malformed or missing. */
  decode(value: Buffer | undefined, into: RequestControls, limits: CodecLimits): boolean;
}
