/** The policy language as data, without the reading of it. */

export * from './access.js';

export { ADMINISTRATOR, administratorRole, type Named, namedBy } from './administrators.js';
export { implies, isNever, kindsOf, partsOf } from './logic.js';
export {
  type AttributeWord,
  joined,
  sayCondition,
  sayDuration,
  sayTiming,
  sayWho,
  wordsBack,
} from './say.js';
/** Octets of a document: more than a policy of anybody has, and still read in no time. */
export const DOCUMENT_BYTES_MAX = 256 * 1024;
export * from './types.js';
