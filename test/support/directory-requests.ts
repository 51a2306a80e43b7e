/** Requests in short: names, values and searches as the tests write them. */
import { bytesOfText } from '../../src/directory/model/bytes.js';
import { anonymous, type Identity, type Origin } from '../../src/directory/model/identity.js';
import type { Context, ModifyChange, SearchRequest } from '../../src/directory/operations/index.js';
import { parseFilter } from '../../src/directory/text/index.js';
import type { Seen } from './directory-entries.js';

export const suffix = 'dc=example,dc=com';
export const adminDn = `cn=admin,${suffix}`;
export const adminPassword = 'administrator-secret';
/** Values by attribute description; text is UTF-8. */
export type Values = Readonly<Record<string, string | Buffer | readonly (string | Buffer)[]>>;

/** A search in short; the whole tree, everything about it, by the administrator. */
export interface Ask {
  readonly base?: string;
  readonly scope?: SearchRequest['scope'];
  readonly attributes?: readonly string[];
  readonly deref?: SearchRequest['deref'];
  readonly sizeLimit?: number;
  readonly timeLimit?: number;
  readonly typesOnly?: boolean;
  readonly paged?: { readonly size: number; readonly cookie: Buffer };
  readonly assertion?: string;
  readonly as?: Context;
  /** Called for each entry; false says that the sink is full. */
  readonly onEntry?: (entry: Seen) => boolean;
}

/** Where all of them come from. */
export const origin: Origin = { address: '127.0.0.1', connection: 1, confidential: true };

export function contextOf(identity: Identity): Context {
  return { identity, origin };
}

export const nobody = contextOf(anonymous);

/** Text as UTF-8, one character a byte. */
export function bytes(value: string | Buffer): string {
  return typeof value === 'string' ? bytesOfText(value) : value.toString('latin1');
}

export function valuesOf(values: Values) {
  return Object.entries(values).map(([attribute, given]) => ({
    attribute,
    values: (typeof given === 'string' || Buffer.isBuffer(given) ? [given] : given).map(bytes),
  }));
}

/** Changes of a modify: `['add', 'mail', 'a@b', 'c@d']`. */
export type Change = readonly [ModifyChange['op'], string, ...(string | Buffer)[]];

export function requestOf(filter: string, ask: Ask = {}): SearchRequest {
  return {
    base: ask.base ?? suffix,
    scope: ask.scope ?? 'sub',
    deref: ask.deref ?? 'never',
    sizeLimit: ask.sizeLimit ?? 0,
    timeLimit: ask.timeLimit ?? 0,
    typesOnly: ask.typesOnly ?? false,
    filter: parseFilter(filter),
    attributes: ask.attributes ?? [],
    ...(ask.paged !== undefined && { paged: ask.paged }),
    ...(ask.assertion !== undefined && { assertion: parseFilter(ask.assertion) }),
  };
}
