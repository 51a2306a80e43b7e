/** The policy language as data, without the reading of it. */
export * from './types.js';
