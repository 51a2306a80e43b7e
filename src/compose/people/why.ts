/**
 * Whether somebody could come in at a moment, and why (not): the state and the facts behind it, then
 * every door, through the same functions as a bind asks, in the same order. Changes nothing.
 *
 *   locked by failures → state → each proof → its second factor → its password policy
 */
import type { DoorWhy, PersonWhy, WhyAsked } from '../../admin/why.js';
import { standingOf } from '../../credentials/guard/index.js';
import {
  decodeGrant,
  endOfServiceSecret,
  grantKinds,
  type SecretBox,
  serviceSecretsIn,
} from '../../credentials/index.js';
import { isRequired } from '../../credentials/otp/index.js';
import { moreClosed, type State, shownState } from '../../directory/model/timeline.js';
import {
  bypassedUntil,
  factorRulesOf,
  factorSecret,
  findEntry,
  guardOf,
  isBoundByHosts,
  isHost,
  isService,
  lockoutRulesOf,
  Memberships,
  mayLogIn,
  ONE_TIME_PASSWORD,
  openFactor,
  policiesOf,
  readHost,
  renewalOf,
} from '../../directory/operations/index.js';
import {
  admittedState,
  comingState,
  keepsService,
  stateOf,
} from '../../directory/operations/lifecycle/index.js';
import type { EntryRecord, Secret } from '../../directory/ports.js';
import { evaluateBind } from '../../directory/ppolicy/index.js';
import { beginOf, type Explained, explain } from '../../policy/core/index.js';
import { LdapError } from '../../runtime/errors.js';
import {
  certificatesOf,
  findPerson,
  loginOf,
  type PeopleParts,
  type Person,
  readMoment,
  timelineOf,
} from './parts.js';

export interface WhyParts extends PeopleParts {
  readonly box: () => SecretBox;
}

/** How long before the first day a first password opens a session to set one's own. */
const SET_UP_LEAD_SECONDS = 14 * 86_400;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

/** @throws LdapError, AdminError usage */
export function whyPerson(asked: WhyAsked, parts: WhyParts): PersonWhy {
  const person = findPerson(asked.name, parts);
  const { facts, rules, now, dn, login } = person;
  const at =
    asked.at === undefined ? now : beginOf(readMoment('--at', asked.at, now, rules.zone), rules);
  const service = asked.service === undefined ? undefined : serviceOf(asked.service, parts);
  const told = explain(facts, rules, at);
  const { state: own, because } = sparedOr(told, person, at, parts);
  const bound = rules.principal === 0 ? 'active' : comingState(rules.principal, parts.reader, at);
  const coming = moreClosed(own, bound);
  // Whoever waits for a new policy is let in by both; later there is only that one.
  const state =
    at === now ? moreClosed(coming, admittedState(person.entry.id, parts.reader, at)) : coming;
  const texts = because.map(({ text }) => text);
  if (coming !== own)
    texts.unshift(`bounded by ${principalText(person, parts)}, who is ${shownState(bound)}`);
  if (state !== coming)
    texts.unshift(`${shownState(state)} by the policy before, until the new one is worked out`);
  const doors = doorsOf(person, state, service, at, parts);
  const opened = doors.find(({ opens }) => opens === 'yes');
  const some = doors.find(({ opens }) => opens === 'change');
  const timeline = timelineOf(person, facts);
  return {
    dn,
    login,
    now: iso(now),
    at: iso(at),
    zone: rules.zone,
    service: service && parts.names.text(service),
    state: shownState(state),
    stage: state === 'sealed' || state === 'destroyed' ? state : undefined,
    because: texts,
    can: opened !== undefined,
    verdict: verdictOf(opened, some, doors),
    doors,
    later: (timeline?.at ?? []).flatMap((instant, i) =>
      instant <= at ? [] : [{ at: iso(instant), state: shownState(timeline!.then[i]!) }],
    ),
  };
}

/** An end that shuts nobody who is in use shuts this one later. */
function sparedOr(told: Explained, { entry }: Person, at: number, { reader }: WhyParts): Explained {
  const until = reader.timelines.of(entry.id)?.unlessUsed?.until;
  const isSpared =
    told.state === 'sealed' && until !== undefined && stateOf(entry.id, reader, at) === 'active';
  if (!isSpared) return told;
  const text = 'it has ended, and goes on because it is in use: at most for 14 days, or renew it';
  return { state: 'active', because: [{ text, until }, ...told.because] };
}

