/**
 * Who came to a shut door while it was shut: refusals of the audit trail about what was browned out, or
 * by it, put together by whoever knocked and how.
 */
import type { Knock } from '../../admin/brownouts.js';
import type { AuditName, StoredAuditEvent } from '../../directory/model/audit.js';
import { hostRefusal } from '../../directory/operations/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import { loginOf, type PeopleParts } from './parts.js';

export type KnockParts = Pick<PeopleParts, 'reader'> & { readonly turn: () => Promise<void> };

/** Events that one statement looks at; between two, others are served. */
const WINDOW = 20_000;
/** Rows of one brownout; the rest is counted by the audit trail. */
const KNOCKS_MAX = 200;

/** What was shut, and between which moments, milliseconds. */
export interface ShutWhile {
  readonly entry: EntryRecord;
  /** Of a group: UUIDs of its members, whom a host may have refused for want of it. */
  readonly members: ReadonlySet<string>;
  readonly fromMs: number;
  readonly untilMs: number;
}

export async function knocksOf(shut: ShutWhile, { reader, turn }: KnockParts): Promise<Knock[]> {
  const { audit } = reader;
  const last = audit.lastId();
  const found = new Map<string, Knock>();
  for (let at = audit.idBefore(shut.fromMs); at < last; at += WINDOW) {
    const untilId = Math.min(at + WINDOW, last);
    const ask = { afterId: at, untilId, kinds: ['refusal'], limit: WINDOW } as const;
    for (const event of audit.page(ask)) if (isKnock(event, shut)) put(event, found, reader);
    await turn();
  }
  return [...found.values()].sort((a, b) => (a.last < b.last ? 1 : -1)).slice(0, KNOCKS_MAX);
}

function isKnock(event: StoredAuditEvent, { entry, members, fromMs, untilMs }: ShutWhile): boolean {
  const { who, by, atMs, why } = event;
  if (event.untilMs < fromMs || atMs >= untilMs) return false;
  if (who.uuid === entry.uuid || by.uuid === entry.uuid) return true;
  return members.has(who.uuid) && why.startsWith(hostRefusal);
}

function put(event: StoredAuditEvent, found: Map<string, Knock>, reader: DirectoryReader): void {
  const { through, by, who, from, what, why, count, atMs, untilMs } = event;
  const name = [through, by, who].find(({ text }) => text !== '')!;
  const first = new Date(atMs).toISOString();
  const last = new Date(untilMs).toISOString();
  const key = JSON.stringify([name.uuid, name.text, from, what, why]);
  const known = found.get(key);
  found.set(key, {
    who: shortName(name, reader),
    from,
    what,
    why,
    count: (known?.count ?? 0) + count,
    first: known !== undefined && known.first < first ? known.first : first,
    last: known !== undefined && known.last > last ? known.last : last,
  });
}

function shortName({ uuid, text }: AuditName, reader: DirectoryReader): string {
  const id = uuid === '' ? 0 : reader.idByUuid(uuid);
  const entry = id === 0 ? undefined : reader.entry(id);
  return entry === undefined ? text : loginOf(entry, reader);
}
