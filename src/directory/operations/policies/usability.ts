/** Whether somebody's account could be used now, as a password policy and the guard see it. */
import { standingOf } from '../../../credentials/guard/index.js';
import type { AccountUsability } from '../../model/password-policy.js';
import type { EntryRecord } from '../../ports.js';
import { evaluateBind, graceLeft, secondsLeft } from '../../ppolicy/index.js';
import { guardOf } from '../guard.js';
import { stateOf } from '../lifecycle/index.js';
import type { View } from '../view.js';
import { lockoutRulesOf } from './lockout.js';
import { policiesOf } from './policies.js';

const usable = { available: false, inactive: false, reset: false, expired: false } as const;
/** What stands for "never". */
const NEVER = -1;

/** Undefined where the entry is nobody's account: nothing in it opens anything. */
export function usabilityOf(entry: EntryRecord, view: View): AccountUsability | undefined {
  const { reader } = view;
  if (reader.secrets(entry.id).length === 0) return undefined;
  const { policy, state } = policiesOf(reader).of(entry);
  const nowMs = view.nowMs();
  const now = Math.floor(nowMs / 1000);
  const guard = guardOf(reader);
  const standing = standingOf(guard?.lockout(entry.id), lockoutRulesOf(entry, reader), nowMs);
  const none = { ...usable, remainingGrace: undefined, secondsBeforeUnlock: undefined };
  if (standing.kind !== 'open') {
    const { untilMs } = standing;
    const secondsBeforeUnlock = untilMs && Math.ceil((untilMs - nowMs) / 1000);
    return { ...none, inactive: true, secondsBeforeUnlock };
  }
  if (stateOf(entry.id, reader, now) !== 'active') return { ...none, inactive: true };
  const verdict = evaluateBind(policy, state, {
    now,
    lastSeen: () => {
      const success = guard?.lastUse(entry.id).success;
      return success && Math.floor(success.atMs / 1000);
    },
  });
  if (!verdict.open) {
    if (verdict.error !== 'passwordExpired') return { ...none, inactive: true };
    return { ...none, expired: true, remainingGrace: policy.graceLimit === 0 ? undefined : 0 };
  }
  if (verdict.mustChange) return { ...none, reset: true };
  if (verdict.grace) {
    return { ...none, expired: true, remainingGrace: graceLeft(policy, state, now) };
  }
  return { available: true, secondsBeforeExpiration: secondsLeft(policy, state, now) ?? NEVER };
}
