/** Taking runs back: what a run did in all. The write itself is write/undo.ts. */
export { type EntryNet, netOfRun } from './net.js';
