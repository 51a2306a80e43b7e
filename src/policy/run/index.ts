/** What the engine does of itself and on request, through the one way in for writes. */
export { must, type Undone, type UndoOrder, type UndoTools, undoRun } from './undo.js';
