/** Departure cases: what the policy puts into them, and writing to them. */
export { applyCase } from './apply.js';
export { heirsOf } from './heirs.js';
export { KNOWS, knownOf } from './known.js';
export { keepItems, RESOURCE, resourcesOf, type Wanted } from './resources.js';
