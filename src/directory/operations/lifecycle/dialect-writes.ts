/**
 * What it means when a client writes one of the attributes by which accounts are shown to be off. They
 * follow from the state, so nothing of it is kept: a value that can only mean "let nobody in" or "let
 * them in again" is the writer's own block, or the end of it; a date is refused with what to write
 * instead; a value that says what holds anyway changes nothing. Pure.
 */
import { LdapError } from '../../../runtime/errors.js';
import { parseTime } from '../../model/time.js';

const DAY = 86_400;
/** Days and seconds behind which tools put "never": 2100-01-01. */
const NEVER = 4_102_444_800;
const FILE_TIME_NEVER = 9_223_372_036_854_775_807n;

export interface Meaning {
  readonly says: 'locked' | 'open' | 'nothing';
  /** What is stored of it all the same: flags that say other things as well. */
  readonly keeps?: string;
}

const locked: Meaning = { says: 'locked' };
const open: Meaning = { says: 'open' };
const nothing: Meaning = { says: 'nothing' };

interface Written {
  readonly name: string;
  readonly op: 'add' | 'delete' | 'replace';
  /** Undefined where none is given: the attribute is taken away. */
  readonly value: string | undefined;
  readonly dn: string;
  readonly nowSeconds: number;
}

type Read = (value: string, written: Written) => Meaning;

function refused({ name, dn }: Written, advice: string): LdapError {
  return new LdapError(
    'constraintViolation',
    `${name} follows from the state of ${dn} and is not kept: ${advice}`,
  );
}

const states = 'write lifecycleState: suspended, or active';

const flag =
  (on: string, off: string): Read =>
  (value, written) => {
    const text = value.trim().toUpperCase();
    if (text === on) return locked;
    if (text === off) return open;
    throw refused(written, `"${value}" is neither ${on} nor ${off}`);
  };

function accountControl(value: string, written: Written): Meaning {
  const flags = /^\d{1,10}$/.test(value.trim()) ? Number(value) : 0;
  // An ordinary account (512), whatever is said of its password, on or off (2).
  if ((flags & 512) === 0)
    throw refused(written, 'write 512 for an account that is on, 514 for one that is off');
  return (flags & 2) === 0 ? open : locked;
}

/** An end in seconds since 1970; none where it is never. */
function ending(seconds: number | undefined, written: Written): Meaning {
  if (seconds === undefined || seconds <= 0 || seconds >= NEVER) return open;
  if (seconds <= written.nowSeconds) return locked;
  const lastDay = new Date((seconds - 1) * 1000).toISOString().slice(0, 10);
  throw refused(written, `write lifecycleEnd: ${lastDay} for the last day`);
}

/** Samba puts "never" at the end of 31 bits. */
function kickoff(value: string, written: Written): Meaning {
  const seconds = Number(whole(value, written));
  return seconds === 0x7fffffff ? open : ending(seconds, written);
}

function whole(value: string, written: Written): bigint {
  if (/^-?\d{1,20}$/.test(value.trim())) return BigInt(value.trim());
  throw refused(written, `"${value}" is not a number`);
}

function fileTime(value: string, written: Written): Meaning {
  const ticks = whole(value, written);
  if (ticks === 0n || ticks === FILE_TIME_NEVER) return open;
  return ending(Number(ticks / 10_000_000n - 11_644_473_600n), written);
}

function generalizedTime(value: string, written: Written): Meaning {
  const seconds = parseTime(value.trim());
  if (seconds === undefined) throw refused(written, `"${value}" is not a time`);
  return ending(seconds, written);
}

/** `D` among Samba's flags; the others are kept. */
function sambaFlags(value: string): Meaning {
  const flags = /^\[([A-Z ]*)\]$/.exec(value)?.[1];
  if (flags === undefined) return { says: 'nothing', keeps: value };
  const others = flags.replace(/[D ]/g, '');
  const keeps = `[${others.padEnd(11)}]`;
  return { says: flags.includes('D') ? 'locked' : 'open', keeps };
}

const readers: Readonly<Record<string, Read>> = {
  nsAccountLock: flag('TRUE', 'FALSE'),
  loginDisabled: flag('TRUE', 'FALSE'),
  'msDS-UserAccountDisabled': flag('TRUE', 'FALSE'),
  orclIsEnabled: flag('DISABLED', 'ENABLED'),
  userAccountControl: accountControl,
  shadowExpire: (value, written) => ending(Number(whole(value, written)) * DAY, written),
  accountExpires: fileTime,
  loginExpirationTime: generalizedTime,
  sambaKickoffTime: kickoff,
  sambaAcctFlags: sambaFlags,
};

/** Names of the attributes whose values are understood and not kept. */
export const spokenNames: ReadonlySet<string> = new Set(Object.keys(readers));

/** What the change says of the account. @throws LdapError with what to write instead */
export function meaningOf(written: Written): Meaning {
  const { name, op, value } = written;
  const read = readers[name]!;
  // Clients change a value by deleting the old one and adding the new one.
  if (op === 'delete' && value !== undefined) {
    return name === 'sambaAcctFlags' ? { says: 'nothing', keeps: value } : nothing;
  }
  if (value !== undefined) return read(value, written);
  if (name === 'userAccountControl') throw refused(written, states);
  return name === 'sambaAcctFlags' ? { says: 'nothing', keeps: '' } : open;
}
