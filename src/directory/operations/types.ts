/**
 * What crosses between the directory and everything that drives it (the wire, the command line,
 * later HTTP and the policy engine): requests in, outcomes out. Writes are structured-clonable
 * because they travel to the writer thread; values are Bytes (one character a byte) for that.
 */
import type { ErrorShape, PolicyErrorName, ResultCodeName } from '../../runtime/errors.js';
import type { Bytes } from '../model/bytes.js';
import type { Filter } from '../model/filter.js';
import type { Identity, Origin } from '../model/identity.js';
import type { AccountUsability, PolicyResponse } from '../model/password-policy.js';
import type {
  AuditRequest,
  CaseRequest,
  ClockRequest,
  Disposed,
  DisposeRequest,
  DropRunRequest,
  EntryUndone,
  FoldPeopleRequest,
  KeepOutRequest,
  OpenRunRequest,
  PlaceMembersRequest,
  PurgeRequest,
  SentRequest,
  StampRequest,
  TogetherRequest,
  UndoRequest,
} from './lifecycle-writes.js';

/** Who asks, from where. `now` comes from the injected clock when it is needed, not from here. */
export interface Context {
  readonly identity: Identity;
  readonly origin: Origin;
  /** Where the identity is that of somebody else (RFC 4370): who asks as them, in which words. */
  readonly askedBy?: { readonly identity: Identity; readonly authzId: string };
}

// ---- reads -------------------------------------------------------------------------------------

export interface SearchRequest {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly deref: 'never' | 'inSearching' | 'findingBase' | 'always';
  /** Entries; 0 = no limit of the client's. */
  readonly sizeLimit: number;
  /** Seconds; 0 = no limit of the client's. */
  readonly timeLimit: number;
  readonly typesOnly: boolean;
  readonly filter: Filter;
  /** As asked: names, `*`, `+`, `1.1`, `@class`, options; empty = all user attributes. */
  readonly attributes: readonly string[];
  /** RFC 2696; `cookie` empty on the first page. */
  readonly paged?: { readonly size: number; readonly cookie: Buffer };
  /** RFC 4528, on the base object. */
  readonly assertion?: Filter;
  /** Say of each entry whether its account could be used. */
  readonly usability?: boolean;
  /** Say of each entry what somebody may do to it: an authzId, empty for whoever asks. */
  readonly rightsOf?: string;
}

/**
 * An entry on its way out: its name and ready-made PartialAttributes as byte ranges
 * `parts[i].subarray(starts[i], ends[i])`, i < count. The object and its arrays belong to the
 * search and are overwritten by its next entry: a sink encodes or copies at once.
 */
export interface OutgoingEntry {
  dn: Buffer;
  count: number;
  readonly parts: Buffer[];
  readonly starts: number[];
  readonly ends: number[];
  /** Sum of the ranges' lengths. */
  bytes: number;
  /** Where the request asked for it, and the entry is an account. */
  usability: AccountUsability | undefined;
}

/** Takes entries; answers false when it is full (the entry was still taken). */
export type EntrySink = (entry: OutgoingEntry) => boolean;

export interface SearchDone {
  readonly code: ResultCodeName;
  readonly text: string;
  readonly matchedDn: string;
  readonly policyError?: PolicyErrorName;
  /** Present where the request was paged. */
  readonly paged?: { readonly cookie: Buffer; readonly estimate: number };
}

/**
 * A running search. `pull` hands entries to the sink until the sink is full ('full'), the slice is
 * used up ('slice'), or nothing is left ('done': then `result` is set). It never throws: a failure
 * is a `result`. Nothing is held between pulls: no statement, no snapshot.
 */
export interface SearchRun {
  pull(sink: EntrySink, sliceEndsMonotonicMs: number): 'full' | 'slice' | 'done';
  readonly result: SearchDone | undefined;
}

export interface CompareRequest {
  readonly dn: string;
  readonly attribute: string;
  readonly value: Buffer;
  readonly assertion?: Filter;
}

export interface BindRequest {
  readonly dn: string;
  readonly password: Buffer;
  /** Who was bound on this connection until now; anonymous unless given. */
  readonly boundBefore?: Identity;
  /** The request carried the password policy control: the client understands what it says. */
  readonly wantsPolicy?: boolean;
  /** The client's own address as whoever asks tells it (session tracking): not believed yet. */
  readonly trackedAddress?: string;
}

