/** Password policies in force: which holds for whom, and its gate in a bind. */

export { textsOf } from '../texts-of.js';
export { hashCostOf } from './cost.js';
export { renewalOf, setClock } from './document-rules.js';
export { factorRulesOf } from './factors.js';
export { type PolicyGateTools, policyGate } from './gate.js';
export { isNeverLocked, lockoutRulesOf } from './lockout.js';
export {
  FINDING_CLASS,
  type FoundPolicy,
  noStanding,
  Policies,
  type PolicyReason,
  policiesOf,
  type Standing,
} from './policies.js';
export { usabilityOf } from './usability.js';
