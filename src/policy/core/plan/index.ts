/** Plans: what the policy does to whom, and when. Pure. */
export { dateText, hasMoments, minds, planFor, type Subject, type Window } from './plan.js';
export { answeredKey, byOrder, type PlannedStep, rankOf } from './step.js';
