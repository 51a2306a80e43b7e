/**
 * The parts of a bind and what passes between them. A bind is a flat list of steps, each of which
 * knows nothing of the others:
 *
 *   resolve → attempt gates → proofs → second factor → person gates → uses → observations
 *
 * Steps answer at once where they can and with a promise where they cannot; one without anything
 * slow stays on the stack from the socket to the answer.
 */
import type { PolicyErrorName } from '../../../runtime/errors.js';
import type { Identity, Origin } from '../../model/identity.js';
import type { PolicyResponse } from '../../model/password-policy.js';
import type { EntryRecord, Secret } from '../../ports.js';

/** A value now or later. */
export type Soon<T> = T | Promise<T>;

/** One bind in progress. */
export interface Attempt {
  /** As the client sent it. */
  readonly dn: string;
  /** Undefined where the name is nobody's. */
  readonly entry: EntryRecord | undefined;
  /** All secrets of the entry as they were when the bind began. */
  readonly secrets: readonly Secret[];
  readonly origin: Origin;
  /** Who was bound on this connection before: an application that now binds as a person. */
  readonly boundBefore: Identity;
  /** The request carried the password policy control. */
  readonly wantsPolicy: boolean;
  /** The address of the client behind the one who asks, where that is a service to be believed. */
  readonly trackedAddress: string | undefined;
  /** What is checked against stored passwords; a second factor takes its code off (split). */
  password: Buffer;
  /** The code of a second factor, where one was taken off the password. */
  code: string | undefined;
  /** The transport has verified a certificate: nothing is guessed here. */
  readonly certified?: true;
  /** One hash of the default policy has been computed: a refusal owes no more. */
  paid: boolean;
}

/** An attempt at somebody who exists. */
export type KnownAttempt = Attempt & { readonly entry: EntryRecord };

/** Why a bind is refused. The client sees 49 and, where it asked, `policyError`; the log all. */
export interface Refusal {
  readonly refused: true;
  /** A few words without any secret, such as `wrong password` or `locked`. */
  readonly reason: string;
  readonly policyError?: PolicyErrorName;
}

/** Something that has proved who the client is. */
export interface Proof {
  readonly by: 'password' | 'appPassword' | 'oneTimePassword' | 'serviceSecret' | 'certificate';
  /** What was matched; absent where nothing stored was. */
  readonly secret?: Secret;
  /** It was verified a moment ago: no hash was computed for this bind. */
  readonly remembered?: boolean;
  /** True where a second factor is not asked for, whatever the person's policy says. */
  readonly skipsSecondFactor: boolean;
  /** True where the session may do nothing but set a new password. */
  readonly mustChange?: boolean;
  /** Uses up what was matched, durably, when everything else has agreed; false: it was gone. */
  readonly use?: () => Promise<boolean>;
}

/**
 * Asked before any proof is looked at, for unknown names too: lockout, delays. Asked again behind a
 * proof that took time, so that guesses sent side by side get no further than one after the other.
 */
export type AttemptGate = (attempt: Attempt) => Refusal | undefined;

/** Where a bind was refused: at an attempt gate, because nothing was proved, at a person gate. */
export type RefusedAt = 'attempt' | 'proof' | 'person';

/**
 * One way to prove who one is. `quick` answers without waiting and without cost, or not at all;
 * `slow` is asked in turn when nobody was quick. Whoever computes a hash says so (`attempt.paid`).
 */
export interface Authenticator {
  readonly quick?: (attempt: KnownAttempt) => Proof | undefined;
  readonly slow?: (attempt: KnownAttempt) => Promise<Proof | undefined>;
}

export interface SecondFactor {
  /** Takes the code off what was sent, before the password part is looked at. */
  readonly split: (attempt: KnownAttempt) => void;
  /** After the password part matched. A code that is right is used up in `use`, at the end. */
  readonly check: (attempt: KnownAttempt, proof: Proof) => Refusal | Passed | undefined;
}

/** A gate's consent, with what comes of it. */
export interface Passed {
  readonly refused?: false;
  /** For the response control. */
  readonly policy?: PolicyResponse;
  /** The session may do nothing but this. */
  readonly only?: Identity['only'];
  /** The session is that of somebody on leave, through this service. */
  readonly keptBy?: Identity['keptBy'];
  /** Uses something up (a code, a grace login) durably; false refuses the bind. */
  readonly use?: () => Promise<boolean>;
}

/**
 * Whether this person may come in now, known to be who they say: validity, expiry, idleness. All
 * are asked, until one refuses; undefined is consent without more.
 */
export type PersonGate = (attempt: KnownAttempt, proof: Proof) => Refusal | Passed | undefined;

/** Hears how each bind ended, before the answer; a promise is waited for before a refusal. */
export interface BindObserver {
  succeeded(attempt: KnownAttempt, proof: Proof): void;
  failed(attempt: Attempt, refusal: Refusal, at: RefusedAt): Soon<void>;
}

/** The steps of a bind, in order; each list in its own order. */
export interface BindSteps {
  readonly attemptGates: readonly AttemptGate[];
  readonly authenticators: readonly Authenticator[];
  readonly secondFactor: SecondFactor | undefined;
  readonly personGates: readonly PersonGate[];
  readonly observers: readonly BindObserver[];
}
