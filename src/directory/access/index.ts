/** The access room's one door: who may do what. */
export {
  assertMayWrite,
  mayReadAttribute,
  mayReadTree,
  mayResetPassword,
  maySetHashedPassword,
  readRefused,
  type WriteTarget,
} from './rules.js';
