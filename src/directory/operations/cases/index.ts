/** Departure cases: what the policy puts into them, and writing to them. */
export { applyCase } from './apply.js';
export { KNOWS, keepKnown, knownOf } from './known.js';
export { keepResources, RESOURCE, resourcesOf, type Wanted } from './resources.js';