function verdictOf(
  opened: DoorWhy | undefined,
  some: DoorWhy | undefined,
  doors: readonly DoorWhy[],
): string {
  if (opened !== undefined) return `${opened.door}: ${opened.because}`;
  if (some !== undefined) return `only to set a new password: ${some.because}`;
  return doors[0]?.because ?? 'there is no password, app password or certificate';
}

function serviceOf(name: string, parts: WhyParts): EntryRecord {
  const entry = findEntry(name, parts.reader, parts.names);
  const dn = parts.names.text(entry);
  if (isService({ role: 'user', dn, entryId: entry.id }, parts.reader)) return entry;
  throw new LdapError('unwillingToPerform', `${dn} is not a service account`);
}

function principalText({ rules }: Person, { reader, names }: WhyParts): string {
  const entry = reader.entry(rules.principal);
  return entry === undefined
    ? 'somebody who is gone'
    : (loginOf(entry, reader) ?? names.text(entry));
}

/** Every way in that the person has, at the second `at`. */
function doorsOf(
  person: Person,
  state: State,
  service: EntryRecord | undefined,
  at: number,
  parts: WhyParts,
): DoorWhy[] {
  const { entry } = person;
  const { reader } = parts;
  const secrets = reader.secrets(entry.id);
  // Some services stay open to people on leave, as the policy says.
  const isKept =
    state === 'leave' && service !== undefined && keepsService(entry.id, service.id, reader, at);
  const shutBy =
    lockedOut(entry, at, parts) ??
    (isKept ? undefined : shutByState(state)) ??
    shutByHost(entry, service, at, parts);
  const policy = policyVerdict(person, at, parts);
  const doors: DoorWhy[] = [];
  const no = (door: string, because: string) => doors.push({ door, opens: 'no', because });
  if (secrets.some(({ kind }) => kind === 'userPassword')) {
    doors.push(
      shutBy === undefined ? passwordDoor(person, policy, at, parts) : shut('password', shutBy),
    );
  }
  doors.push(...credentialDoors(person, shutBy, policy, at, parts));
  for (const secret of secrets) {
    const grant = secret.kind === grantKinds.app ? decodeGrant('app', secret.value) : undefined;
    if (grant === undefined) continue;
    const door = `app password "${grant.label}"`;
    const elsewhere = grant.service !== undefined && grant.service !== service?.uuid;
    if (shutBy !== undefined) no(door, shutBy);
    else if (grant.endsMs !== undefined && at * 1000 >= grant.endsMs) no(door, 'it has ended');
    else if (elsewhere) no(door, `it opens through ${serviceText(grant.service!, parts)} only`);
    else if (!policy.open && policy.error !== 'passwordExpired') no(door, policy.reason);
    else doors.push({ door, opens: 'yes', because: 'it is good' });
  }
  for (const secret of secrets) {
    const door =
      secret.kind === ONE_TIME_PASSWORD ? firstDoor(secret, state, person, shutBy, at) : undefined;
    if (door !== undefined) doors.push(door);
  }
  if (certificatesOf(entry, reader) > 0) {
    const because =
      shutBy ?? (policy.open || policy.error === 'passwordExpired' ? undefined : policy.reason);
    if (because !== undefined) no('certificate', because);
    else
      doors.push({
        door: 'certificate',
        opens: 'yes',
        because: 'over TLS, where certificates may log in',
      });
  }
  return doors;
}

const shut = (door: string, because: string): DoorWhy => ({ door, opens: 'no', because });

type Verdict = ReturnType<typeof evaluateBind>;

function policyVerdict({ entry }: Person, at: number, { reader }: WhyParts): Verdict {
  const { policy, state } = policiesOf(reader).of(entry);
  const use = guardOf(reader)?.lastUse(entry.id) ?? reader.observed.lastUse(entry.id);
  const seen = use.success && Math.floor(use.success.atMs / 1000);
  return evaluateBind(policy, state, { now: at, lastSeen: () => seen });
}

function passwordDoor(person: Person, policy: Verdict, at: number, parts: WhyParts): DoorWhy {
  const { entry } = person;
  if (!policy.open) return shut('password', policy.reason);
  const factor = factorStanding(entry, at, parts);
  if (factor === 'missing') {
    return shut('password', 'a second factor is required, and none is enrolled');
  }
  if (policy.mustChange)
    return { door: 'password', opens: 'change', because: 'it must be changed' };
  if (policy.grace) return { door: 'password', opens: 'change', because: 'it has expired' };
  const because = factor === 'code' ? 'with the code of the second factor' : 'it is good';
  return { door: 'password', opens: 'yes', because };
}

