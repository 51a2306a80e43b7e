/** The administration's use cases around memberships that are granted for a time. */

export interface GrantOrder {
  /** Who gets it: login, mail address, full name or distinguished name. */
  readonly name: string;
  /** Name of the group, or its distinguished name. */
  readonly group: string;
  /** How long, milliseconds; or until when, in words. One of the two. */
  readonly forMs?: number | undefined;
  readonly until?: string | undefined;
  /** From when, in words; now where it is left out. */
  readonly from?: string | undefined;
  readonly by: string;
  readonly because: string;
}

export interface RevokeOrder {
  readonly name: string;
  readonly group: string;
  readonly by: string;
  readonly because: string;
}

/** One granted membership; times are ISO 8601, UTC. */
export interface Grant {
  readonly dn: string;
  readonly login: string;
  readonly group: string;
  readonly groupDn: string;
  readonly from: string;
  readonly until: string;
  /** Whether it holds now; else it begins later. */
  readonly holds: boolean;
  readonly because: string | undefined;
  /** Distinguished name of whoever granted it. */
  readonly by: string | undefined;
}

export interface GrantList {
  /** The directory's own time. */
  readonly now: string;
  /** The zone in which the company reads its clocks. */
  readonly zone: string;
  /** What ends first comes first; what is over is not among them. */
  readonly grants: readonly Grant[];
}

export interface Granted extends Grant {
  readonly now: string;
  readonly zone: string;
  /** When the grant ended that this one takes the place of. */
  readonly before: string | undefined;
  /** The person is a member anyway, by hand or by rule. */
  readonly anyway: boolean;
}

export interface GroupsEngine {
  grant(order: GrantOrder): Promise<Granted>;
  /** Of one person, or of everybody. */
  grants(of: { readonly name?: string | undefined }): Promise<GrantList>;
  revoke(order: RevokeOrder): Promise<Grant>;
}
