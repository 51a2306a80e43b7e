/**
 * What somebody who leaves has seen: what opens the services that they own and the shared logins that
 * they use. It is kept in the case, because who owns and uses may change before anybody looks.
 */
import { kindOf } from '../../../policy/core/conditions/index.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { personOf, policyOf } from '../lifecycle/index.js';
import { isDevice, loginOf, nameOf, naming } from './heirs.js';
import type { Wanted } from './resources.js';

/** Of the items; behind it stands the UUID of what is known. */
export const KNOWS = 'knows:';

/** Whether the policy wants another secret when a user leaves. */
function rotates(entry: EntryRecord, reader: DirectoryReader, now: number): boolean {
  const { policy } = policyOf(reader);
  if (!policy.kinds.some(({ whenAUserLeaves }) => whenAUserLeaves !== undefined)) return false;
  return kindOf(personOf(entry, reader), policy, now)?.whenAUserLeaves === 'rotate the secret';
}

/** Items for everything whose secret the person has seen, whether it was changed since or not. */
export function knownOf(
  entry: EntryRecord,
  departure: number,
  reader: DirectoryReader,
  now: number,
): Wanted[] {
  const login = loginOf(entry, reader);
  const owned = naming(entry.id, 'owner', reader).filter(
    (one) => !isDevice(one) && reader.secrets(one.id).length > 0,
  );
  const shared = naming(entry.id, 'lifecycleUser', reader).filter((one) =>
    rotates(one, reader, now),
  );
  const used = new Set(shared.map(({ id }) => id));
  const all = [...shared, ...owned.filter(({ id }) => !used.has(id))];
  return all.map((one) => ({
    key: `${KNOWS}${one.uuid}`,
    text: `${login} knows the password of ${nameOf(one, reader)}: change it`,
    owner: 'admins',
    due: departure,
  }));
}
