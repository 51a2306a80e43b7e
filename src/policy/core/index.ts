/** Lifecycle rules as pure functions: facts in, state out. No I/O, no clock, nothing to wait for. */
export { shifted, type WorkCalendar } from './calendar.js';

export { type Because, type Explained, explain } from './explain.js';
export {
  type Absence,
  type Block,
  blockKinds,
  type Disposal,
  disposalKinds,
  type Engagement,
  type FactAttribute,
  type Facts,
  type Fault,
  factForms,
  formatFact,
  type Hold,
  type Notice,
  noFacts,
  readFact,
  type TimeText,
} from './facts.js';
export { type FoldRules, fold } from './fold.js';
export {
  type Before,
  membershipByRule,
  type RuledGroup,
  type RuledMembership,
  ruledGroups,
} from './group-rules.js';
export {
  type Due,
  dueOf,
  type Employment,
  employments,
  momentsOf,
  type Occurrence,
} from './moments.js';
export {
  MoveTally,
  movingAttributes,
  offerOf,
  type Reorganisation,
  valuesInTheEnd,
} from './moves.js';
export { type Lack, lacksOf } from './needs.js';
export { beginOf, type Calendar, endOf, faultOfTime } from './times.js';
export { type EndsUnlessUsed, endsUnlessUsed } from './unless-used.js';
export * as verbs from './verbs.js';
export { isWholeDay, momentOf } from './when.js';
export { dayStart, instantOf, isZone, type LocalTime, localTime } from './zone.js';
