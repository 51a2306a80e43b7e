/**
 * Who is asking, and from where. An identity is decided once, at bind; what it may do is decided
 * anew at each operation by directory/access.
 */

export type Role = 'anonymous' | 'user' | 'administrator';

export interface Identity {
  readonly role: Role;
  /** The distinguished name as stored, empty for anonymous. */
  readonly dn: string;
  /** The entry's number in the store, 0 for anonymous. */
  readonly entryId: number;
  /** Set where the session may do nothing but this, until it has bound anew. */
  readonly only?: 'changePassword';
  /** A second factor was given at the bind. */
  readonly factor?: boolean;
  /** The service through which somebody on leave came in; it is kept for them. */
  readonly keptBy?: number;
  /** Whether the policy lets somebody read that of anybody; absent: not asked, so no. */
  readonly reads?: (power: FactPower) => boolean;
  /** The same of one entry. */
  readonly readsOf?: (entryId: number, power: FactPower) => boolean;
  /** The attributes that the view of an account shows, in lower case; absent: all. */
  readonly sees?: ReadonlySet<string>;
  /** Whether the policy was asked in this operation, and gives them any role at all. */
  readonly hasRoles?: boolean;
}

/** What a role of the policy may read of people. */
export type FactPower = 'read facts' | 'see end dates';

export const anonymous: Identity = { role: 'anonymous', dn: '', entryId: 0 };

/** Where a request came from; goes into the log and, with each write, to the writer thread. */
export interface Origin {
  /** Peer address, `local` for the local socket, `control` for the command line. */
  readonly address: string;
  /** A number of the connection, unique in this process. */
  readonly connection: number;
  /** True when nobody on the network can read the traffic: TLS, loopback or the local socket. */
  readonly confidential: boolean;
  /** True where the client showed a certificate that it may log in with. */
  readonly certificate?: boolean;
  /** The connection is encrypted. */
  readonly tls?: boolean;
  /** For whom the client asks, as it says (session tracking); believed of services alone. */
  readonly tracked?: { readonly address: string; readonly name: string };
  /** The service account last bound on the connection, or found by its address; 0: none. */
  readonly service?: number;
}
