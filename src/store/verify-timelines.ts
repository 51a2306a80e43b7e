/**
 * Verify, the states: the timeline of each entry must be the one that its facts fold into under the
 * policy in force, and the instants must be those of the timelines. How facts fold is not the
 * store's to know: the directory hands it in.
 */
import type Database from 'better-sqlite3';
import { formatTimeline, parseTimeline } from '../directory/model/timeline.js';
import type { TimelinesOf } from '../directory/ports.js';
import type { Findings } from './findings.js';
import { Reads } from './reads.js';

const PAGE = 512;
const CACHE_BYTES = 4 * 1024 * 1024;

/** A look at the handle of the check, as the directory reads. */
class VerifyReads extends Reads {
  protected override beginRead(): void {
    // The check holds its own snapshot.
  }
}

export function verifyTimelines(
  db: Database.Database,
  timelinesOf: TimelinesOf,
  found: Findings,
): void {
  const reader = new VerifyReads(db, CACHE_BYTES);
  const timelineOf = timelinesOf(reader);
  const stored = new Map(
    db.prepare('SELECT entry, text FROM timeline').raw().all() as [number, string][],
  );
  const { foldedTo = Number.POSITIVE_INFINITY } = reader.timelines;
  const instants = db.prepare('SELECT at FROM instant WHERE entry = ? ORDER BY at').pluck();
  const employment = db.prepare('SELECT start, until FROM employment WHERE entry = ?');
  for (let after = 0; ; ) {
    const page = reader.entriesAfter(after, PAGE);
    if (page.length === 0) break;
    for (const entry of page) {
      found.step();
      const timeline = timelineOf(entry);
      const text = timeline && formatTimeline(timeline);
      const held = stored.get(entry.id);
      stored.delete(entry.id);
      if (held !== undefined || text !== undefined) found.count('timelines');
      // Whoever waits for the new policy has the timeline of the one before.
      if (held !== text && entry.id <= foldedTo) {
        const [is, ought] = [held ?? 'none', text ?? 'none'];
        found.problem(`entry ${entry.id}: its timeline is "${is}", its facts say "${ought}"`);
      }
      const kept = held === undefined ? undefined : parseTimeline(held);
      const at = kept?.at ?? [];
      const { start, until } = (employment.get(entry.id) ?? {}) as {
        start?: number | null;
        until?: number | null;
      };
      const { employed } = kept ?? {};
      if ((start ?? undefined) !== employed?.start || (until ?? undefined) !== employed?.until) {
        found.problem(`entry ${entry.id}: its employment is not that of its timeline`);
      }
      if (instants.all(entry.id).join(' ') !== at.join(' ')) {
        found.problem(`entry ${entry.id}: its instants are not those of its timeline`);
      }
    }
    after = page.at(-1)!.id;
  }
  for (const id of stored.keys()) found.problem(`entry ${id}: it has a timeline and is gone`);
}
