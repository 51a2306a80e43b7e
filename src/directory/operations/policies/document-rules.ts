/**
 * What the lifecycle policy says about passwords (`passwords:`), laid over the password policy that
 * holds for somebody: of the two the stricter counts, so that neither opens what the other shuts.
 *
 *   at least: 12 characters        pwdMinLength, the longer
 *   remember: 5 passwords          pwdInHistory, the more
 *   renew: every year              pwdMaxAge, the sooner; warns 14 days ahead unless told otherwise
 *   wrong tries: lock after 5 …    pwdMaxFailure, the fewer; for so long, or until somebody unlocks
 *   wrong tries: slow down after 5 the same for one minute: then one try a minute is left
 *   made by: tenure                pwdAllowUserChange FALSE
 *   old and new both work for: …   of a service: how long the old credential opens beside a new one
 *   never: [expire, lock out]      of the kind: neither happens, whoever says so
 *
 * Which rule holds may turn with the clock (kinds follow engagements), so it is asked each time.
 */
import type { Renewal } from '../../../credentials/index.js';
import { holds, kindOf } from '../../../policy/core/conditions/index.js';
import type {
  Duration,
  Exemption,
  PasswordRule,
  Policy,
} from '../../../policy/core/language/index.js';
import { timeOfCsn } from '../../model/csn.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { PasswordPolicy } from '../../ppolicy/index.js';
import type { Texts } from '../lifecycle/index.js';
import { personOf, policyOf } from '../lifecycle/index.js';
import type { Standing } from './policies.js';

const clocks = new WeakMap<DirectoryReader, () => number>();

/** Makes the time known to whoever asks for policies through `reader`. */
export function setClock(reader: DirectoryReader, nowMs: () => number): void {
  clocks.set(reader, nowMs);
}

/** Where nobody has said, it is the time of the last commit: that of the write in the writer. */
function nowOf(reader: DirectoryReader): number {
  const nowMs = clocks.get(reader);
  return Math.floor((nowMs?.() ?? timeOfCsn(reader.contextCsn())) / 1000);
}

export interface DocumentRule {
  readonly rule: PasswordRule | undefined;
  readonly never: readonly Exemption[];
  /** A step has required a new password of them, and none was set yet. */
  readonly mustChange: boolean;
  /** Since when there is a policy of the directory's own, seconds. */
  readonly since: number;
}

const nothing: DocumentRule = { rule: undefined, never: [], mustChange: false, since: 0 };

const requiring = new WeakMap<Policy, boolean>();

/** Whether any step of the policy requires new passwords. */
function requires(policy: Policy): boolean {
  let found = requiring.get(policy);
  if (found === undefined) {
    found = policy.journeys.some(({ rules }) =>
      rules.some(({ steps }) =>
        steps.some((step) => step.verb === 'require' && step.what === 'new-password'),
      ),
    );
    requiring.set(policy, found);
  }
  return found;
}

/** The rule of the document that holds for somebody: the first that fits. */
export function documentRuleOf(
  entry: Pick<EntryRecord, 'id' | 'parentId'>,
  reader: DirectoryReader,
  texts?: Texts,
): DocumentRule {
  const { policy, entryId } = policyOf(reader);
  const exempts = policy.kinds.some(({ never }) => never.length > 0);
  const renews = requires(policy);
  if (policy.passwords.length === 0 && !exempts && !renews) return nothing;
  if (entry.id !== 0 && entry.id === reader.administratorId()) return nothing;
  const person = personOf(entry, reader, texts);
  const now = nowOf(reader);
  return {
    rule: policy.passwords.find(({ who }) => holds(who, person, policy, now)),
    never: exempts ? (kindOf(person, policy, now)?.never ?? []) : [],
    mustChange: renews && person.values('pwdreset')[0]?.toUpperCase() === 'TRUE',
    since: reader.entry(entryId)?.createdAt ?? 0,
  };
}

/** The standing under both policies. */
export function tightened(standing: Standing, { rule, never, mustChange }: DocumentRule): Standing {
  if (rule === undefined && never.length === 0 && !mustChange) return standing;
  const both = bothOf(standing.policy, rule, never);
  const policy = mustChange ? renewing(both) : both;
  const { found, state } = standing;
  return { found: found && { ...found, policy }, policy, state };
}

