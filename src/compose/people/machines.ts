/**
 * The administration's view of hosts and devices. A host is an entry below ou=hosts with a generated
 * password of its own; a device one below ou=devices that names its owner.
 */
import { AdminError } from '../../admin/index.js';
import type { DeviceInfo, HostInfo, HostMade, MachinesEngine } from '../../admin/machines.js';
import { bytesOf, bytesOfText } from '../../directory/model/bytes.js';
import { escapeDnValue } from '../../directory/model/dn.js';
import { formatTime, parseTime } from '../../directory/model/time.js';
import { shownState } from '../../directory/model/timeline.js';
import {
  type AddRequest,
  isHost,
  Memberships,
  type ModifyChange,
  mayLogIn,
  type PreparedWrite,
  readHost,
} from '../../directory/operations/index.js';
import { policyOf, stateOf } from '../../directory/operations/lifecycle/index.js';
import type { EntryRecord } from '../../directory/ports.js';
import { endOf } from '../../policy/core/index.js';
import { LdapError } from '../../runtime/errors.js';
import type { Random } from '../../runtime/random.js';
import { newAppPassword } from '../engine-grants.js';
import { findGroup } from './groups.js';
import {
  findPerson,
  loginOf,
  modify,
  namedBy,
  type PeopleParts,
  readMoment,
  reasonOf,
  textsOf,
  written,
} from './parts.js';

/** Label of the one generated password that a host has. */
const LABEL = 'host';
const MACHINES_MAX = 10_000;
const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** What a sudo rule for every host names. */
const EVERY_HOST = 'ALL';

type Values = Readonly<Record<string, readonly string[]>>;

export interface MachineParts extends PeopleParts {
  readonly random: () => Random;
}

export function machinesEngine(parts: MachineParts): MachinesEngine {
  const { reader, names, factors } = parts;

  async function passwordFor(name: string, by: string): Promise<string> {
    const order = { name, label: LABEL, service: undefined, forMs: undefined, by };
    return (await factors.addAppPassword(order)).password;
  }

  return {
    async addHost({ name, aliases, groups, services, addresses, owner, by, because }) {
      for (const one of [name, ...aliases]) assertName(one);
      const dns = groups.map((group) => names.text(findGroup(group, parts)));
      const values: Values = {
        objectClass: ['device', 'tenureHost'],
        cn: [name, ...aliases],
        tenureLoginGroup: dns,
        tenureLoginService: services,
        tenureServiceAddress: addresses,
        owner: owner === undefined ? [] : [findPerson(owner, parts).dn],
      };
      const reason = reasonOf('host add', by, because);
      const { text: password, id, row } = newAppPassword(LABEL, {}, [], parts);
      const dn = await add('hosts', name, values, reason, parts, (ownerDn) => ({
        op: 'credentials',
        context: { identity: parts.administrator(), origin: parts.origin },
        reason: `${reason} (app password ${id})`,
        owner: 0,
        ownerDn,
        remove: [],
        add: [{ kind: row.kind, value: bytesOf(row.value) }],
      }));
      return { ...infoOf(findHost(dn, parts), parts), password };
    },

    async hosts({ name }) {
      const found = name === undefined ? ofClass('tenureHost', parts) : [findHost(name, parts)];
      return { hosts: found.map((entry) => infoOf(entry, parts)) };
    },

    async allow({ name, groups, by, because }) {
      const dn = names.text(findHost(name, parts));
      const dns = groups.map((group) => names.text(findGroup(group, parts)));
      const change = changeOf('replace', 'tenureLoginGroup', dns);
      await modify(parts, dn, [change], reasonOf('host allow', by, because));
      return infoOf(findHost(dn, parts), parts);
    },

    async renewHost({ name, by }): Promise<HostMade> {
      const dn = names.text(findHost(name, parts));
      const { appPasswords } = await factors.listAppPasswords({ name: dn });
      if (appPasswords.some(({ label }) => label === LABEL)) {
        await factors.revokeAppPassword({ name: dn, which: LABEL, by });
      }
      const password = await passwordFor(dn, by);
      return { ...infoOf(findHost(dn, parts), parts), password };
    },

    async removeHost({ name, by, because }) {
      const info = infoOf(findHost(name, parts), parts);
      const context = { identity: parts.administrator(), origin: parts.origin };
      const reason = reasonOf('host remove', by, because);
      await written(parts, { op: 'delete', context, reason, dn: info.dn });
      return info;
    },

    async addDevice({ serial, owner, kind, end, by, because }) {
      assertName(serial);
      const { dn: ownerDn, now, rules } = findPerson(owner, parts);
      const until =
        end === undefined ? [] : [endOf(readMoment('--end', end, now, rules.zone), rules)];
      const values: Values = {
        objectClass: ['device', 'tenureOwnedDevice'],
        cn: [serial],
        serialNumber: [serial],
        owner: [ownerDn],
        tenureDeviceKind: [kind],
        tenureDeviceEnd: until.map(formatTime),
      };
      const dn = await add('devices', serial, values, reasonOf('device add', by, because), parts);
      return deviceOf(entryAt(dn, parts), parts);
    },

    async devices({ owner }) {
      const whose = owner === undefined ? undefined : findPerson(owner, parts).entry.id;
      const found = ofClass('tenureOwnedDevice', parts).filter(
        (entry) => whose === undefined || namedBy(entry, 'owner', reader).includes(whose),
      );
      return { devices: found.map((entry) => deviceOf(entry, parts)) };
    },

    async giveDevice({ serial, owner, by, because }) {
      const dn = names.text(findDevice(serial, parts));
      const owners = owner === undefined ? [] : [findPerson(owner, parts).dn];
      const verb = owner === undefined ? 'device return' : 'device give';
      const change = changeOf('replace', 'owner', owners);
      await modify(parts, dn, [change], reasonOf(verb, by, because));
      return deviceOf(entryAt(dn, parts), parts);
    },
  };
}

