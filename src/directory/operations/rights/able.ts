/**
 * Which administrators can log in, now and at every later instant of which something is stored: an
 * end, a leave, a membership for a time. Able is who is active then, has the role then, has a
 * password (or a one-time one), and is not locked by hand. That a password grows old is no date in
 * this sense: its owner can change it, or another administrator. A lock after wrong guesses opens
 * by itself.
 */
import { instantsOf } from '../../model/holder.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { type PasswordState, readState } from '../../ppolicy/index.js';
import { ONE_TIME_PASSWORD } from '../bind/index.js';
import { personOf, stateOf } from '../lifecycle/index.js';
import type { Names } from '../names.js';
import { textsOf } from '../texts-of.js';
import { type Appointed, appointed, holdersAt, initialAdministrator } from './administrators.js';

export interface AbleAdministrator {
  readonly id: number;
  readonly dn: string;
}

/** From `at` on (seconds), until the next step begins. */
export interface AbleStep {
  readonly at: number;
  readonly able: readonly AbleAdministrator[];
}

export interface AbleAdministrators {
  /** Ascending; the first is now. */
  readonly steps: readonly AbleStep[];
  /** UUIDs of the entries that this hangs on. */
  readonly support: ReadonlySet<string>;
}

interface Candidate extends AbleAdministrator {
  readonly state: PasswordState;
  readonly turns: readonly number[];
}

/** From now on. */
export function ableAdministrators(
  reader: DirectoryReader,
  names: Names,
  now: number,
): AbleAdministrators {
  const role = appointed(reader);
  const initial = initialAdministrator(reader);
  const ids = new Set([
    ...(initial === undefined ? [] : [initial.id]),
    ...(role?.logins ?? []),
    ...(role?.memberships.map(({ member }) => member) ?? []),
  ]);
  const entries = [...ids].flatMap((id) => reader.entry(id) ?? []);
  const people = entries.filter(({ kind }) => kind.membership === undefined);
  const candidates = people.filter(hasPassword(reader)).map((entry) => look(entry, reader, names));
  const turns = new Set(candidates.flatMap((one) => one.turns));
  for (const { spans } of role?.memberships ?? [])
    for (const at of instantsOf(spans)) turns.add(at);
  const instants = [...turns].filter((at) => at > now).sort((a, b) => a - b);
  return {
    steps: [now, ...instants].map((at) => ({ at, able: ableAt(at, candidates, role, reader) })),
    support: new Set(supporting(entries, role, reader)),
  };
}

const hasPassword = (reader: DirectoryReader) => (entry: EntryRecord) =>
  reader
    .secrets(entry.id)
    .some(({ kind }) => kind === 'userPassword' || kind === ONE_TIME_PASSWORD);

function look(entry: EntryRecord, reader: DirectoryReader, names: Names): Candidate {
  const { id } = entry;
  const state = readState((name) => textsOf(entry, name, reader));
  const turns = [
    ...personOf(entry, reader).stateTurns,
    ...[state.validFrom, state.validUntil].filter((at) => at !== undefined),
  ];
  return { id, dn: names.text(entry), state, turns };
}

function ableAt(
  at: number,
  candidates: readonly Candidate[],
  role: Appointed | undefined,
  reader: DirectoryReader,
): readonly AbleAdministrator[] {
  const holders = role === undefined ? undefined : holdersAt(role, at, true);
  return candidates
    .filter(({ id, state: { lockedAt, validFrom = -Infinity, validUntil = Infinity } }) => {
      if (id !== reader.administratorId() && holders?.has(id) !== true) return false;
      if (lockedAt !== undefined || at < validFrom || at >= validUntil) return false;
      return stateOf(id, reader, at) === 'active';
    })
    .map(({ id, dn }) => ({ id, dn }));
}

/** Administrators, whoever bounds their state, and the groups that make them. */
function* supporting(
  entries: readonly EntryRecord[],
  role: Appointed | undefined,
  reader: DirectoryReader,
): Generator<string> {
  const ids = new Set([...entries.map(({ id }) => id), ...(role?.groups ?? [])]);
  for (const id of ids) {
    const uuid = reader.entry(id)?.uuid;
    if (uuid !== undefined) yield uuid;
    const principal = reader.timelines.of(id)?.principal ?? 0;
    if (principal !== 0) ids.add(principal);
  }
}

/** Who is able in that second, of steps that were found earlier. */
export function ableOf({ steps }: AbleAdministrators, at: number): readonly AbleAdministrator[] {
  return steps.findLast((step) => step.at <= at)?.able ?? steps[0]?.able ?? [];
}
