/**
 * A service account or a shared login as the administrator sees it: who answers for it, until when, from
 * where, when it was used last, and what is not as it should be. Worked out when it is asked for.
 */
import type { ServiceCredential, ServiceInfo } from '../../admin/services.js';
import { dueAt, endOfServiceSecret, serviceSecretsIn } from '../../credentials/index.js';
import { departureOf } from '../../directory/model/cases.js';
import type { Sighting } from '../../directory/model/observed.js';
import { shownState } from '../../directory/model/timeline.js';
import { guardOf, isKnownSince, KNOWS, renewalOf } from '../../directory/operations/index.js';
import {
  factsOf,
  personOf,
  policyOf,
  stateOf,
} from '../../directory/operations/lifecycle/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import { employments, lacksOf } from '../../policy/core/index.js';
import { loginOf, namedBy, type PeopleParts, textsOf } from '../people/index.js';

const DAY = 86_400;
/** From then on an end that comes is told. */
const WARNING = 30 * DAY;
/** A service that nobody has used for so long may be none. */
const IDLE = 90 * DAY;

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const daysText = (seconds: number) => {
  const days = Math.max(1, Math.round(seconds / DAY));
  return days === 1 ? '1 day' : `${days} days`;
};

export type ServiceParts = Pick<PeopleParts, 'reader' | 'names' | 'nowMs'> & {
  readonly secretUse: (secretId: number) => Sighting | undefined;
};

/** The zone in which the company reads its clocks. */
export const zoneOf = (reader: DirectoryReader) => policyOf(reader).policy.company.zone;

/** When the time of an entry is over; undefined where it has no end. */
function endOf(entry: EntryRecord, parts: ServiceParts): number | undefined {
  const { reader } = parts;
  const facts = factsOf((key) => textsOf(entry, key, reader));
  if ('fault' in facts || facts.engagements.length === 0) return undefined;
  const { company } = policyOf(reader).policy;
  const zone = textsOf(entry, 'lifecyclezone', reader)[0] ?? company.zone;
  const calendar = { zone, endDateMeans: company.endDateMeans };
  const until = employments(facts.engagements, calendar).at(-1)?.until;
  return until === undefined || !Number.isFinite(until) ? undefined : until;
}

/** With what the cases of leavers say. */
export type InfoParts = ServiceParts & { readonly knowers: Knowers };

export function infoOf(
  entry: EntryRecord,
  kind: ServiceInfo['kind'],
  parts: InfoParts,
): ServiceInfo {
  const { reader, names } = parts;
  const now = Math.floor(parts.nowMs() / 1000);
  const person = (id: number | undefined) => {
    const found = id === undefined ? undefined : reader.entry(id);
    return found && loginOf(found, reader);
  };
  const owner = person(namedBy(entry, 'owner', reader)[0]);
  const deputy = person(namedBy(entry, 'lifecycleDeputy', reader)[0]);
  const [purpose] = textsOf(entry, 'lifecyclepurpose', reader);
  const users = namedBy(entry, 'lifecycleUser', reader).flatMap((id) => person(id) ?? []);
  const ends = endOf(entry, parts);
  const state = stateOf(entry.id, reader, now);
  const use = (guardOf(reader) ?? reader.observed).lastUse(entry.id).success;
  const spared = reader.timelines.of(entry.id)?.unlessUsed;
  const isSpared = state === 'active' && ends !== undefined && ends <= now && spared !== undefined;
  const credentials = credentialsOf(entry, now, parts);
  const info: Omit<ServiceInfo, 'health' | 'concerns'> = {
    dn: names.text(entry),
    login: loginOf(entry, reader),
    kind,
    state: shownState(state),
    ...(owner !== undefined && { owner }),
    ...(deputy !== undefined && { deputy }),
    ...(purpose !== undefined && { purpose }),
    users,
    ...(ends !== undefined && { ends: iso(ends) }),
    ...(isSpared && { shutAt: iso(spared.until) }),
    addresses: textsOf(entry, 'tenureserviceaddress', reader),
    view: textsOf(entry, 'tenureview', reader),
    password: reader.secrets(entry.id).some(({ kind: what }) => what === 'userPassword'),
    credentials,
    ...(use !== undefined && { lastUse: { at: new Date(use.atMs).toISOString(), from: use.from } }),
  };
  const { red, amber } = concernsOf(entry, info, now, parts);
  const health = red.length > 0 ? 'red' : amber.length > 0 ? 'amber' : 'green';
  return { ...info, health, concerns: [...red, ...amber] };
}

