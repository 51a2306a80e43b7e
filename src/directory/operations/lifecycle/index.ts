/** What the lifecycle means for operations: states and facts of entries. */
export { type BadFact, factsOf, foldRulesOf, type Texts } from './facts-of.js';
export { stateOf } from './state.js';
export { stateAttributes } from './virtual-state.js';
