/**
 * Random histories of people: facts that come, change and go, and a clock that moves; and what the
 * state of somebody is at a moment, worked out from the facts with nothing of the product but their
 * text. A history may ask for what is refused: then it goes on with what is there.
 */
import fc from 'fast-check';
import { group, groupOfNames, person, personValues, posixGroup } from './directory-people.js';
import type { Change } from './directory-requests.js';
import { suffix } from './directory-requests.js';
import type { TestDirectory } from './directory-temp.js';

export const logins = ['ada', 'bob', 'cat'] as const;
export type Login = (typeof logins)[number];
/** Somebody who only looks, and is always there. */
export const onlooker = person('onlooker');

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** One thing that happens; times are seconds from the moment at which it does. */
export type Step =
  | { readonly do: 'engage'; readonly who: Login; readonly spans: readonly Span[] }
  | { readonly do: 'away'; readonly who: Login; readonly spans: readonly Span[] }
  | { readonly do: 'block'; readonly who: Login; readonly spans: readonly Span[] }
  | { readonly do: 'wait'; readonly seconds: number };

export interface Span {
  readonly from: number;
  /** Undefined: it does not end. */
  readonly until: number | undefined;
}

const moment = fc.oneof(
  fc.integer({ min: -3 * DAY, max: 3 * DAY }),
  fc.constantFrom(-DAY, -1, 0, 1, HOUR, DAY),
);
const span: fc.Arbitrary<Span> = fc
  .tuple(moment, fc.option(fc.integer({ min: 1, max: 5 * DAY }), { nil: undefined }))
  .map(([from, lasts]) => ({ from, until: lasts === undefined ? undefined : from + lasts }));
export const spans = (max: number) => fc.array(span, { maxLength: max });
const who = fc.constantFrom(...logins);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('engage' as const), who, spans: spans(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('away' as const), who, spans: spans(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('block' as const), who, spans: spans(2) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.oneof(
        fc.constantFrom(1, HOUR - 1, HOUR, DAY),
        fc.integer({ min: 1, max: 4 * DAY }),
      ),
    }),
  },
);

export const histories = fc.array(step, { minLength: 4, maxLength: 14 });

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI' + 'OMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
/** Keys that differ in their last bytes. */
const keyOf = (login: Login) => `${KEY.slice(0, -2)}${'ABC'[logins.indexOf(login)]}l ${login}`;

/** A small company in which everybody has everything that can be withheld. */
export function found(d: TestDirectory): void {
  const everybody = Object.fromEntries(
    logins.map((login) => [
      person(login),
      personValues(login, {
        objectClass: [
          'inetOrgPerson',
          'posixAccount',
          'shadowAccount',
          'ldapPublicKey',
          'lifecycleSubject',
        ],
        homeDirectory: `/home/${login}`,
        loginShell: '/bin/bash',
        userPassword: `${login}-secret`,
        sshPublicKey: keyOf(login),
      }),
    ]),
  );
  d.seed(everybody);
  d.seed({
    [onlooker]: personValues('onlooker', { userPassword: 'onlooker-secret' }),
    [group('team')]: groupOfNames('team', ...logins.map(person)),
    [group('wide')]: groupOfNames('wide', group('team')),
    [group('unix')]: posixGroup('unix', ...logins),
    [`cn=rule,ou=groups,${suffix}`]: {
      objectClass: 'sudoRole',
      cn: 'rule',
      sudoUser: [...logins],
      sudoHost: 'ALL',
      sudoCommand: 'ALL',
    },
  });
}

const stamp = (seconds: number) =>
  `${new Date(seconds * 1_000).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;

const nowOf = (d: TestDirectory) => Math.floor(d.clock.nowMs() / 1_000);

/** The values of a fact; what tells the values of one person apart is in each. */
export function valuesOf(one: Exclude<Step, { do: 'wait' }>, now: number): readonly string[] {
  const at = (offset: number) => stamp(now + offset);
  const by = `by="cn=admin,${suffix}"`;
  return one.spans.map(({ from, until }, i) => {
    const ends = (word: string) => (until === undefined ? '' : ` ${word}=${at(until)}`);
    if (one.do === 'engage') return `id=${i} kind=employee start=${at(from)}${ends('end')}`;
    if (one.do === 'away') return `kind=parental${i} from=${at(from)}${ends('until')}`;
    return `kind=administrative ${by} since=${at(from)}${ends('until')} reason=r${i}`;
  });
}

const attributes = {
  engage: 'lifecycleEngagement',
  away: 'lifecycleAbsence',
  block: 'lifecycleBlock',
} as const;

/** Makes one step; what is refused changes nothing. */
export async function perform(d: TestDirectory, one: Step): Promise<void> {
  if (one.do === 'wait') {
    d.clock.advance(one.seconds * 1_000);
    return;
  }
  const change: Change = ['replace', attributes[one.do], ...valuesOf(one, nowOf(d))];
  const outcome = await d.modify(person(one.who), [change]);
  if (!outcome.ok && outcome.error.code === 'other') throw new Error(outcome.error.text);
}

// ---- what the state is ---------------------------------------------------------------------------

interface Interval {
  readonly from: number;
  readonly until: number;
}

function secondsOf(text: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)!;
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)) / 1_000;
}

function intervals(texts: readonly string[], begins: string, ends: string): Interval[] {
  const word = (text: string, key: string) => new RegExp(`(?:^| )${key}=(\\S+)`).exec(text)?.[1];
  return texts.map((text) => {
    const from = word(text, begins);
    const until = word(text, ends);
    return {
      from: from === undefined ? -Infinity : secondsOf(from),
      until: until === undefined ? Infinity : secondsOf(until),
    };
  });
}

/** The word of `lifecycleState` that facts mean at a second. */
export function stateOfFacts(
  facts: {
    readonly engagements: readonly string[];
    readonly absences: readonly string[];
    readonly blocks: readonly string[];
  },
  now: number,
): string {
  const live = ({ from, until }: Interval) => from <= now && now < until;
  const engagements = intervals(facts.engagements, 'start', 'end');
  const blocked = intervals(facts.blocks, 'since', 'until').some(live);
  if (engagements.length > 0 && !engagements.some(live)) {
    if (engagements.some(({ until }) => until <= now)) return 'offboarded';
    return blocked ? 'suspended' : 'staged';
  }
  if (blocked) return 'suspended';
  return intervals(facts.absences, 'from', 'until').some(live) ? 'leave' : 'active';
}

/** The same of a person of the directory, now, by the facts that an administrator reads. */
export function stateByFacts(d: TestDirectory, login: Login): string {
  const entry = d.entry(person(login), Object.values(attributes));
  const facts = {
    engagements: entry.texts('lifecycleEngagement'),
    absences: entry.texts('lifecycleAbsence'),
    blocks: entry.texts('lifecycleBlock'),
  };
  return stateOfFacts(facts, nowOf(d));
}
