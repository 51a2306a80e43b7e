/** One-time codes: what is kept of a factor, which codes are good, taking one off a password. */
export {
  type CodeVerdict,
  checkCode,
  codeAt,
  decodeFactor,
  defaultOtpWindow,
  encodeFactor,
  type OtpAlgorithm,
  type OtpFactor,
  type OtpType,
  type OtpWindow,
  otpAlgorithms,
  stepAt,
} from './codes.js';
export { makeSeed, newFactor, otpauthUri, type ReadSeed, readSeed, seedText } from './enrol.js';
export {
  defaultFactorRules,
  type FactorMode,
  type FactorRules,
  type FactorTexts,
  factorModes,
  isRequired,
  readFactorRules,
  requiredFrom,
} from './rules.js';
export { type OtpSeparator, otpSeparators, type Split, splitCode } from './split.js';
