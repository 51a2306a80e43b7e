/** The control API over DIR/control.sock: its server and its client. */
export { type RemoteServer, reachServer } from './client.js';
export { type Control, type ControlOptions, startControl } from './control.js';
export { factorVerbs } from './factors.js';
export { socketPathOf } from './socket-path.js';
