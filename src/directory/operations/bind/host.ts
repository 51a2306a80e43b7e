/**
 * The gate of a bind that comes through a host: whoever may not log in there is refused like anybody
 * else, at the same cost. Services and hosts themselves bind where they run, and so does the
 * administrator that `tenure init` made, who would be locked out by a mistake otherwise.
 */
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { hostsOf, mayLogIn } from '../hosts/index.js';
import { Memberships } from '../memberships.js';
import { isService } from './service.js';
import type { Attempt, PersonGate } from './types.js';

export interface HostGateTools {
  readonly reader: DirectoryReader;
  readonly nowMs: () => number;
  /** The service or host through which somebody binds, or 0. */
  readonly serviceOf: (attempt: Attempt) => number;
}

/** How the reason of a refusal by a host begins. */
export const hostRefusal = 'may not log in to';

export function hostGate({ reader, nowMs, serviceOf }: HostGateTools): PersonGate {
  return (attempt) => {
    const hosts = hostsOf(reader);
    if (hosts.length === 0) return undefined;
    const through = serviceOf(attempt);
    const host = through === 0 ? undefined : hosts.find(({ id }) => id === through);
    if (host === undefined) return undefined;
    const { entry } = attempt;
    if (!isBoundByHosts(entry, reader)) return undefined;
    if (mayLogIn(entry, host, reader, new Memberships(reader, nowMs))) return undefined;
    return { refused: true, reason: `${hostRefusal} ${host.names[0] ?? 'this host'}` };
  };
}

/** Whether hosts decide about somebody at all. */
export function isBoundByHosts({ id }: EntryRecord, reader: DirectoryReader): boolean {
  return (
    id !== reader.administratorId() && !isService({ role: 'user', dn: '', entryId: id }, reader)
  );
}
