/** Exit codes of every command: a contract for scripts, shown by --help and in the README. */
import type { FailureKind } from '../errors.js';

export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  config: 3,
  folder: 4,
  busy: 5,
  'not-ready': 6,
  input: 7,
  damaged: 8,
  refused: 9,
  address: 10,
  unwell: 11,
  'key-file': 12,
  interrupted: 130,
} as const satisfies Readonly<Record<FailureKind | 'ok', number>>;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each code says. */
export const exitCodeTexts: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done',
  failed: 'failed for a reason that this program did not expect',
  usage: 'unknown command, flag or argument',
  config: 'config.yaml has mistakes; each is named with line and column',
  folder: 'the data folder is missing, taken, not writable, or of a newer version',
  busy: 'another tenure process holds the data folder',
  'not-ready': 'no server is running, or one of its listeners does not answer',
  input: 'the file to read cannot be read, or has a mistake; named with its line',
  damaged: 'verify found problems',
  refused: 'the directory refused',
  address: 'an address to listen on is taken or not of this machine',
  unwell: 'doctor found something wrong, or prove a door that is open',
  'key-file': 'the key file of the sealed secrets is missing or wrong',
  interrupted: 'a second signal ended the server before everything was closed',
};

/** The table as --help shows it. */
export function exitCodeTable(): string {
  const lines = (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).map(
    (kind) => `  ${String(exitCodes[kind]).padStart(3)}  ${exitCodeTexts[kind]}`,
  );
  return `Exit codes:\n${lines.join('\n')}`;
}
