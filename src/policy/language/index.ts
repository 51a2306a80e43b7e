/** The policy language as text: read, checked, and described for editors. */
export { type Difference, differences } from './diff.js';
export { pageOf } from './page.js';
export { type Way, waysIn } from './reach.js';
export { type ReadPolicy, readPolicy } from './read.js';
export { type RenamedValue, renamedValue, type ValueRename } from './rename-value.js';
export { sayAccess } from './say-access.js';
export { sayStep } from './say-step.js';
export { jsonSchema } from './shape.js';
export type { Problem } from './tree.js';
export { defaultWords, type KnownAttribute, type Vocabulary } from './vocabulary.js';
