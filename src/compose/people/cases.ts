/** Departure cases as the administrator sees them: listed, shown, ticked, closed. */
import type { CaseInfo, CaseItemInfo, CasesEngine } from '../../admin/cases.js';
import { type CaseItem, type DepartureCase, departureOf } from '../../directory/model/cases.js';
import { shownState } from '../../directory/model/timeline.js';
import type { CaseRequest } from '../../directory/operations/index.js';
import { factsOf, policyOf, stateOf } from '../../directory/operations/lifecycle/index.js';
import type { EntryRecord } from '../../directory/ports.js';
import { LdapError } from '../../runtime/errors.js';
import { itemsOf } from './case-items.js';
import { disposalsOf } from './disposal.js';
import { accessOf, goneByOf } from './gone-by.js';
import { findPerson, type PeopleParts, type Person, textsOf, written } from './parts.js';
import { reconcile, resourceInfos } from './reconcile.js';

const PAGE = 500;
/** Of those who have left, or were deleted. */
const gone: ReadonlySet<string> = new Set(['offboarded', 'archived', 'purged']);
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

export function casesEngine(parts: PeopleParts): CasesEngine {
  const { reader } = parts;
  return {
    async list({ which }) {
      const cases: CaseInfo[] = [];
      for (const one of casesOf(which === 'all', parts)) {
        const info = infoOf(one, parts);
        const coming = !gone.has(info.state);
        // A contract that ends some day is nobody's work yet, unless the departure was announced.
        if (which === 'due' && coming && info.reason === undefined && !isNoticed(one, parts))
          continue;
        cases.push(info);
      }
      return { cases };
    },
    show: async ({ name }) => infoOf(find(name, parts), parts),
    async tick({ name, item, note, undo, by }) {
      const one = find(name, parts);
      const found = pick(infoOf(one, parts).items, item, one.id);
      const entry = reader.entry(reader.idByUuid(one.uuid));
      const whole = itemsOf(one, entry, leaving(entry, parts), reader, nowOf(parts));
      const wanted = whole.find(({ key }) => key === found.key)!;
      await writeCase(one, { by, ticks: [{ item: bare(wanted), note, undo }] }, parts);
      return infoOf(reader.cases.one(one.id)!, parts);
    },
    async close({ name, by, because }) {
      const one = find(name, parts);
      const open = infoOf(one, parts).items.filter(({ done }) => done === undefined);
      if (open.length > 0 && because === '') {
        const list = open.map(({ text }) => text).join('; ');
        const text = `case ${one.id} has ${open.length} open: ${list}. Tick them, or say --because`;
        throw new LdapError('unwillingToPerform', text);
      }
      const entry = reader.entry(reader.idByUuid(one.uuid));
      const left = itemsOf(one, entry, leaving(entry, parts), reader, nowOf(parts));
      // What was open is kept with the case: later nothing would show it.
      const ticks = left
        .filter(({ done }) => done === 0)
        .map((item) => ({ item: bare(item), note: '', undo: true }));
      await writeCase(one, { by, ticks, close: because === '' ? 'all done' : because }, parts);
      return infoOf(reader.cases.one(one.id)!, parts);
    },
    resources: async () => ({ resources: resourceInfos(policyOf(reader).policy, parts) }),
    reconcile: (order) => reconcile(order, parts),
  };
}

const nowOf = ({ nowMs }: PeopleParts) => Math.floor(nowMs() / 1000);
const bare = ({ key, text, owner, due }: CaseItem) => ({ key, text, owner, due });

/** @throws LdapError */
export async function writeCase(
  { id }: DepartureCase,
  what: Pick<CaseRequest, 'by' | 'ticks' | 'close'>,
  parts: PeopleParts,
): Promise<void> {
  const context = { identity: parts.administrator(), origin: parts.origin };
  await written(parts, { op: 'case', context, reason: `tenure case by ${what.by}`, id, ...what });
}

export function* casesOf(all: boolean, { reader }: PeopleParts): Generator<DepartureCase> {
  for (let after = 0; ; ) {
    const page = all ? reader.cases.all(after, PAGE) : reader.cases.open(after, PAGE);
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.id;
  }
}

