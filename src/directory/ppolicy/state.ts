/**
 * What is known of one person's password beside the password: the operational attributes of the
 * draft (§5.3) that are directory data. Times are whole seconds since 1970.
 */
import { parseTime } from '../model/time.js';

export interface PasswordState {
  /** pwdChangedTime; without it a password has no age and never expires. */
  readonly changedAt: number | undefined;
  /** pwdReset: somebody else set the password. */
  readonly reset: boolean;
  /** pwdGraceUseTime. */
  readonly graceUses: number;
  /** pwdAccountLockedTime as an administrator wrote it; LOCKED_FOR_EVER for the literal. */
  readonly lockedAt: number | undefined;
  /** pwdStartTime and pwdEndTime. */
  readonly validFrom: number | undefined;
  readonly validUntil: number | undefined;
  /** Leaves, ascending and apart; Infinity where one has no end: nothing ages meanwhile. */
  readonly away?: readonly Away[];
}

export interface Away {
  readonly from: number;
  readonly until: number;
}

/** What clients look for in pwdAccountLockedTime: year 0 stands for a lock without an end. */
export const LOCKED_LITERAL = '000001010000Z';
export const LOCKED_FOR_EVER = Number.NEGATIVE_INFINITY;

/** The attributes that the state is read from. */
export const stateAttributes = [
  'pwdChangedTime',
  'pwdReset',
  'pwdGraceUseTime',
  'pwdAccountLockedTime',
  'pwdStartTime',
  'pwdEndTime',
] as const;

/** Values of one of them. */
export type ReadValues = (attribute: (typeof stateAttributes)[number]) => readonly string[];

/** Reads the state of an entry. */
export function readState(values: ReadValues): PasswordState {
  const time = (name: Parameters<ReadValues>[0]) => timeOf(values(name)[0]);
  return {
    changedAt: time('pwdChangedTime'),
    reset: values('pwdReset')[0]?.toUpperCase() === 'TRUE',
    graceUses: values('pwdGraceUseTime').length,
    lockedAt: lockTime(values('pwdAccountLockedTime')[0]),
    validFrom: time('pwdStartTime'),
    validUntil: time('pwdEndTime'),
  };
}

/** Seconds from one instant to another that were no leave. */
export function secondsAtWork({ away = [] }: PasswordState, from: number, to: number): number {
  let seconds = to - from;
  for (const leave of away) {
    seconds -= Math.max(0, Math.min(leave.until, to) - Math.max(leave.from, from));
  }
  return seconds;
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseTime(text);
}

/** Any time in year 0 is the literal, however it is spelt. */
function lockTime(text: string | undefined): number | undefined {
  return text?.startsWith('0000') ? LOCKED_FOR_EVER : timeOf(text);
}

/** The state of somebody of whom nothing is recorded. */
export const noState: PasswordState = readState(() => []);
