/** Conditions of the policy on people: the question, and whom it is asked of. */
export { holds, Judge, kindOf, rolesOf, valuesAsked } from './evaluate.js';
export { calendarOf, toldBy, valuesAt } from './look.js';
export type { Person } from './person.js';
export { type Span, spansOf, turnsOf } from './spans.js';
