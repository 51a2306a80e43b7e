/**
 * What a step of the plan comes to: writes on entries, questions, messages. Reads what is there now;
 * a step that finds everything as it should be comes to nothing.
 */
import { bytesOfText } from '../../directory/model/bytes.js';
import type { Decision, NewDecision, NewMessage } from '../../directory/model/records.js';
import { formatTime } from '../../directory/model/time.js';
import {
  type Context,
  type ModifyChange,
  type PreparedWrite,
  textsOf,
} from '../../directory/operations/index.js';
import { personOf, policyOf } from '../../directory/operations/lifecycle/index.js';
import type { EntryRecord } from '../../directory/ports.js';
import { calendarOf } from '../core/conditions/index.js';
import { type Block, type Engagement, formatFact, shifted } from '../core/index.js';
import type { Duration, Who } from '../core/language/index.js';
import { dateText, type PlannedStep } from '../core/plan/index.js';
import { FIRST_PASSWORD, PASSWORD_PLACE } from './outbox.js';
import { groupByName, nameOfWho, recipientsOf } from './recipients.js';
import { nowOf, type RunTools } from './tools.js';

export interface Effects {
  readonly writes: PreparedWrite[];
  readonly decisions: Omit<NewDecision, 'at' | 'actor'>[];
  readonly messages: Omit<NewMessage, 'at' | 'run'>[];
  /** Questions that nobody has answered. */
  readonly answers: {
    readonly id: number;
    readonly state: Decision['state'];
    readonly by: string;
  }[];
}

export const noEffects = (): Effects => ({ writes: [], decisions: [], messages: [], answers: [] });

/** Who answers in the place of those who did not. */
const SILENCE = 'silence';

/** Where the policy does not say how long a first password is good. */
const FIRST_PASSWORD_FOR: Duration = { count: 3, unit: 'days' };

const SECOND_FACTOR = 'tenureSecondFactor';

/** Whom a block of the policy names as its author. */
export const POLICY = 'policy';

/** The reason that the log has for a step: the line of the policy, and why it was due. */
export const reasonOf = ({ journey, line, reason, step }: PlannedStep): string =>
  `${journey}, line ${line}: ${step.text}, ${reason}`;

/** What the step comes to for the entry as it is. */
export function effectsOf(planned: PlannedStep, entry: EntryRecord, tools: RunTools): Effects {
  const effects = noEffects();
  if (!planned.writes) return effects;
  new Step(planned, entry, tools, effects).take();
  return effects;
}

class Step {
  readonly #planned: PlannedStep;
  readonly #entry: EntryRecord;
  readonly #tools: RunTools;
  readonly #effects: Effects;
  readonly #base: { readonly context: Context; readonly reason: string };

  constructor(planned: PlannedStep, entry: EntryRecord, tools: RunTools, effects: Effects) {
    this.#planned = planned;
    this.#entry = entry;
    this.#tools = tools;
    this.#effects = effects;
    this.#base = { context: tools.context(), reason: reasonOf(planned) };
  }

