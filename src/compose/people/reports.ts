/**
 * Reports: one walk through everybody, a slice of the event loop at a time, and rows of words. What is
 * reported is what binds, the policy and the access map go by themselves.
 */
import type { Report, ReportAsked, ReportKind } from '../../admin/access.js';
import { standingOf } from '../../credentials/guard/index.js';
import { shownState } from '../../directory/model/timeline.js';
import {
  factorSecret,
  guardOf,
  lockoutRulesOf,
  openFactor,
} from '../../directory/operations/index.js';
import {
  isAccount,
  isHost,
  personOf,
  stateOf,
} from '../../directory/operations/lifecycle/index.js';
import type { EntryRecord } from '../../directory/ports.js';
import { accessSinceMs, departs } from './gone-by.js';
import { loginOf, namedBy, type PeopleParts, textsOf } from './parts.js';

export interface ReportParts extends PeopleParts {
  readonly turn: () => Promise<void>;
  readonly box?: () => Parameters<typeof openFactor>[1];
}

type Row = readonly string[];
type Look = (entry: EntryRecord, now: number) => Row | undefined;

interface Made {
  readonly title: string;
  readonly columns: readonly string[];
  readonly look: Look;
}

const PAGE = 128;
const DAY = 86_400;
const dayOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);
const timeOf = (seconds: number) =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** One kind of report, as somebody else walks through entries for it. */
export const reportMade = ({ kind, days }: ReportAsked, parts: ReportParts): Made =>
  makers[kind](parts, days);

export async function reportOf({ kind, days }: ReportAsked, parts: ReportParts): Promise<Report> {
  const { reader, nowMs } = parts;
  const now = Math.floor(nowMs() / 1000);
  const { title, columns, look } = makers[kind](parts, days);
  const rows: Row[] = [];
  for (let after = 0; ; ) {
    const page = reader.entriesAfter(after, PAGE);
    for (const entry of page) {
      const row = look(entry, now);
      if (row !== undefined) rows.push(row);
    }
    if (page.length < PAGE) break;
    after = page.at(-1)!.id;
    await parts.turn();
  }
  rows.sort((a, b) => (a.join('\n') < b.join('\n') ? -1 : 1));
  return { kind, now: new Date(now * 1000).toISOString(), title, columns, rows };
}

const hasClass = (entry: EntryRecord, name: string) =>
  entry.kind.classes.some((cls) => cls.name === name);

