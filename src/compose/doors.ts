/** The listeners of a server: opened as the configuration asks, and the addresses they got. */
import { join, resolve } from 'node:path';
import { AdminError, type RunningServer } from '../admin/index.js';
import type { BoundAddress, WireServer } from '../ldap/index.js';
import { parseAddress } from '../runtime/address.js';
import type { Config } from '../runtime/config.js';

/** Opens the listeners that the configuration asks for, and the local socket. */
export async function openDoors(
  doors: WireServer,
  config: Config,
  dataDir: string,
): Promise<BoundAddress[]> {
  const bound: BoundAddress[] = [];
  for (const kind of ['ldap', 'ldaps'] as const) {
    const address = config.listen[kind];
    if (address === undefined) continue;
    const parsed = parseAddress(address);
    if (!parsed.ok) throw new AdminError('address', parsed.reason);
    bound.push(await doors.listen({ kind, ...parsed.address }));
  }
  bound.push(await doors.listen({ kind: 'local', path: join(dataDir, 'ldapi.sock') }));
  return bound;
}

export function addressesOf(
  bound: readonly BoundAddress[],
  dataDir: string,
): RunningServer['addresses'] {
  const at = (kind: 'ldap' | 'ldaps') => {
    const address = bound.find((other) => other.kind === kind);
    if (address === undefined || address.kind === 'local') return undefined;
    const host = address.host.includes(':') ? `[${address.host}]` : address.host;
    return `${host}:${address.port}`;
  };
  return {
    ldap: at('ldap'),
    ldaps: at('ldaps'),
    local: resolve(dataDir, 'ldapi.sock'),
    control: resolve(dataDir, 'control.sock'),
  };
}
