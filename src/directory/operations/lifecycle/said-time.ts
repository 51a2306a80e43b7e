/**
 * lifecycleStart and lifecycleEnd as they are written: the beginning and the end of the one
 * engagement that somebody has. Several have to be told apart by whoever changes them.
 */
import { beginOf, type Engagement, endOf, faultOfTime } from '../../../policy/core/index.js';
import { LdapError } from '../../../runtime/errors.js';
import { addFact, changeFacts, factsIn, textsIn } from './fact-values.js';
import type { Saying } from './said.js';

const keyOf = { lifecycleStart: 'start', lifecycleEnd: 'end' } as const;

type TimeName = keyof typeof keyOf;

/** Why a text is no time, as a sentence, or undefined. */
export function faultOfSaidTime(text: string): string | undefined {
  const fault = faultOfTime(text);
  return fault === undefined ? undefined : `the value ${fault}`;
}

/** @throws LdapError */
export function sayTime(
  saying: Saying,
  name: TimeName,
  op: 'add' | 'delete' | 'replace',
  text: string | undefined,
): void {
  const { attributes, taken, describe, dn } = saying;
  const key = keyOf[name];
  const engagements = factsIn(attributes, 'lifecycleEngagement');
  if (engagements.length > 1) {
    const ids = engagements.map(({ id }) => id).join(', ');
    throw new LdapError(
      'constraintViolation',
      `${dn} has ${engagements.length} engagements (${ids}): change the one that is meant, ` +
        'as a value of lifecycleEngagement',
    );
  }
  const held = engagements[0]?.[key];
  if (op === 'delete' || text === undefined) {
    if (held === undefined) {
      if (op === 'replace') return;
      throw new LdapError('noSuchAttribute', `${dn} has no ${name}`);
    }
    if (text !== undefined && !isSame(saying, key, held, text)) {
      throw new LdapError('noSuchAttribute', `${name} of ${dn} is ${held}, not ${text}`);
    }
    taken.add(name);
    return;
  }
  if (op === 'add' && held !== undefined && !taken.has(name)) {
    throw new LdapError(
      'attributeOrValueExists',
      `${name} of ${dn} is ${held} already; replace it`,
    );
  }
  taken.delete(name);
  if (held !== undefined && isSame(saying, key, held, text)) return;
  if (engagements.length === 0) {
    const first: Engagement = { id: '1', [key]: text };
    addFact(attributes, describe('lifecycleEngagement'), 'lifecycleEngagement', first);
  } else changeFacts(attributes, 'lifecycleEngagement', (one) => ({ ...one, [key]: text }));
}

/** Whether two spellings are one instant. */
function isSame(saying: Saying, key: 'start' | 'end', a: string, b: string): boolean {
  const rules = saying.rulesOf(textsIn(saying.attributes));
  return key === 'start'
    ? beginOf(a, rules) === beginOf(b, rules)
    : endOf(a, rules) === endOf(b, rules);
}
