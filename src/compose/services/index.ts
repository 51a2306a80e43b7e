/** The verbs about services and shared logins: made, listed, shown, given another credential, renewed. */
import { AdminError } from '../../admin/index.js';
import type {
  AddService,
  RenewService,
  RotateService,
  ServiceInfo,
  ServiceMade,
  ServiceShown,
  ServicesEngine,
} from '../../admin/services.js';
import {
  encodeGrant,
  endOfServiceSecret,
  grantKinds,
  makeGenerated,
  serviceSecretsIn,
} from '../../credentials/index.js';
import { bytesOf, bytesOfText } from '../../directory/model/bytes.js';
import { escapeDnValue } from '../../directory/model/dn.js';
import { readNetwork } from '../../directory/model/network.js';
import {
  findEntry,
  liveSecrets,
  type ModifyChange,
  type PreparedWrite,
  renewalOf,
  serviceIds,
  serviceKindOf,
} from '../../directory/operations/index.js';
import { viewFaultOf } from '../../directory/operations/lifecycle/index.js';
import type { EntryRecord } from '../../directory/ports.js';
import { type Engagement, endOf, formatFact, verbs } from '../../policy/core/index.js';
import { inUseKey, POLICY } from '../../policy/run/index.js';
import { LdapError } from '../../runtime/errors.js';
import type { Random } from '../../runtime/random.js';
import {
  findPerson,
  type PeopleParts,
  type Person,
  personOf,
  readMoment,
  reasonOf,
  written,
} from '../people/index.js';
import { infoOf, knowersIn, type ServiceParts, zoneOf } from './info.js';

export type { ServiceParts } from './info.js';

export type ServicesParts = PeopleParts &
  ServiceParts & {
    readonly random: () => Random;
    /** Lets others be served. */
    readonly turn: () => Promise<void>;
  };

const nameForm = /^[a-z_][a-z0-9._-]{0,31}$/;
/** Credentials of one service that open side by side. */
const CREDENTIALS_MAX = 5;
const OVERLAP_MS_MAX = 366 * 86_400_000;
const PAGE = 64;

export function servicesEngine(parts: ServicesParts): ServicesEngine {
  const { reader } = parts;
  return {
    add: (order) => add(order, parts),
    async list({ all }) {
      const services = await serviceInfos(parts, parts.turn);
      const shown = all === true ? services : services.filter((one) => !isOver(one));
      return { now: isoNow(parts), zone: zoneOf(reader), services: shown };
    },
    show: async ({ name }) => shownOf(find(name, parts), parts),
    rotate: (order) => rotate(order, parts),
    renew: (order) => renew(order, parts),
  };
}

/** Everything about all of them, by name; others have their turn between two pages. */
export async function serviceInfos(
  parts: ServiceParts,
  turn: () => Promise<void>,
): Promise<ServiceInfo[]> {
  const known = { ...parts, knowers: knowersIn(parts) };
  const found: ServiceInfo[] = [];
  const ids = serviceIds(parts.reader);
  for (let from = 0; from < ids.length; from += PAGE) {
    for (const entry of parts.reader.entries(ids.slice(from, from + PAGE))) {
      const kind = serviceKindOf(entry, parts.reader);
      if (kind !== undefined) found.push(infoOf(entry, kind, known));
    }
    await turn();
  }
  return found.sort((a, b) => (a.login < b.login ? -1 : 1));
}

const isoNow = ({ nowMs }: ServicesParts) => new Date(nowMs()).toISOString();
/** Shut for good, and nobody's matter any more. */
const isOver = ({ state }: ServiceInfo) => state === 'archived' || state === 'purged';

type Found = readonly [EntryRecord, ServiceInfo['kind']];

/** @throws LdapError */
function find(name: string, parts: ServicesParts): Found {
  const entry = findEntry(name, parts.reader, parts.names);
  const kind = serviceKindOf(entry, parts.reader);
  if (kind !== undefined) return [entry, kind];
  const text =
    `${parts.names.text(entry)} is no service: those are below ou=services (shared logins below ` +
    'ou=shared), or of the class tenureService';
  throw new LdapError('unwillingToPerform', text);
}

function shownOf([entry, kind]: Found, parts: ServicesParts): ServiceShown {
  const info = infoOf(entry, kind, { ...parts, knowers: knowersIn(parts) });
  return { ...info, now: isoNow(parts), zone: zoneOf(parts.reader) };
}

