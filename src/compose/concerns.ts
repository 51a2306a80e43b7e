/**
 * What somebody should see to, though everything works: fewer than two administrators who can log in,
 * accounts for emergencies that nobody has tried out for too long, services that nobody answers for or
 * whose time is over, an audit trail with a gap. Worked out when it is asked for.
 */
import { lostFromTrail } from '../admin/doctor/index.js';
import type { Concern } from '../admin/engine.js';
import type { ServiceInfo } from '../admin/services.js';
import { spokenTime } from '../directory/model/time.js';
import { guardOf, type Names, textsOf } from '../directory/operations/index.js';
import { personOf, policyOf, stateOf } from '../directory/operations/lifecycle/index.js';
import {
  type AbleStep,
  ADMINISTRATORS_MIN,
  ableAdministrators,
  entriesNamedBy,
  NO_ADMINISTRATOR,
} from '../directory/operations/rights/index.js';
import type { DirectoryReader, EntryRecord } from '../directory/ports.js';
import { calendarOf, kindOf } from '../policy/core/conditions/index.js';
import { shifted } from '../policy/core/index.js';
import { type Kind, sayDuration } from '../policy/core/language/index.js';
import { everybody } from './policy/index.js';
import { serviceInfos } from './services/index.js';

export interface ConcernParts {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly nowMs: () => number;
  /** Lets others be served. */
  readonly turn: () => Promise<void>;
  /** Events of the audit trail that were lost since the start. */
  readonly auditDropped?: () => number;
}

export async function concernsOf(parts: ConcernParts): Promise<Concern[]> {
  return [
    ...administrators(parts),
    ...gapOf(parts),
    ...(await rehearsals(parts)),
    ...(await services(parts)),
  ];
}

function gapOf({ auditDropped }: ConcernParts): Concern[] {
  const lost = auditDropped?.() ?? 0;
  if (lost === 0) return [];
  const text = `${lostFromTrail(lost)}; tenure doctor looks at the disk`;
  return [{ about: 'audit', text }];
}

/** Who has the role and could not use it. */
function others({ unable }: AbleStep, { reader, names }: ConcernParts): string {
  const who = [...unable].flatMap(([id, why]) => {
    const entry = reader.entry(id);
    return entry === undefined || why === NO_ADMINISTRATOR ? [] : [`${names.text(entry)} (${why})`];
  });
  return who.length === 0 ? '' : `, not ${who.join(' or ')}`;
}

function administrators(parts: ConcernParts): Concern[] {
  const { reader, names, nowMs } = parts;
  const now = Math.floor(nowMs() / 1000);
  const all = ableAdministrators(reader, names, now);
  const short = all.steps.find(({ able }) => able.length < ADMINISTRATORS_MIN);
  if (short === undefined) return [];
  const [only] = short.able;
  const when = short.at > now ? `from ${spokenTime(short.at)} on ` : '';
  const text =
    only === undefined
      ? `${when}no administrator can log in; tenure admin recover makes a password`
      : `${when}${only.dn} is the only administrator who can log in${others(short, parts)}; ` +
        'see to a second one (README, "Two administrators")';
  return [{ about: 'administrators', text }];
}

async function services({ reader, names, nowMs, turn }: ConcernParts): Promise<Concern[]> {
  const all = await serviceInfos({ reader, names, nowMs, secretUse: () => undefined }, turn);
  const urgent = ({ health }: ServiceInfo) => (health === 'red' ? 0 : 1);
  return all
    .sort((a, b) => urgent(a) - urgent(b))
    .filter(({ concerns }) => concerns.length > 0)
    .map(({ login, health, concerns }) => ({
      about: 'service' as const,
      text: `${login}: ${concerns.join('; ')}`,
      ...(health === 'red' && { red: true as const }),
    }));
}

async function rehearsals(parts: ConcernParts): Promise<Concern[]> {
  const { reader, nowMs } = parts;
  const { policy } = policyOf(reader);
  const kinds = policy.kinds.filter(({ rehearseEvery }) => rehearseEvery !== undefined);
  if (kinds.length === 0) return [];
  const now = Math.floor(nowMs() / 1000);
  const found = new Map<number, Concern>();
  for await (const entry of candidates(kinds, parts)) {
    const person = personOf(entry, reader);
    const kind = kindOf(person, policy, now);
    if (kind?.rehearseEvery === undefined || !kinds.includes(kind)) continue;
    const seen = (guardOf(reader) ?? reader.observed).lastUse(entry.id).success?.atMs;
    const last = seen === undefined ? undefined : Math.floor(seen / 1000);
    const calendar = calendarOf(person, policy);
    if (last !== undefined && shifted(last, kind.rehearseEvery, 1, calendar) > now) continue;
    found.set(entry.id, { about: 'rehearsal', text: unrehearsed(entry, kind, last, now, reader) });
  }
  return [...found.values()];
}

/** Those of the kinds, and maybe more: named by login, or among everybody. */
async function* candidates(
  kinds: readonly Kind[],
  { reader, nowMs, turn }: ConcernParts,
): AsyncGenerator<EntryRecord> {
  const { policy } = policyOf(reader);
  const named = kinds.map(({ who }) => entriesNamedBy(who, policy, reader));
  if (named.every((ids) => ids !== undefined)) {
    yield* reader.entries([...new Set(named.flat())]);
    return;
  }
  yield* everybody({ reader, now: Math.floor(nowMs() / 1000), turn });
}

function unrehearsed(
  entry: EntryRecord,
  { name, rehearseEvery, at }: Kind,
  last: number | undefined,
  now: number,
  reader: DirectoryReader,
): string {
  const login = textsOf(entry, 'uid', reader)[0] ?? entry.rdn;
  const was =
    last === undefined ? 'has never been tried out' : `was last tried out ${spokenTime(last)}`;
  const shut = stateOf(entry.id, reader, now) === 'active' ? '' : ', and is not active';
  return (
    `${login} (${name}) ${was}${shut}; every ${sayDuration(rehearseEvery!)} is the policy ` +
    `(line ${at.line}): log in as ${login} once`
  );
}
