/**
 * One person at one instant, as conditions ask about them. What an engagement says (kind,
 * department, number, manager, sponsor) counts before the attribute of the same meaning, and of
 * several engagements that are live at once everything counts.
 */
import { shifted, type WorkCalendar } from '../calendar.js';
import type { Absence, Engagement } from '../facts.js';
import type { Duration, Kind, Policy } from '../language/index.js';
import { beginOf, type Calendar, endOf } from '../times.js';
import type { Person } from './person.js';

type Told = Exclude<keyof Engagement, 'id' | 'start' | 'end'>;

/** The calendar in which a person's dates are read. */
export function calendarOf(
  person: Pick<Person, 'values'>,
  { company }: Policy,
): Calendar & WorkCalendar {
  return {
    zone: person.values('lifecyclezone')[0] ?? company.zone,
    endDateMeans: company.endDateMeans,
    workingDays: company.workingDays,
    holidays: company.holidays,
  };
}

export class Look {
  readonly person: Person;
  readonly policy: Policy;
  readonly now: number;
  #calendar: (Calendar & WorkCalendar) | undefined;
  #engagements: readonly Engagement[] | undefined;
  /** Values as they are compared, by attribute: many conditions may ask about one. */
  #plain: Map<string, readonly string[]> | undefined;
  #kind: { readonly found: Kind | undefined } | undefined;

  constructor(person: Person, policy: Policy, now: number) {
    this.person = person;
    this.policy = policy;
    this.now = now;
  }

  get calendar(): Calendar & WorkCalendar {
    this.#calendar ??= calendarOf(this.person, this.policy);
    return this.#calendar;
  }

  /** The kind, kept once it is known. */
  kind(find: () => Kind | undefined): Kind | undefined {
    this.#kind ??= { found: find() };
    return this.#kind.found;
  }

  /** Values of an attribute, or what engagements say in its place. */
  values(attribute: string): readonly string[] {
    const told = toldBy(attribute, this.policy);
    if (told === undefined) return this.person.values(attribute);
    const found = this.engagements.flatMap((engagement) => engagement[told] ?? []);
    return found.length > 0 ? found : this.person.values(attribute);
  }

  /** The same as conditions compare them. */
  plainValues(attribute: string): readonly string[] {
    this.#plain ??= new Map();
    let values = this.#plain.get(attribute);
    if (values === undefined) {
      values = this.values(attribute).map(plain);
      this.#plain.set(attribute, values);
    }
    return values;
  }

  /** Those that are live; else those that ended last; else those that begin first. */
  get engagements(): readonly Engagement[] {
    if (this.#engagements === undefined) {
      const all = this.person.facts.engagements;
      this.#engagements = all.length === 0 ? all : current(all, this.now, this.calendar);
    }
    return this.#engagements;
  }

  begun(time: string): boolean {
    return beginOf(time, this.calendar) <= this.now;
  }

  /** Whether something that happened then is younger than the duration. */
  isYounger(seconds: number, duration: Duration): boolean {
    return shifted(seconds, duration, 1, this.calendar) > this.now;
  }

  /** Whether the absence that began last was, until now, longer than the duration. */
  wasAwayOver(duration: Duration): boolean {
    const begun = this.person.facts.absences.filter(({ from }) => this.begun(from));
    const begins = ({ from }: Absence) => beginOf(from, this.calendar);
    const last = begun.sort((a, b) => begins(b) - begins(a))[0];
    if (last === undefined) return false;
    const until = last.until === undefined ? this.now : endOf(last.until, this.calendar);
    return shifted(begins(last), duration, 1, this.calendar) < Math.min(until, this.now);
  }
}

/** Case and surrounding space aside. */
export const plain = (text: string) => text.trim().replace(/\s+/g, ' ').toLowerCase();

/** What an engagement says in place of the attribute. */
export function toldBy(attribute: string, { words }: Policy): Told | undefined {
  switch (attribute) {
    case words['type']:
      return 'kind';
    case words['department']:
      return 'department';
    case words['number']:
      return 'number';
    case words['sponsor']:
      return 'sponsor';
    case 'manager':
      return 'manager';
    default:
      return undefined;
  }
}

/** Values of an attribute at an instant, as conditions would see them. */
export function valuesAt(
  person: Pick<Person, 'facts' | 'values'>,
  attribute: string,
  policy: Policy,
  at: number,
): readonly string[] {
  const told = toldBy(attribute, policy);
  const { engagements } = person.facts;
  if (told === undefined || engagements.length === 0) return person.values(attribute);
  const found = current(engagements, at, calendarOf(person, policy)).flatMap(
    (engagement) => engagement[told] ?? [],
  );
  return found.length > 0 ? found : person.values(attribute);
}

function current(all: readonly Engagement[], now: number, calendar: Calendar) {
  const spans = all.map((engagement) => ({
    engagement,
    from: engagement.start === undefined ? -Infinity : beginOf(engagement.start, calendar),
    until: engagement.end === undefined ? Infinity : endOf(engagement.end, calendar),
  }));
  const live = spans.filter(({ from, until }) => from <= now && now < until);
  const ended = spans.filter(({ until }) => until <= now);
  const lastEnd = Math.max(...ended.map(({ until }) => until));
  const firstStart = Math.min(...spans.map(({ from }) => from));
  const chosen =
    live.length > 0
      ? live
      : ended.length > 0
        ? ended.filter(({ until }) => until === lastEnd)
        : spans.filter(({ from }) => from === firstStart);
  return chosen.map(({ engagement }) => engagement);
}
