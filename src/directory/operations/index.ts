/** The one way in for the wire, the command line, HTTP and the policy engine. */
export { factorSecret, isService, ONE_TIME_PASSWORD, openFactor } from './bind/index.js';
export { Compiler } from './compile.js';
export { createDirectory, type DirectoryOptions } from './directory.js';
export { exportLdif } from './export.js';
export { findEntry } from './find-entry.js';
export { bypassedUntil, forgetVerified, guardOf } from './guard.js';
export { Memberships } from './memberships.js';
export { Names } from './names.js';
export { lockoutRulesOf, policiesOf } from './policies/index.js';
export { Selections } from './selection.js';
export type { Offered } from './static-entries.js';
export type * from './types.js';
export type { View } from './view.js';
export { applyWrite } from './write/apply.js';
export { type Imported, type ImportStore, importRecords } from './write/import.js';
export { prepareWrite } from './write/prepare.js';
export { addEntryAs, addSuffix } from './write/setup.js';
export type { WriteTools } from './write/transaction.js';