  take(): void {
    const { step, silence } = this.#planned;
    if (silence !== undefined && step.verb === 'ask') return this.#silence(silence, step);
    const owner = this.#entry.id;
    const { writes } = this.#effects;
    switch (step.verb) {
      case 'suspend':
        return this.#suspend();
      case 'activate':
      case 'resume':
        return this.#lift();
      case 'offboard':
        return this.#end();
      case 'destroy':
        writes.push({ ...this.#base, op: 'dispose', owner, what: 'credentials' });
        return;
      case 'forget':
        writes.push({ ...this.#base, op: 'dispose', owner, what: 'groups' });
        return;
      case 'archive':
        writes.push({ ...this.#base, op: 'dispose', owner, what: 'archive' });
        return;
      case 'join':
      case 'quit':
        if (this.#planned.keepsOut) {
          writes.push({ ...this.#base, op: 'keepOut', owner });
          return;
        }
        for (const group of step.groups) this.#member(group, step.verb);
        return;
      case 'require':
        if (step.what === 'new-password') this.#change('replace', 'pwdReset', ['TRUE']);
        else this.#require();
        return;
      case 'tell':
        return this.#tell(step.who, step.message, step.loudly);
      case 'give':
        return this.#give(step.who, step.for);
      case 'ask':
        return this.#ask('ask', step.who, step.question, step.silence);
      case 'task':
        return this.#ask('task', step.who, step.what);
      case 'call':
        return this.#call(step.hook);
    }
  }

  #change(op: ModifyChange['op'], attribute: string, values: readonly string[]): void {
    const change = { op, attribute, values: values.map(bytesOfText) };
    const dn = this.#planned.dn;
    this.#effects.writes.push({ ...this.#base, op: 'modify', dn, changes: [change] });
  }

  /** From now on nobody comes in as them without one; who has none enrols first. */
  #require(): void {
    const said = textsOf(this.#entry, SECOND_FACTOR.toLowerCase(), this.#tools.reader)[0];
    if (said !== 'required') this.#change('replace', SECOND_FACTOR, ['required']);
  }

  #blocks(): readonly Block[] {
    return personOf(this.#entry, this.#tools.reader).facts.blocks.filter(({ by }) => by === POLICY);
  }

  #suspend(): void {
    if (this.#blocks().length > 0) return;
    const { reason, key } = this.#planned;
    const kind = key.includes('|last seen|') ? 'idle' : 'administrative';
    const since = formatTime(nowOf(this.#tools));
    const block = formatFact('lifecycleBlock', { kind, by: POLICY, since, reason });
    this.#change('add', 'lifecycleBlock', [block]);
  }

  /** The policy lifts what the policy has blocked, and nobody else's. */
  #lift(): void {
    const own = textsOf(this.#entry, 'lifecycleblock', this.#tools.reader).filter((text) =>
      /(?:^|\s)by=policy(?:\s|$)/.test(text),
    );
    if (own.length > 0) this.#change('delete', 'lifecycleBlock', own);
  }

  /** Every engagement that has not ended ends now. */
  #end(): void {
    const { engagements } = personOf(this.#entry, this.#tools.reader).facts;
    const now = nowOf(this.#tools);
    const at = formatTime(now);
    const ended = engagements.map((engagement): Engagement => ({ ...engagement, end: at }));
    const open: Engagement[] = engagements.length > 0 ? ended : [{ id: '1', end: at }];
    const values = open.map((engagement) => formatFact('lifecycleEngagement', engagement));
    this.#change('replace', 'lifecycleEngagement', values);
  }

  #member(cn: string, verb: 'join' | 'quit'): void {
    const { reader, names } = this.#tools;
    const { id } = this.#entry;
    const group = groupByName(cn, reader);
    const attribute = group?.kind.membership;
    if (group === undefined || attribute === undefined) {
      return this.#ask('task', [{ is: 'admins' }], `make the group ${cn}: it does not exist`);
    }
    const isMember = reader.hasEdge(group.id, attribute, id, '');
    if (isMember === (verb === 'join')) return;
    const { login, dn } = this.#planned;
    const value = attribute.name === 'memberUid' ? login : dn;
    const op = verb === 'join' ? ('add' as const) : ('delete' as const);
    this.#effects.writes.push({
      ...this.#base,
      op: 'modify',
      dn: names.text(group),
      changes: [{ op, attribute: attribute.name, values: [bytesOfText(value)] }],
    });
  }

  #name(): string {
    const cn = textsOf(this.#entry, 'cn', this.#tools.reader)[0];
    const { login } = this.#planned;
    return cn === undefined || cn === login ? login : `${cn} (${login})`;
  }

  #tell(who: Parameters<typeof recipientsOf>[0], message: string, loudly: boolean): void {
    const { reader } = this.#tools;
    const { facts } = personOf(this.#entry, reader);
    const name = this.#name();
    for (const { role, to } of recipientsOf(who, this.#entry, facts, reader)) {
      this.#effects.messages.push({
        key: `${this.#entry.uuid}|${this.#planned.key}|${role}|${to}`,
        channel: 'mail',
        to,
        subject: `${loudly ? 'IMPORTANT: ' : ''}${message}: ${name}`,
        body:
          `${name}: ${message}\n\n${this.#planned.reason}\n\n` +
          `To ${role}, by the policy: ${this.#planned.journey}, line ${this.#planned.line}.\n`,
      });
    }
  }

  #ask(
    kind: 'ask' | 'task',
    who: Parameters<typeof recipientsOf>[0],
    what: string,
    silence?: PlannedStep['silence'],
  ): void {
    const asked = who.map(nameOfWho).join(' and ');
    const text = `${this.#name()}: ${what}`;
    this.#effects.decisions.push({
      kind,
      key: `${this.#entry.uuid}|${this.#planned.key}`,
      who: asked,
      text,
      about: this.#entry.id,
      detail: JSON.stringify({ reason: this.#base.reason, ...(silence && { silence }) }),
    });
    this.#tell(who, kind === 'ask' ? `${what}?` : what, false);
  }

  /** By mail, where there is anybody to send it to; else somebody does it by hand. */
  #give(who: readonly Who[], length: Duration = FIRST_PASSWORD_FOR): void {
    const { reader, firstPasswords } = this.#tools;
    const person = personOf(this.#entry, reader);
    const recipients = recipientsOf(who, this.#entry, person.facts, reader).filter(
      ({ to }) => to !== '',
    );
    const { id, uuid } = this.#entry;
    if (
      firstPasswords === undefined ||
      recipients.length === 0 ||
      id === reader.administratorId()
    ) {
      return this.#ask('task', who, 'hand out a first password (tenure first-password)');
    }
    const now = nowOf(this.#tools);
    const opens = person.stateTurns.find((at) => at > now && person.stateAt(at) === 'active');
    // Whoever is not here yet opens nothing before the first day.
    const startsAt = person.stateAt(now) === 'active' ? now : (opens ?? now);
    const calendar = calendarOf(person, policyOf(reader).policy);
    const endsAt = shifted(startsAt, length, 1, calendar);
    const messages = recipients.map(({ role, to }) => ({
      key: `${uuid}|${this.#planned.key}${FIRST_PASSWORD}${role}|${to}`,
      channel: 'mail' as const,
      to,
      subject: `first password: ${this.#name()}`,
      body:
        `${this.#name()} opens the account once with this password, and sets one of their own:\n\n` +
        `    ${PASSWORD_PLACE}\n\n` +
        `from ${dateText(startsAt, calendar.zone)} until ${dateText(endsAt, calendar.zone)}\n\n` +
        `To ${role}, by the policy: ${this.#planned.journey}, line ${this.#planned.line}.\n`,
    }));
    const keys = messages.map(({ key }) => key);
    const rows = firstPasswords.make(id, { startsAt, endsAt }, keys);
    this.#effects.writes.push({ ...this.#base, op: 'credentials', owner: id, ...rows });
    this.#effects.messages.push(...messages);
  }

  /** The question is answered by nobody; those who were asked hear what that means. */
  #silence(
    silence: NonNullable<PlannedStep['silence']>,
    { who, question }: Extract<PlannedStep['step'], { verb: 'ask' }>,
  ): void {
    const { key, closes } = this.#planned;
    const asked = `${this.#entry.uuid}|${key.slice(0, key.lastIndexOf('|'))}`;
    const open = this.#tools.reader.records.openDecisionOf(asked);
    const state = { nothing: 'gone', end: 'no', agreed: 'yes' } as const;
    if (open !== undefined) {
      this.#effects.answers.push({ id: open.id, state: state[silence], by: SILENCE });
    }
    if (closes) this.#end();
    if (silence === 'agreed') this.#tell(who, `${question}: agreed, by silence`, false);
    if (silence === 'end') this.#tell(who, `${question}: it ends, by silence`, false);
  }

  #call(hook: string): void {
    const { login, dn, at, journey, line, reason, key } = this.#planned;
    const { uuid } = this.#entry;
    this.#effects.messages.push({
      key: `${uuid}|${key}|${hook}`,
      channel: 'hook',
      to: hook,
      subject: `${journey}, line ${line}`,
      body: JSON.stringify({ hook, uuid, login, dn, due: dateText(at, 'UTC'), reason }),
    });
  }
}
