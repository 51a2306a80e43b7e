/** One handler per operation: the wire's request in, the directory's call or answer out. */

export { addRequest } from './add.js';
export { type BindCaller, type BindServices, bind } from './bind.js';
export { compare } from './compare.js';
export { contextAs } from './context-as.js';
export { deleteRequest } from './delete.js';
export { modifyRequest } from './modify.js';
export { renameRequest } from './modify-dn.js';
export { startSearch } from './search.js';
export { outcomeControls } from './write-controls.js';
