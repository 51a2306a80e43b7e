export {
  assertMayWrite,
  mayReadAttribute,
  mayReadTree,
  mayResetPassword,
  maySetHashedPassword,
  readRefused,
  type WriteTarget,
} from './rules.js';
