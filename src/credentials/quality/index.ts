/** Whether a new password is good enough. */
export { BreachFile, BreachFileError } from './breach-file.js';
export { PasswordJudge, type PasswordJudgeOptions } from './judge.js';
export {
  noQualityRules,
  type PersonalWords,
  type QualityProblem,
  type QualityRules,
  type QualityVerdict,
} from './rules.js';
