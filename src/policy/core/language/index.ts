/** The policy language as data, without the reading of it. */

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
export * from './types.js';
