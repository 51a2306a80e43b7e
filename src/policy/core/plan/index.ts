/** Plans: what the policy does to whom, and when. Pure. */
export { type Holding, nextForbidding } from './never.js';
export { hasMoments, minds, planFor, type Subject, type Window } from './plan.js';
export { dateText } from './ruled-step.js';
export { answeredKey, byOrder, type PlannedStep, rankOf } from './step.js';
