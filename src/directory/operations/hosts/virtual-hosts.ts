/**
 * `host` and `authorizedService` as hosts read them on people (pam_ldap, SSSD's ldap_access_order):
 * the names of the hosts to which somebody may log in now, and by which services. What is stored
 * wins. A host reads its own services; all others read those of all hosts.
 */
import type { EntryRecord, IdSet } from '../../ports.js';
import type { AttributeType } from '../../schema/index.js';
import { textsOf } from '../texts-of.js';
import type { View } from '../view.js';
import type { VirtualAttribute } from '../virtual.js';
import { type Host, hostsNamed, hostsOf, mayLogIn } from './hosts.js';

const nothing: readonly Buffer[] = [];
const noIds: IdSet = { ids: [], complete: true, exact: false };
const EVERY_SERVICE = '*';

/** Hosts are logged in to by those who have a login. */
const hasLogin = ({ kind }: EntryRecord) =>
  kind.classes.some(({ name }) => name === 'posixAccount' || name === 'person');

/** The hosts that let somebody in for whom nothing of `host` is stored. */
function hostsFor(entry: EntryRecord, hosts: readonly Host[], view: View): readonly Host[] {
  const { reader, memberships } = view;
  return hosts.filter((host) => mayLogIn(entry, host, reader, memberships));
}

const isOff = (entry: EntryRecord, { withheld }: View) => withheld?.hidesMember(entry.id) === true;

const valuesOf = (texts: Iterable<string>) => [...new Set(texts)].map((text) => Buffer.from(text));

function servicesOf({ services }: Host): readonly string[] {
  return services.length === 0 ? [EVERY_SERVICE] : services;
}

/** Hosts whose services whoever asks reads: a host its own, everybody else all. */
function asked({ reader, identity }: View): readonly Host[] {
  const hosts = hostsOf(reader);
  if (hosts.length === 0) return hosts;
  const own = hosts.find(({ id }) => id === identity.entryId);
  return own === undefined ? hosts : [own];
}

/** Members of the groups of any of the hosts, ascending. */
function membersOf(hosts: readonly Host[], view: View, limit: number): IdSet {
  const ids = new Set<number>();
  for (const group of new Set(hosts.flatMap(({ groups }) => groups))) {
    for (const id of view.memberships.membersOf(group)) ids.add(id);
    if (ids.size > limit) return { ids: [], complete: false, exact: false };
  }
  return ids.size === 0
    ? noIds
    : { ids: [...ids].sort((a, b) => a - b), complete: true, exact: false };
}

/** With those who have a `host` of their own, and so are in no group of one. */
function withOwn(members: IdSet, view: View, limit: number): IdSet {
  const type = hostType(view);
  if (!members.complete || !view.reader.canUse(type, 'equality'))
    return { ...members, complete: false };
  const own = view.reader.idsPresent(type, limit);
  const ids = [...new Set([...members.ids, ...own.ids])].sort((a, b) => a - b);
  return { ids, complete: own.complete, exact: false };
}

function hostType({ reader }: View): AttributeType {
  return reader.schema().attribute('host')!;
}

export const hostAttributes: readonly VirtualAttribute[] = [
  {
    names: ['host'],
    whereAllowed: true,
    compute(entry, view) {
      const hosts = hostsOf(view.reader);
      if (hosts.length === 0 || !hasLogin(entry)) return nothing;
      if (textsOf(entry, 'host', view.reader).length > 0 || isOff(entry, view)) return nothing;
      return valuesOf(hostsFor(entry, hosts, view).flatMap(({ names }) => names));
    },
    candidates: (raw, view, limit) =>
      membersOf(hostsNamed(raw, hostType(view), view.reader), view, limit),
    holders: (view, limit) => membersOf(hostsOf(view.reader), view, limit),
  },
  {
    names: ['authorizedService'],
    whereAllowed: true,
    compute(entry, view) {
      const hosts = asked(view);
      if (hosts.length === 0 || !hasLogin(entry)) return nothing;
      const { reader } = view;
      if (textsOf(entry, 'authorizedService', reader).length > 0 || isOff(entry, view)) {
        return nothing;
      }
      return valuesOf(hostsFor(entry, hosts, view).flatMap(servicesOf));
    },
    candidates(raw, view, limit) {
      const wanted = raw.toString('utf8').trim().toLowerCase();
      const hosts = asked(view).filter((host) =>
        servicesOf(host).some((service) => service.toLowerCase() === wanted),
      );
      return withOwn(membersOf(hosts, view, limit), view, limit);
    },
    holders: (view, limit) => withOwn(membersOf(asked(view), view, limit), view, limit),
  },
];