/** SASL EXTERNAL over TLS; the certificate was verified against the authorities of clients. */
export interface CertificateBindRequest {
  /** DER. */
  readonly certificate: Buffer;
  /** As sent (RFC 4513 §5.2.1.8); empty where none was. */
  readonly authorizationId: string;
  readonly boundBefore: Identity;
  readonly wantsPolicy: boolean;
}

/** Who the client is from now on. */
export interface BindOutcome {
  readonly identity: Identity;
  /** Undefined where no password policy is concerned. */
  readonly policy: PolicyResponse | undefined;
}

// ---- writes ------------------------------------------------------------------------------------

export interface ModifyChange {
  readonly op: 'add' | 'delete' | 'replace' | 'increment';
  readonly attribute: string;
  readonly values: readonly Bytes[];
}

export interface WriteControls {
  /** RFC 4528, as an RFC 4515 string. */
  readonly assertion?: string;
  /** RFC 4527: attribute selections. */
  readonly preRead?: readonly string[];
  readonly postRead?: readonly string[];
}

/** Whom a new policy shuts out at once, counted before it is written. */
export interface ShutsOut {
  /** CSN of the policy's entry over which it was counted, empty where there was none. */
  readonly over: string;
  readonly count: number;
  /** Of some of them. */
  readonly dns: readonly string[];
}

export interface WriteBase {
  readonly context: Context;
  /** For the log: `ldap modify`, `import x.ldif` … */
  readonly reason: string;
  /** The run that it is part of. */
  readonly run?: number;
  /** Somebody has said yes to it: the guard on how many are closed does not count it. */
  readonly approved?: boolean;
  /** Of a write that brings another policy. */
  readonly shutsOut?: ShutsOut;
  readonly controls?: WriteControls;
}

export interface AddRequest extends WriteBase {
  readonly op: 'add';
  readonly dn: string;
  /** NT hash of the password that is set; only where it is prepared. */
  readonly ntHash?: Bytes;
  readonly attributes: readonly { readonly attribute: string; readonly values: readonly Bytes[] }[];
}

export interface ModifyRequest extends WriteBase {
  readonly op: 'modify';
  readonly dn: string;
  readonly changes: readonly ModifyChange[];
}

export interface DeleteRequest extends WriteBase {
  readonly op: 'delete';
  readonly dn: string;
}

export interface RenameRequest extends WriteBase {
  readonly op: 'rename';
  readonly dn: string;
  readonly newRdn: string;
  readonly deleteOldRdn: boolean;
  readonly newSuperior: string | undefined;
}

/** RFC 3062. An empty `dn` means the one who asks; without `newPassword` one is generated. */
export interface ChangePasswordRequest extends WriteBase {
  readonly op: 'changePassword';
  readonly dn: string;
  readonly oldPassword: Bytes | undefined;
  readonly newPassword: Bytes | undefined;
}

/** A stored hash made anew of the same password: moves nothing that anybody can see. */
export interface RehashRequest extends WriteBase {
  readonly op: 'rehash';
  readonly secretId: number;
  readonly revision: number;
  readonly value: Bytes;
}

/** A code that has been used; refused (noSuchAttribute) where it, or a later one, was before. */
export interface UseCodeRequest extends WriteBase {
  readonly op: 'useCode';
  readonly owner: number;
  readonly secretId: number;
  /** Step or counter. */
  readonly at: number;
}

/** A one-time secret that has been used; refused (noSuchAttribute) when it is gone already. */
export interface ConsumeRequest extends WriteBase {
  readonly op: 'consume';
  readonly owner: number;
  readonly secretId: number;
}

/**
 * Secrets of an entry that come and go together; those of a sealed kind arrive in clear and are
 * sealed where they are stored. Refused (noSuchAttribute) where one to be removed is gone.
 */
export interface CredentialsRequest extends WriteBase {
  readonly op: 'credentials';
  readonly owner: number;
  /** In place of `owner`, of an entry that comes in the same write: its name. */
  readonly ownerDn?: string;
  /** A secret that must be there still: what is added was made from it. */
  readonly whileThere?: number;
  readonly remove: readonly number[];
  readonly add: readonly { readonly kind: string; readonly value: Bytes }[];
}

/** A login with an expired password; refused (noSuchAttribute) where none of `limit` is left. */
export interface GraceRequest extends WriteBase {
  readonly op: 'grace';
  readonly owner: number;
  readonly limit: number;
}

/** Gives an entry a one-time password in place of all its passwords. */
export interface RecoverRequest extends WriteBase {
  readonly op: 'recover';
  readonly owner: number;
  /** The hash. */
  readonly value: Bytes;
}

