/**
 * Many people move at once: looked at together, so that a reorganisation is offered as the new name of
 * a value first; then in one run, or nobody.
 */
import type { ManyMoved, MoveMany, ValueChange } from '../../admin/people.js';
import type { PreparedWrite } from '../../directory/operations/index.js';
import { assertTheyMove, noteMoves, policyOf } from '../../directory/operations/lifecycle/index.js';
import { MoveTally } from '../../policy/core/index.js';
import { inNewRun, must } from '../../policy/run/index.js';
import { modifications } from './changes.js';
import { type PeopleParts, type Person, reasonOf, textsOf } from './parts.js';
import { type Planned, planVerb } from './plan-verb.js';

/** @throws LdapError of the first who cannot move, or where the move of so many is to be asked about */
export async function moveMany(order: MoveMany, parts: PeopleParts): Promise<ManyMoved> {
  const { names, asMoves, rehearse, ...words } = order;
  const planned = new Map<number, Planned>();
  for (const name of names) {
    const one = planVerb({ ...words, name, verb: 'move' }, parts);
    planned.set(one.person.entry.id, one);
  }
  const all = [...planned.values()];
  const reorganisations = movesOf(all, parts);
  const people = all.map(({ person, changes }) => ({ login: person.login, changes }));
  if (rehearse) return { people, reorganisations, run: 0 };
  assertTheyMove(reorganisations, asMoves);
  const reason = reasonOf('move', order.by, order.because);
  const context = { identity: parts.administrator(), origin: parts.origin };
  const run = await inNewRun({ write: parts.write, context }, reason, async (run) => {
    const writes = all.map(({ person, changes }): PreparedWrite => {
      const controls = { assertion: `(entryCSN=${person.entry.csn})` };
      const { dn } = person;
      const modified = modifications(person, changes);
      return { op: 'modify', context, reason, dn, changes: modified, controls };
    });
    await must(parts.write({ op: 'together', context, reason, run, writes }));
    return run;
  });
  return { people, reorganisations, run };
}

function movesOf(all: readonly Planned[], parts: PeopleParts) {
  const tally = new MoveTally();
  for (const one of all) noteMoved(tally, one, parts);
  return tally.reorganisations(policyOf(parts.reader).policy);
}

/** Counts in which way somebody goes, or went. */
export function noteMoved(
  tally: MoveTally,
  { person, facts, changes }: Planned,
  { reader }: PeopleParts,
): void {
  const before = { facts: person.facts, values: valuesOf(person, [], reader) };
  const after = { facts, values: valuesOf(person, changes, reader) };
  noteMoves(tally, person.entry.id, { before, after }, reader, person.now);
}

/** Stored values as they are, or as changes leave them. */
function valuesOf(
  { entry }: Person,
  changes: readonly ValueChange[],
  reader: PeopleParts['reader'],
): (attribute: string) => readonly string[] {
  return (attribute) => {
    let values: readonly string[] = textsOf(entry, attribute, reader);
    for (const { attribute: name, removed, added } of changes) {
      if (name.toLowerCase() !== attribute) continue;
      values = [...values.filter((value) => !removed.includes(value)), ...added];
    }
    return values;
  };
}
