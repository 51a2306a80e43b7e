/** The administration's use cases around what is shut for a while, to see who needs it. */

export interface BrownoutOrder {
  /** A group, a service or somebody: name, login, mail address or distinguished name. */
  readonly name: string;
  /** How long, milliseconds. */
  readonly forMs: number;
  readonly by: string;
  readonly because: string;
}

export interface BrownoutEnd {
  readonly name: string;
  readonly by: string;
  readonly because: string;
}

/** Somebody who came to a shut door: what the audit trail has of it. Times are ISO 8601, UTC. */
export interface Knock {
  /** Login or name of the application, machine or person. */
  readonly who: string;
  readonly from: string;
  /** `bind`, `search`, `compare` … */
  readonly what: string;
  readonly why: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

export interface Brownout {
  readonly dn: string;
  readonly name: string;
  readonly kind: 'group' | 'service' | 'person';
  readonly from: string;
  /** When it opens by itself, or opened. */
  readonly until: string;
  /** Whether it is shut now. */
  readonly shut: boolean;
  /** Distinguished name of whoever ordered it. */
  readonly by: string;
  readonly because: string;
  /** Of a group: who has no membership by it meanwhile, those in groups inside included. */
  readonly members?: number | undefined;
  /** Who knocked meanwhile, the last first. */
  readonly knocks: readonly Knock[];
  /** The directory's own time, and the zone in which times are best shown. */
  readonly now: string;
  readonly zone: string;
  /** `tenure undo` takes it back by this number. */
  readonly run?: number | undefined;
}

export interface BrownoutList {
  readonly now: string;
  readonly zone: string;
  /** What is shut, then what was, the latest first. */
  readonly brownouts: readonly Brownout[];
}

export interface BrownoutsEngine {
  /** What an order would shut. */
  preview(order: BrownoutOrder): Promise<Brownout>;
  start(order: BrownoutOrder): Promise<Brownout>;
  /** Opens it now. */
  end(order: BrownoutEnd): Promise<Brownout>;
  /** Of one, or all of them. */
  list(of: { readonly name?: string | undefined }): Promise<BrownoutList>;
}
