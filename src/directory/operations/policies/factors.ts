/** What the policy of an entry says about second factors; kept by the policy's entry. */
import {
  defaultFactorRules,
  type FactorRules,
  readFactorRules,
} from '../../../credentials/otp/index.js';
import { bodyFind } from '../../model/body.js';
import { parseTime } from '../../model/time.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { textsOf } from '../texts-of.js';
import { documentRuleOf, lengthOf } from './document-rules.js';
import { policiesOf } from './policies.js';

const kept = new WeakMap<EntryRecord, FactorRules>();

/** Of the password policy and the lifecycle policy the stricter. */
export function factorRulesOf(entry: EntryRecord, reader: DirectoryReader): FactorRules {
  const rules = ofThemself(entry, ofPwdPolicy(entry, reader), reader);
  const { rule, since } = documentRuleOf(entry, reader);
  const asked = rule?.secondFactor;
  if (asked === undefined || asked === 'never') return rules;
  const afterDays = asked === 'always' ? 0 : Math.ceil(lengthOf(asked) / 86_400);
  if (rules.mode === 'required') {
    return { ...rules, afterDays: Math.min(rules.afterDays, afterDays) };
  }
  // Those who were here before the rule have its days from then on.
  return { ...rules, mode: 'required', afterDays, since };
}

/** Of somebody of whom a step of the policy has required one (`require second-factor`). */
function ofThemself(entry: EntryRecord, rules: FactorRules, reader: DirectoryReader): FactorRules {
  if (!entry.kind.isSubject) return rules;
  const number = reader.attributeNumber('tenuresecondfactor');
  if (number === 0 || bodyFind(entry.body, number) < 0) return rules;
  const said = textsOf(entry, 'tenuresecondfactor', reader)[0]?.toLowerCase();
  return said === 'required' ? { ...rules, mode: 'required', afterDays: 0, since: 0 } : rules;
}

function ofPwdPolicy(entry: EntryRecord, reader: DirectoryReader): FactorRules {
  const { found } = policiesOf(reader).of(entry);
  const policy = found && reader.entry(found.entryId);
  if (policy === undefined) return defaultFactorRules;
  let rules = kept.get(policy);
  if (rules === undefined) {
    const first = (name: string) => textsOf(policy, name, reader)[0];
    const since = first('tenureSecondFactorSince');
    rules = readFactorRules({
      mode: first('tenureSecondFactor'),
      afterDays: first('tenureSecondFactorAfterDays'),
      since: since === undefined ? undefined : parseTime(since),
      separators: first('tenureOtpSeparators'),
    });
    kept.set(policy, rules);
  }
  return rules;
}
