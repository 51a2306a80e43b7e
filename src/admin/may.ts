/** The administration's question whether somebody may do something to an entry, and the answers. */
import { powers, readOperations, writeOperations } from '../policy/core/language/index.js';

/** What is done to attributes, and what to an entry as a whole. */
export const attributeVerbs = ['search', 'compare', 'read', 'write'] as const;
export type AttributeVerb = (typeof attributeVerbs)[number];

/** Everything that one may do, as rules and roles of the policy call it. */
export const mayVerbs = [...readOperations, ...writeOperations, ...powers] as const;
export type MayVerb = (typeof mayVerbs)[number];

export interface MayAsked {
  /** Whoever would do it; `anonymous` is who has not bound. */
  readonly name: string;
  readonly verb: MayVerb;
  /** Attributes, words of the policy and sets (`@personal`), where the verb is about attributes. */
  readonly attributes: readonly string[];
  /** A name as people say it, a distinguished name, or one without its end: `ou=people`, `uid=ada`. */
  readonly on: string;
  /** The address from which they come, for rules that ask; undefined: from none of theirs. */
  readonly from?: string | undefined;
  readonly tls?: boolean | undefined;
  readonly factor?: boolean | undefined;
}

/** What gives a right. */
export interface MayBy {
  /** `own`: what everybody may do to their own entry; `owner`: whom the policy asks for a group. */
  readonly kind: 'administrator' | 'own' | 'owner' | 'role' | 'rule';
  /** Of a role or a rule; empty otherwise. */
  readonly name: string;
  /** In the policy; 0 where it is built in. */
  readonly line: number;
  /** In words. */
  readonly text: string;
}

export interface MayAnswer {
  /** The attributes that it is about; empty for an entry as a whole. */
  readonly attributes: readonly string[];
  readonly allowed: boolean;
  readonly by: readonly MayBy[];
  /** Why not, or with what limit. */
  readonly because: string;
}

export interface MayWhy {
  /** Empty for who has not bound. */
  readonly dn: string;
  readonly login: string;
  readonly verb: MayVerb;
  readonly on: string;
  /** All of it. */
  readonly allowed: boolean;
  readonly answers: readonly MayAnswer[];
  /** Rules that would let them over another connection, with what they ask of it. */
  readonly otherwise: readonly MayBy[];
}
