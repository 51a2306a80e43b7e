/**
 * What is shut for a while, to see who needs it. The end is stored with the beginning (a value of the
 * group, an absence of the person or service) and asked for at each read: nothing has to run for it.
 */
import type {
  Brownout,
  BrownoutEnd,
  BrownoutOrder,
  BrownoutsEngine,
} from '../../admin/brownouts.js';
import { AdminError } from '../../admin/index.js';
import {
  BROWNOUT,
  BROWNOUT_ABSENCE,
  BROWNOUT_SECONDS_MAX,
  isBrownout,
  readBrownout,
} from '../../directory/model/brownout.js';
import { bytesOfText } from '../../directory/model/bytes.js';
import { formatTime } from '../../directory/model/time.js';
import { shownState } from '../../directory/model/timeline.js';
import { writeWords } from '../../directory/model/words.js';
import {
  findEntry,
  guardOf,
  type ModifyChange,
  serviceKindOf,
} from '../../directory/operations/index.js';
import { isAccount, membersBelow, policyOf } from '../../directory/operations/lifecycle/index.js';
import type { EntryRecord } from '../../directory/ports.js';
import { type Absence, beginOf, endOf, type Facts } from '../../policy/core/index.js';
import { inNewRun } from '../../policy/run/index.js';
import { LdapError } from '../../runtime/errors.js';
import { factChanges, modifications } from './changes.js';
import { type KnockParts, knocksOf } from './knocks.js';
import { loginOf, modify, type PeopleParts, personOf, reasonOf, textsOf } from './parts.js';

export type BrownoutParts = PeopleParts &
  KnockParts & { readonly flushAudit?: (() => Promise<unknown>) | undefined };

interface Span {
  readonly from: number;
  readonly until: number;
  readonly by: string;
  readonly because: string;
}

type Kind = Brownout['kind'];

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const PAGE = 128;

export function brownoutsEngine(parts: BrownoutParts): BrownoutsEngine {
  const { reader } = parts;
  const nowSeconds = () => Math.floor(parts.nowMs() / 1000);
  const find = (name: string) => meant(name, parts);

  const write = (verb: string, entry: EntryRecord, order: BrownoutEnd, span: Span) => {
    const reason = reasonOf(verb, order.by, order.because);
    const context = { identity: parts.administrator(), origin: parts.origin };
    return inNewRun({ write: parts.write, context }, reason, async (run) => {
      const inRun: PeopleParts = { ...parts, write: (one) => parts.write({ ...one, run }) };
      await modify(inRun, parts.names.text(entry), changesOf(entry, span, inRun), reason);
      return { ...(await told(reader.entry(entry.id)!, span, parts)), run };
    });
  };

  return {
    async preview(order) {
      const entry = find(order.name);
      return told(entry, ordered(order, entry, nowSeconds(), parts), parts, true);
    },
    async start(order) {
      const entry = find(order.name);
      return write('brownout', entry, order, ordered(order, entry, nowSeconds(), parts));
    },
    async end(order) {
      const entry = find(order.name);
      const now = nowSeconds();
      const span = spanOf(entry, parts);
      if (span === undefined || span.until <= now) {
        const text = `${nameOf(entry, parts)} is not browned out; tenure brownout list says what is`;
        throw new LdapError('unwillingToPerform', text);
      }
      // Begun in this very second it opens with the next one: what was shut stays told.
      const until = Math.max(now, span.from + 1);
      return write('brownout end', entry, order, { ...span, until });
    },
    async list({ name }) {
      const zone = policyOf(reader).policy.company.zone;
      const entries = name === undefined ? await timed(parts) : [find(name)];
      const brownouts: Brownout[] = [];
      for (const entry of entries) {
        const span = spanOf(entry, parts);
        if (span !== undefined) brownouts.push(await told(entry, span, parts));
      }
      brownouts.sort((a, b) => Number(b.shut) - Number(a.shut) || (a.from < b.from ? 1 : -1));
      return { now: iso(nowSeconds()), zone, brownouts };
    },
  };
}

/** Groups of one name that are looked at. */
const GROUPS_MAX = 16;

/**
 * What a name means. A service and a group may share one, and to shut the wrong one is worse than to
 * ask; the group of somebody's own, in which nobody else is, is not meant.
 * @throws LdapError unwillingToPerform where it is both
 */
function meant(name: string, { reader, names }: PeopleParts): EntryRecord {
  const entry = findEntry(name, reader, names);
  const cn = reader.schema().attribute('cn');
  const key = cn?.equality?.normalize(Buffer.from(name, 'utf8'));
  if (name.includes('=') || cn === undefined || key === undefined) return entry;
  const others = reader
    .entries(reader.idsEqual(cn, key, GROUPS_MAX).ids)
    .filter(({ id, kind, hasEdges }) => id !== entry.id && kind.membership && hasEdges);
  if (others.length === 0) return entry;
  const list = [entry, ...others].map((one) => names.text(one)).join('; ');
  throw new LdapError('unwillingToPerform', `"${name}" is several entries; name one: ${list}`);
}