/** What the second factor asks for: nothing, a code, or one that is not there. */
function factorStanding(
  entry: EntryRecord,
  at: number,
  parts: WhyParts,
): 'none' | 'code' | 'missing' {
  const { reader } = parts;
  const rules = factorRulesOf(entry, reader);
  const bypass = bypassedUntil(entry, reader);
  const bypassed = entry.id !== reader.administratorId() && bypass !== undefined && bypass > at;
  const secret = factorSecret(reader.secrets(entry.id));
  const confirmed = secret !== undefined && openFactor(secret, parts.box()).confirmed;
  if (bypassed || rules.mode === 'off') return 'none';
  if (confirmed) return 'code';
  return isRequired(rules, entry.createdAt, at * 1000) ? 'missing' : 'none';
}

function lockedOut(entry: EntryRecord, at: number, { reader }: WhyParts): string | undefined {
  const guard = guardOf(reader);
  const lockout = guard?.lockout(entry.id) ?? reader.observed.lockouts().get(entry.id);
  const standing = standingOf(lockout, lockoutRulesOf(entry, reader), at * 1000);
  if (standing.kind === 'open') return undefined;
  return 'locked after wrong passwords; tenure unlock ends that';
}

const stateTexts: Readonly<Record<Exclude<State, 'active'>, string>> = {
  leave: 'on leave',
  staged: 'not here yet',
  suspended: 'suspended',
  sealed: 'has left; everything is sealed',
  destroyed: 'has left; credentials are destroyed',
  archived: 'has left; archived',
  purged: 'purged',
};

/** Where they come through a host that does not let them log in. */
function shutByHost(
  entry: EntryRecord,
  service: EntryRecord | undefined,
  at: number,
  { reader }: WhyParts,
): string | undefined {
  if (service === undefined || !isHost(service, reader)) return undefined;
  if (!isBoundByHosts(entry, reader)) return undefined;
  const host = readHost(service, reader);
  if (mayLogIn(entry, host, reader, new Memberships(reader, () => at * 1000))) return undefined;
  return `may not log in to ${host.names[0] ?? 'this host'}: in none of its groups`;
}

function shutByState(state: State): string | undefined {
  return state === 'active' ? undefined : stateTexts[state];
}

function firstDoor(
  secret: Secret,
  state: State,
  person: Person,
  shutBy: string | undefined,
  at: number,
): DoorWhy | undefined {
  const grant = decodeGrant('first', secret.value);
  if (grant === undefined) return undefined;
  const door = 'first password';
  const timeline = timelineOf(person, person.facts);
  const soon =
    state === 'staged' &&
    (timeline?.at ?? []).some(
      (instant, i) =>
        instant > at && instant - at <= SET_UP_LEAD_SECONDS && timeline!.then[i] === 'active',
    );
  if (shutBy !== undefined && !soon) return shut(door, shutBy);
  if (at * 1000 < grant.startsMs)
    return shut(door, `it opens from ${iso(grant.startsMs / 1000)} on`);
  if (at * 1000 >= grant.endsMs) return shut(door, 'its time is over');
  return { door, opens: 'change', because: 'it opens to set a password of one’s own' };
}

function serviceText(uuid: string, { reader, names }: WhyParts): string {
  const entry = reader.entry(reader.idByUuid(uuid));
  return entry === undefined ? 'a service that is gone' : names.text(entry);
}

/** What was generated for a service; addresses are asked of whoever comes. */
function credentialDoors(
  { entry }: Person,
  shutBy: string | undefined,
  policy: ReturnType<typeof policyVerdict>,
  at: number,
  { reader }: WhyParts,
): DoorWhy[] {
  const all = serviceSecretsIn(reader.secrets(entry.id)).map(({ grant }) => grant);
  if (all.length === 0) return [];
  const renewal = renewalOf(entry, reader);
  return all.map((grant): DoorWhy => {
    const door = `credential svc-${grant.id}`;
    const ended = at * 1000 >= endOfServiceSecret(grant, all, renewal);
    const because =
      shutBy ??
      (ended ? 'it has ended: another has taken its place, or it was not renewed' : undefined) ??
      (!policy.open && policy.error !== 'passwordExpired' ? policy.reason : undefined);
    if (because !== undefined) return { door, opens: 'no', because };
    return { door, opens: 'yes', because: 'it is good' };
  });
}
