/** The administration's use cases around Wi-Fi and file server secrets, and what they give back. */

/** For whom a secret is: RADIUS servers (`wifi`), or file servers. */
export type NtUse = 'wifi' | 'files';

export interface NtTarget {
  /** A login, common name or distinguished name. */
  readonly name: string;
  /** One of the person's devices, by the word behind the `+`; undefined: the person. */
  readonly device: string | undefined;
  readonly use: NtUse;
}

export interface NtIssue extends NtTarget {
  /** Replace a secret that is there. */
  readonly renew: boolean;
  /** Who does it, for the change log. */
  readonly by: string;
}

export interface NtRevoke extends NtTarget {
  readonly by: string;
}

/** A secret that was just made; it is stored as its NT hash, sealed. */
export interface NtIssued {
  readonly dn: string;
  /** What to type as user name. */
  readonly login: string;
  readonly use: NtUse;
  readonly secret: string;
  readonly renewed: boolean;
}

export interface NtInfo {
  readonly dn: string;
  readonly login: string;
  readonly device: string | undefined;
  readonly use: NtUse | 'password';
  /** ISO 8601, UTC. */
  readonly made: string;
}

export interface NtList {
  readonly dn: string;
  readonly secrets: readonly NtInfo[];
}

export interface NtRevoked {
  readonly dn: string;
  readonly login: string;
  readonly use: NtUse;
  /** The device went with its secret. */
  readonly device: string | undefined;
}

export interface NtEngine {
  issue(issue: NtIssue): Promise<NtIssued>;
  list(name: string): Promise<NtList>;
  revoke(revoke: NtRevoke): Promise<NtRevoked>;
}
