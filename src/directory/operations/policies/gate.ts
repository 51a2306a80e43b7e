/**
 * The password policy's gate in a bind: whether somebody who has proved a password may come in now,
 * and as what. Must-change, grace and one-time passwords open only where the client has said that it
 * can deal with them: most applications ignore the control and would let the person in.
 */
import type { PolicyErrorName } from '../../../runtime/errors.js';
import type { EntryRecord } from '../../ports.js';
import { evaluateBind } from '../../ppolicy/index.js';
import type { KnownAttempt, Passed, PersonGate, Proof, Refusal } from '../bind/types.js';
import type { Policies } from './policies.js';

export interface PolicyGateTools {
  readonly policies: Policies;
  readonly nowMs: () => number;
  /** When somebody last got in, ms since 1970; asked only where a policy limits idleness. */
  readonly lastSuccess: (entry: EntryRecord) => number | undefined;
  /** Whether the service through which the bind comes deals with such passwords by itself. */
  readonly serviceIsAware: (attempt: KnownAttempt) => boolean;
  /** Records the use of one of the grace logins; false where none was left. */
  readonly useGrace: (entry: EntryRecord, limit: number) => Promise<boolean>;
}

/** What proves somebody by another way than the password, and ends by its own rules. */
const hasOwnAge: ReadonlySet<Proof['by']> = new Set([
  'appPassword',
  'serviceSecret',
  'certificate',
]);
const nothingToSay: Passed = { policy: {} };

export function policyGate(tools: PolicyGateTools): PersonGate {
  return (attempt, proof) => {
    const { entry } = attempt;
    const { found, policy, state } = tools.policies.of(entry);
    const verdict = evaluateBind(policy, state, {
      now: Math.floor(tools.nowMs() / 1000),
      lastSeen: () => secondsOf(tools.lastSuccess(entry)),
    });
    if (!verdict.open && !passes(verdict.error, proof)) {
      return { refused: true, reason: verdict.reason, policyError: verdict.error };
    }
    // The password's own age says nothing about what proved the person by another way.
    if (hasOwnAge.has(proof.by)) return nothingToSay;
    const reset = verdict.open && verdict.mustChange;
    if (reset || proof.mustChange === true) return mustChange(attempt, tools);
    if (!verdict.open) return nothingToSay;
    if (verdict.grace) {
      if (!understands(attempt, tools)) {
        return unaware('the password has expired', 'passwordExpired');
      }
      const { warning } = verdict;
      const use = () => tools.useGrace(entry, policy.graceLimit);
      return { policy: warning === undefined ? {} : { warning }, only: 'changePassword', use };
    }
    if (verdict.warning !== undefined) return { policy: { warning: verdict.warning } };
    return found === undefined ? undefined : nothingToSay;
  };
}

const secondsOf = (ms: number | undefined) => (ms === undefined ? ms : Math.floor(ms / 1000));

/** An expired password does not close what is proved without it. */
function passes(error: string, { by }: Proof): boolean {
  return error === 'passwordExpired' && by !== 'password';
}

function mustChange(attempt: KnownAttempt, tools: PolicyGateTools): Passed | Refusal {
  if (!understands(attempt, tools))
    return unaware('the password must be changed', 'changeAfterReset');
  return { policy: { error: 'changeAfterReset' }, only: 'changePassword' };
}

function understands(attempt: KnownAttempt, tools: PolicyGateTools): boolean {
  return attempt.wantsPolicy || tools.serviceIsAware(attempt);
}

/** The error is for clients that hear of it without having asked. */
const unaware = (what: string, policyError: PolicyErrorName): Refusal => ({
  refused: true,
  reason: `${what}, and the client did not say that it can change it`,
  policyError,
});
