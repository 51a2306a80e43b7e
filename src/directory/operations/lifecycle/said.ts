/**
 * A state that somebody writes, as facts. Nothing of it is stored: what is said is translated while
 * the write is made, in the order of its changes, and refused with a sentence where no fact says it.
 *
 *   lifecycleState: suspended    adds the writer's own administrative block
 *   lifecycleState: active       lifts the writer's own blocks
 *   lifecycleState: offboarded   ends every engagement now
 *   lifecycleState: staged       holds already, or is refused
 *   lifecycleStart, lifecycleEnd are those of the one engagement; the first write makes it
 */
import { type Block, beginOf, type Engagement, endOf, fold } from '../../../policy/core/index.js';
import { LdapError } from '../../../runtime/errors.js';
import { formatTime } from '../../model/time.js';
import { type ShownState, type State, shownState, stateAt } from '../../model/timeline.js';
import type { AttributeDescription, AttributeType } from '../../schema/index.js';
import type { Attributes } from '../write/attributes.js';
import { addFact, changeFacts, factsIn, textsIn } from './fact-values.js';
import { factsOf } from './facts-of.js';
import type { RulesOf } from './fold-rules.js';
import { faultOfSaidTime, sayTime } from './said-time.js';

/** One write in which states are said. */
export interface Saying {
  readonly attributes: Attributes;
  /** Whose state it is, as the sentences name it. */
  readonly dn: string;
  /** Who writes. */
  readonly by: string;
  readonly nowSeconds: number;
  readonly describe: (name: string) => AttributeDescription;
  /** Whether two names are the same entry's. */
  readonly sameName: (a: string, b: string) => boolean;
  readonly rulesOf: RulesOf;
  /** What was taken away and has to be said anew in the same write. */
  readonly taken: Set<SaidName>;
}

export type SaidName = 'lifecycleState' | 'lifecycleStart' | 'lifecycleEnd';

export const saidNames: ReadonlySet<string> = new Set([
  'lifecycleState',
  'lifecycleStart',
  'lifecycleEnd',
]);

export function isSaid({ name }: AttributeType): boolean {
  return saidNames.has(name);
}

type Op = 'add' | 'delete' | 'replace' | 'increment';

const refuse = (text: string) => new LdapError('constraintViolation', text);

/** Makes facts of one change. @throws LdapError */
export function say(saying: Saying, name: SaidName, op: Op, values: readonly Buffer[]): void {
  if (op === 'increment') throw refuse(`${name} is not an integer`);
  if (values.length > 1) throw refuse(`${name} takes one value only`);
  const text = values[0]?.toString('utf8').trim();
  if (name !== 'lifecycleState') {
    const fault = text === undefined ? undefined : faultOfSaidTime(text);
    if (fault !== undefined) throw new LdapError('invalidAttributeSyntax', `${name}: ${fault}`);
    sayTime(saying, name, op, text);
  } else if (op === 'delete' || text === undefined) takeState(saying, text);
  else {
    saying.taken.delete(name);
    sayState(saying, text.toLowerCase());
  }
}

/** @throws LdapError where something was taken away and nothing said in its place */
export function assertAllSaid({ taken, dn }: Saying): void {
  for (const name of taken) {
    throw refuse(
      name === 'lifecycleState'
        ? `${dn} always has a state: write the new one, such as active or suspended`
        : `${name} of ${dn} cannot be taken away: write another, or replace the value of ` +
            'lifecycleEngagement where it shall have none',
    );
  }
}

/** Clients change a value by deleting the old one and adding the new one. */
function takeState(saying: Saying, text: string | undefined): void {
  const now = shownState(stateNow(saying));
  if (text !== undefined && text.toLowerCase() !== now) {
    throw new LdapError('noSuchAttribute', `lifecycleState of ${saying.dn} is ${now}, not ${text}`);
  }
  saying.taken.add('lifecycleState');
}

/** The state that the facts so far give by themselves. */
export function stateNow({ attributes, rulesOf, nowSeconds }: Saying): State {
  const texts = textsIn(attributes);
  const facts = factsOf(texts);
  if ('fault' in facts) throw refuse(`${facts.attribute}: the value ${facts.fault}`);
  const timeline = fold(facts, rulesOf(texts));
  return timeline === undefined ? 'active' : stateAt(timeline, nowSeconds);
}

