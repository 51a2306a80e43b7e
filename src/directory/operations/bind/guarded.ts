/**
 * The guard's two steps of a bind: who may not try now, and what is remembered of how it ended.
 * Decides what counts as a wrong guess (nothing was proved) and what does not (the proof was right
 * and something else stood against it). A refusal at the gate tells the client nothing but 49.
 */
import type { Guard, GuardedAttempt, LockoutRules } from '../../../credentials/guard/index.js';
import { generatedId } from '../../../credentials/index.js';
import type { EntryRecord } from '../../ports.js';
import type { Attempt, AttemptGate, BindObserver, KnownAttempt, Refusal, Soon } from './types.js';

export interface GuardedTools {
  readonly guard: Guard;
  /** What the policy of the entry says about failures. */
  readonly rulesOf: (entry: EntryRecord) => LockoutRules;
  /** The service account through which the bind comes, 0 where there is none. */
  readonly serviceOf: (attempt: Attempt) => number;
  /** Whether the policy never locks the entry out, wherever the attempts come from. */
  readonly isNeverLocked: (entry: EntryRecord) => boolean;
  /** Finds out, when nobody waits, whether a password was right before: then calls `wasFormer`. */
  readonly checkFormer: (attempt: KnownAttempt, wasFormer: () => void) => void;
}

const locked: Refusal = { refused: true, reason: 'locked', policyError: 'accountLocked' };
const delayed: Refusal = {
  refused: true,
  reason: 'too soon after a failure',
  policyError: 'accountLocked',
};
const sourceLocked: Refusal = { refused: true, reason: 'too many failures from this address' };
/** Characters of an unknown name that tell one guess from another. */
const NAME_COMPARED_MAX = 512;
const noRules: LockoutRules = {
  maxFailures: 0,
  countIntervalMs: 0,
  durationMs: 0,
  minDelayMs: 0,
  maxDelayMs: 0,
  recordedMax: 0,
};

/**
 * Whether a lock after wrong guesses stands in the way of this attempt. What was generated is 140 bits of
 * chance and a certificate is a key: whoever makes others' passwords fail must not close those, too.
 */
function isGuess({ certified, password }: Attempt): boolean {
  if (certified === true) return false;
  return (
    generatedId('app', password) === undefined && generatedId('service', password) === undefined
  );
}

/** Refuses whoever is locked or delayed, and everybody at an address that is. */
export function guardGate({ guard, rulesOf, serviceOf, isNeverLocked }: GuardedTools): AttemptGate {
  return (attempt) => {
    const { entry } = attempt;
    if (entry !== undefined && guard.concerns(entry.id) && isGuess(attempt)) {
      const { kind } = guard.standing(entry.id, rulesOf(entry));
      if (kind === 'locked') return locked;
      if (kind === 'delayed') return delayed;
    }
    const { trackedAddress, origin } = attempt;
    // Almost no address is: whether a service stands behind it is not asked before.
    if (!guard.isSourceLocked(trackedAddress ?? origin.address)) return undefined;
    if (entry !== undefined && isNeverLocked(entry)) return undefined;
    return trackedAddress !== undefined || serviceOf(attempt) === 0 ? sourceLocked : undefined;
  };
}

/** Remembers successes and failures. */
export function guardObserver(tools: GuardedTools): BindObserver {
  const { guard, rulesOf, serviceOf, checkFormer } = tools;
  const about = (attempt: Attempt): GuardedAttempt => {
    const { entry, trackedAddress, origin } = attempt;
    const service = serviceOf(attempt);
    // Many people come through a service's connection: its address is never to blame.
    const source = trackedAddress ?? (service === 0 ? origin.address : undefined);
    return { owner: entry?.id ?? 0, from: trackedAddress ?? origin.address, service, source };
  };
  return {
    succeeded(attempt: KnownAttempt, { by, secret }) {
      const seen = about(attempt);
      guard.succeeded(seen, by === 'password' || by === 'oneTimePassword');
      if (secret !== undefined && secret.kind !== 'userPassword') {
        guard.usedSecret(secret.id, seen.from, seen.service);
      }
    },
    failed(attempt, _refusal, at): Soon<void> {
      if (at !== 'proof') return guard.refused(about(attempt));
      const { entry } = attempt;
      const rules = entry === undefined ? noRules : rulesOf(entry);
      const failed = { ...about(attempt), secret: guessOf(attempt), rules };
      const { countedMs, durable } = guard.failed(failed);
      if (countedMs !== undefined && isKnown(attempt)) {
        checkFormer(attempt, () => guard.wasFormer(failed, countedMs));
      }
      return durable;
    },
  };
}

const isKnown = (attempt: Attempt): attempt is KnownAttempt => attempt.entry !== undefined;

/** What was guessed: of somebody who exists the secret, else the name as well. */
function guessOf({ entry, dn, password, code }: Attempt): Buffer {
  if (entry !== undefined && code === undefined) return password;
  const name = entry === undefined ? `${dn.slice(0, NAME_COMPARED_MAX)}\0` : '';
  return Buffer.concat([Buffer.from(name), password, Buffer.from(code ?? '')]);
}
