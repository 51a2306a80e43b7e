/** The audit trail's side of the operations: what is seen, and where writes come from. */
export { AuditBook } from './book.js';
export { noteDropped, noteRead, noteRun } from './notes.js';
export { auditObserver } from './observer.js';
export { askedText, changeOriginOf, nameOfEntry } from './origin.js';
export { through, Witness } from './witness.js';
