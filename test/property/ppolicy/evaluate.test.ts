/**
 * The password policy as a function: whatever the rules and the state, what it says follows from a
 * few laws. SEED repeats a run.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  evaluateBind,
  evaluateChange,
  graceLeft,
  LOCKED_FOR_EVER,
  noPolicy,
  noState,
  type PasswordPolicy,
  type PasswordState,
  secondsAtWork,
  secondsLeft,
} from '../../../src/directory/ppolicy/index.js';
import { seed } from '../../support/seed.js';

const seconds = fc.oneof(fc.constant(0), fc.nat(100), fc.nat(10_000_000));
const instant = fc.nat(20_000_000);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const policies: fc.Arbitrary<PasswordPolicy> = fc
  .record({
    minAge: seconds,
    maxAge: seconds,
    expireWarning: seconds,
    graceLimit: fc.nat(4),
    graceExpiry: seconds,
    mustChange: fc.boolean(),
    allowUserChange: fc.boolean(),
    safeModify: fc.boolean(),
    lockoutDuration: seconds,
    maxIdle: seconds,
  })
  .map((rules) => ({ ...noPolicy, ...rules }));

const states: fc.Arbitrary<PasswordState> = fc.record({
  changedAt: maybe(instant),
  reset: fc.boolean(),
  graceUses: fc.nat(4),
  lockedAt: maybe(fc.oneof(instant, fc.constant(LOCKED_FOR_EVER))),
  validFrom: maybe(instant),
  validUntil: maybe(instant),
});

/** Leaves that are apart, the last of them perhaps without an end. */
const leaves = fc
  .array(fc.tuple(fc.nat(1_000_000), fc.integer({ min: 1, max: 1_000_000 })), { maxLength: 4 })
  .map((gaps) => {
    let at = 0;
    return gaps.map(([gap, length]) => {
      const from = at + gap;
      at = from + length;
      return { from, until: at };
    });
  });

const check = <T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void): void => {
  fc.assert(fc.property(arbitrary, law), { seed: seed(), numRuns: 2_000 });
};
const scenes = fc.record({ policy: policies, state: states, now: instant, seen: maybe(instant) });
type Scene = {
  policy: PasswordPolicy;
  state: PasswordState;
  now: number;
  seen: number | undefined;
};
const bind = ({ policy, state, now, seen }: Scene) =>
  evaluateBind(policy, state, { now, lastSeen: () => seen });

test('no policy and nothing recorded: open, and nothing to say', () => {
  check(instant, (now) => {
    expect(bind({ policy: noPolicy, state: noState, now, seen: undefined })).toEqual({
      open: true,
      mustChange: false,
      grace: false,
      warning: undefined,
    });
  });
});

test('an administrator’s lock, or a moment outside the window, is never open', () => {
  check(scenes, (scene) => {
    const { state, now, policy } = scene;
    const outside =
      (state.validFrom !== undefined && now < state.validFrom) ||
      (state.validUntil !== undefined && now >= state.validUntil);
    const ever = state.lockedAt === LOCKED_FOR_EVER;
    const still =
      state.lockedAt !== undefined &&
      (policy.lockoutDuration === 0 || now < state.lockedAt + policy.lockoutDuration);
    if (!outside && !ever && !still) return;
    expect(bind(scene)).toMatchObject({ open: false, error: 'accountLocked' });
  });
});

test('who is in never has less than nothing left, and grace counts down to it', () => {
  check(scenes, (scene) => {
    const verdict = bind(scene);
    if (!verdict.open) return;
    const { warning, grace, mustChange } = verdict;
    if (mustChange) expect({ warning, grace }).toEqual({ warning: undefined, grace: false });
    if (warning?.kind === 'timeBeforeExpiration') {
      expect(grace).toBe(false);
      expect(warning.seconds).toBeGreaterThan(0);
      expect(warning.seconds).toBeLessThanOrEqual(scene.policy.expireWarning);
    }
    if (!grace) return;
    expect(warning).toEqual({
      kind: 'graceAuthNsRemaining',
      count: graceLeft(scene.policy, scene.state, scene.now) - 1,
    });
    const used = { ...scene.state, graceUses: scene.state.graceUses + 1 };
    const next = bind({ ...scene, state: used });
    expect(next.open).toBe(graceLeft(scene.policy, scene.state, scene.now) > 1);
  });
});

test('time alone only ever closes: what has expired stays expired', () => {
  const later = fc.record({ scene: scenes, by: fc.nat(1_000_000) });
  check(later, ({ scene, by }) => {
    const now = bind(scene);
    if (now.open || now.error !== 'passwordExpired') return;
    const then = bind({ ...scene, now: scene.now + by });
    expect(then.open).toBe(false);
  });
});

test('a new password opens whatever only age, idleness or a reset had closed', () => {
  check(scenes, (scene) => {
    const { state, now } = scene;
    if (state.lockedAt !== undefined || state.validFrom !== undefined) return;
    if (state.validUntil !== undefined || scene.policy.maxAge === 1) return;
    const fresh = { ...state, changedAt: now, reset: false, graceUses: 0 };
    const verdict = bind({ ...scene, state: fresh });
    expect(verdict).toMatchObject({ open: true, mustChange: false, grace: false });
  });
});

test('the refusals of a change come in one order, each with its own error', () => {
  const changes = fc.record({
    policy: policies,
    state: states,
    now: instant,
    gaveOld: fc.boolean(),
  });
  check(changes, ({ policy, state, now, gaveOld }) => {
    const refusal = evaluateChange(policy, state, { gaveOld, now });
    const age = state.changedAt === undefined ? Infinity : now - state.changedAt;
    const young = age < policy.minAge && !(policy.mustChange && state.reset);
    const first = [
      [!policy.allowUserChange, 'passwordModNotAllowed'],
      [policy.safeModify && !gaveOld, 'mustSupplyOldPassword'],
      [young, 'passwordTooYoung'],
    ].find(([applies]) => applies);
    expect(refusal?.error).toBe(first?.[1]);
  });
});

test('on leave no password gets older: what is left is what was left when it began', () => {
  check(fc.record({ scene: scenes, away: leaves }), ({ scene: { policy, state, now }, away }) => {
    const { changedAt } = state;
    const left = secondsLeft(policy, { ...state, away }, now);
    const without = secondsLeft(policy, state, now);
    expect(left === undefined).toBe(without === undefined);
    if (left === undefined || changedAt === undefined || now < changedAt) return;
    expect(left).toBeGreaterThanOrEqual(without!);
    expect(left).toBeLessThanOrEqual(policy.maxAge);
    const during = away.find(({ from, until }) => from <= now && now < until);
    if (during === undefined) return;
    const begun = Math.max(during.from, changedAt);
    expect(left).toBe(policy.maxAge - secondsAtWork({ ...state, away }, changedAt, begun));
  });
});
