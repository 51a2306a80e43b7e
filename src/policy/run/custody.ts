/**
 * Who answers for services and shared logins. One whose owners have left goes to its deputy, who is
 * asked for another one; one that has ended and is in use is asked about: shut now, or renewed. That it
 * goes on until then, and is shut by itself, follows from facts and needs none of this.
 */
import { bytesOfText } from '../../directory/model/bytes.js';
import { departureOf } from '../../directory/model/cases.js';
import type { NewDecision, NewMessage } from '../../directory/model/records.js';
import { closedness } from '../../directory/model/timeline.js';
import { type PreparedWrite, serviceIds, textsOf } from '../../directory/operations/index.js';
import { policyOf, stateOf } from '../../directory/operations/lifecycle/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import { dateText } from '../core/plan/index.js';
import { addressOf } from './recipients.js';
import { Slicer } from './slices.js';
import { nowOf, type RunTools } from './tools.js';
import { must } from './undo.js';

/** In the detail of a decision: what a yes does. */
export const SHUTS = 'suspend';

/** Of the question about one that is in use. */
export const inUseKey = (uuid: string, ended: number): string => `in use|${uuid}|${ended}`;

const OWNER = 'owner';
const DEPUTY = 'lifecycleDeputy';

/** Looks at all of them; resolves with the next instant at which there is something to do. */
export async function mindServices(tools: RunTools): Promise<number | undefined> {
  const slicer = new Slicer(tools);
  let next: number | undefined;
  for (const id of serviceIds(tools.reader)) {
    const entry = tools.reader.entry(id);
    if (entry === undefined || !entry.kind.isSubject) continue;
    const at = await new Custody(entry, tools).look();
    if (at !== undefined) next = Math.min(at, next ?? at);
    if (slicer.due) await slicer.turn();
  }
  return next;
}

function named(entry: EntryRecord, attribute: string, reader: DirectoryReader): readonly number[] {
  const type = reader.schema().attribute(attribute);
  if (type === undefined) return [];
  return reader.edgesFrom(entry.id, type).flatMap(({ target }) => (target === 0 ? [] : [target]));
}

class Custody {
  readonly #entry: EntryRecord;
  readonly #tools: RunTools;
  readonly #now: number;
  readonly #owners: readonly number[];
  readonly #deputy: number;

  constructor(entry: EntryRecord, tools: RunTools) {
    this.#entry = entry;
    this.#tools = tools;
    this.#now = nowOf(tools);
    this.#owners = named(entry, OWNER, tools.reader);
    this.#deputy = named(entry, DEPUTY, tools.reader)[0] ?? 0;
  }

