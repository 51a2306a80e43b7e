/**
 * As whom somebody may ask (RFC 4370). The administrators may ask as anybody who is none; an account
 * as the people whom its `tenureProxyFor` names, and the members of groups that it names. Never as an
 * administrator, never as anybody with a role of the policy: nobody reads more by it than people do.
 * Every refusal is the same, whatever exists.
 */
import { rolesOf } from '../../../policy/core/conditions/index.js';
import { LdapError } from '../../../runtime/errors.js';
import { anonymous, type Identity } from '../../model/identity.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { assertMayGoOn, mayGoOn, personOf, policyOf } from '../lifecycle/index.js';
import { Memberships } from '../memberships.js';
import type { Names } from '../names.js';
import { actingIdentity, isAdministrator } from './administrators.js';
import { proxiedBy } from './proxy-for.js';

export interface ProxyTools {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly nowMs: () => number;
}

const NAMESAKES_MAX = 2;

/** @throws LdapError authorizationDenied, insufficientAccessRights where the session is over */
export function identityAs(authzId: string, asking: Identity, tools: ProxyTools): Identity {
  const { reader, names, nowMs } = tools;
  assertMayGoOn(asking, reader, nowMs());
  const now = Math.floor(nowMs() / 1000);
  const own = actingIdentity(asking, reader, now);
  if (own.role === 'anonymous' || own.only !== undefined) throw denied();
  const targets = own.role === 'administrator' ? undefined : proxiedBy(own.entryId, reader);
  if (targets?.length === 0) throw denied();
  if (authzId === '' || authzId.toLowerCase() === 'dn:') return anonymous;
  const target = named(authzId, tools);
  // A group is named for its members, and is nobody itself.
  if (target === undefined || target.kind.membership !== undefined) throw denied();
  if (isAdministrator(target.id, reader, now)) throw denied();
  const identity: Identity = { role: 'user', dn: names.text(target), entryId: target.id };
  if (!mayGoOn(identity, reader, now)) throw denied();
  if (targets !== undefined && !isAmong(target, targets, tools, now)) throw denied();
  return identity;
}

const denied = () =>
  new LdapError('authorizationDenied', 'this account may not ask as that identity');

function isAmong(
  target: EntryRecord,
  targets: readonly number[],
  { reader, nowMs }: ProxyTools,
  now: number,
): boolean {
  const memberships = new Memberships(reader, nowMs);
  const groups = memberships.groupsOf(target.id);
  if (!targets.some((id) => id === target.id || groups.includes(id))) return false;
  const { policy } = policyOf(reader);
  return policy.roles.length === 0 || rolesOf(personOf(target, reader), policy, now).length === 0;
}

function named(authzId: string, { reader, names }: ProxyTools): EntryRecord | undefined {
  if (/^dn:/i.test(authzId)) return reader.entry(idOf(authzId.slice(3), names));
  const type = reader.schema().attribute('uid');
  const key = type?.equality?.normalize(Buffer.from(authzId.slice(2), 'utf8'));
  if (type === undefined || key === undefined || !reader.canUse(type, 'equality')) return undefined;
  const { ids } = reader.idsEqual(type, key, NAMESAKES_MAX);
  return ids.length === 1 ? reader.entry(ids[0]!) : undefined;
}

/** A name that is none is nobody's: which it was is not told either. */
function idOf(dn: string, names: Names): number {
  try {
    return names.resolve(names.parse(dn)).id;
  } catch (error) {
    if (error instanceof LdapError) return 0;
    throw error;
  }
}
