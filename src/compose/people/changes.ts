/** The difference between facts, or attributes, before and after, as the values of one modify. */
import type { ValueChange } from '../../admin/people.js';
import { bytesOfText } from '../../directory/model/bytes.js';
import type { ModifyChange } from '../../directory/operations/index.js';
import type { DirectoryReader } from '../../directory/ports.js';
import { type FactAttribute, type Facts, formatFact } from '../../policy/core/index.js';
import { type Person, textsOf } from './parts.js';

type Fact = Parameters<typeof formatFact>[1];

const factLists: Readonly<Record<FactAttribute, (facts: Facts) => readonly Fact[]>> = {
  lifecycleEngagement: ({ engagements }) => engagements,
  lifecycleAbsence: ({ absences }) => absences,
  lifecycleBlock: ({ blocks }) => blocks,
  lifecycleNotice: ({ notice }) => (notice === undefined ? [] : [notice]),
  lifecycleHold: ({ holds }) => holds,
  lifecycleDisposal: ({ disposals }) => disposals,
};

/** Values of all facts that differ. A value that stays keeps its spelling. */
export function factChanges(person: Person, after: Facts, reader: DirectoryReader): ValueChange[] {
  const changes: ValueChange[] = [];
  for (const attribute of Object.keys(factLists) as FactAttribute[]) {
    const stored = textsOf(person.entry, attribute.toLowerCase(), reader);
    const kept = factLists[attribute](person.facts).map((fact) => formatFact(attribute, fact));
    const wanted = factLists[attribute](after).map((fact) => formatFact(attribute, fact));
    const removed = stored.filter((_text, i) => !wanted.includes(kept[i]!));
    const added = wanted.filter((text) => !kept.includes(text));
    if (removed.length > 0 || added.length > 0) changes.push({ attribute, removed, added });
  }
  return changes;
}

/** New values of an ordinary attribute in place of all that there are. */
export function replaced(
  person: Person,
  attribute: string,
  values: readonly string[],
  reader: DirectoryReader,
): ValueChange[] {
  const stored = textsOf(person.entry, attribute.toLowerCase(), reader);
  const removed = stored.filter((value) => !values.includes(value));
  const added = values.filter((value) => !stored.includes(value));
  return removed.length + added.length === 0 ? [] : [{ attribute, removed, added }];
}

/** The changes as the write path takes them, with the class that facts need. */
export function modifications(
  person: Person,
  changes: readonly ValueChange[],
): readonly ModifyChange[] {
  const list: ModifyChange[] = [];
  const writesFacts = changes.some(({ attribute }) => attribute.startsWith('lifecycle'));
  if (writesFacts && !person.entry.kind.isSubject) {
    list.push({ op: 'add', attribute: 'objectClass', values: ['lifecycleSubject'] });
  }
  for (const { attribute, removed, added } of changes) {
    if (removed.length > 0)
      list.push({ op: 'delete', attribute, values: removed.map(bytesOfText) });
    if (added.length > 0) list.push({ op: 'add', attribute, values: added.map(bytesOfText) });
  }
  return list;
}