function sayState(saying: Saying, asked: string): void {
  switch (asked) {
    case 'suspended':
      addOwnBlock(saying);
      break;
    case 'active':
      liftOwnBlocks(saying);
      break;
    case 'offboarded':
      endAll(saying);
      break;
    case 'staged':
      break;
    case 'leave':
      if (stateNow(saying) === 'leave') return;
      throw refuse(
        `leave has a kind and a time: write lifecycleAbsence of ${saying.dn}, such as ` +
          '"kind=parental from=2026-12-01 until=2027-06-01"',
      );
    case 'archived':
    case 'purged':
      if (stateNow(saying) === asked) return;
      throw refuse(`${asked} is what the policy does after an end; it cannot be written`);
    default:
      throw refuse(
        `"${asked}" is no state: write active, suspended or offboarded, or the facts themselves`,
      );
  }
  const state = stateNow(saying);
  if (shownState(state) !== asked) {
    throw refuse(`${saying.dn} stays ${shownState(state)}: ${whyNot(saying, asked, state)}`);
  }
}

const isLive = (block: Block, saying: Saying): boolean => {
  const rules = saying.rulesOf(textsIn(saying.attributes));
  const { nowSeconds } = saying;
  if (beginOf(block.since, rules) > nowSeconds) return false;
  return block.until === undefined || endOf(block.until, rules) > nowSeconds;
};

/** Adds the writer's own block, where they have none. */
export function addOwnBlock(saying: Saying): void {
  const { attributes, by, nowSeconds, sameName, describe } = saying;
  const blocks = factsIn(attributes, 'lifecycleBlock');
  if (blocks.some((block) => sameName(block.by, by) && isLive(block, saying))) return;
  const block: Block = { kind: 'administrative', by, since: formatTime(nowSeconds) };
  addFact(attributes, describe('lifecycleBlock'), 'lifecycleBlock', block);
}

/** Takes away what the writer has blocked, and nobody else's block. */
export function liftOwnBlocks(saying: Saying): void {
  const { attributes, by, sameName } = saying;
  changeFacts(attributes, 'lifecycleBlock', (block) =>
    sameName(block.by, by) && isLive(block, saying) ? undefined : block,
  );
}

/** Ends every engagement now; one that has not begun ends as it begins. */
function endAll(saying: Saying): void {
  const { attributes, nowSeconds, describe } = saying;
  const rules = saying.rulesOf(textsIn(attributes));
  const now = formatTime(nowSeconds);
  if (factsIn(attributes, 'lifecycleEngagement').length === 0) {
    const only: Engagement = { id: '1', end: now };
    addFact(attributes, describe('lifecycleEngagement'), 'lifecycleEngagement', only);
    return;
  }
  changeFacts(attributes, 'lifecycleEngagement', (engagement) => {
    const { start, end } = engagement;
    if (end !== undefined && endOf(end, rules) <= nowSeconds) return engagement;
    const later = start !== undefined && beginOf(start, rules) > nowSeconds;
    return { ...engagement, end: now, ...(later && { start: now }) };
  });
}

/** What stands in the way, and whose it is. */
function whyNot(saying: Saying, asked: string, state: State): string {
  const { attributes } = saying;
  const shown: ShownState = shownState(state);
  if (asked === 'staged') {
    return shown === 'active' && factsIn(attributes, 'lifecycleEngagement').length === 0
      ? 'staged is for somebody with a first day ahead; write lifecycleStart'
      : 'staged is for people before their first day';
  }
  if (asked === 'suspended') return 'whoever has left is not suspended';
  if (asked === 'offboarded' && saying.rulesOf(textsIn(attributes)).neverEnds === true) {
    return 'the policy never lets this kind of account expire; suspend or delete it';
  }
  const live = factsIn(attributes, 'lifecycleBlock').filter((block) => isLive(block, saying));
  if (shown === 'suspended') {
    const blocks = live.map(({ kind, by, since }) => `the ${kind} block by ${by} since ${since}`);
    return `${blocks.join(' and ')} is theirs to lift, or an administrator's, who deletes that value`;
  }
  if (shown === 'leave') return 'the leave ends with "until" in lifecycleAbsence';
  if (shown === 'staged') return 'the first day is ahead; write an earlier lifecycleStart';
  return 'write a later lifecycleEnd to take the end back, or add an engagement to hire anew';
}
