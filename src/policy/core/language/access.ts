/**
 * The section `access:` as data: who may discover, search, compare and read what. Rules only ever
 * give; what no rule gives is refused. Administrators are above them.
 */
import type { Network } from '../../../directory/model/network.js';
import type { Condition, Phrase } from './types.js';

/** `read` gives the other three, `search` and `compare` give `discover`. */
export const readOperations = ['discover', 'search', 'compare', 'read'] as const;
export type ReadOperation = (typeof readOperations)[number];

/** Each gives `discover`, and none of them another. What is a power of a role no rule gives. */
export const writeOperations = ['write', 'add', 'delete', 'rename'] as const;
export type WriteOperation = (typeof writeOperations)[number];

/**
 *   public    whatever is neither personal nor secret
 *   posix     what a host needs to know of accounts and groups
 *   personal  home address, private phone, licence plate
 */
export const attributeSets = ['public', 'posix', 'personal'] as const;
export type AttributeSet = (typeof attributeSets)[number];

/** Whom a rule is for. Those with a relation have it over entries that name them, or are them. */
export type AccessWho =
  | { readonly is: 'anyone' | 'bound' | 'self' | 'manager' | 'owner' }
  | { readonly is: 'those'; readonly condition: Condition };

export interface AccessRule extends Phrase {
  readonly name: string;
  readonly who: AccessWho;
  /** Addresses from which it holds; undefined: from anywhere. */
  readonly from?: readonly Network[];
  /** What the session must have. */
  readonly with: readonly ('tls' | 'second factor')[];
  readonly may: readonly ReadOperation[];
  readonly writes: readonly WriteOperation[];
  readonly what: Condition;
  readonly sets: readonly AttributeSet[];
  /** In lower case. */
  readonly attributes: readonly string[];
}

/** Attributes that say who may do what, and when: powers of roles write them, and administrators. */
export function isPowers(attribute: string): boolean {
  return /^(?:pwd|tenure|lifecycle|userpassword$|objectclass$)/i.test(attribute);
}
