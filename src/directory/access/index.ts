/** The access room's one door: who may do what. */
export {
  assertMayWrite,
  mayReadAttribute,
  mayReadClass,
  mayReadTree,
  mayResetPassword,
  maySetHashedPassword,
  readRefused,
  SUBJECT_CLASS,
  type WriteTarget,
} from './rules.js';
