/** Use cases of the administrator, one a file; the command line and the control API call these. */
export { acceptClock, isoTime, moveClock } from './clock.js';
export { type DoctorInput, type DoctorResult, examine } from './doctor.js';
export { indexWords } from './index-attributes.js';
export { type InitDeps, type InitInput, type InitResult, initDirectory } from './init.js';
export { localActions } from './local.js';
export {
  type ServeDeps,
  type ServeInput,
  type ServeOutcome,
  type StopSignal,
  serveDirectory,
} from './serve.js';
export type {
  Actions,
  ClockResult,
  ExportInput,
  ExportResult,
  ImportInput,
  IndexChange,
  IndexResult,
  RecoverResult,
  StatusResult,
  WriteChunk,
} from './types.js';
