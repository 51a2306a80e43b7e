/** The leaves of somebody, as far as a password policy minds them: nothing ages meanwhile. */
import { beginOf, endOf } from '../../../policy/core/index.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { Away } from '../../ppolicy/index.js';
import { factsOf, rulesOf } from '../lifecycle/index.js';
import { textsOf } from '../texts-of.js';

export const ABSENCE = 'lifecycleAbsence';

/** Undefined for nearly everybody. */
export function leavesOf(entry: EntryRecord, reader: DirectoryReader): readonly Away[] | undefined {
  const key = ABSENCE.toLowerCase();
  const texts = textsOf(entry, key, reader);
  if (texts.length === 0) return undefined;
  const facts = factsOf((name) => (name === key ? texts : []));
  if ('fault' in facts) return undefined;
  const calendar = rulesOf(entry, reader)((name) => textsOf(entry, name, reader));
  const all = facts.absences
    .map(({ from, until }) => ({
      from: beginOf(from, calendar),
      until: until === undefined ? Infinity : endOf(until, calendar),
    }))
    .sort((a, b) => a.from - b.from);
  const apart: Away[] = [];
  for (const { from, until } of all) {
    const begin = Math.max(from, apart.at(-1)?.until ?? from);
    if (begin < until) apart.push({ from: begin, until });
  }
  return apart;
}