function credentialsOf(entry: EntryRecord, now: number, parts: ServiceParts): ServiceCredential[] {
  const { reader } = parts;
  const all = serviceSecretsIn(reader.secrets(entry.id));
  const grants = all.map(({ grant }) => grant);
  const renewal = renewalOf(entry, reader);
  return all.map(({ secret, grant }) => {
    const endsMs = endOfServiceSecret(grant, grants, renewal);
    const due = dueAt(grant, renewal);
    const used = parts.secretUse(secret.id);
    return {
      id: grant.id,
      made: new Date(grant.madeMs).toISOString(),
      ...(Number.isFinite(endsMs) && { ends: new Date(endsMs).toISOString() }),
      ...(Number.isFinite(due) && { due: new Date(due).toISOString() }),
      ended: endsMs <= now * 1000,
      ...(used !== undefined && { lastUse: new Date(used.atMs).toISOString() }),
    };
  });
}

type Said = { readonly red: string[]; readonly amber: string[] };

function concernsOf(
  entry: EntryRecord,
  info: Omit<ServiceInfo, 'health' | 'concerns'>,
  now: number,
  parts: InfoParts,
): Said {
  const said: Said = { red: [], amber: [] };
  const { login, kind } = info;
  if (info.owner === undefined) said.amber.push('nobody owns it');
  else if (hasLeft(namedBy(entry, 'owner', parts.reader)[0]!, now, parts)) {
    said.red.push(`its owner ${info.owner} has left`);
  }
  for (const one of parts.knowers.get(entry.uuid) ?? []) {
    if (!isKnownSince(entry, one.left, parts.reader, now)) continue;
    said.red.push(`${one.login} has left and knows what opens it: tenure service rotate ${login}`);
  }
  for (const { requirement } of lacksOf(
    personOf(entry, parts.reader),
    policyOf(parts.reader).policy,
    now,
  )) {
    if (requirement.text === 'owner' && info.owner === undefined) continue;
    said.amber.push(`it lacks ${requirement.text} (policy, line ${requirement.at.line})`);
  }
  if (kind === 'service') aboutService(entry, info, now, said);
  return said;
}

function aboutService(
  entry: EntryRecord,
  info: Omit<ServiceInfo, 'health' | 'concerns'>,
  now: number,
  { red, amber }: Said,
): void {
  const { login, ends, shutAt } = info;
  const left = ends === undefined ? undefined : Date.parse(ends) / 1000 - now;
  if (shutAt !== undefined) {
    const days = daysText(Date.parse(shutAt) / 1000 - now);
    red.push(`it has ended and is in use: shut in ${days}, or tenure service renew ${login}`);
  } else if (left !== undefined && left <= 0)
    amber.push(`it has ended: tenure service renew ${login} brings it back`);
  else if (left !== undefined && left <= WARNING)
    amber.push(`it ends in ${daysText(left)}: tenure service renew ${login}`);
  const newest = info.credentials.at(-1);
  const due = newest?.due === undefined ? undefined : Date.parse(newest.due) / 1000 - now;
  if (due !== undefined && due <= 0) {
    red.push(`its credential is due since ${daysText(-due)}: tenure service rotate ${login}`);
  } else if (due !== undefined && due <= WARNING) {
    amber.push(`its credential is due in ${daysText(due)}: tenure service rotate ${login}`);
  }
  const since = info.lastUse === undefined ? entry.createdAt : Date.parse(info.lastUse.at) / 1000;
  if (now - since > IDLE) {
    amber.push(
      info.lastUse === undefined
        ? `it was never used in ${daysText(now - since)}`
        : `it was not used for ${daysText(now - since)}`,
    );
  }
}

function hasLeft(id: number, now: number, { reader }: ServiceParts): boolean {
  const state = stateOf(id, reader, now);
  return shownState(state) === 'offboarded' || state === 'archived' || state === 'purged';
}

const PAGE = 500;

interface Leaver {
  readonly login: string;
  readonly left: number;
}

/** By UUID of a service: who has left and was shown what opens it, by what their cases say. */
export type Knowers = ReadonlyMap<string, readonly Leaver[]>;

export function knowersIn({ reader, nowMs }: ServiceParts): Knowers {
  const now = Math.floor(nowMs() / 1000);
  const found = new Map<string, Leaver[]>();
  for (let after = 0; ; ) {
    const page = reader.cases.open(after, PAGE);
    for (const { id, uuid, login } of page) {
      const timeline = reader.timelines.of(reader.idByUuid(uuid));
      const left = timeline && departureOf(timeline);
      if (left === undefined || left > now) continue;
      for (const { key, done } of reader.cases.items(id)) {
        if (done !== 0 || !key.startsWith(KNOWS)) continue;
        const service = key.slice(KNOWS.length);
        found.set(service, [...(found.get(service) ?? []), { login, left }]);
      }
    }
    if (page.length < PAGE) return found;
    after = page.at(-1)!.id;
  }
}
