/** Whether the facts of an entry make sense together, each and as a whole. Pure. */
import {
  beginOf,
  type Calendar,
  endOf,
  type FactAttribute,
  factForms,
  faultOfTime,
  isZone,
} from '../../../policy/core/index.js';
import { badFact } from './fact-values.js';
import { factsOf, type Texts, wordsOf } from './facts-of.js';
import type { RulesOf } from './fold-rules.js';

type Facts = Exclude<ReturnType<typeof factsOf>, { fault: string }>;
type Words = Readonly<Record<string, string | undefined>>;

/** What begins and ends, by attribute. */
const spans = {
  lifecycleEngagement: ['start', 'end'],
  lifecycleAbsence: ['from', 'until'],
  lifecycleBlock: ['since', 'until'],
} as const;

/** @throws LdapError constraintViolation with a sentence */
export function assertSound(texts: Texts, rulesOf: RulesOf): void {
  const zone = texts('lifecyclezone')[0];
  if (zone !== undefined && !isZone(zone)) {
    throw badFact('lifecycleZone', `"${zone}" is no time zone such as Europe/Berlin`);
  }
  const facts = factsOf(texts);
  if ('fault' in facts) throw badFact(facts.attribute, facts.fault);
  for (const attribute of Object.keys(factForms) as FactAttribute[]) {
    for (const fact of wordsOf(facts, attribute)) {
      for (const key of factForms[attribute].times) {
        const fault = fact[key] === undefined ? undefined : faultOfTime(fact[key]);
        if (fault !== undefined) throw badFact(attribute, fault);
      }
    }
  }
  const rules = rulesOf(texts);
  for (const attribute of Object.keys(spans) as (keyof typeof spans)[]) {
    for (const fact of wordsOf(facts, attribute)) assertForward(attribute, fact, rules);
  }
  assertToldApart(facts);
}

/** Nothing ends before it begins. */
function assertForward(attribute: keyof typeof spans, fact: Words, calendar: Calendar): void {
  const [from, until] = spans[attribute];
  const [begins, ends] = [fact[from], fact[until]];
  if (begins === undefined || ends === undefined) return;
  if (endOf(ends, calendar) < beginOf(begins, calendar)) {
    throw badFact(attribute, `ends (${until}=${ends}) before it begins (${from}=${begins})`);
  }
}

function assertToldApart({ engagements }: Facts): void {
  const seen = new Set<string>();
  for (const { id } of engagements) {
    if (seen.has(id)) {
      throw badFact('lifecycleEngagement', `has the id ${id}, which another engagement has`);
    }
    seen.add(id);
  }
}
