/** What somebody may do to an entry, and by what: for a control of searches, and for administrators. */
export { type Asked, askedAbout } from './asked.js';
export { type Decided, no, yes } from './decided.js';
export { ATTRIBUTE_RIGHTS, EffectiveRights, ENTRY_RIGHTS } from './effective-rights.js';
export { mayUse } from './powers.js';
export { mayDiscover, mayRead, type ReadOperation } from './reading.js';
export { type Subject, type SubjectTools, subjectOf } from './subject.js';
export { mayAddBelow, mayDelete, mayRename, mayWrite } from './writing.js';
