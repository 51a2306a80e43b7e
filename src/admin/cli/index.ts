/** The command line: parse, act, render. */
export { type ExitCode, exitCodes, exitCodeTable, exitCodeTexts } from './exit-codes.js';
export type { CliHost, Output } from './host.js';
export { runCli } from './run.js';
export { firstLine, readSecretLine } from './secret-line.js';
