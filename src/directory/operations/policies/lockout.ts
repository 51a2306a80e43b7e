/** What a policy says about failures, as the guard takes it. Without a policy the guard has its own. */
import { defaultLockoutRules, type LockoutRules } from '../../../credentials/guard/index.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { PasswordPolicy } from '../../ppolicy/index.js';
import { documentRuleOf } from './document-rules.js';
import { policiesOf } from './policies.js';

const made = new WeakMap<PasswordPolicy, LockoutRules>();

/** Whether the entry is of a kind that the lifecycle policy never locks out. */
export function isNeverLocked(entry: EntryRecord, reader: DirectoryReader): boolean {
  return documentRuleOf(entry, reader).never.includes('lock out');
}

/** The rules for an entry. */
export function lockoutRulesOf(entry: EntryRecord, reader: DirectoryReader): LockoutRules {
  const { found, policy } = policiesOf(reader).of(entry);
  if (found === undefined && !isNeverLocked(entry, reader)) return defaultLockoutRules;
  let rules = made.get(policy);
  if (rules === undefined) {
    rules = {
      maxFailures: policy.lockout ? policy.maxFailure : 0,
      countIntervalMs: policy.failureCountInterval * 1000,
      durationMs: policy.lockoutDuration * 1000,
      minDelayMs: policy.minDelay * 1000,
      maxDelayMs: policy.maxDelay * 1000,
      recordedMax: policy.maxRecordedFailure,
    };
    made.set(policy, rules);
  }
  return rules;
}