const renewals = new WeakMap<PasswordPolicy, PasswordPolicy>();

function renewing(policy: PasswordPolicy): PasswordPolicy {
  let found = renewals.get(policy);
  if (found === undefined) {
    found = { ...policy, mustChange: true };
    renewals.set(policy, found);
  }
  return found;
}

/** By policy, then by rule and exemptions: others keep things by the object. */
const made = new WeakMap<PasswordPolicy, Map<string, PasswordPolicy>>();
const MADE_MAX = 64;

function bothOf(
  base: PasswordPolicy,
  rule: PasswordRule | undefined,
  never: readonly Exemption[],
): PasswordPolicy {
  let known = made.get(base);
  if (known === undefined) {
    known = new Map();
    made.set(base, known);
  }
  const key = JSON.stringify([rule, never]);
  let policy = known.get(key);
  if (policy === undefined) {
    policy = exempted(rule === undefined ? base : stricter(base, rule), never);
    if (known.size >= MADE_MAX) known.clear();
    known.set(key, policy);
  }
  return policy;
}

const WARNING = 14 * 86_400;
const SLOW_SECONDS = 60;

function stricter(base: PasswordPolicy, rule: PasswordRule): PasswordPolicy {
  const { lengthMin = 0, remembered = 0, renewEvery, wrongTries } = rule;
  const renew = renewEvery === undefined ? {} : renewed(base, lengthOf(renewEvery));
  return {
    ...base,
    minLength: Math.max(base.minLength, lengthMin),
    inHistory: Math.max(base.inHistory, remembered),
    allowUserChange: base.allowUserChange && rule.madeBy !== 'tenure',
    ...renew,
    ...(wrongTries !== undefined && locked(base, wrongTries)),
  };
}

function renewed({ maxAge, expireWarning }: PasswordPolicy, seconds: number) {
  return {
    maxAge: maxAge === 0 ? seconds : Math.min(maxAge, seconds),
    expireWarning: expireWarning === 0 ? Math.min(WARNING, seconds) : expireWarning,
  };
}

function locked(base: PasswordPolicy, tries: NonNullable<PasswordRule['wrongTries']>) {
  const own = tries.answer === 'lock' ? tries.for && lengthOf(tries.for) : SLOW_SECONDS;
  const has = base.lockout && base.maxFailure > 0;
  return {
    lockout: true,
    maxFailure: has ? Math.min(base.maxFailure, tries.after) : tries.after,
    lockoutDuration: has ? longer(base.lockoutDuration, own ?? 0) : (own ?? 0),
  };
}

/** Of two locks; 0 holds until somebody unlocks. */
const longer = (a: number, b: number) => (a === 0 || b === 0 ? 0 : Math.max(a, b));

function exempted(policy: PasswordPolicy, never: readonly Exemption[]): PasswordPolicy {
  let free = policy;
  if (never.includes('expire')) free = { ...free, maxAge: 0 };
  if (never.includes('lock out')) free = { ...free, lockout: false, minDelay: 0 };
  if (never.includes('idle')) free = { ...free, maxIdle: 0 };
  return free;
}

/** What is said about renewing the credentials of a service; a week where nothing is. */
export function renewalOf(entry: EntryRecord, reader: DirectoryReader): Renewal {
  const { rule, never } = documentRuleOf(entry, reader);
  const { renewEvery, bothWorkFor } = rule ?? {};
  const ages = renewEvery !== undefined && !never.includes('expire');
  return {
    everyMs: ages ? lengthOf(renewEvery) * 1000 : undefined,
    overlapMs: bothWorkFor === undefined ? OVERLAP_MS : lengthOf(bothWorkFor) * 1000,
  };
}

const OVERLAP_MS = 7 * 86_400_000;

const unitSeconds: Readonly<Record<Duration['unit'], number>> = {
  minutes: 60,
  hours: 3_600,
  days: 86_400,
  'working days': 86_400 * 1.4,
  weeks: 7 * 86_400,
  months: 30 * 86_400,
  years: 365 * 86_400,
};

/** Password policies count seconds, not days of a calendar. */
export function lengthOf({ count, unit }: Duration): number {
  return Math.round(count * unitSeconds[unit]);
}