/** By number, or the open one (else the last one) of somebody. @throws LdapError noSuchObject */
function find(name: string, parts: PeopleParts): DepartureCase {
  const { reader } = parts;
  if (/^\d{1,9}$/.test(name)) {
    const one = reader.cases.one(Number(name));
    if (one !== undefined) return one;
    throw new LdapError('noSuchObject', `there is no case ${name}`);
  }
  const found = personOrGone(name, parts);
  if ('id' in found) return found;
  const { entry, login } = found;
  const open = reader.cases.openOf(entry.uuid);
  if (open !== undefined) return open;
  const last = [...casesOf(true, parts)].filter(({ uuid }) => uuid === entry.uuid).at(-1);
  if (last !== undefined) return last;
  throw new LdapError('noSuchObject', `there is no case of ${login}: no end is written down`);
}

/** The open case of somebody whose entry was deleted is found by their login. @throws LdapError */
function personOrGone(name: string, parts: PeopleParts): Person | DepartureCase {
  try {
    return findPerson(name, parts);
  } catch (error) {
    const deleted = [...casesOf(false, parts)].find(
      ({ login, uuid }) => login === name && parts.reader.idByUuid(uuid) === 0,
    );
    if (deleted === undefined) throw error;
    return deleted;
  }
}

function leaving(entry: EntryRecord | undefined, { reader }: PeopleParts): number | undefined {
  const timeline = entry && reader.timelines.of(entry.id);
  return timeline && departureOf(timeline);
}

function isNoticed({ uuid }: DepartureCase, { reader }: PeopleParts): boolean {
  const entry = reader.entry(reader.idByUuid(uuid));
  return entry !== undefined && textsOf(entry, 'lifecyclenotice', reader).length > 0;
}

export function infoOf(one: DepartureCase, parts: PeopleParts): CaseInfo {
  const { reader, names } = parts;
  const now = nowOf(parts);
  const entry = reader.entry(reader.idByUuid(one.uuid));
  const leaves = leaving(entry, parts);
  const facts = entry && factsOf((key) => textsOf(entry, key, reader));
  const known = facts !== undefined && !('fault' in facts) ? facts : undefined;
  const { destroyed, archived } =
    entry === undefined || leaves === undefined
      ? { destroyed: undefined, archived: undefined }
      : disposalsOf(entry, leaves, reader);
  const seen = entry === undefined ? [] : goneByOf(accessOf(entry.id, parts), leaves, parts);
  const zone =
    (entry && textsOf(entry, 'lifecyclezone', reader)[0]) ?? policyOf(reader).policy.company.zone;
  return {
    id: one.id,
    login: one.login,
    ...(entry !== undefined && { dn: names.text(entry) }),
    state: entry === undefined ? 'purged' : shownState(stateOf(entry.id, reader, now)),
    zone,
    now: iso(now),
    ...(leaves !== undefined && { leaves: iso(leaves) }),
    opened: iso(one.opened),
    actor: one.actor,
    ...(known?.notice?.reason !== undefined && { reason: known.notice.reason }),
    ...(destroyed !== undefined && { destroyed: iso(destroyed) }),
    ...(archived !== undefined && { archived: iso(archived) }),
    holds: known?.holds.map(({ matter }) => matter) ?? [],
    items: itemsOf(one, entry, leaves, reader, now).map((item) => itemInfo(item, now)),
    ...(seen.length > 0 && { seen }),
    ...(one.closed !== 0 && {
      closed: iso(one.closed),
      closedBy: one.closedBy,
      closing: one.closing,
    }),
  };
}

function itemInfo({ key, text, owner, due, done, by, note }: CaseItem, now: number): CaseItemInfo {
  return {
    key,
    text,
    owner,
    ...(due !== 0 && { due: iso(due) }),
    overdue: done === 0 && due !== 0 && due < now,
    ...(done !== 0 && { done: iso(done), by }),
    ...(note !== '' && { note }),
  };
}

/** @throws LdapError noSuchObject with what there is */
function pick(items: readonly CaseItemInfo[], wanted: string, id: number): CaseItemInfo {
  const place = /^\d{1,4}$/.test(wanted) ? items[Number(wanted) - 1] : undefined;
  if (place !== undefined) return place;
  const lower = wanted.toLowerCase();
  const exact = items.filter(
    ({ key }) => key === wanted || key.slice(key.indexOf(':') + 1) === wanted,
  );
  const near = items.filter(({ text }) => text.toLowerCase().includes(lower));
  const found = exact.length > 0 ? exact : near;
  if (found.length === 1) return found[0]!;
  const list = items.map(({ text }, i) => `${i + 1} ${text}`).join('; ');
  const what = found.length > 1 ? `"${wanted}" is several items` : `there is no item "${wanted}"`;
  throw new LdapError('noSuchObject', `case ${id}: ${what}; there are: ${list || 'none'}`);
}
