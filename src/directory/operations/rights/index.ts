/** Who may write what by a role of the policy, who the administrators are, and what nobody may do. */
export { type AbleStep, ableAdministrators, NO_ADMINISTRATOR } from './able.js';
export {
  actingIdentity,
  appointedIn,
  appointedPeople,
  entriesNamedBy,
  isAdministrator,
} from './administrators.js';
export { isAuditor } from './auditors.js';
export { type By, byGrant, byRole, byText, policyText } from './by.js';
export {
  type Author,
  addingByRule,
  mayDeleteByRule,
  mayWriteByRule,
  nothingGained,
  opensAccount,
  renamingByRule,
} from './by-rules.js';
export { gainingBy, lackedOf } from './gaining.js';
export { type MayGrant, mayGrant, rolesWith } from './granting.js';
export { assertJoined, assertPlainPerson, mayJoin } from './joining.js';
export { type ByRole, mayByRole, rolesOver, type TouchedValue } from './powers.js';
export { identityAs } from './proxied.js';
export { isOver } from './related.js';
export { surpasses } from './surpassing.js';
export {
  ADMINISTRATORS_MIN,
  administratorsBefore,
  assertAdministratorsLeft,
  assertLeft,
  forgetAdministrators,
} from './two-administrators.js';
