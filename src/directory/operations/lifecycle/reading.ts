/**
 * Who may read facts about people and see when they leave: administrators, and the roles that the
 * policy names, over whom it names. It is asked only where a request speaks of facts: to all others
 * they do not exist, in results, filters and comparisons, and neither does the class that holds them.
 */
import { holds, rolesOf } from '../../../policy/core/conditions/index.js';
import type { Policy, Role } from '../../../policy/core/language/index.js';
import type { FactPower, Identity } from '../../model/identity.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { consumerView, VIEW } from './consumers.js';
import { personOf } from './person-of.js';
import { policyOf } from './policy-of.js';

/** Somebody who asks, with what the policy lets them read: decided once an operation. */
class Reading implements Identity {
  readonly role = 'user';
  readonly dn: string;
  readonly entryId: number;
  readonly only?: 'changePassword';
  readonly sees?: ReadonlySet<string>;
  readonly #reader: DirectoryReader;
  readonly #nowMs: () => number;
  #policy: Policy | undefined;
  #roles: readonly Role[] | undefined;
  #covered: Map<string, boolean> | undefined;

  constructor(identity: Identity, reader: DirectoryReader, nowMs: () => number) {
    this.dn = identity.dn;
    this.entryId = identity.entryId;
    if (identity.only !== undefined) this.only = identity.only;
    const sees = seenBy(identity, reader);
    if (sees !== undefined) this.sees = sees;
    this.#reader = reader;
    this.#nowMs = nowMs;
  }

  get hasRoles(): boolean {
    return this.#roles !== undefined && this.#roles.length > 0;
  }

  reads(power: FactPower): boolean {
    return this.#rolesNow().some((role) => readsBy(role, power));
  }

  readsOf(entryId: number, power: FactPower): boolean {
    if (!this.reads(power)) return false;
    const key = `${entryId} ${power}`;
    this.#covered ??= new Map();
    let covered = this.#covered.get(key);
    if (covered === undefined) {
      covered = this.#covers(entryId, power);
      this.#covered.set(key, covered);
    }
    return covered;
  }

  #covers(entryId: number, power: FactPower): boolean {
    const roles = this.#rolesNow().filter((role) => readsBy(role, power));
    const entry = this.#reader.entry(entryId);
    if (roles.length === 0 || entry === undefined) return false;
    const person = personOf(entry, this.#reader);
    const policy = this.#policy!;
    const now = Math.floor(this.#nowMs() / 1000);
    return roles.some(
      ({ over, neverOver }) =>
        holds(over, person, policy, now) &&
        (neverOver === undefined || !holds(neverOver, person, policy, now)),
    );
  }

  #rolesNow(): readonly Role[] {
    if (this.#roles === undefined) {
      this.#policy = policyOf(this.#reader).policy;
      const entry = this.#reader.entry(this.entryId);
      const now = Math.floor(this.#nowMs() / 1000);
      this.#roles =
        entry === undefined || this.#policy.roles.length === 0
          ? []
          : rolesOf(personOf(entry, this.#reader), this.#policy, now);
    }
    return this.#roles;
  }
}

/** Where nobody has a view it is one look into a map. */
function seenBy(identity: Identity, reader: DirectoryReader): ReadonlySet<string> | undefined {
  return reader.attributeNumber(VIEW) === 0 ? undefined : consumerView(identity, reader).sees;
}

/** Whether the role reads that; who reads all facts sees all ends. */
export function readsBy({ may }: Role, power: FactPower): boolean {
  return may.some((one) => one.power === 'read facts' || one.power === power);
}

/** The identity with what the policy lets it read; administrators need none of it. */
export function readingIdentity(
  identity: Identity,
  reader: DirectoryReader,
  nowMs: () => number,
): Identity {
  return identity.role === 'user' ? new Reading(identity, reader, nowMs) : identity;
}

/** Whether whoever asks may read that of the entry. */
export function readsOf(identity: Identity, entry: EntryRecord, power: FactPower): boolean {
  if (identity.role === 'administrator') return true;
  return identity.readsOf?.(entry.id, power) === true;
}
