/**
 * Who may do what. Default deny. Where the policy gives nobody a role (operations/lifecycle/powers.ts
 * and reading.ts) there are three: the administrator may do all; somebody who has bound reads everything that is not secret and changes
 * the own password and SSH keys; anonymous reads the root DSE only. Pure: decides from what it is given.
 *
 * Secret attributes (X-SECRET in the schema) are returned, compared and searched for by nobody,
 * the administrator included: they leave the directory in an export only.
 */
import { LdapError } from '../../runtime/errors.js';
import type { Identity } from '../model/identity.js';
import type { AttributeType, ObjectClass } from '../schema/index.js';

/** Whether the identity may read the tree and the schema at all. */
export function mayReadTree(identity: Identity): boolean {
  return identity.role !== 'anonymous' && identity.only === undefined;
}

/**
 * Whether values of the attribute may be shown to, or tested for, the identity. Facts about people
 * are for administrators, and for whom the policy names if they ask for them by name; whom a policy
 * names, and what it has in mind for them, is nobody's business but of those in charge.
 */
export function mayReadAttribute(identity: Identity, type: AttributeType, byName = true): boolean {
  if (identity.role === 'anonymous' || type.secret) return false;
  if (identity.sees !== undefined && !isSeen(type, identity.sees)) return false;
  if (type.readers === 'all' || identity.role === 'administrator') return true;
  if (type.readers === 'administrators' || !byName) return false;
  return identity.reads?.(type.readers) === true;
}

/** Whether a view shows the attribute by any of its names. */
function isSeen({ names, oid }: AttributeType, sees: ReadonlySet<string>): boolean {
  return sees.has(oid) || names.some((name) => sees.has(name.toLowerCase()));
}

/** That there are facts about somebody is itself one: the class that holds them is not for all. */
export const SUBJECT_CLASS = 'lifecycleSubject';

/** Whether the identity may see that an entry is of the class. */
export function mayReadClass(identity: Identity, { name }: ObjectClass): boolean {
  return identity.role === 'administrator' || name !== SUBJECT_CLASS;
}

export interface WriteTarget {
  /** The entry that is written, 0 where it does not exist yet. */
  readonly entryId: number;
  /** True where nothing but the entry's own userPassword is touched. */
  readonly passwordOnly: boolean;
  /** True where nothing but the entry's own password and SSH keys is touched. */
  readonly ownOnly?: boolean;
}

/** @throws LdapError insufficientAccessRights with a sentence. */
export function assertMayWrite(identity: Identity, target: WriteTarget): void {
  if (identity.only !== undefined) {
    if (target.passwordOnly && target.entryId === identity.entryId) return;
    throw changeFirst();
  }
  if (identity.role === 'administrator') return;
  if (identity.role === 'anonymous') {
    throw new LdapError('insufficientAccessRights', 'anonymous clients may not write; bind first');
  }
  const own = target.passwordOnly || target.ownOnly === true;
  if (own && target.entryId === identity.entryId) return;
  throw new LdapError(
    'insufficientAccessRights',
    `${identity.dn} may change its own password and SSH keys and nothing else`,
  );
}

/** Whether the identity may store a password that is hashed already. */
export function maySetHashedPassword(identity: Identity): boolean {
  return identity.role === 'administrator';
}

/** Whether a password may be set without naming the old one. */
export function mayResetPassword(identity: Identity, entryId: number): boolean {
  return identity.role === 'administrator' || identity.entryId === entryId;
}

/** For a session that was opened by a password that has to be changed before anything else. */
function changeFirst(): LdapError {
  return new LdapError(
    'insufficientAccessRights',
    'the password must be changed before anything else can be done',
    '',
    'changeAfterReset',
  );
}

/** The refusal for a read by somebody who may not read the tree: the same whatever exists. */
export function readRefused(identity: Identity): LdapError {
  if (identity.only !== undefined) return changeFirst();
  return new LdapError(
    'insufficientAccessRights',
    'anonymous clients may read the root DSE only; bind first',
  );
}
