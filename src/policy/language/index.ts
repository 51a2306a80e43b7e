/** The policy language as text: read, checked, and described for editors. */
export { type ReadPolicy, readPolicy } from './read.js';
export { jsonSchema } from './shape.js';
export { DOCUMENT_BYTES_MAX, type Problem } from './tree.js';
export { defaultWords, type KnownAttribute, type Vocabulary } from './vocabulary.js';