function changeOf(op: ModifyChange['op'], attribute: string, texts: readonly string[]) {
  return { op, attribute, values: texts.map(bytesOfText) };
}

/** @throws AdminError usage */
function assertName(name: string): void {
  if (nameForm.test(name)) return;
  const text = `"${name}" is no name: letters, digits, . _ - and 64 at most, a letter or digit first`;
  throw new AdminError('usage', text);
}

/**
 * An entry below a container, which is made where it is not there, with what comes along: one write.
 * Answers with its name.
 */
async function add(
  ou: string,
  name: string,
  values: Values,
  reason: string,
  parts: PeopleParts,
  along?: (dn: string) => PreparedWrite,
): Promise<string> {
  const suffix = parts.reader.suffixes()[0]?.dn;
  if (suffix === undefined) throw new LdapError('noSuchObject', 'the directory has no suffix yet');
  const context = { identity: parts.administrator(), origin: parts.origin };
  const container = `ou=${ou},${suffix}`;
  const request = (dn: string, of: Values): AddRequest => ({
    op: 'add',
    context,
    reason,
    dn,
    attributes: Object.entries(of).flatMap(([attribute, texts]) =>
      texts.length === 0 ? [] : [{ attribute, values: texts.map(bytesOfText) }],
    ),
  });
  const dn = `cn=${escapeDnValue(name)},${container}`;
  const writes: PreparedWrite[] = [request(dn, values)];
  if (parts.names.idOf(container) === 0) {
    writes.unshift(request(container, { objectClass: ['organizationalUnit'], ou: [ou] }));
  }
  if (along !== undefined) writes.push(along(dn));
  await written(parts, { op: 'together', context, reason, writes });
  return dn;
}

function entryAt(dn: string, { reader, names }: PeopleParts): EntryRecord {
  const entry = reader.entry(names.idOf(dn));
  if (entry === undefined) throw new LdapError('noSuchObject', `there is no entry ${dn}`);
  return entry;
}

function ofClass(name: string, { reader }: PeopleParts): EntryRecord[] {
  const cls = reader.schema().objectClass(name);
  const kinds = reader.kinds().filter((kind) => cls !== undefined && kind.has(cls));
  return kinds.length === 0 ? [] : reader.entries(reader.idsOfKinds(kinds, MACHINES_MAX).ids);
}

/** @throws LdapError noSuchObject with what there is */
function findHost(name: string, parts: PeopleParts): EntryRecord {
  const { reader } = parts;
  if (name.includes('=')) {
    const entry = entryAt(name, parts);
    if (isHost(entry, reader)) return entry;
    throw new LdapError('unwillingToPerform', `${name} is no host that people log in to`);
  }
  return named(name, 'cn', ofClass('tenureHost', parts), 'host', parts);
}

