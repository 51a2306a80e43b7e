/**
 * What the access map is told: logins by the observer of binds, searches for exactly one person by
 * applications and machines. Whoever is neither pays one look into a map; where no map is kept nobody
 * pays anything. A search counts that names somebody by a login-like attribute, or is based at them,
 * and has one candidate, whether it is shown to the one who asks or not: so a leaver who is hidden
 * still trips the wire.
 */
import type { Guard } from '../../credentials/guard/index.js';
import type { AccessMethod } from '../model/access.js';
import { bodyFind, bodyValuesAt } from '../model/body.js';
import type { Filter } from '../model/filter.js';
import type { Identity, Origin } from '../model/identity.js';
import { isExpiredSshKey } from '../model/ssh-key.js';
import type { State } from '../model/timeline.js';
import type { DirectoryReader } from '../ports.js';
import type { Kind } from '../schema/index.js';
import { type Attempt, type BindObserver, isService, type Proof } from './bind/index.js';
import { isAccount, isHost, stateOf } from './lifecycle/index.js';
import type { Context, SearchRequest } from './types.js';

const loginLike: ReadonlySet<string> = new Set([
  'uid',
  'mail',
  'cn',
  'uidnumber',
  'employeenumber',
  'entryuuid',
  'samaccountname',
  'userprincipalname',
]);
/** A request for no more attributes than this, one of them the keys, is made for a login. */
const KEY_REQUEST_MAX = 5;
const KEYS = 'sshpublickey';
/** States of those who have left. */
const left: ReadonlySet<State> = new Set(['sealed', 'destroyed', 'archived', 'purged']);

const methods: Readonly<Record<Proof['by'], AccessMethod>> = {
  password: 'password',
  appPassword: 'app password',
  oneTimePassword: 'one-time password',
  serviceSecret: 'password',
  certificate: 'certificate',
};

export interface SeenTools {
  readonly reader: DirectoryReader;
  readonly guard: Guard;
  readonly nowMs: () => number;
  /** The service account through which a bind comes, 0 where there is none. */
  readonly serviceOf: (attempt: Attempt) => number;
}

export class AccessMap {
  readonly #tools: SeenTools;
  /** Whether an entry that has bound is an application or a machine; bounded by how many there are. */
  readonly #consumers = new Map<number, boolean>();

  constructor(tools: SeenTools) {
    this.#tools = tools;
    tools.reader.watch?.(({ entries, schema, all }) => {
      if (all || schema) this.#consumers.clear();
      else for (const id of entries) this.#consumers.delete(id);
    });
  }

  /** The entry of the application or machine that is bound, 0 where whoever is bound is none. */
  consumerOf({ role, entryId }: Identity): number {
    if (role !== 'user') return 0;
    let is = this.#consumers.get(entryId);
    if (is === undefined) {
      is = this.#isConsumer(entryId);
      this.#consumers.set(entryId, is);
    }
    return is ? entryId : 0;
  }