const makers: Readonly<Record<ReportKind, (parts: ReportParts, days: number) => Made>> = {
  idle(parts, days) {
    return {
      title: `people at work who were seen before, and not for ${days} days`,
      columns: ['last seen', 'login', 'department'],
      look: ofPeople(parts, (entry, now) => {
        const seen = personOf(entry, parts.reader).lastSeen;
        if (seen === undefined || now - seen < days * DAY) return undefined;
        return [dayOf(seen), loginOf(entry, parts.reader), departmentOf(entry, parts)];
      }),
    };
  },
  'never-seen'(parts) {
    return {
      title: 'people at work of whom there is no trace at all',
      columns: ['here since', 'login', 'department'],
      look: ofPeople(parts, (entry) => {
        if (personOf(entry, parts.reader).lastSeen !== undefined) return undefined;
        return [dayOf(entry.createdAt), loginOf(entry, parts.reader), departmentOf(entry, parts)];
      }),
    };
  },
  expiring(parts, days) {
    return {
      title: `who leaves within ${days} days; ends are quiet: show this to nobody who may not see them`,
      columns: ['end', 'login', 'department'],
      look(entry, now) {
        const at = isPerson(entry, parts) ? departs(entry, parts.reader) : undefined;
        if (at === undefined || at <= now || at > now + days * DAY) return undefined;
        return [timeOf(at), loginOf(entry, parts.reader), departmentOf(entry, parts)];
      },
    };
  },
  locked(parts) {
    const { reader } = parts;
    const guard = guardOf(reader);
    const stored = guard === undefined ? reader.observed.lockouts() : undefined;
    return {
      title: 'who cannot come in: locked by wrong passwords, or not active',
      columns: ['login', 'why', 'until'],
      look(entry, now) {
        if (!isPerson(entry, parts)) return undefined;
        const login = loginOf(entry, reader);
        const lockout = guard?.lockout(entry.id) ?? stored?.get(entry.id);
        const standing = standingOf(lockout, lockoutRulesOf(entry, reader), now * 1000);
        if (standing.kind === 'locked') {
          const until = standing.untilMs === undefined ? '' : timeOf(standing.untilMs / 1000);
          return [login, 'wrong passwords', until];
        }
        const state = stateOf(entry.id, reader, now);
        if (state === 'suspended') return [login, 'suspended', ''];
        const [byHand] = textsOf(entry, 'pwdaccountlockedtime', reader);
        return byHand === undefined ? undefined : [login, 'locked by an administrator', ''];
      },
    };
  },
  'no-second-factor'(parts) {
    const { reader } = parts;
    return {
      title: 'people at work with a password and no second factor',
      columns: ['login', 'department'],
      look: ofPeople(parts, (entry) => {
        const secrets = reader.secrets(entry.id);
        if (!secrets.some(({ kind }) => kind === 'userPassword')) return undefined;
        const factor = factorSecret(secrets);
        const confirmed =
          factor !== undefined &&
          (parts.box === undefined || openFactor(factor, parts.box()).confirmed);
        return confirmed ? undefined : [loginOf(entry, reader), departmentOf(entry, parts)];
      }),
    };
  },
  services(parts, days) {
    const { reader } = parts;
    const used = reader.observed.access.lastThrough(accessSinceMs(parts));
    return {
      title: `service accounts without an owner, or not used for ${days} days`,
      columns: ['service', 'owner', 'last used', 'what'],
      look(entry, now) {
        if (!isService(entry, parts)) return undefined;
        const owners = namedBy(entry, 'owner', reader).flatMap((id) => reader.entry(id) ?? []);
        const bound = (guardOf(reader) ?? reader.observed).lastUse(entry.id).success?.atMs;
        const lastMs = Math.max(used.get(entry.id) ?? 0, bound ?? 0);
        const unused = now * 1000 - lastMs >= days * DAY * 1000;
        const gone = owners.filter(({ id }) => stateOf(id, reader, now) !== 'active');
        const what = [
          owners.length === 0 ? 'has no owner' : '',
          gone.length > 0 ? `owner is ${shownState(stateOf(gone[0]!.id, reader, now))}` : '',
          unused ? (lastMs === 0 ? 'never used' : 'not used') : '',
        ].filter((text) => text !== '');
        if (what.length === 0) return undefined;
        const owner = owners.map((one) => loginOf(one, reader)).join(', ');
        const last = lastMs === 0 ? 'never' : dayOf(Math.floor(lastMs / 1000));
        return [loginOf(entry, reader), owner, last, what.join(', ')];
      },
    };
  },
  groups(parts) {
    const { reader } = parts;
    return {
      title: 'groups that name nobody, or nobody who is at work',
      columns: ['group', 'members', 'what'],
      look(entry, now) {
        const attribute = entry.kind.membership;
        if (attribute === undefined) return undefined;
        const edges = reader.edgesFrom(entry.id, attribute);
        const cn = textsOf(entry, 'cn', reader)[0] ?? entry.rdn;
        if (edges.length === 0) return [cn, '0', 'names nobody'];
        const anybody = edges.some(
          ({ target }) => target !== 0 && stateOf(target, reader, now) === 'active',
        );
        return anybody ? undefined : [cn, String(edges.length), 'nobody of them is at work'];
      },
    };
  },
};

function isService(entry: EntryRecord, { reader }: ReportParts): boolean {
  const parent = reader.entry(entry.parentId);
  return hasClass(entry, 'tenureService') || parent?.rdn.toLowerCase() === 'ou=services';
}

function isPerson(entry: EntryRecord, parts: ReportParts): boolean {
  const { id, kind } = entry;
  const isOne = isAccount(kind) && !isHost(kind) && !hasClass(entry, 'tenureDevice');
  return isOne && !isService(entry, parts) && id !== parts.reader.administratorId();
}

/** Of people who are active, and of nobody else. */
function ofPeople(parts: ReportParts, look: Look): Look {
  return (entry, now) => {
    if (!isPerson(entry, parts) || stateOf(entry.id, parts.reader, now) !== 'active')
      return undefined;
    return look(entry, now);
  };
}

const departmentOf = (entry: EntryRecord, { reader }: ReportParts) =>
  textsOf(entry, 'departmentnumber', reader)[0] ?? '';
