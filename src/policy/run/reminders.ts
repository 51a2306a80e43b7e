/**
 * What waits is told again. What is held goes to those who may say yes: at once, and as often as the
 * policy says. Questions, tasks and items of departure cases that nobody has dealt with go to those
 * who were asked, a period later to their managers, from then on to the administrator: once a period
 * each, told apart by the key of the message.
 */
import type { Decision, NewMessage } from '../../directory/model/records.js';
import { personOf, policyOf } from '../../directory/operations/lifecycle/index.js';
import { noFacts, shifted } from '../core/index.js';
import type { Policy, Who } from '../core/language/index.js';
import { decidersOf, grantedGroup } from './approvals.js';
import { addressOf, managersOf, nameOfWho, peopleOf, whoOfName } from './recipients.js';
import { nowOf, type RunTools } from './tools.js';
import { must } from './undo.js';

const DECISIONS_MAX = 1_000;
const CASES_MAX = 1_000;
/** A question or a task that is older than this is told again. */
const WAITING_SECONDS = 7 * 86_400;
/** How often an overdue item of a case is, where the policy does not say. */
const OVERDUE_SECONDS = 86_400;

/** Tells what is to be told again by now; resolves with the instant of the next such moment. */
export async function remind(tools: RunTools): Promise<number | undefined> {
  const { policy } = policyOf(tools.reader);
  const round = new Round(policy, tools);
  for (const decision of tools.reader.records.openDecisions(0, DECISIONS_MAX)) {
    if (decision.kind === 'run' || decision.kind === 'write') round.held(decision);
    else round.waiting(decision);
  }
  for (const { id, uuid, login } of tools.reader.cases.open(0, CASES_MAX)) {
    for (const { key, text, owner, due, done } of tools.reader.cases.items(id)) {
      if (done === 0) round.overdue(`case ${id}|${key}`, uuid, `${login}: ${text}`, owner, due);
    }
  }
  const { messages, told } = round;
  if (messages.length + told.length > 0) {
    const context = tools.context();
    await must(
      tools.write({ op: 'together', context, reason: 'reminder', writes: [], messages, told }),
    );
  }
  return round.next;
}

class Round {
  readonly messages: Omit<NewMessage, 'at' | 'run'>[] = [];
  readonly told: number[] = [];
  next: number | undefined;
  readonly #policy: Policy;
  readonly #tools: RunTools;
  readonly #now: number;

  constructor(policy: Policy, tools: RunTools) {
    this.#policy = policy;
    this.#tools = tools;
    this.#now = nowOf(tools);
  }

  #wakeAt(at: number): void {
    if (at > this.#now) this.next = Math.min(at, this.next ?? at);
  }

  held(decision: Decision): void {
    const { id, at, toldAt, about, text } = decision;
    const isNew = toldAt <= at;
    const every = this.#policy.guards.tellAgainEvery;
    const again =
      every === undefined
        ? Number.POSITIVE_INFINITY
        : shifted(toldAt, every, 1, this.#policy.company);
    if (!isNew && again > this.#now) {
      this.#wakeAt(again);
      return;
    }
    const { reader } = this.#tools;
    const group = grantedGroup(decision.key, reader);
    const who = [...decidersOf(decision, reader), { is: 'admins' as const }];
    const since = new Date(at * 1000).toISOString();
    const body = `${text}\n\nsince ${since}; answer with: tenure decide ${id}\n`;
    const subject = `${isNew ? 'waiting' : 'still waiting'} for a yes: ${text}`;
    for (const one of who) {
      const people = this.#people(one, about, group === 0 ? [] : [group]);
      this.#tell(`decision ${id}|${this.#now}`, nameOfWho(one), people, subject, body);
    }
    this.told.push(id);
  }

  waiting({ id, at, who, about, text }: Decision): void {
    const period = Math.floor((this.#now - at) / WAITING_SECONDS);
    this.#wakeAt(at + (period + 1) * WAITING_SECONDS);
    if (period === 0) return;
    const subject = `still waiting for an answer: ${text}`;
    const body = `${text}\n\nanswer with: tenure decide ${id}\n`;
    this.#escalate(`decision ${id}`, period - 1, who.split(' and '), about, subject, body);
  }

  overdue(key: string, uuid: string, text: string, owner: string, due: number): void {
    if (due === 0) return;
    const { tellAgainEvery } = this.#policy.guards;
    const every =
      tellAgainEvery === undefined
        ? OVERDUE_SECONDS
        : shifted(due, tellAgainEvery, 1, this.#policy.company) - due;
    const period = Math.floor((this.#now - due) / every);
    this.#wakeAt(due + Math.max(0, period + 1) * every);
    if (period < 0) return;
    const body = `${text}\n\nwas due ${new Date(due * 1000).toISOString()}\n`;
    const about = this.#tools.reader.idByUuid(uuid);
    this.#escalate(key, period, owner.split(', '), about, `overdue: ${text}`, body);
  }

  /** The next in line: those who were asked, their managers, the administrator. */
  #escalate(
    key: string,
    level: number,
    names: readonly string[],
    about: number,
    subject: string,
    body: string,
  ): void {
    const { reader } = this.#tools;
    const asked = names.flatMap((name) => this.#people(whoOfName(name, this.#policy), about, []));
    const managers = level === 1 ? managersOf(asked, reader) : [];
    const role = level === 0 ? names.join(' and ') : managers.length > 0 ? 'manager' : 'admins';
    const people =
      level === 0 && asked.length > 0
        ? asked
        : managers.length > 0
          ? managers
          : this.#people({ is: 'admins' }, 0, []);
    this.#tell(`${key}|again ${level}`, role, people, subject, body);
  }

  #people(who: Who, about: number, groups: readonly number[]): readonly number[] {
    const { reader } = this.#tools;
    const entry = reader.entry(about === 0 ? reader.administratorId() : about);
    if (entry === undefined) return [];
    const isAbout = who.is !== 'admins' && who.is !== 'group' && who.is !== 'role';
    if (about === 0 && isAbout && who.is !== 'group owner') return [];
    const facts = about === 0 ? noFacts : personOf(entry, reader).facts;
    return peopleOf(who, entry, facts, reader, groups);
  }

  #tell(key: string, role: string, people: readonly number[], subject: string, body: string): void {
    const { reader } = this.#tools;
    const addresses = [...new Set(people.flatMap((id) => addressOf(id, reader)))];
    for (const to of addresses.length === 0 ? [''] : addresses) {
      const whole = `${key}|${role}|${to}`;
      if (reader.records.hasMessage(whole)) continue;
      if (this.messages.some((one) => one.key === whole)) continue;
      this.messages.push({ key: whole, channel: 'mail', to, subject, body });
    }
  }
}