  #isConsumer(entryId: number): boolean {
    const { reader } = this.#tools;
    const entry = reader.entry(entryId);
    if (entry === undefined) return false;
    return isHost(entry.kind) || isService({ role: 'user', dn: '', entryId }, reader);
  }

  /**
   * A search of a consumer has ended; `candidates` are those that its filter left to look at. Whom it
   * was for, where that is one person who is here.
   */
  searched(
    consumer: number,
    request: SearchRequest,
    { origin }: Context,
    found: { readonly candidates: readonly number[]; readonly hashes: boolean },
  ): number | undefined {
    const { candidates, hashes } = found;
    if (isOurs(origin)) return undefined;
    const named = request.scope === 'base' || namesSomebody(request.filter);
    if (!named || candidates.length > 1) return undefined;
    const person = candidates[0] ?? this.#leaverIn(request.filter);
    if (person === undefined || person === consumer || !this.#isPerson(person)) return undefined;
    const { guard } = this.#tools;
    const { address } = origin;
    if (this.#hasLeft(person)) {
      guard.accessed(person, consumer, address, 'asked');
      return undefined;
    }
    guard.lookedUp(person, consumer, address);
    const how = methodOf(request, hashes);
    const isRead = how !== 'keys' || this.#showsKeys(person);
    guard.accessed(person, consumer, address, isRead ? how : 'lookup');
    return person;
  }

  /** That somebody's keys were asked for is no trace of them where there were none to read. */
  #showsKeys(person: number): boolean {
    const { reader, nowMs } = this.#tools;
    const entry = reader.entry(person);
    const number = reader.attributeNumber(KEYS);
    const slot = entry === undefined || number === 0 ? -1 : bodyFind(entry.body, number);
    if (entry === undefined || slot < 0) return false;
    const now = Math.floor(nowMs() / 1000);
    if (bodyValuesAt(entry.body, slot).every((key) => isExpiredSshKey(key, now))) return false;
    return stateOf(person, reader, now) === 'active';
  }

  /**
   * What a filter asks besides the login may have no answer for somebody who has left, such as a
   * group; then the login alone says who is meant.
   */
  #leaverIn(filter: Filter): number | undefined {
    if (filter.kind !== 'and') return undefined;
    const { reader } = this.#tools;
    const login = filter.filters.find(
      (one) => one.kind === 'equality' && loginLike.has(one.attribute.toLowerCase()),
    );
    if (login?.kind !== 'equality') return undefined;
    const type = reader.schema().attribute(login.attribute);
    const key = type?.equality?.normalize(login.value);
    if (type?.storage !== 'body' || key === undefined || !reader.canUse(type, 'equality')) {
      return undefined;
    }
    const { ids } = reader.idsEqual(type, key, 2);
    return ids.length === 1 && this.#hasLeft(ids[0]!) ? ids[0] : undefined;
  }

  #isPerson(id: number): boolean {
    const entry = this.#tools.reader.entry(id);
    return entry !== undefined && isSomebody(entry.kind);
  }

  /** Of almost everybody it is one look that says: active for ever. */
  #hasLeft(id: number): boolean {
    const { reader, nowMs } = this.#tools;
    if (reader.timelines.of(id) === undefined) return false;
    return left.has(stateOf(id, reader, Math.floor(nowMs() / 1000)));
  }

  /** Hears how binds of people ended. */
  observer(): BindObserver {
    const { guard } = this.#tools;
    return {
      succeeded: (attempt, { by }) => {
        const { id, kind } = attempt.entry;
        if (isOurs(attempt.origin)) return;
        if (!isSomebody(kind) || this.consumerOf({ role: 'user', dn: '', entryId: id }) !== 0) {
          return;
        }
        const address = addressOf(attempt);
        guard.accessed(id, this.#through(attempt, id, address), address, methods[by]);
      },
      failed: (attempt) => {
        const { entry } = attempt;
        if (entry === undefined || isOurs(attempt.origin) || !this.#hasLeft(entry.id)) return;
        const address = addressOf(attempt);
        // Without an application anybody could fill the map of a leaver.
        const consumer = this.#through(attempt, entry.id, address);
        if (consumer !== 0) guard.accessed(entry.id, consumer, address, 'refused');
      },
    };
  }

  /** The service account or machine, else who looked the person up from there a moment ago. */
  #through(attempt: Attempt, person: number, address: string): number {
    const service = this.#tools.serviceOf(attempt) || this.consumerOf(attempt.boundBefore);
    return service || this.#tools.guard.lookedUpBy(person, attempt.origin.address || address);
  }
}

/** What the administration tries in somebody's name is not theirs. */
const isOurs = ({ address }: Origin) => address === 'control';

const addressOf = ({ trackedAddress, origin }: Attempt) => trackedAddress ?? origin.address;

const people = new WeakMap<Kind, boolean>();

function isSomebody(kind: Kind): boolean {
  let is = people.get(kind);
  if (is === undefined) {
    is = isAccount(kind) && !isHost(kind);
    people.set(kind, is);
  }
  return is;
}

function namesSomebody(filter: Filter): boolean {
  switch (filter.kind) {
    case 'equality':
      return loginLike.has(filter.attribute.toLowerCase());
    case 'and':
      return filter.filters.some(namesSomebody);
    case 'or':
      return filter.filters.length > 0 && filter.filters.every(namesSomebody);
    default:
      return false;
  }
}

function methodOf({ attributes }: SearchRequest, hashes: boolean): AccessMethod {
  if (hashes) return 'hash';
  if (attributes.length > KEY_REQUEST_MAX) return 'lookup';
  return attributes.some((name) => name.toLowerCase() === KEYS) ? 'keys' : 'lookup';
}
