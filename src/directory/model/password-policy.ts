/**
 * What a password policy has to say about a bind or a change (draft-behera-ldap-password-policy-10
 * §6.2), as data. On the wire it is a response control; here it is only what it means.
 */
import type { PolicyErrorName } from '../../runtime/errors.js';

export type PolicyWarning =
  | { readonly kind: 'timeBeforeExpiration'; readonly seconds: number }
  | { readonly kind: 'graceAuthNsRemaining'; readonly count: number };

/** Whether an account could be used now; -1 seconds stand for a password that never expires. */
export type AccountUsability =
  | { readonly available: true; readonly secondsBeforeExpiration: number }
  | {
      readonly available: false;
      /** Locked, outside its time, or idle for too long. */
      readonly inactive: boolean;
      /** The password has to be changed. */
      readonly reset: boolean;
      readonly expired: boolean;
      readonly remainingGrace: number | undefined;
      readonly secondsBeforeUnlock: number | undefined;
    };

/** Empty where a policy holds and has nothing to say. */
export interface PolicyResponse {
  readonly warning?: PolicyWarning;
  readonly error?: PolicyErrorName;
}
