/**
 * One state in every dialect: the attributes by which this or that client is told that somebody must
 * not come in. They follow from the state of the moment, and win over whatever is stored.
 *
 *                                  active                      not active
 *   shadowExpire                   – (day after an open end)   the day on which it began, 1 at least
 *   nsAccountLock, loginDisabled   –                           TRUE
 *   userAccountControl             512                         514
 *   accountExpires                 –                           when it began
 *   loginExpirationTime            – (an open end)             when it began
 *   pwdEndTime, sambaKickoffTime   – (an open end)             when it began
 *   sambaAcctFlags                 as stored                   [UD         ]
 *   dialupAccess                   as stored, else TRUE        FALSE (`suspended`, for a quarantine)
 *   loginShell                     as stored                   /usr/sbin/nologin
 *   orclIsEnabled, msDS-…          –                           DISABLED, TRUE, 16
 *
 * Several readers take any value of some of these for "out", or the mere presence of one for a reason
 * not to look at another: so there is no date without a flag beside it, and nothing is said of those
 * who are active that a client could misread. shadowExpire 0 means "never": 1 is the first day there
 * is. A host that reads it locks out on that day, so an end within day D is shown as D + 1 until it
 * has come.
 */
import { bodyFind } from '../../model/body.js';
import { formatTime } from '../../model/time.js';
import type { EntryRecord } from '../../ports.js';
import type { Kind } from '../../schema/index.js';
import type { View } from '../view.js';
import type { VirtualAttribute } from '../virtual.js';
import { closedSince, openEnd } from './moments.js';

const DAY = 86_400;
const NOLOGIN = Buffer.from('/usr/sbin/nologin');
const nothing: readonly Buffer[] = [];
const values = (text: string | number | bigint) => [Buffer.from(String(text))];

/** Seconds since 1970; whoever was never active is out since the second day there is. */
type Since = number;

interface Dialect {
  readonly name: string;
  /** Of somebody who is not active, since when. */
  readonly closed: (since: Since, entry: EntryRecord, view: View) => readonly Buffer[];
  /** Of somebody whose end is known to all. */
  readonly ending?: (end: number) => readonly Buffer[];
  /** Of an account that is active, where nothing is stored. */
  readonly usual?: readonly Buffer[];
}

/** 100 ns since 1601. */
const fileTime = (seconds: number) => (BigInt(seconds) + 11_644_473_600n) * 10_000_000n;

const always = (text: string): (() => readonly Buffer[]) => {
  const list = values(text);
  return () => list;
};
const time = (seconds: number) => values(formatTime(seconds));

const SHUT = values('FALSE');
const SUSPENDED = values('suspended');

const dialects: readonly Dialect[] = [
  {
    name: 'shadowExpire',
    closed: (since) => values(Math.max(1, Math.floor(since / DAY))),
    ending: (end) => values(Math.ceil(end / DAY)),
  },
  { name: 'nsAccountLock', closed: always('TRUE') },
  { name: 'loginDisabled', closed: always('TRUE') },
  { name: 'userAccountControl', closed: always('514'), usual: values(512) },
  { name: 'accountExpires', closed: (since) => values(fileTime(since)) },
  { name: 'loginExpirationTime', closed: time, ending: time },
  { name: 'pwdEndTime', closed: time, ending: time },
  { name: 'sambaKickoffTime', closed: values, ending: values },
  { name: 'sambaAcctFlags', closed: always('[UD         ]') },
  {
    name: 'dialupAccess',
    closed: (_since, { id }, { withheld }) =>
      withheld?.quarantines(id) === true ? SUSPENDED : SHUT,
    usual: values('TRUE'),
  },
  { name: 'loginShell', closed: (_since, { kind }) => (hasShell(kind) ? [NOLOGIN] : nothing) },
  { name: 'orclIsEnabled', closed: always('DISABLED') },
  { name: 'msDS-UserAccountDisabled', closed: always('TRUE') },
  { name: 'msDS-User-Account-Control-Computed', closed: always('16') },
];

const accountOids: ReadonlySet<string> = new Set([
  '2.5.6.6', // person
  '1.3.6.1.1.1.2.0', // posixAccount
  '1.3.6.1.1.1.2.1', // shadowAccount
  '0.9.2342.19200300.100.4.5', // account
  '0.9.2342.19200300.100.4.19', // simpleSecurityObject
]);
const accounts = new WeakMap<Kind, boolean>();
const shells = new WeakMap<Kind, boolean>();

/** Whether such entries are accounts of somebody, or of something that logs in. */
export function isAccount(kind: Kind): boolean {
  let is = accounts.get(kind);
  if (is === undefined) {
    is = kind.isSubject || kind.classes.some(({ oid }) => accountOids.has(oid));
    accounts.set(kind, is);
  }
  return is;
}

function hasShell(kind: Kind): boolean {
  let has = shells.get(kind);
  if (has === undefined) {
    has = kind.allowsAll || [...kind.must, ...kind.may].some((type) => type.name === 'loginShell');
    shells.set(kind, has);
  }
  return has;
}

function attributeOf({ name, closed, ending, usual = nothing }: Dialect): VirtualAttribute {
  const key = name.toLowerCase();
  const active = (entry: EntryRecord, view: View) => {
    const { reader, withheld } = view;
    const end = ending && withheld && openEnd(entry.id, reader, withheld.nowSeconds);
    if ((end === undefined && usual.length === 0) || isStored(entry, key, view)) return nothing;
    if (end !== undefined) return ending!(end);
    return isAccount(entry.kind) ? usual : nothing;
  };
  return {
    names: [name],
    compute(entry, view) {
      const { withheld, reader } = view;
      if (withheld?.isOff(entry.id) !== true) return active(entry, view);
      return closed(closedSince(entry.id, reader, withheld.nowSeconds) ?? DAY, entry, view);
    },
    byState: {
      of: ending === undefined ? 'closed' : 'closed or ending',
      usual,
      scans: name !== 'loginShell',
    },
  };
}

function isStored(entry: EntryRecord, key: string, { reader }: View): boolean {
  const number = reader.attributeNumber(key);
  return number !== 0 && bodyFind(entry.body, number) >= 0;
}

/** Names of dialects in lower case: what is stored under them is not shown of who is not active. */
export const dialectKeys: ReadonlySet<string> = new Set(
  dialects.map(({ name }) => name.toLowerCase()),
);

export const dialectAttributes: readonly VirtualAttribute[] = dialects.map(attributeOf);
