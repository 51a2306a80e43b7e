/** HOST:PORT as people write it, for listeners. Resolves no name and opens nothing. */
import { isIPv6 } from 'node:net';

/** A parsed address; `host` carries no brackets and is `::` where `*` was written. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export type ParsedAddress =
  | { readonly ok: true; readonly address: HostPort }
  | { readonly ok: false; readonly reason: string };

const PORT_MAX = 65_535;
const hostName = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\.?$/;

/** Reads `127.0.0.1:389`, `[::1]:636`, `ldap.example.com:389` or `*:389`; port 0 picks a free one. */
export function parseAddress(text: string): ParsedAddress {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return wrong(text, 'has no port');
  const digits = text.slice(colon + 1);
  const port = Number(digits);
  if (!/^[0-9]{1,5}$/.test(digits) || port > PORT_MAX) {
    return wrong(text, `has no port between 0 and ${PORT_MAX}`);
  }
  const written = text.slice(0, colon);
  if (written === '*') return { ok: true, address: { host: '::', port } };
  if (written.startsWith('[')) {
    const host = written.slice(1, -1);
    if (!written.endsWith(']') || !isIPv6(host)) return wrong(text, 'has no IPv6 address in [ ]');
    return { ok: true, address: { host, port } };
  }
  if (written.includes(':')) return wrong(text, 'needs [ ] around its IPv6 address');
  if (!hostName.test(written)) return wrong(text, 'has no valid host name');
  return { ok: true, address: { host: written, port } };
}

function wrong(text: string, what: string): ParsedAddress {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return { ok: false, reason: `"${shown}" ${what}; write HOST:PORT, such as 127.0.0.1:3890` };
}
