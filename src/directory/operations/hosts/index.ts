/** Hosts: who may log in to them, as binds and people's attributes say it. */
export { type Host, hostsOf, isHost, mayLogIn, readHost } from './hosts.js';
export { hostAttributes } from './virtual-hosts.js';
