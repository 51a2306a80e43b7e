/**
 * What the verbs of an administrator make of somebody's facts: pure functions from facts to facts.
 * Where a verb does not fit the person, the answer is a fault: a sentence that says what to do.
 */
import type { Absence, Block, Engagement, Facts, Fault, Hold, Notice, TimeText } from './facts.js';
import { beginOf, type Calendar, endOf } from './times.js';

/** When a verb is said, and how the person's dates are read. */
export interface Said {
  readonly now: number;
  readonly calendar: Calendar;
}

const beginsAt = (time: TimeText | undefined, { calendar }: Said) =>
  time === undefined ? -Infinity : beginOf(time, calendar);
const endsAt = (time: TimeText | undefined, { calendar }: Said) =>
  time === undefined ? Infinity : endOf(time, calendar);

const hasEnded = (engagement: Engagement, said: Said) => endsAt(engagement.end, said) <= said.now;
const hasBegun = (engagement: Engagement, said: Said) =>
  beginsAt(engagement.start, said) <= said.now;

/** The engagements that hold now or will. */
export function openEngagements(facts: Facts, said: Said): readonly Engagement[] {
  return facts.engagements.filter((engagement) => !hasEnded(engagement, said));
}

/** The engagement that a change of department or manager is about; undefined where none is open. */
export function currentEngagement(facts: Facts, said: Said): Engagement | undefined {
  const open = openEngagements(facts, said);
  return open.find((engagement) => hasBegun(engagement, said)) ?? open[0];
}

function nextId({ engagements }: Facts): string {
  const taken = new Set(engagements.map(({ id }) => id));
  let id = engagements.length + 1;
  while (taken.has(String(id))) id += 1;
  return String(id);
}

/** A new contract beside those that there are. */
export function engage(facts: Facts, engagement: Omit<Engagement, 'id'>): Facts {
  const made: Engagement = { id: nextId(facts), ...engagement };
  return { ...facts, engagements: [...facts.engagements, made] };
}

/**
 * Ends everything at `end`. What would only begin after it never does; who has no engagement at all
 * gets one that ends then, as `unwritten` describes it.
 */
export function offboard(
  facts: Facts,
  end: TimeText,
  unwritten: Omit<Engagement, 'id' | 'end'>,
  said: Said,
): Facts | Fault {
  if (facts.engagements.length === 0) return engage(facts, { ...unwritten, end });
  const at = endsAt(end, said);
  const open = openEngagements(facts, said);
  if (open.length === 0) return { fault: 'has left already; tenure rehire brings somebody back' };
  const engagements = facts.engagements.flatMap((engagement) => {
    // Nobody stays longer by leaving.
    if (endsAt(engagement.end, said) <= at) return [engagement];
    if (beginsAt(engagement.start, said) >= at) return [];
    return [{ ...engagement, end }];
  });
  if (open.every((engagement) => engagements.includes(engagement))) {
    return { fault: `leaves with ${open[0]!.end} already; tenure move --end moves that` };
  }
  // Nothing has begun: the beginning itself becomes the end.
  if (engagements.length === 0)
    return { ...facts, engagements: [{ ...open[0]!, start: end, end }] };
  return { ...facts, engagements };
}

/** Moves the end of the one open engagement; undefined takes it away, and the notice with it. */
export function extend(facts: Facts, end: TimeText | undefined, said: Said): Facts | Fault {
  const open = openEngagements(facts, said);
  const lastEnd = Math.max(...facts.engagements.map((one) => endsAt(one.end, said)));
  const meant =
    open.length > 0 ? open : facts.engagements.filter((one) => endsAt(one.end, said) === lastEnd);
  if (meant.length === 0) {
    if (end === undefined) return { fault: 'has no engagement that ends' };
    return engage(facts, { end });
  }
  if (meant.length > 1) {
    const ids = meant.map(({ id }) => id).join(', ');
    return { fault: `has several engagements (${ids}); change lifecycleEngagement by ldapmodify` };
  }
  const [one] = meant;
  const { end: _gone, ...rest } = one!;
  const changed: Engagement = end === undefined ? rest : { ...rest, end };
  const engagements = facts.engagements.map((other) => (other === one ? changed : other));
  if (end !== undefined) return { ...facts, engagements };
  const { notice: _noticed, ...others } = facts;
  return { ...others, engagements };
}

