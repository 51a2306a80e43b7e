/**
 * The administration's verbs about people: what each takes, what it would do, what it did. Moments
 * are words as they were typed; the engine reads them by the directory's clock in the person's zone.
 */
import type { Reorganisation } from '../policy/core/index.js';

/** Whom it is about, who says it, and why. */
export interface About {
  /** A login, mail address, common name or distinguished name. */
  readonly name: string;
  /** For the change log. */
  readonly by: string;
  /** Empty where no reason was given. */
  readonly because: string;
}

/** What an engagement says; absent: nothing, or as it was. */
export interface EngagementWords {
  readonly kind?: string | undefined;
  readonly department?: string | undefined;
  readonly manager?: string | undefined;
  readonly sponsor?: string | undefined;
  readonly number?: string | undefined;
}

export interface Join extends About, EngagementWords {
  readonly verb: 'join';
  readonly login?: string | undefined;
  readonly mail?: string | undefined;
  readonly title?: string | undefined;
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  /** Make a password that opens once, to set one's own. */
  readonly firstPassword: boolean;
}

export interface Move extends About, EngagementWords {
  readonly verb: 'move';
  readonly title?: string | undefined;
  /** `never` takes the end away. */
  readonly end?: string | undefined;
}

/** The same move of several people at once. */
export interface MoveMany extends Omit<Move, 'name' | 'verb'> {
  readonly names: readonly string[];
  /** Says what would be done, and does nothing. */
  readonly rehearse: boolean;
  /** Those who go from one value to the same other move: it has no new name. */
  readonly asMoves?: boolean | undefined;
}

export interface ManyMoved {
  readonly people: readonly {
    readonly login: string;
    readonly changes: readonly ValueChange[];
  }[];
  /** Ways that more than ten of them go. */
  readonly reorganisations: readonly Reorganisation[];
  /** 0 where nothing was done. */
  readonly run: number;
}

export interface Rename extends About {
  readonly verb: 'rename';
  readonly login?: string | undefined;
  readonly fullName?: string | undefined;
}

export interface Pause extends About {
  readonly verb: 'pause';
  readonly kind: string;
  readonly from: string;
  readonly until?: string | undefined;
}

export interface Resume extends About {
  readonly verb: 'resume';
  readonly planned: boolean;
}

export interface Suspend extends About {
  readonly verb: 'suspend';
  readonly kind: 'administrative' | 'security';
  readonly until?: string | undefined;
}

export interface Lift extends About {
  readonly verb: 'lift';
  readonly kind?: 'administrative' | 'security' | 'idle' | undefined;
}

export interface Contain extends About {
  readonly verb: 'contain';
}

export interface Recover extends About {
  readonly verb: 'recover';
  readonly keepKeys: boolean;
}

export interface Offboard extends About {
  readonly verb: 'offboard';
  /** `emergency` is now, with a security block that outlives an extension. */
  readonly when: { readonly at: string } | 'now' | 'emergency';
}

export interface Rehire extends About, EngagementWords {
  readonly verb: 'rehire';
  readonly start: string;
  readonly end?: string | undefined;
  readonly firstPassword: boolean;
}

export interface HoldVerb extends About {
  readonly verb: 'hold';
  readonly matter: string;
}

export interface Release extends About {
  readonly verb: 'release';
  readonly matter?: string | undefined;
}

export type PersonVerb =
  | Join
  | Move
  | Rename
  | Pause
  | Resume
  | Suspend
  | Lift
  | Contain
  | Recover
  | Offboard
  | Rehire
  | HoldVerb
  | Release;

/** What somebody can come in with, and what names them: what a state shows or hides. */
export interface Holdings {
  readonly password: boolean;
  readonly code: boolean;
  readonly appPasswords: number;
  readonly firstPasswords: number;
  /** Secrets for Wi-Fi and file servers, with those of devices. */
  readonly ntSecrets: number;
  readonly certificates: number;
  readonly sshKeys: number;
  /** Common names, those inside others included. */
  readonly groups: readonly string[];
  readonly sudoRules: readonly string[];
  /** Login names: devices, second accounts. */
  readonly accounts: readonly string[];
  /** What else the person owns, by short name. */
  readonly owns: readonly string[];
  /** Login names of those whose manager the person is. */
  readonly reports: readonly string[];
}

/** From an instant on, a state. */
export interface StateFrom {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly state: string;
}

export interface ValueChange {
  readonly attribute: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** What a verb would do, all of it. */
export interface VerbPreview {
  readonly verb: PersonVerb['verb'];
  readonly dn: string;
  readonly login: string;
  /** The directory's own time, ISO 8601. */
  readonly now: string;
  /** In which clock times are best shown. */
  readonly zone: string;
  /** The state before. */
  readonly before: string;
  /** The state right after. */
  readonly after: string;
  /** What comes later by itself. */
  readonly later: readonly StateFrom[];
  readonly changes: readonly ValueChange[];
  readonly holdings: Holdings;
  /** Nobody but those whom the policy lets see ends learns of one before it comes. */
  readonly quiet: boolean;
  /** When the policy destroys what a departure seals, ISO 8601; absent where it does not say. */
  readonly destroyed?: string | undefined;
  /** Sentences: what else to know. */
  readonly notes: readonly string[];
  /** What the preview rests on; given back, the verb is refused where that has moved. */
  readonly seen: string;
}

/** What a verb did: the preview, with what only then is known. */
export interface VerbDone extends VerbPreview {
  readonly done: true;
  /** `tenure undo` takes it back by this number. */
  readonly run?: number | undefined;
  /** Of a departure. */
  readonly case?: number | undefined;
  readonly uidNumber?: number | undefined;
  /** Shown here and nowhere else. */
  readonly password?: string | undefined;
  readonly passwordEnds?: string | undefined;
}

export interface PeopleEngine {
  /** All of them in one run, or nobody. */
  moveMany(order: MoveMany): Promise<ManyMoved>;
  preview(verb: PersonVerb): Promise<VerbPreview>;
  /** `seen`: of a preview; refused (busy) where the entry has changed since. */
  perform(order: {
    readonly verb: PersonVerb;
    readonly seen?: string | undefined;
  }): Promise<VerbDone>;
}
