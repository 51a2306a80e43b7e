/** Events of the audit trail that Changes are: one for each entry that a Change is about. */
import { type AuditEvent, type AuditName, nobody } from '../directory/model/audit.js';
import type { ChangeHeader, ChangeItem } from '../directory/model/change.js';
import { timeOfCsn } from '../directory/model/csn.js';
import type { AuditWrites } from './audit.js';

/** Entries of one Change that have an event of their own; the last event counts the others. */
const ENTRIES_MAX = 1_000;

const words: Readonly<Record<ChangeItem['op'], string>> = {
  add: 'added',
  modify: 'changed',
  delete: 'deleted',
  rename: 'renamed',
  touch: 'touched',
};

export function noteChange(
  audit: AuditWrites,
  header: ChangeHeader,
  items: readonly ChangeItem[],
  seq: number,
): void {
  const about = items.filter(({ op }) => op !== 'touch');
  about.slice(0, ENTRIES_MAX).forEach((item, i) => {
    const more = i === ENTRIES_MAX - 1 ? about.length - ENTRIES_MAX : 0;
    const who: AuditName = { uuid: item.uuid, text: item.dn };
    const what = more === 0 ? words[item.op] : `${words[item.op]}, and ${more} more entries`;
    audit.note(eventOf(header, who, what, seq));
  });
  if (about.length === 0 && items.length === 0) {
    audit.note(eventOf(header, nobody, 'changed', seq));
  }
}

export function noteBaseline(
  audit: AuditWrites,
  header: ChangeHeader,
  entries: number,
  seq: number,
): void {
  audit.note(eventOf(header, nobody, `a new beginning of the log at ${entries} entries`, seq));
}

function eventOf(header: ChangeHeader, who: AuditName, what: string, change: number): AuditEvent {
  const { csn, actor, reason, run, origin } = header;
  const atMs = timeOfCsn(csn);
  const rule = origin?.rule;
  return {
    kind: 'write',
    atMs,
    untilMs: atMs,
    count: 1,
    who,
    by: origin?.by ?? { uuid: '', text: actor },
    from: origin?.from ?? '',
    through: origin?.through ?? nobody,
    what,
    why: rule === undefined ? reason : `${reason}; ${rule}`,
    change,
    run: Number(run ?? 0),
  };
}
