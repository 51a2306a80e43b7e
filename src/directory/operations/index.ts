/** The one way in for the wire, the command line, HTTP and the policy engine. */
export {
  type AlarmingUse,
  factorSecret,
  hostRefusal,
  isBoundByHosts,
  isService,
  ONE_TIME_PASSWORD,
  openFactor,
} from './bind/index.js';
export {
  heirsOf,
  KNOWS,
  knownOf,
  RESOURCE,
  resourcesOf,
  type Wanted,
} from './cases/index.js';
export { Compiler } from './compile.js';
export { createDirectory, type DirectoryOptions } from './directory.js';
export { exportLdif } from './export.js';
export { findEntry } from './find-entry.js';
export {
  formatHolderValue,
  heldGroups,
  readNote,
  TENURE_HOLDER,
  writeNote,
} from './groups/index.js';
export { bypassedUntil, forgetVerified, guardOf } from './guard.js';
export { hostsOf, isHost, mayLogIn, readHost } from './hosts/index.js';
export { DueTick, mayGoOn, pendingStamps, sessionOver, timelinesOf } from './lifecycle/index.js';
export type * from './lifecycle-writes.js';
export { Memberships } from './memberships.js';
export { Names } from './names.js';
export { factorRulesOf, lockoutRulesOf, policiesOf, renewalOf } from './policies/index.js';
export { Selections } from './selection.js';
export {
  isKnownSince,
  liveSecrets,
  type ServiceKind,
  serviceIds,
  serviceKindOf,
} from './services/index.js';
export type { Offered } from './static-entries.js';
export { textsOf } from './texts-of.js';
export type * from './types.js';
export { type EntryNet, netOfRun } from './undo/index.js';
export type { View } from './view.js';
export { applyWrite } from './write/apply.js';
export { type Imported, type ImportStore, importRecords } from './write/import.js';
export { prepareWrite } from './write/prepare.js';
export { addEntryAs, addSuffix } from './write/setup.js';
export { withShutsOut } from './write/shut-out.js';
export type { WriteTools } from './write/transaction.js';