function findDevice(serial: string, parts: PeopleParts): EntryRecord {
  if (serial.includes('=')) return entryAt(serial, parts);
  const devices = ofClass('tenureOwnedDevice', parts);
  return named(serial, 'serialNumber', devices, 'device', parts);
}

function named(
  name: string,
  attribute: string,
  entries: readonly EntryRecord[],
  what: string,
  { reader, names }: PeopleParts,
): EntryRecord {
  const of = (entry: EntryRecord) => textsOf(entry, attribute.toLowerCase(), reader);
  const found = entries.filter((entry) =>
    of(entry).some((text) => text.toLowerCase() === name.toLowerCase()),
  );
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    const list = found.map((entry) => names.text(entry)).join('; ');
    throw new LdapError('unwillingToPerform', `"${name}" is several; name one of them: ${list}`);
  }
  const known = entries.slice(0, 10).map((entry) => of(entry)[0] ?? entry.rdn);
  const text = `there is no ${what} "${name}"; there are: ${known.join(', ') || 'none'}`;
  throw new LdapError('noSuchObject', text);
}

function infoOf(entry: EntryRecord, parts: PeopleParts): HostInfo {
  const { reader, names } = parts;
  const host = readHost(entry, reader);
  const owner = reader.entry(namedBy(entry, 'owner', reader)[0] ?? 0);
  return {
    dn: names.text(entry),
    name: host.names[0] ?? entry.rdn,
    aliases: host.names.slice(1),
    groups: reader.entries([...host.groups]).map((group) => textsOf(group, 'cn', reader)[0] ?? ''),
    services: host.services,
    addresses: [
      ...textsOf(entry, 'iphostnumber', reader),
      ...textsOf(entry, 'tenureserviceaddress', reader),
    ],
    ...(owner !== undefined && { owner: loginOf(owner, reader) }),
    people: peopleOf(entry, parts),
    sudo: sudoFor(host.names, parts),
  };
}

/** Logins of those whom a bind through the host would let in now. */
function peopleOf(entry: EntryRecord, { reader, nowMs }: PeopleParts): string[] {
  const host = readHost(entry, reader);
  const memberships = new Memberships(reader, nowMs);
  const ids = new Set(host.groups.flatMap((group) => [...memberships.membersOf(group)]));
  const type = reader.schema().attribute('host');
  if (type !== undefined && reader.canUse(type, 'equality')) {
    for (const id of reader.idsPresent(type, MACHINES_MAX).ids) ids.add(id);
  }
  const now = Math.floor(nowMs() / 1000);
  return reader
    .entries([...ids].sort((a, b) => a - b))
    .filter(({ kind }) => kind.membership === undefined)
    .filter(({ id }) => stateOf(id, reader, now) === 'active')
    .filter((person) => mayLogIn(person, host, reader, memberships))
    .map((person) => loginOf(person, reader))
    .sort();
}

function sudoFor(hostNames: readonly string[], parts: PeopleParts): string[] {
  const { reader } = parts;
  const wanted = new Set([EVERY_HOST, ...hostNames].map((name) => name.toLowerCase()));
  return ofClass('sudoRole', parts)
    .filter((rule) =>
      textsOf(rule, 'sudohost', reader).some((text) => wanted.has(text.toLowerCase())),
    )
    .map((rule) => textsOf(rule, 'cn', reader)[0] ?? rule.rdn);
}

function deviceOf(entry: EntryRecord, parts: PeopleParts): DeviceInfo {
  const { reader, names } = parts;
  const owner = reader.entry(namedBy(entry, 'owner', reader)[0] ?? 0);
  const now = Math.floor(parts.nowMs() / 1000);
  const end = parseTime(textsOf(entry, 'tenuredeviceend', reader)[0] ?? '');
  return {
    dn: names.text(entry),
    serial: textsOf(entry, 'serialnumber', reader)[0] ?? entry.rdn,
    kind: textsOf(entry, 'tenuredevicekind', reader)[0] ?? 'device',
    ...(owner !== undefined && {
      owner: loginOf(owner, reader),
      state: shownState(stateOf(owner.id, reader, now)),
    }),
    ...(end !== undefined && { end: new Date(end * 1000).toISOString() }),
    zone: policyOf(reader).policy.company.zone,
    now: new Date(now * 1000).toISOString(),
  };
}
