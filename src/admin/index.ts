/** Administration: command line, control API, and the interfaces that the composition implements. */
export type * from './access.js';
export type { StopSignal } from './actions/index.js';
export type * from './brownouts.js';
export type * from './cases.js';
export {
  type CliHost,
  type ExitCode,
  exitCodes,
  exitCodeTexts,
  firstLine,
  type Output,
  readSecretLine,
  runCli,
} from './cli/index.js';
export type * from './engine.js';
export { AdminError, asAdminError, type FailureKind } from './errors.js';
export type * from './groups.js';
export { type Control, type ControlOptions, socketPathOf, startControl } from './http/index.js';
export type * from './keys.js';
export type * from './logins.js';
export type * from './may.js';
export { attributeVerbs } from './may.js';
export type * from './people.js';
export type * from './ports.js';
export {
  fingerprintOf,
  type Proof,
  type ProofBody,
  type ProofDoor,
  type ProveEngine,
  proofText,
} from './proof.js';
export { sampleLdif } from './sample/index.js';
export type * from './services.js';
export type * from './why.js';
export type * from './wifi.js';