/** Everything whose state turns with time; others have their turn between two pages. */
async function timed({ reader, turn }: BrownoutParts): Promise<EntryRecord[]> {
  const ids = reader.timelines.ids();
  const found: EntryRecord[] = [];
  for (let from = 0; from < ids.length; from += PAGE) {
    for (const entry of reader.entries(ids.slice(from, from + PAGE))) {
      const key = entry.kind.membership === undefined ? 'lifecycleabsence' : BROWNOUT.toLowerCase();
      if (textsOf(entry, key, reader).length > 0) found.push(entry);
    }
    await turn();
  }
  return found;
}

/** @throws LdapError for what can be shut in no such way */
function kindOf(entry: EntryRecord, { reader, names }: PeopleParts): Kind {
  if (entry.kind.membership !== undefined) return 'group';
  if (serviceKindOf(entry, reader) !== undefined) return 'service';
  if (isAccount(entry.kind) || entry.kind.classes.some(({ name }) => name === 'person')) {
    return 'person';
  }
  const text = `${names.text(entry)} is no group, service or person; nothing else can be browned out`;
  throw new LdapError('unwillingToPerform', text);
}

function nameOf(entry: EntryRecord, parts: PeopleParts): string {
  const { reader } = parts;
  if (entry.kind.membership === undefined) return loginOf(entry, reader);
  return textsOf(entry, 'cn', reader)[0] ?? entry.rdn;
}

/** The brownout that is, or was the last; undefined where there was none. */
function spanOf(entry: EntryRecord, parts: PeopleParts): Span | undefined {
  if (entry.kind.membership !== undefined) {
    const [text] = textsOf(entry, BROWNOUT.toLowerCase(), parts.reader);
    const read = text === undefined ? undefined : readBrownout(text);
    return read === undefined || 'fault' in read ? undefined : read;
  }
  const { facts, rules } = personOf(entry, parts);
  const last = facts.absences.filter(isBrownout).at(-1);
  if (last?.until === undefined) return undefined;
  const { from, until, by = '', reason: because = '' } = last;
  return { from: beginOf(from, rules), until: endOf(until, rules), by, because };
}

/** @throws LdapError, AdminError usage */
function ordered(
  { forMs, because }: BrownoutOrder,
  entry: EntryRecord,
  now: number,
  parts: PeopleParts,
): Span {
  const kind = kindOf(entry, parts);
  const seconds = Math.floor(forMs / 1000);
  if (seconds < 1 || seconds > BROWNOUT_SECONDS_MAX) {
    const text = '--for: a brownout is for a second to seven days; what stays shut is suspended';
    throw new AdminError('usage', text);
  }
  const name = nameOf(entry, parts);
  const running = spanOf(entry, parts);
  if (running !== undefined && running.until > now) {
    const text = `${name} is browned out already, until ${iso(running.until)}; tenure brownout ${name} --end opens it`;
    throw new LdapError('unwillingToPerform', text);
  }
  const state = kind === 'group' ? 'active' : personOf(entry, parts).state;
  if (state !== 'active') {
    const text = `${name} is ${shownState(state)}, not active: there is nothing to shut`;
    throw new LdapError('unwillingToPerform', text);
  }
  return { from: now, until: now + seconds, by: parts.administrator().dn, because };
}

/** In place of the brownout before, which the audit trail keeps. */
function changesOf(entry: EntryRecord, span: Span, parts: PeopleParts): readonly ModifyChange[] {
  const times = { from: formatTime(span.from), until: formatTime(span.until), by: span.by };
  const { because } = span;
  if (entry.kind.membership !== undefined) {
    const value = writeWords({ ...times, because: because === '' ? undefined : because });
    return [{ op: 'replace', attribute: BROWNOUT, values: [bytesOfText(value)] }];
  }
  const person = personOf(entry, parts);
  const reason = because === '' ? {} : { reason: because };
  const absence: Absence = { kind: BROWNOUT_ABSENCE, ...times, ...reason };
  const absences = [...person.facts.absences.filter((one) => !isBrownout(one)), absence];
  const facts: Facts = { ...person.facts, absences };
  return modifications(person, factChanges(person, facts, parts.reader));
}

async function told(
  entry: EntryRecord,
  { from, until, by, because }: Span,
  parts: BrownoutParts,
  isPreview = false,
): Promise<Brownout> {
  const { reader, names } = parts;
  const now = Math.floor(parts.nowMs() / 1000);
  const kind = kindOf(entry, parts);
  const members = kind === 'group' ? membersOf(entry, parts) : new Set<string>();
  // Whoever knocked in the second in which somebody opened it is told, too.
  const shut = { entry, members, fromMs: from * 1000, untilMs: (until + 1) * 1000 };
  if (!isPreview) {
    await guardOf(reader)?.flush();
    await parts.flushAudit?.();
  }
  return {
    dn: names.text(entry),
    name: nameOf(entry, parts),
    kind,
    from: iso(from),
    until: iso(until),
    shut: !isPreview && from <= now && now < until,
    by,
    because,
    ...(kind === 'group' && { members: members.size }),
    knocks: isPreview ? [] : await knocksOf(shut, parts),
    now: iso(now),
    zone: policyOf(reader).policy.company.zone,
  };
}

/** UUIDs of everybody in a group, whatever the time: directly, and through groups in it. */
function membersOf(group: EntryRecord, { reader }: PeopleParts): ReadonlySet<string> {
  const members = reader.entries([...membersBelow(group.id, reader)]);
  return new Set(members.flatMap(({ kind, uuid }) => (kind.membership === undefined ? uuid : [])));
}