/** Another department, manager or sponsor in the current engagement; another kind is a new one. */
export function move(
  facts: Facts,
  to: Omit<Engagement, 'id' | 'start' | 'end'>,
  instant: TimeText,
  said: Said,
): Facts | Fault {
  const current = currentEngagement(facts, said);
  if (current === undefined) {
    if (facts.engagements.length === 0) return facts;
    return { fault: 'has left; tenure rehire brings somebody back' };
  }
  const changed = { ...current, ...to };
  const others = facts.engagements.filter((engagement) => engagement !== current);
  const sameKind = to.kind === undefined || to.kind === current.kind;
  if (sameKind || !hasBegun(current, said)) {
    return { ...facts, engagements: facts.engagements.map((e) => (e === current ? changed : e)) };
  }
  const ended: Facts = { ...facts, engagements: [...others, { ...current, end: instant }] };
  // The end of a contract of one kind says nothing about the next.
  const { id: _id, end: _end, ...rest } = changed;
  return engage(ended, { ...rest, start: instant });
}

export function pause(facts: Facts, absence: Absence): Facts {
  return { ...facts, absences: [...facts.absences, absence] };
}

/** Ends the absence that holds now; `planned` takes away those that have not begun. */
export function resume(
  facts: Facts,
  instant: TimeText,
  planned: boolean,
  said: Said,
): Facts | Fault {
  const isPlanned = ({ from }: Absence) => beginsAt(from, said) > said.now;
  const isLive = (absence: Absence) =>
    !isPlanned(absence) && endsAt(absence.until, said) > said.now;
  if (planned) {
    const kept = facts.absences.filter((absence) => !isPlanned(absence));
    if (kept.length === facts.absences.length) return { fault: 'has no planned absence' };
    return { ...facts, absences: kept };
  }
  if (!facts.absences.some(isLive)) {
    const next = facts.absences.find(isPlanned);
    const hint = next === undefined ? '' : `; from ${next.from} on: --planned takes that away`;
    return { fault: `is not absent now${hint}` };
  }
  const absences = facts.absences.map((absence) =>
    isLive(absence) ? { ...absence, until: instant } : absence,
  );
  return { ...facts, absences };
}

export function block(facts: Facts, one: Block, said: Said): Facts | Fault {
  const same = facts.blocks.find(
    (other) =>
      other.kind === one.kind && other.by === one.by && endsAt(other.until, said) > said.now,
  );
  if (same !== undefined && one.until === undefined && same.until === undefined) {
    return { fault: `is blocked already (${same.kind}, since ${same.since})` };
  }
  return { ...facts, blocks: [...facts.blocks, one] };
}

/** Takes away the blocks of some kinds. */
export function lift(facts: Facts, kinds: readonly Block['kind'][], said: Said): Facts | Fault {
  const lifted = facts.blocks.filter(({ kind }) => kinds.includes(kind));
  if (lifted.length > 0) {
    return { ...facts, blocks: facts.blocks.filter((one) => !lifted.includes(one)) };
  }
  const live = facts.blocks.filter(({ until }) => endsAt(until, said) > said.now);
  if (live.length === 0) return { fault: 'is not blocked' };
  const { kind, by, reason } = live[0]!;
  const why = reason === undefined ? '' : ` (${reason})`;
  const how = kind === 'contained' ? 'tenure recover' : `tenure lift --kind ${kind}`;
  return { fault: `is blocked by ${by} for ${kind}${why}; ${how} lifts that` };
}

export function giveNotice(facts: Facts, notice: Notice): Facts {
  return { ...facts, notice };
}

export function hold(facts: Facts, one: Hold): Facts | Fault {
  if (facts.holds.some(({ matter }) => matter === one.matter)) {
    return { fault: `is held already for "${one.matter}"` };
  }
  return { ...facts, holds: [...facts.holds, one] };
}

export function release(facts: Facts, matter: string | undefined): Facts | Fault {
  const matters = facts.holds.map((one) => one.matter);
  if (matters.length === 0) return { fault: 'is under no hold' };
  const list = matters.map((name) => `"${name}"`).join(', ');
  if (matter === undefined && matters.length > 1) {
    return { fault: `is held for several matters; say --matter with one of ${list}` };
  }
  const found = matter ?? matters[0];
  if (found === undefined || !matters.includes(found)) {
    return { fault: `is not held for "${matter}"; there is ${list}` };
  }
  return { ...facts, holds: facts.holds.filter((one) => one.matter !== found) };
}

/** A contract for somebody who has left. The notice of the departure that was goes. */
export function rehire(
  facts: Facts,
  engagement: Omit<Engagement, 'id'>,
  said: Said,
): Facts | Fault {
  if (facts.engagements.length === 0 || openEngagements(facts, said).length > 0) {
    return { fault: 'has not left' };
  }
  if (facts.disposals.some(({ kind }) => kind === 'purged')) {
    return { fault: 'is purged: nothing is left but the name; tenure join makes somebody new' };
  }
  const { notice: _gone, ...rest } = facts;
  return engage(rest, engagement);
}
