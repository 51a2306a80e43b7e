/**
 * Why somebody's password opens or does not: which policy holds and why that one, and where the
 * password stands in it now. Asks the same functions as a bind does; changes nothing.
 */
import type { PasswordStanding, PasswordWhy, PolicyWhy, WhyEngine } from '../admin/why.js';
import { countingFailures, standingOf } from '../credentials/guard/index.js';
import {
  findEntry,
  guardOf,
  lockoutRulesOf,
  type Names,
  policiesOf,
} from '../directory/operations/index.js';
import type { EntryRecord } from '../directory/ports.js';
import { evaluateBind, graceLeft, secondsAtWork, secondsLeft } from '../directory/ppolicy/index.js';
import type { EngineParts } from './engine.js';
import { type WhyParts, whyMay, whyPerson } from './people/index.js';

type Standing = ReturnType<ReturnType<typeof policiesOf>['of']>;

export function whyEngine(engine: EngineParts, names: Names, parts: WhyParts): WhyEngine {
  const { reader } = engine;
  return {
    person: async (asked) => whyPerson(asked, parts),
    may: async (asked) => whyMay(asked, parts),

    async password(name) {
      const entry = findEntry(name, reader, names);
      const standing = policiesOf(reader).of(entry);
      const nowMs = engine.nowMs();
      return {
        dn: names.text(entry),
        now: iso(nowMs),
        policy: policyWhy(standing, names),
        ignored: ignored(entry, standing, engine, names),
        ...passwordWhy(entry, standing, engine, nowMs),
      };
    },
  };
}

function policyWhy({ found }: Standing, names: Names): PolicyWhy | undefined {
  if (found === undefined) return undefined;
  const { reason, entryId } = found;
  const dn = names.dnOfId(entryId).toString('utf8');
  const filter = reason.kind === 'filter' ? reason.filter : undefined;
  return { dn, because: reason.kind, filter };
}

/** What the entry names, where that is not what holds. */
function ignored(entry: EntryRecord, { found }: Standing, { reader }: EngineParts, names: Names) {
  const type = reader.schema().attribute('pwdPolicySubentry');
  if (found?.reason.kind === 'explicit' || type === undefined) return undefined;
  const edge = reader.edgesFrom(entry.id, type)[0];
  if (edge === undefined) return undefined;
  return edge.target === 0 ? edge.text : names.dnOfId(edge.target).toString('utf8');
}

type Rest = Omit<PasswordWhy, 'dn' | 'now' | 'policy' | 'ignored'>;

function passwordWhy(
  entry: EntryRecord,
  { policy, state }: Standing,
  { reader }: EngineParts,
  nowMs: number,
): Rest {
  const secrets = reader.secrets(entry.id);
  const guard = guardOf(reader);
  const use = guard?.lastUse(entry.id) ?? reader.observed.lastUse(entry.id);
  const lockout = guard?.lockout(entry.id) ?? reader.observed.lockouts().get(entry.id);
  const rules = lockoutRulesOf(entry, reader);
  const counted = standingOf(lockout, rules, nowMs);
  const now = Math.floor(nowMs / 1000);
  const seen = use.success && Math.floor(use.success.atMs / 1000);
  const verdict = evaluateBind(policy, state, { now, lastSeen: () => seen });
  const none = !secrets.some(({ kind }) => kind === 'userPassword');
  const { changedAt, reset, validFrom, validUntil } = state;
  const active = Math.max(seen ?? -Infinity, changedAt ?? -Infinity);
  const standing = stateOf(none, counted.kind !== 'open', verdict);
  return {
    state: standing,
    reason: standing === 'locked' && !verdict.open ? verdict.reason : undefined,
    changed: seconds(changedAt),
    expires: seconds(expiresAt(policy, state, now)),
    graceLeft: policy.graceLimit === 0 ? undefined : graceLeft(policy, state, now),
    reset,
    validFrom: seconds(validFrom),
    validUntil: seconds(validUntil),
    lastLogin: use.success && iso(use.success.atMs),
    idleAt:
      policy.maxIdle > 0 && Number.isFinite(active)
        ? seconds(now + policy.maxIdle - secondsAtWork(state, active, now))
        : undefined,
    failures: countingFailures(lockout, rules, nowMs).length,
    until:
      counted.kind !== 'open' && counted.untilMs !== undefined ? iso(counted.untilMs) : undefined,
    former: secrets.filter(({ kind }) => kind === 'pwdHistory').length,
  };
}

/** By what is known of leaves now. */
function expiresAt(policy: Standing['policy'], state: Standing['state'], now: number) {
  const left = secondsLeft(policy, state, now);
  return left === undefined ? undefined : now + left;
}

/** In the order in which a bind meets them. */
function stateOf(
  none: boolean,
  failures: boolean,
  verdict: ReturnType<typeof evaluateBind>,
): PasswordStanding {
  if (none) return 'none';
  if (failures) return 'failures';
  if (!verdict.open) return verdict.error === 'passwordExpired' ? 'expired' : 'locked';
  if (verdict.mustChange) return 'mustChange';
  return verdict.grace ? 'grace' : 'open';
}

function seconds(at: number | undefined): string | undefined {
  return at === undefined ? undefined : iso(at * 1000);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
