/**
 * Which administrators can log in, now and at every later instant of which something is stored: an
 * end, a leave, a membership for a time, a day from which a second factor is asked for. Able is who
 * is active then, has the role then, has a password (or a one-time one) and the second factor that
 * is asked for, and is not locked by hand. That a password grows old is no date in this sense: its
 * owner can change it, or another administrator. A lock after wrong guesses opens by itself.
 */
import { requiredFrom } from '../../../credentials/otp/index.js';
import { instantsOf } from '../../model/holder.js';
import { shownState } from '../../model/timeline.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { readState } from '../../ppolicy/index.js';
import { factorSecret, ONE_TIME_PASSWORD } from '../bind/index.js';
import { personOf, stateOf } from '../lifecycle/index.js';
import type { Names } from '../names.js';
import { factorRulesOf } from '../policies/index.js';
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
  /** Why others are not, in words that follow their name. */
  readonly unable: ReadonlyMap<number, string>;
}

export interface AbleAdministrators {
  /** Ascending; the first is now. */
  readonly steps: readonly AbleStep[];
  /** UUIDs of the entries that this hangs on. */
  readonly support: ReadonlySet<string>;
}

interface Candidate extends AbleAdministrator {
  /** What stands in the way at any time; undefined: nothing. */
  readonly lacks: string | undefined;
  /** pwdStartTime and pwdEndTime. */
  readonly from: number;
  readonly until: number;
  /** From when on a second factor is asked for that is not there. */
  readonly factorFrom: number;
  readonly turns: readonly number[];
}

/** Of who has the role no more. */
export const NO_ADMINISTRATOR = 'no administrator any more';

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
  const candidates = people.map((entry) => look(entry, reader, names));
  const turns = new Set(candidates.flatMap((one) => one.turns));
  for (const { spans } of role?.memberships ?? [])
    for (const at of instantsOf(spans)) turns.add(at);
  const instants = [...turns].filter((at) => at > now).sort((a, b) => a - b);
  return {
    steps: [now, ...instants].map((at) => stepAt(at, candidates, role, reader)),
    support: new Set(supporting(entries, role, reader)),
  };
}

function look(entry: EntryRecord, reader: DirectoryReader, names: Names): Candidate {
  const { id } = entry;
  const state = readState((name) => textsOf(entry, name, reader));
  const secrets = reader.secrets(id);
  const hasPassword = secrets.some(
    ({ kind }) => kind === 'userPassword' || kind === ONE_TIME_PASSWORD,
  );
  const { validFrom: from = -Infinity, validUntil: until = Infinity, lockedAt } = state;
  const factorFrom =
    factorSecret(secrets) === undefined
      ? requiredFrom(factorRulesOf(entry, reader), entry.createdAt)
      : Infinity;
  const lacks = hasPassword ? undefined : 'without a password';
  return {
    id,
    dn: names.text(entry),
    lacks: lockedAt === undefined ? lacks : 'locked',
    from,
    until,
    factorFrom,
    turns: [...personOf(entry, reader).stateTurns, ...[from, until, factorFrom].filter(isDate)],
  };
}

const isDate = (at: number) => Number.isFinite(at);

function stepAt(
  at: number,
  candidates: readonly Candidate[],
  role: Appointed | undefined,
  reader: DirectoryReader,
): AbleStep {
  const holders = role === undefined ? undefined : holdersAt(role, at, true);
  const able: AbleAdministrator[] = [];
  const unable = new Map<number, string>();
  for (const one of candidates) {
    const { id, dn } = one;
    const isOne = id === reader.administratorId() || holders?.has(id) === true;
    const why = isOne ? hindrance(one, at, reader) : NO_ADMINISTRATOR;
    if (why === undefined) able.push({ id, dn });
    else unable.set(id, why);
  }
  return { at, able, unable };
}

function hindrance(one: Candidate, at: number, reader: DirectoryReader): string | undefined {
  const state = stateOf(one.id, reader, at);
  if (state !== 'active') return shownState(state);
  if (one.lacks !== undefined) return one.lacks;
  if (at < one.from) return 'before pwdStartTime';
  if (at >= one.until) return 'after pwdEndTime';
  return at >= one.factorFrom ? 'without the second factor that is asked for' : undefined;
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

/** What holds in that second, of steps that were found earlier. */
export function stepOf({ steps }: AbleAdministrators, at: number): AbleStep {
  return steps.findLast((step) => step.at <= at) ?? steps[0]!;
}
