/** What the engine does of itself and on request, through the one way in for writes. */
export {
  type ApprovalTools,
  counts,
  decidersOf,
  mayAnswer,
  missingOf,
  missingText,
} from './approvals.js';
export { type Backtest, backtest } from './backtest.js';
export { inUseKey, SHUTS } from './custody.js';
export { effectsOf, POLICY, reasonOf } from './effects.js';
export { type HookSettings, hookTransport, signatureOf } from './hook.js';
export { keyDigest, type MailSettings, mailTransport } from './mail.js';
export { delayAfter, type OutboxTools, pumpOutbox, type Transport } from './outbox.js';
export { type Recipient, recipientsOf } from './recipients.js';
export { reorganisationsIn } from './reorganisations.js';
export { nameOfStep, type RunOrder, type RunReport, runSteps, secondsOf } from './runner.js';
export { Scheduler, type SchedulerTools } from './scheduler.js';
export { mapped, SLICE_MS, Slicer, sorted } from './slices.js';
export { Planner, type PlanTools, planAll, subjectsOf, visitAll } from './sweep.js';
export { type FirstPasswords, nowOf, type RunTools } from './tools.js';
export { inNewRun, must, type Undone, type UndoOrder, type UndoTools, undoRun } from './undo.js';