  async look(): Promise<number | undefined> {
    const turns = [...this.#owners.map((id) => this.#leaves(id)), this.#ends()];
    if (this.#owners.every((id) => this.#isGone(id)) && this.#canTakeOver()) await this.#handOver();
    await this.#askAboutUse();
    const coming = turns.filter((at) => at !== undefined && at > this.#now) as number[];
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  #isGone(id: number): boolean {
    return closedness(stateOf(id, this.#tools.reader, this.#now)) >= closedness('sealed');
  }

  #canTakeOver(): boolean {
    return this.#deputy !== 0 && !this.#isGone(this.#deputy);
  }

  #leaves(id: number): number | undefined {
    const timeline = this.#tools.reader.timelines.of(id);
    return timeline && departureOf(timeline);
  }

  #ends(): number | undefined {
    return this.#tools.reader.timelines.of(this.#entry.id)?.unlessUsed?.from;
  }

  #login(entry: EntryRecord | undefined): string {
    const [uid] = entry === undefined ? [] : textsOf(entry, 'uid', this.#tools.reader);
    return uid ?? entry?.rdn ?? 'somebody';
  }

  async #handOver(): Promise<void> {
    const { reader, names, write, context } = this.#tools;
    const deputy = reader.entry(this.#deputy);
    if (deputy === undefined) return;
    const [service, heir] = [this.#login(this.#entry), this.#login(deputy)];
    const left = this.#owners.map((id) => this.#login(reader.entry(id))).join(', ');
    const reason = `${service}: ${left === '' ? 'its owner is gone' : `its owner ${left} has left`}, ${heir} takes it over`;
    const dn = names.text(this.#entry);
    const change: PreparedWrite = {
      op: 'modify',
      context: context(),
      reason,
      approved: true,
      dn,
      changes: [
        { op: 'replace', attribute: OWNER, values: [bytesOfText(names.text(deputy))] },
        { op: 'replace', attribute: DEPUTY, values: [] },
      ],
    };
    const key = `custody|${this.#entry.uuid}|${this.#owners.join(' ')}|${this.#deputy}`;
    const text = `${service} is ${heir}'s now: name another deputy`;
    const { run } = await must(write({ op: 'openRun', context: context(), reason }));
    await must(
      write({
        op: 'together',
        context: context(),
        reason,
        run: run!,
        writes: [change],
        decisions: [this.#decision('task', key, OWNER, text, { reason })],
        messages: this.#messages(key, [this.#deputy], `${service} is yours now`, reason, [
          `Name another deputy: lifecycleDeputy on ${dn}`,
        ]),
      }),
    );
    for (const owner of this.#owners) await this.#noteInCase(owner, heir, reason);
  }

  /** The leaver's case says who has it now. */
  async #noteInCase(owner: number, heir: string, reason: string): Promise<void> {
    const { reader, write, context } = this.#tools;
    const person = reader.entry(owner);
    const open = person && reader.cases.openOf(person.uuid);
    if (person === undefined || open === undefined) return;
    const service = this.#login(this.#entry);
    const item = {
      key: `heir:${this.#entry.uuid}`,
      text: `${service} needs an owner in place of ${this.#login(person)}`,
      owner: 'admins',
      due: this.#leaves(owner) ?? 0,
    };
    const ticks = [{ item, note: `${heir} was its deputy` }];
    await must(write({ op: 'case', context: context(), reason, id: open.id, by: 'policy', ticks }));
  }

  async #askAboutUse(): Promise<void> {
    const { reader, write, context } = this.#tools;
    const spared = reader.timelines.of(this.#entry.id)?.unlessUsed;
    if (spared === undefined || this.#now < spared.from || this.#now >= spared.until) return;
    if (stateOf(this.#entry.id, reader, this.#now) !== 'active') return;
    const key = inUseKey(this.#entry.uuid, spared.from);
    if (reader.records.marksOf(this.#entry.id).has(key)) return;
    const service = this.#login(this.#entry);
    const { zone } = policyOf(reader).policy.company;
    const at = (seconds: number) => dateText(seconds, zone);
    const text =
      `${service} has ended (${at(spared.from)}) and is in use: shut it now? By itself it is shut ` +
      `${at(spared.until)}`;
    const reason = `${service} has ended and is in use`;
    await must(
      write({
        op: 'together',
        context: context(),
        reason,
        writes: [],
        marks: [{ entry: this.#entry.id, key }],
        decisions: [
          this.#decision('ask', key, 'owner and deputy and admins', text, { reason, onYes: SHUTS }),
        ],
        messages: this.#messages(
          key,
          [...this.#owners, this.#deputy, reader.administratorId()],
          `IMPORTANT: ${service} has ended and is in use`,
          text,
          [`To keep it: tenure service renew ${service}`, 'To answer: tenure decide'],
        ),
      }),
    );
  }

  #decision(
    kind: NewDecision['kind'],
    key: string,
    who: string,
    text: string,
    detail: object,
  ): Omit<NewDecision, 'at' | 'actor'> {
    return { kind, key, who, text, about: this.#entry.id, detail: JSON.stringify(detail) };
  }

  #messages(
    key: string,
    people: readonly number[],
    subject: string,
    said: string,
    todo: readonly string[],
  ): Omit<NewMessage, 'at' | 'run'>[] {
    const addresses = people.flatMap((id) => (id === 0 ? [] : addressOf(id, this.#tools.reader)));
    const all = addresses.length === 0 ? [''] : [...new Set(addresses)];
    return all.map((to) => ({
      key: `${key}|${to}`,
      channel: 'mail' as const,
      to,
      subject,
      body: `${said}\n\n${todo.join('\n')}\n`,
    }));
  }
}
