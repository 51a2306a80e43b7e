/**
 * What the audit trail hears of requests: writes and searches that were refused, reads of secrets.
 * And through which service a write comes, which is found once, before it is written.
 */
import type { ErrorShape } from '../../../runtime/errors.js';
import type { Identity, Origin } from '../../model/identity.js';
import type { DirectoryReader } from '../../ports.js';
import { isService } from '../bind/index.js';
import type { Names } from '../names.js';
import type { Context, SearchRequest, WriteRequest } from '../types.js';
import type { AuditBook } from './book.js';
import { askedText } from './origin.js';

const wordOf: Readonly<Record<WriteRequest['op'], string>> = {
  add: 'add',
  modify: 'modify',
  delete: 'delete',
  rename: 'rename',
  changePassword: 'change of password',
};

/** Says something about the server, not about who asks. */
const unremarkable: ReadonlySet<string> = new Set(['busy', 'unavailable', 'other']);

/** The service through which a write comes; of whom it is for only a service is believed. */
export function through(
  { identity, origin, askedBy }: Context,
  reader: DirectoryReader,
  services: {
    readonly of: (by: { readonly boundBefore: Identity; readonly origin: Origin }) => number;
  },
): Context {
  const asking = askedBy?.identity ?? identity;
  const who = askedBy === undefined ? { identity } : { identity, askedBy };
  const isOne = asking.role === 'user' && isService(asking, reader);
  const known = isOne ? asking.entryId : origin.service;
  const service = known || services.of({ boundBefore: asking, origin });
  const { tracked, service: _service, ...bare } = origin;
  if (service === 0) return { ...who, origin: bare };
  const believed = tracked !== undefined && isOne ? { tracked } : {};
  return { ...who, origin: { ...bare, ...believed, service } };
}

/** Groups that one request is told to have missed. */
const MISSED_MAX = 16;

/** What the trail says of an answer that lacks the members of a group. */
const shutReason = 'browned out: its members were left out';

export class Witness {
  readonly #book: AuditBook;
  readonly #names: Names;

  constructor(book: AuditBook, names: Names) {
    this.#book = book;
    this.#names = names;
  }

  /** A write was refused, as the client saw it. */
  refused(request: WriteRequest, { code, text }: ErrorShape): void {
    if (unremarkable.has(code)) return;
    const { context, dn, op } = request;
    const who = dn === '' ? context.identity.entryId : this.#named(dn);
    this.#refusal(context, who, wordOf[op], `${code}: ${text}${askedText(context)}`);
  }

  refusedRead({ base }: SearchRequest, context: Context, text: string): void {
    this.#refusal(context, this.#named(base), 'search', `${text}${askedText(context)}`);
  }

  /** Groups that were shut would have had an answer. */
  missed(groups: Iterable<number> | undefined, what: string, context: Context): void {
    let told = 0;
    for (const group of groups ?? []) {
      if (told === MISSED_MAX) return;
      told += 1;
      this.#refusal(context, group, what, shutReason);
    }
  }

  /** Somebody who is browned out was looked up. */
  askedFor(person: number, context: Context): void {
    this.#refusal(context, person, 'search', 'browned out: was asked for meanwhile');
  }

  #refusal({ identity, origin }: Context, who: number | string, what: string, why: string): void {
    const by = identity.entryId;
    const service = origin.service === by ? 0 : (origin.service ?? 0);
    this.#book.note({ kind: 'refusal', who, by, origin, service, what, why });
  }

  /** An NT hash went out. */
  readSecret(who: number, { identity, origin }: Context): void {
    const why = 'asked for by a service with the role for it';
    const by = identity.entryId;
    this.#book.note({ kind: 'secret', who, by, origin, service: 0, what: 'NT hash read', why });
  }

  /** The entry of that name, or the name as it was sent. */
  #named(dn: string): number | string {
    try {
      return this.#names.idOf(dn) || dn;
    } catch {
      return dn;
    }
  }
}
