/** Conditions of the policy on people: the question, and whom it is asked of. */
export type { Person } from './person.js';
