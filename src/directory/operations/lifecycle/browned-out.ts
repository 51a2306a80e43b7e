/** Whether somebody is shut for a while now: on leave, and on a brownout. Others cost one look. */
import { beginOf, endOf } from '../../../policy/core/index.js';
import { isBrownout } from '../../model/brownout.js';
import type { DirectoryReader } from '../../ports.js';
import { rulesOf } from './fold-rules.js';
import { personOf } from './person-of.js';
import { stateOf } from './state.js';

export function isBrownedOut(id: number, reader: DirectoryReader, nowMs: number): boolean {
  if (reader.timelines.of(id) === undefined) return false;
  const now = Math.floor(nowMs / 1000);
  const entry = reader.entry(id);
  if (entry === undefined || stateOf(id, reader, now) !== 'leave') return false;
  const person = personOf(entry, reader);
  const calendar = rulesOf(entry, reader)((key) => person.values(key));
  return person.facts.absences.some(
    (one) =>
      isBrownout(one) &&
      beginOf(one.from, calendar) <= now &&
      (one.until === undefined || now < endOf(one.until, calendar)),
  );
}
