/**
 * Facts among the attributes of an entry that is being written: read as what they mean, changed one
 * by one. Values that are not touched keep their spelling.
 */
import {
  type Absence,
  type Block,
  type Engagement,
  type FactAttribute,
  factForms,
  faultOfTime,
  formatFact,
  readFact,
} from '../../../policy/core/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { AttributeDescription } from '../../schema/index.js';
import type { Attributes } from '../write/attributes.js';
import type { Texts } from './facts-of.js';

interface FactOf {
  readonly lifecycleEngagement: Engagement;
  readonly lifecycleAbsence: Absence;
  readonly lifecycleBlock: Block;
}

/** Attributes that are facts, or say how facts are read; a subject of the lifecycle has them. */
export const factNames: ReadonlySet<string> = new Set([
  ...Object.keys(factForms),
  'lifecyclePrincipal',
  'lifecycleSponsor',
  'lifecycleKind',
  'lifecycleZone',
]);

export const textsIn =
  (attributes: Attributes): Texts =>
  (key) =>
    attributes.get(key)?.values.map((value) => value.toString('utf8')) ?? [];

/** The refusal of a value; `fault` completes "the value …". */
export function badFact(attribute: string, fault: string): LdapError {
  return new LdapError('constraintViolation', `${attribute}: the value ${fault}`);
}

/** All facts of one attribute. @throws LdapError constraintViolation for a value that is none */
export function factsIn<Name extends keyof FactOf>(
  attributes: Attributes,
  name: Name,
): readonly FactOf[Name][] {
  return textsIn(attributes)(name.toLowerCase()).map((text) => {
    const fact = readFact(name, text);
    if ('fault' in fact) throw badFact(name, fact['fault'] as string);
    for (const key of factForms[name].times) {
      const time = fact[key];
      const fault = time === undefined ? undefined : faultOfTime(time);
      if (fault !== undefined) throw badFact(name, fault);
    }
    return fact as unknown as FactOf[Name];
  });
}

/** Replaces the facts that `change` gives another for, and drops those it gives nothing for. */
export function changeFacts<Name extends keyof FactOf>(
  attributes: Attributes,
  name: Name,
  change: (fact: FactOf[Name]) => FactOf[Name] | undefined,
): void {
  const held = attributes.get(name.toLowerCase());
  if (held === undefined) return;
  const values: Buffer[] = [];
  const facts = factsIn(attributes, name);
  for (const [i, fact] of facts.entries()) {
    const after = change(fact);
    if (after === fact) values.push(held.values[i]!);
    else if (after !== undefined) values.push(Buffer.from(formatFact(name, after)));
  }
  if (values.length === 0) attributes.delete(name.toLowerCase());
  else held.values = values;
}

export function addFact<Name extends keyof FactOf & FactAttribute>(
  attributes: Attributes,
  description: AttributeDescription,
  name: Name,
  fact: FactOf[Name],
): void {
  const value = Buffer.from(formatFact(name, fact));
  const held = attributes.get(description.key);
  if (held === undefined) attributes.set(description.key, { description, values: [value] });
  else held.values = [...held.values, value];
}
