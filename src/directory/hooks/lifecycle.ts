/**
 * Facts of people: refuses values that are none, and folds what an entry says into its timeline in
 * the same write. Nothing that is read depends on anything else having run.
 */

import {
  type FactAttribute,
  factForms,
  faultOfTime,
  fold,
  isZone,
} from '../../policy/core/index.js';
import { LdapError } from '../../runtime/errors.js';
import { factsOf, foldRulesOf, policyOf, type Texts } from '../operations/lifecycle/index.js';
import type { Attributes } from '../operations/write/attributes.js';
import type { Transaction } from '../operations/write/transaction.js';
import type { Kind } from '../schema/index.js';
import type { WriteHook } from './types.js';

const textsIn =
  (attributes: Attributes): Texts =>
  (key) =>
    attributes.get(key)?.values.map((value) => value.toString('utf8')) ?? [];

function check(texts: Texts): void {
  const facts = factsOf(texts);
  if ('fault' in facts) throw refused(facts.attribute, facts.fault);
  for (const attribute of Object.keys(factForms) as FactAttribute[]) {
    for (const fact of factsIn(facts, attribute)) {
      for (const key of factForms[attribute].times) {
        const time = (fact as unknown as Record<string, string | undefined>)[key];
        const fault = time === undefined ? undefined : faultOfTime(time);
        if (fault !== undefined) throw refused(attribute, fault);
      }
    }
  }
  const zone = texts('lifecyclezone')[0];
  if (zone !== undefined && !isZone(zone)) {
    throw refused('lifecycleZone', `"${zone}" is no time zone such as Europe/Berlin`);
  }
}

function factsIn(facts: Exclude<ReturnType<typeof factsOf>, { fault: string }>, of: FactAttribute) {
  switch (of) {
    case 'lifecycleEngagement':
      return facts.engagements;
    case 'lifecycleAbsence':
      return facts.absences;
    case 'lifecycleBlock':
      return facts.blocks;
    case 'lifecycleHold':
      return facts.holds;
    case 'lifecycleDisposal':
      return facts.disposals;
    case 'lifecycleNotice':
      return facts.notice === undefined ? [] : [facts.notice];
  }
}

function refused(attribute: string, fault: string): LdapError {
  return new LdapError('constraintViolation', `${attribute}: the value ${fault}`);
}

function principalOf(id: number, tx: Transaction): number {
  const type = tx.writer.schema().attribute('lifecyclePrincipal');
  return type === undefined ? 0 : (tx.writer.edgesFrom(id, type)[0]?.target ?? 0);
}

/** Makes the timeline of an entry anew. */
function refold(id: number, kind: Kind, attributes: Attributes, tx: Transaction): void {
  const before = tx.writer.timelines.of(id);
  const texts = textsIn(attributes);
  const facts = kind.isSubject ? factsOf(texts) : undefined;
  if (facts === undefined) {
    if (before !== undefined) tx.writer.setTimeline(id, undefined);
    return;
  }
  if ('fault' in facts) throw refused(facts.attribute, facts.fault);
  const entry = tx.writer.entry(id)!;
  const { policy } = policyOf(tx.writer);
  const rules = foldRulesOf(entry, texts, principalOf(id, tx), policy, tx.writer);
  const after = fold(facts, rules);
  if (before !== undefined || after !== undefined) tx.writer.setTimeline(id, after);
}

export const lifecycle: WriteHook = {
  name: 'lifecycle',
  onAdd({ kind, attributes }) {
    if (kind.isSubject) check(textsIn(attributes));
  },
  onChange({ kind, after }) {
    if (kind.isSubject) check(textsIn(after));
  },
  afterAdd(id, { kind, attributes }, tx) {
    if (kind.isSubject) refold(id, kind, attributes, tx);
  },
  afterChange({ entry, kind, after }, tx) {
    if (kind.isSubject || entry.kind.isSubject) refold(entry.id, kind, after, tx);
  },
};
