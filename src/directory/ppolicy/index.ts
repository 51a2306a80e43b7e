/** Password policy (draft-behera-ldap-password-policy): reading it, and what it says. Pure. */
export {
  evaluateBind,
  graceLeft,
  isLocked,
  type Moment,
  type Open,
  type Shut,
  secondsLeft,
} from './bind.js';
export {
  type Change,
  type ChangeRefusal,
  evaluateChange,
  inWords,
} from './change.js';
export { type Needs, noPolicy, type PasswordPolicy, readPolicy } from './policy.js';
export {
  type Away,
  LOCKED_FOR_EVER,
  LOCKED_LITERAL,
  noState,
  type PasswordState,
  readState,
  secondsAtWork,
  stateAttributes,
} from './state.js';
