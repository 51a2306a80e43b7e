/** Use cases of the administrator, one a file; the command line and the control API call these. */
import type { DoctorDeps, DoctorInput, DoctorResult } from './doctor.js';

export { acceptClock, isoTime, moveClock } from './clock.js';
export type { DoctorInput, DoctorResult } from './doctor.js';
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

/** Loaded when it is asked for: it looks at everything, and so needs everything. */
export async function examine(input: DoctorInput, deps: DoctorDeps): Promise<DoctorResult> {
  const doctor = await import('./doctor.js');
  return doctor.examine(input, deps);
}