/** @throws LdapError, AdminError usage */
async function add(order: AddService, parts: ServicesParts): Promise<ServiceMade> {
  const { name, purpose, by, because } = order;
  if (!nameForm.test(name)) {
    const text = `"${name.slice(0, 40)}" is no name of a service: small letters, digits, . _ -, such as wiki`;
    throw new AdminError('usage', text);
  }
  if (purpose.trim() === '') throw new AdminError('usage', 'say what it is for: --purpose "…"');
  const [owner, deputy] = [
    answering(order.owner, 'owner', parts),
    answering(order.deputy, 'deputy', parts),
  ];
  if (owner.entry.id === deputy.entry.id) {
    const text = `${owner.login} cannot be both: the deputy is who answers for it when the owner has left`;
    throw new AdminError('usage', text);
  }
  for (const address of order.from) {
    const read = readNetwork(address);
    if (!read.ok) throw new AdminError('usage', `--from: ${read.reason}`);
  }
  const fault = viewFaultOf(order.view, parts.reader);
  if (fault !== undefined) throw new AdminError('usage', `--view: ${fault}`);
  const { now, rules } = owner;
  const zone = zoneOf(parts.reader);
  const end = readMoment('--until', order.until, now, zone);
  assertAhead(end, now, { ...rules, zone }, order.until);
  const suffix = parts.reader.suffixes()[0]?.dn;
  if (suffix === undefined) throw new LdapError('noSuchObject', 'the directory has no suffix yet');
  const dn = `uid=${escapeDnValue(name)},ou=services,${suffix}`;
  const start = readMoment('--start', 'today', now, zone);
  const engagement = formatFact('lifecycleEngagement', { id: '1', kind: 'service', start, end });
  const values: Readonly<Record<string, readonly string[]>> = {
    objectClass: ['account', 'tenureService', 'lifecycleSubject'],
    uid: [name],
    owner: [owner.dn],
    lifecycleDeputy: [deputy.dn],
    lifecyclePurpose: [purpose],
    lifecycleEngagement: [engagement],
    tenureServiceAddress: order.from,
    tenureView: order.view,
  };
  const attributes = Object.entries(values)
    .filter(([, all]) => all.length > 0)
    .map(([attribute, all]) => ({ attribute, values: all.map(bytesOfText) }));
  const reason = reasonOf('service add', by, because);
  const { text: credential, write } = newCredential([], 0, reason, parts);
  await written(parts, {
    op: 'together',
    ...contextOf(parts),
    reason,
    writes: [
      { op: 'add', ...contextOf(parts), reason, dn, attributes },
      { ...write, owner: 0, ownerDn: dn, remove: [] },
    ],
  });
  return { ...shownOf([findEntry(dn, parts.reader, parts.names), 'service'], parts), credential };
}

const contextOf = (parts: ServicesParts): Pick<PreparedWrite, 'context'> => ({
  context: { identity: parts.administrator(), origin: parts.origin },
});

/** Somebody who is here, and can answer for a service. */
function answering(name: string, what: 'owner' | 'deputy', parts: ServicesParts): Person {
  const person = findPerson(name, parts);
  if (serviceKindOf(person.entry, parts.reader) !== undefined) {
    throw new AdminError('usage', `--${what}: ${person.login} is a service, not a person`);
  }
  if (person.state === 'active' || person.state === 'leave') return person;
  throw new LdapError(
    'unwillingToPerform',
    `--${what}: ${person.login} is ${person.state}, not here`,
  );
}

function assertAhead(
  end: string,
  now: number,
  calendar: Parameters<typeof endOf>[1],
  words: string,
): void {
  if (endOf(end, calendar) > now) return;
  throw new AdminError('usage', `--until: "${words}" is past`);
}

/** A new credential: what was there goes on beside it for so long. Resolves with its text. */
async function give(
  entry: EntryRecord,
  overlapMs: number,
  reason: string,
  parts: ServicesParts,
): Promise<string> {
  const { reader } = parts;
  const all = serviceSecretsIn(reader.secrets(entry.id));
  const grants = all.map(({ grant }) => grant);
  const renewal = renewalOf(entry, reader);
  const nowMs = parts.nowMs();
  const dead = all.filter(({ grant }) => endOfServiceSecret(grant, grants, renewal) <= nowMs);
  const taken = grants.map((grant) => grant.id);
  const { text, write } = newCredential(taken, overlapMs, reason, parts);
  const remove = dead.map(({ secret }) => secret.id);
  await written(parts, { ...write, owner: entry.id, remove });
  return text;
}

