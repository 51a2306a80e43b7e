/** The access room's one door: who may do what. */
export { type Grant, type Operation, ReadAccess, type Test } from './reading.js';
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
export { isInSet } from './sets.js';
