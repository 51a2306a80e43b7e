/** What a session may read: by the rules of the policy, in what is about to be shown or asked. */
export { accessOf } from './access-of.js';
export {
  findsBy,
  isDiscovered,
  isHidden,
  isRestricted,
  isUnsearchable,
  known,
  namesHidden,
  readsAll,
  readsNumber,
  shows,
} from './shown-to.js';