/** Takes away what counts against an entry, and a lock that was set by hand. */
export interface UnlockRequest extends WriteBase {
  readonly op: 'unlock';
  readonly owner: number;
}

/** Until when an entry is not asked for its second factor; undefined: from now on it is. */
export interface BypassRequest extends WriteBase {
  readonly op: 'bypass';
  readonly owner: number;
  /** Seconds since 1970. */
  readonly until: number | undefined;
}

/** What a client may ask for. */
export type WriteRequest =
  | AddRequest
  | ModifyRequest
  | DeleteRequest
  | RenameRequest
  | ChangePasswordRequest;

/** What a change of the password leaves on the entry beside it. */
export interface PasswordEffects {
  /** Somebody else set it, and the policy wants it changed. */
  readonly reset: boolean;
  /** Former passwords that are kept. */
  readonly history: number;
  /** Passwords and former ones that were looked at: where they moved, prepare starts again. */
  readonly seen: readonly { readonly id: number; readonly revision: number }[];
}

/** A delete of password values, with the stored secrets that they were found to match. */
export interface PreparedChange extends ModifyChange {
  readonly secrets?: readonly { readonly id: number; readonly revision: number }[];
}

export interface PreparedModify extends ModifyRequest {
  /** NT hash of the password that is set. */
  readonly ntHash?: Bytes;
  readonly changes: readonly PreparedChange[];
  /** Present where userPassword is among the changes. */
  readonly password?: PasswordEffects;
}

/**
 * What the writer thread takes: every password is hashed already, or is a hash that the one who
 * asks may set.
 */
export type PreparedWrite =
  | AddRequest
  | PreparedModify
  | DeleteRequest
  | RenameRequest
  | RehashRequest
  | UseCodeRequest
  | ConsumeRequest
  | CredentialsRequest
  | GraceRequest
  | RecoverRequest
  | UnlockRequest
  | BypassRequest
  | OpenRunRequest
  | UndoRequest
  | DisposeRequest
  | PurgeRequest
  | FoldPeopleRequest
  | PlaceMembersRequest
  | KeepOutRequest
  | StampRequest
  | ClockRequest
  | DropRunRequest
  | TogetherRequest
  | SentRequest
  | CaseRequest
  | AuditRequest;

/** An entry as pre-/post-read returns it: its DN and its PartialAttributes back to back. */
export interface ReadEntry {
  readonly dn: string;
  readonly attributes: Bytes;
}

/** `retry`: a secret moved between prepare and apply; prepare again (never leaves submit). */
export type WriteOutcome =
  | {
      readonly ok: true;
      readonly preRead?: ReadEntry;
      readonly postRead?: ReadEntry;
      /** The password that was generated, if one was asked for. */
      readonly generated?: string;
      /** The run that was begun. */
      readonly run?: number;
      /** What an undo did, or would do. */
      readonly undone?: readonly EntryUndone[];
      readonly disposed?: Disposed;
      /** Nothing was done: it was asked what would be. */
      readonly rehearsed?: true;
      /** The session was opened to change its password, and has done so. */
      readonly freed?: boolean;
    }
  | { readonly ok: false; readonly error: ErrorShape; readonly retry?: boolean };

// ---- the directory as its drivers see it ---------------------------------------------------------

export interface Directory {
  /** Whether somebody is a service account: who binds next on its connection comes through it. */
  isService?(identity: Identity): boolean;
  /** Throws LdapError where somebody is no longer active: for what is answered without asking. */
  assertMayGoOn?(identity: Identity): void;
  /** RFC 4511 §4.2 simple bind. Rejects with LdapError; synchronous where no hash is slow. */
  authenticate(request: BindRequest, origin: Origin): BindOutcome | Promise<BindOutcome>;
  /** SASL EXTERNAL over TLS: the owner of the client's certificate. */
  authenticateCertificate(
    request: CertificateBindRequest,
    origin: Origin,
  ): BindOutcome | Promise<BindOutcome>;
  /** SASL EXTERNAL on the local socket: whoever can open it is the administrator. */
  administrator(): Identity;
  /** Whom somebody asks as. Throws LdapError authorizationDenied. */
  identityAs(authzId: string, asking: Identity): Identity;
  search(request: SearchRequest, context: Context): SearchRun;
  /** Throws LdapError where there is no answer. */
  compare(request: CompareRequest, context: Context): boolean;
  /** The one way in for every write; never rejects: a refusal is an outcome. */
  submit(request: WriteRequest): Promise<WriteOutcome>;
}
