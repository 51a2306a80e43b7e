/** The store's one door: make, open, read, write and check a directory's database. */
export type { Committed } from './committed.js';
export { type CreateOptions, createDatabase } from './create.js';
export type { VerifyProgress } from './findings.js';
export { databasePath } from './open.js';
export { openWriter } from './open-writer.js';
export { openReader, type ReaderOptions, StoreReader } from './reader.js';
export { type VerifyReport, verifyAuditOf, verifyDatabase } from './verify.js';
export { StoreWriter, type WriterOptions } from './writer.js';
