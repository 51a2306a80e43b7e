/** OpenLDAP's client tools against a served directory, over each way in; and what they print. */
import { isInstalled, type Ran, run } from './process-run.js';
import { admin, type TenureServer } from './process-server.js';

/** The ways into a server. */
export type Door = 'ldap' | 'StartTLS' | 'ldaps' | 'local';

export const doors: readonly Door[] = ['ldap', 'StartTLS', 'ldaps', 'local'];

export const hasTools = isInstalled('ldapsearch');

/** Who asks: DN and password. The local socket needs neither for the administrator. */
export interface Login {
  readonly dn: string;
  readonly password: string;
}

export interface Entry {
  readonly dn: string;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

export interface Found extends Ran {
  readonly entries: readonly Entry[];
}

/** Arguments that reach `server` by `door`. */
function reach(server: TenureServer, door: Door): string[] {
  switch (door) {
    case 'ldap':
      return ['-H', `ldap://localhost:${server.ldapPort}`];
    case 'StartTLS':
      return ['-ZZ', '-H', `ldap://localhost:${server.ldapPort}`];
    case 'ldaps':
      return ['-H', `ldaps://localhost:${server.ldapsPort}`];
    case 'local':
      return ['-H', `ldapi://${encodeURIComponent(server.localPath)}`];
  }
}

function login(server: TenureServer, door: Door, who: ToolOptions['as']): string[] {
  if (who === 'anonymous') return ['-x'];
  if (who === 'EXTERNAL') return ['-Q', '-Y', 'EXTERNAL'];
  if (who !== undefined) return ['-x', '-D', who.dn, '-w', who.password];
  if (door === 'local') return ['-Q', '-Y', 'EXTERNAL'];
  return ['-x', '-D', admin, '-w', server.password];
}

export interface ToolOptions {
  readonly door?: Door;
  /** The administrator unless given. */
  readonly as?: Login | 'anonymous' | 'EXTERNAL';
  readonly input?: string;
  /** Whom the client trusts; the server's own CA unless given. */
  readonly caFile?: string;
}

/** One of the tools, to its end. */
export function ldapTool(
  server: TenureServer,
  name: string,
  args: readonly string[],
  { door = 'ldap', as, input = '', caFile = server.caFile }: ToolOptions = {},
): Promise<Ran> {
  const env = { LDAPTLS_CACERT: caFile };
  const all = [...reach(server, door), ...login(server, door, as), ...args];
  return run(name, all, { env, input, timeoutMs: 30_000 });
}

/** ldapsearch with -LLL, its LDIF read. */
export async function ldapSearch(
  server: TenureServer,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<Found> {
  const ran = await ldapTool(
    server,
    'ldapsearch',
    ['-LLL', '-o', 'ldif-wrap=no', ...args],
    options,
  );
  return { ...ran, entries: readEntries(ran.out) };
}

/** The entries of LDIF as ldapsearch prints it without wrapping; comments are passed over. */
export function readEntries(ldif: string): Entry[] {
  const entries: Entry[] = [];
  for (const block of ldif.split('\n\n')) {
    const attributes = new Map<string, string[]>();
    let dn: string | undefined;
    for (const line of block.split('\n')) {
      const parts = /^([^:#\s][^:]*):(:?) ?(.*)$/.exec(line);
      if (parts === null) continue;
      const [, name = '', base64, text = ''] = parts;
      const value = base64 === ':' ? Buffer.from(text, 'base64').toString('utf8') : text;
      if (name === 'dn') dn = value;
      else attributes.set(name, [...(attributes.get(name) ?? []), value]);
    }
    if (dn !== undefined) entries.push({ dn, attributes });
  }
  return entries;
}

/** The values of an attribute, sorted, by the name that the server wrote; none is an empty list. */
export function values(entry: Entry | undefined, name: string): string[] {
  return [...(entry?.attributes.get(name) ?? [])].sort();
}

/** The DNs found, sorted. */
export function names(found: Found): string[] {
  return found.entries.map(({ dn }) => dn).sort();
}
