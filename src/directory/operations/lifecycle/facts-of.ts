/** The facts of an entry out of its attributes. */
import {
  type FactAttribute,
  type Facts,
  type Fault,
  factForms,
  readFact,
} from '../../../policy/core/index.js';

/** Values of an attribute by its key in lower case, as text. */
export type Texts = (key: string) => readonly string[];

/** A value that is no fact. */
export interface BadFact extends Fault {
  readonly attribute: FactAttribute;
}

const listOf = {
  lifecycleEngagement: 'engagements',
  lifecycleAbsence: 'absences',
  lifecycleBlock: 'blocks',
  lifecycleHold: 'holds',
  lifecycleDisposal: 'disposals',
} as const;

/** All facts, or the first value that is none. */
export function factsOf(texts: Texts): Facts | BadFact {
  const found: Record<string, unknown> = {};
  for (const attribute of Object.keys(factForms) as FactAttribute[]) {
    const facts: unknown[] = [];
    for (const text of texts(attribute.toLowerCase())) {
      const fact = readFact(attribute, text);
      if ('fault' in fact) return { attribute, fault: fact['fault'] as string };
      facts.push(fact);
    }
    if (attribute === 'lifecycleNotice') {
      if (facts.length > 0) found['notice'] = facts[0];
    } else found[listOf[attribute]] = facts;
  }
  return found as unknown as Facts;
}

/** The facts of one attribute, as words. */
export function wordsOf(
  facts: Facts,
  attribute: FactAttribute,
): readonly Readonly<Record<string, string | undefined>>[] {
  const { notice } = facts;
  const found =
    attribute !== 'lifecycleNotice'
      ? facts[listOf[attribute]]
      : notice === undefined
        ? []
        : [notice];
  return found as unknown as ReturnType<typeof wordsOf>;
}
