/**
 * Two LDAP clients for Node behind one small interface, so that the same scenario runs through each.
 * Owns one connection a client; hides nothing but the difference in spelling.
 */
import { readFileSync } from 'node:fs';
import ldapjs from 'ldapjs';
import { Attribute, Change, Client as TsClient } from 'ldapts';
import type { Door } from './process-ldap.js';
import type { TenureServer } from './process-server.js';

export interface Found {
  readonly dn: string;
  /** By name as the server wrote it. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

export interface SearchInput {
  readonly base: string;
  readonly filter: string;
  readonly attributes?: readonly string[];
  readonly pageSize?: number;
}

/** Each rejects with an error whose `code` is the result code. */
export interface NodeClient {
  bind(dn: string, password: string): Promise<void>;
  search(input: SearchInput): Promise<readonly Found[]>;
  add(dn: string, attributes: Readonly<Record<string, readonly string[]>>): Promise<void>;
  replace(dn: string, attribute: string, values: readonly string[]): Promise<void>;
  compare(dn: string, attribute: string, value: string): Promise<boolean>;
  rename(dn: string, newDn: string): Promise<void>;
  remove(dn: string): Promise<void>;
  close(): Promise<void>;
}

export type ClientName = 'ldapjs' | 'ldapts';

export interface NodeTarget {
  readonly url: string;
  readonly socketPath: string | undefined;
  readonly ca: Buffer;
  readonly startTls: boolean;
}

/** Where a client connects for that door. */
export function targetOf(server: TenureServer, door: Door): NodeTarget {
  const url =
    door === 'ldaps'
      ? `ldaps://localhost:${server.ldapsPort}`
      : `ldap://localhost:${server.ldapPort}`;
  return {
    url,
    socketPath: door === 'local' ? server.localPath : undefined,
    ca: readFileSync(server.caFile),
    startTls: door === 'StartTLS',
  };
}

/** A connected client; ldapts knows no local sockets. */
export function connectClient(name: ClientName, target: NodeTarget): Promise<NodeClient> {
  return name === 'ldapjs' ? connectLdapjs(target) : connectLdapts(target);
}

/** Turns a last argument `(error, result)` into a promise. */
function called<T>(
  call: (done: (error: unknown, result?: T) => void) => void,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    call((error, result) => {
      if (error === null || error === undefined) resolve(result);
      else reject(error instanceof Error ? error : Object.assign(new Error('refused'), error));
    });
  });
}

async function connectLdapjs(target: NodeTarget): Promise<NodeClient> {
  const tlsOptions = { ca: [target.ca] };
  const { url, socketPath } = target;
  // It takes one of the two, whatever its types say.
  const where = (socketPath === undefined ? { url } : { socketPath }) as { url: string };
  const client = ldapjs.createClient({ ...where, tlsOptions, connectTimeout: 10_000 });
  const connected = new Promise<void>((resolve, reject) => {
    client.on('connect', () => resolve());
    client.on('error', reject);
    client.on('connectError', reject);
  });
  await connected;
  if (target.startTls) {
    await called((done) => client.starttls({ ...tlsOptions, host: 'localhost' }, [], done));
  }
  return {
    async bind(dn, password) {
      await called((done) => client.bind(dn, password, done));
    },
    search: (input) => searchLdapjs(client, input),
    async add(dn, attributes) {
      await called((done) => client.add(dn, attributes, done));
    },
    async replace(dn, type, values) {
      const change = { operation: 'replace', modification: { type, values: [...values] } };
      await called((done) => client.modify(dn, new ldapjs.Change(change), done));
    },
    async compare(dn, attribute, value) {
      const same = await called<boolean>((done) => client.compare(dn, attribute, value, done));
      return same === true;
    },
    async rename(dn, newDn) {
      await called((done) => client.modifyDN(dn, newDn, done));
    },
    async remove(dn) {
      await called((done) => client.del(dn, done));
    },
    async close() {
      await called((done) => client.unbind(done));
      client.destroy();
    },
  };
}

interface LdapjsEntry {
  readonly objectName: { toString(): string };
  readonly attributes: readonly { readonly type: string; readonly values: readonly string[] }[];
}

function searchLdapjs(
  client: ldapjs.Client,
  { base, filter, attributes = [], pageSize }: SearchInput,
): Promise<readonly Found[]> {
  const options: ldapjs.SearchOptions = {
    filter,
    scope: 'sub',
    attributes: [...attributes],
    ...(pageSize === undefined ? {} : { paged: { pageSize } }),
  };
  return new Promise((resolve, reject) => {
    client.search(base, options, (error, response) => {
      if (error !== null) {
        reject(error);
        return;
      }
      const found: Found[] = [];
      response.on('searchEntry', (entry) => {
        const { objectName, attributes: list } = entry as unknown as LdapjsEntry;
        const pairs = list.map(({ type, values }) => [type, values] as const);
        found.push({ dn: objectName.toString(), attributes: Object.fromEntries(pairs) });
      });
      response.on('error', reject);
      response.on('end', () => resolve(found));
    });
  });
}

async function connectLdapts({ url, ca, startTls }: NodeTarget): Promise<NodeClient> {
  const secure = url.startsWith('ldaps:') ? { tlsOptions: { ca: [ca] } } : {};
  const client = new TsClient({ url, timeout: 10_000, connectTimeout: 10_000, ...secure });
  if (startTls) await client.startTLS({ ca: [ca], host: 'localhost' });
  return {
    bind: (dn, password) => client.bind(dn, password),
    async search({ base, filter, attributes = [], pageSize }) {
      const { searchEntries } = await client.search(base, {
        filter,
        scope: 'sub',
        attributes: [...attributes],
        ...(pageSize === undefined ? {} : { paged: { pageSize } }),
      });
      return searchEntries.map(({ dn, ...rest }) => {
        const pairs = Object.entries(rest).map(
          ([name, values]) => [name, [values].flat().map(String)] as const,
        );
        return { dn, attributes: Object.fromEntries(pairs) };
      });
    },
    add: (dn, attributes) =>
      client.add(
        dn,
        Object.entries(attributes).map(([type, values]) => attributeOf(type, values)),
      ),
    replace: (dn, type, values) =>
      client.modify(
        dn,
        new Change({ operation: 'replace', modification: attributeOf(type, values) }),
      ),
    compare: (dn, attribute, value) => client.compare(dn, attribute, value),
    rename: (dn, newDn) => client.modifyDN(dn, newDn),
    remove: (dn) => client.del(dn),
    close: () => client.unbind(),
  };
}

function attributeOf(type: string, values: readonly string[]): Attribute {
  return new Attribute({ type, values: [...values] });
}