/** A credential, and the write that keeps it for whom it is. */
function newCredential(
  taken: readonly string[],
  overlapMs: number,
  reason: string,
  parts: ServicesParts,
) {
  const { text, id, digest } = makeGenerated('service', parts.random(), taken);
  const value = encodeGrant('service', { id, madeMs: parts.nowMs(), overlapMs, digest });
  const write = {
    op: 'credentials' as const,
    ...contextOf(parts),
    reason: `${reason} (credential ${id})`,
    add: [{ kind: grantKinds.service, value: bytesOf(value) }],
  };
  return { text, write };
}

/** @throws LdapError, AdminError usage */
async function rotate(order: RotateService, parts: ServicesParts): Promise<ServiceMade> {
  const found = find(order.name, parts);
  const [entry] = found;
  const { reader } = parts;
  const now = Math.floor(parts.nowMs() / 1000);
  const overlapMs = order.overlapMs ?? renewalOf(entry, reader).overlapMs;
  if (!Number.isSafeInteger(overlapMs) || overlapMs < 0 || overlapMs > OVERLAP_MS_MAX) {
    throw new AdminError('usage', '--overlap: old and new both work for a year at most');
  }
  const live = liveSecrets(entry, reader, now);
  if (overlapMs > 0 && live.length >= CREDENTIALS_MAX) {
    const text =
      `${order.name} has ${live.length} credentials that open; wait until one has ended, or end all of ` +
      'them now: --overlap 0s';
    throw new LdapError('unwillingToPerform', text);
  }
  const credential = await give(
    entry,
    overlapMs,
    reasonOf('service rotate', order.by, order.because),
    parts,
  );
  const old = live.length === 0 ? undefined : Math.max(...live.map(({ ends }) => ends));
  const until = old === undefined ? undefined : Math.min(old * 1000, parts.nowMs() + overlapMs);
  return {
    ...shownOf([reader.entry(entry.id)!, found[1]], parts),
    credential,
    ...(until !== undefined && { oldUntil: new Date(until).toISOString() }),
  };
}

/**
 * Until then from now on; a question whether to shut it, and a block of the policy, are over.
 * @throws LdapError, AdminError usage
 */
async function renew(order: RenewService, parts: ServicesParts): Promise<ServiceShown> {
  const found = find(order.name, parts);
  const { reader } = parts;
  const person = personOf(found[0], parts);
  const { now, rules, facts, entry, dn } = person;
  const end = readMoment('--until', order.until, now, rules.zone);
  assertAhead(end, now, rules, order.until);
  const start = readMoment('--start', 'today', now, rules.zone);
  const after =
    facts.engagements.length === 0
      ? verbs.engage(facts, { kind: found[1], start, end })
      : { ...facts, engagements: renewed(facts.engagements, end) };
  const values = after.engagements.map((one) => formatFact('lifecycleEngagement', one));
  const blocks = facts.blocks.filter(({ by }) => by === POLICY);
  const changes: ModifyChange[] = [
    ...(entry.kind.isSubject ? [] : [added('objectClass', ['lifecycleSubject'])]),
    { op: 'replace', attribute: 'lifecycleEngagement', values: values.map(bytesOfText) },
    ...blocks.map(
      (block): ModifyChange => ({
        op: 'delete',
        attribute: 'lifecycleBlock',
        values: [bytesOfText(formatFact('lifecycleBlock', block))],
      }),
    ),
  ];
  const reason = reasonOf('service renew', order.by, order.because);
  const ended = reader.timelines.of(entry.id)?.unlessUsed?.from;
  const asked =
    ended === undefined ? undefined : reader.records.openDecisionOf(inUseKey(entry.uuid, ended));
  await written(parts, {
    op: 'together',
    ...contextOf(parts),
    reason,
    writes: [{ op: 'modify', ...contextOf(parts), reason, dn, changes }],
    ...(asked && { answers: [{ id: asked.id, state: 'gone', by: order.by }] }),
  });
  return shownOf([reader.entry(entry.id)!, found[1]], parts);
}

const added = (attribute: string, values: readonly string[]): ModifyChange => ({
  op: 'add',
  attribute,
  values,
});

/** The one that ends last ends then. */
function renewed(engagements: readonly Engagement[], end: string): readonly Engagement[] {
  const last = engagements.length - 1;
  return engagements.map((one, i) => (i === last ? { ...one, end } : one));
}
