/**
 * The password policy control (draft-behera-ldap-password-policy-10 §6): its request says that the
 * client understands the response, which is where the reason of a refusal may stand.
 */
import type { PolicyResponse } from '../../directory/model/password-policy.js';
import {
  type Control,
  encodePasswordPolicy,
  passwordPolicyErrors,
  passwordPolicyOid,
} from '../protocol/index.js';
import type { ControlDefinition } from './table.js';

/** On every request (§6.1); it has no value. */
export const passwordPolicy: ControlDefinition = {
  oid: passwordPolicyOid,
  operations: new Set([
    'bind',
    'search',
    'compare',
    'add',
    'modify',
    'delete',
    'modifyDn',
    'extended',
  ]),
  decode(value, into) {
    if (value !== undefined && value.length > 0) return false;
    into.passwordPolicy = true;
    return true;
  },
};

/** True where the request carried the control. */
export function wantsPolicy(controls: readonly Control[]): boolean {
  for (const { oid } of controls) if (oid === passwordPolicyOid) return true;
  return false;
}

/** The control of a response. */
export function passwordPolicyResponse({ warning, error }: PolicyResponse): Control {
  const value = encodePasswordPolicy({
    warning,
    error: error === undefined ? undefined : passwordPolicyErrors[error],
  });
  return { oid: passwordPolicyOid, critical: false, value };
}
