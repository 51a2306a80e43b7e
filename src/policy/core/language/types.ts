/**
 * A policy as data: what a document of the policy language says once it has been read and checked.
 * Plain, frozen in meaning, free of I/O; it may cross a thread boundary as it is.
 *
 *   journeys:                                     Policy.journeys[0].name      'departure'
 *     departure:                                    .rules[0].timing           at the moment 'end'
 *       at end: [offboard, tell manager gone]       .rules[0].steps[0]         {verb: 'offboard'}
 *                                                   .rules[0].steps[1].who     [{is: 'manager'}]
 *
 * Whoever plans asks `kindOf(person, policy, now)`, takes the journeys that the kind names, asks
 * `momentsOf` for the instants of each rule and `holds(step.when, …)` for its condition. Every part
 * that can be blamed for something carries `at`, the place in the document, and `text`, its words.
 * Names of attributes are LDAP names in lower case: `words:` has been applied. Nothing here refers
 * to a kind, journey or role that the document does not have; groups and files are only names.
 */

import type { State } from '../../../directory/model/timeline.js';
import type { AccessRule } from './access.js';

/** Counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A part of the document: where it stands and the words it is made of. */
export interface Phrase {
  readonly at: Place;
  readonly text: string;
}

export const units = [
  'minutes',
  'hours',
  'days',
  'working days',
  'weeks',
  'months',
  'years',
] as const;

export type Unit = (typeof units)[number];

/** A stretch of time, not yet seconds: how long a month is depends on where it begins. */
export interface Duration {
  readonly count: number;
  readonly unit: Unit;
}

export const moments = [
  'start',
  'end',
  'notice',
  'leave',
  'return',
  'last seen',
  'probation end',
  'password set',
  'key added',
] as const;

export type Moment = (typeof moments)[number];

/** `at end`, `10 working days before start`, `7 days after end`. */
export interface Timing extends Phrase {
  readonly moment: Moment;
  /** Undefined is the moment itself. */
  readonly offset?: Duration & { readonly direction: 'before' | 'after' };
}

/** Who somebody can be to the person that it is about, and the administrators. */
export const relatives = [
  'person',
  'manager',
  'sponsor',
  'owner',
  'deputy',
  'admins',
  'group owner',
] as const;

/** Whom a message, a question or a task goes to. */
export type Who =
  | { readonly is: (typeof relatives)[number] }
  | { readonly is: 'role'; readonly name: string }
  /** A group of the directory by its cn, such as it-desk. */
  | { readonly is: 'group'; readonly name: string };

/**
 * A question about a person that has an answer at every instant. Levels, never edges, so that it
 * makes no difference when anybody last looked.
 */
export type Condition =
  | { readonly is: 'everyone' }
  | { readonly is: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly is: 'not'; readonly of: Condition }
  /** The kind that the policy gives them is one of these. */
  | { readonly is: 'kind'; readonly kinds: readonly string[] }
  | { readonly is: 'state'; readonly states: readonly State[] }
  /** One of the values is one of these; case and surrounding space aside. */
  | { readonly is: 'value'; readonly attribute: string; readonly values: readonly string[] }
  | { readonly is: 'present'; readonly attribute: string }
  /** `ou=services`, below the suffix; or a whole name. */
  | { readonly is: 'below'; readonly base: string }
  | { readonly is: 'group'; readonly groups: readonly string[] }
  /** Undefined: any role. */
  | { readonly is: 'role'; readonly role?: string }
  | { readonly is: 'held' }
  | { readonly is: 'noticed' }
  | { readonly is: 'never seen' }
  /** Some trace of them is younger than this. */
  | { readonly is: 'seen'; readonly within: Duration }
  /** The absence that holds or ended last was longer than this. */
  | { readonly is: 'away'; readonly over: Duration };

export interface Company {
  /** IANA name. */
  readonly zone: string;
  readonly endDateMeans: 'the whole of the last day' | 'the first day without';
  /** 1 is Monday, 7 is Sunday; ascending. */
  readonly workingDays: readonly number[];
  /** Dates (2026-12-25) that are no working days whatever day of the week they are. */
  readonly holidays: readonly string[];
  readonly endDates: 'quiet' | 'open';
  /** How long a probation lasts from the start on. */
  readonly probation: Duration;
  /** What an entry without engagements is, first match wins; without a match it is active. */
  readonly newEntries: readonly NewEntries[];
}

/** `below ou=people: staged`, `made by cn=hr: staged`. */
export interface NewEntries extends Phrase {
  readonly below?: string;
  readonly madeBy?: string;
  readonly are: 'active' | 'staged';
}

/** What somebody of a kind must have: an attribute, or an end that is not too far away. */
export type Requirement = Phrase &
  (
    | { readonly is: 'attribute'; readonly attribute: string; readonly word: string }
    | { readonly is: 'end'; readonly within: Duration }
  );

export const exemptions = ['idle', 'expire', 'lock out'] as const;
export type Exemption = (typeof exemptions)[number];

export interface Kind extends Phrase {
  readonly name: string;
  readonly who: Condition;
  readonly mustHave: readonly Requirement[];
  readonly endDates: 'quiet' | 'open';
  /** Groups that everybody of this kind is in by rule. */
  readonly gets: readonly string[];
  /** Groups that nobody of this kind is ever in, whoever puts them there. */
  readonly neverGets: readonly string[];
  /** Names of journeys. */
  readonly journeys: readonly string[];
  /** What the policy never does to them. */
  readonly never: readonly Exemption[];
  /** Whom to alarm at each use of such an account. */
  readonly everyUse: readonly Who[];
  readonly rehearseEvery?: Duration;
  /** What to do with the secret of a shared account when one of its users leaves. */
  readonly whenAUserLeaves?: 'rotate the secret';
}

export interface PasswordRule extends Phrase {
  readonly name: string;
  readonly who: Condition;
  readonly madeBy: 'anybody' | 'tenure';
  readonly lengthMin?: number;
  /** How many former passwords may not be used again. */
  readonly remembered?: number;
  readonly renewEvery?: Duration;
  readonly bothWorkFor?: Duration;
  readonly secondFactor?: 'always' | 'never' | Duration;
  readonly wrongTries?:
    | { readonly answer: 'slow down'; readonly after: number }
    | { readonly answer: 'lock'; readonly after: number; readonly for?: Duration };
}

interface StepBase extends Phrase {
  /** Undefined is always. `unless` has become `not`. */
  readonly when?: Condition;
}

/** One thing to do. Verbs without a field act on the person. */
export type Step = StepBase &
  (
    | {
        readonly verb:
          | 'activate'
          | 'pause'
          | 'resume'
          | 'suspend'
          | 'offboard'
          | 'archive'
          | 'purge'
          | 'open case';
      }
    | { readonly verb: 'destroy'; readonly what: 'credentials' }
    | { readonly verb: 'forget'; readonly what: 'groups' }
    | { readonly verb: 'join' | 'quit'; readonly groups: readonly string[] }
    /** Services (and groups of that name) that somebody on leave keeps. */
    | { readonly verb: 'keep'; readonly services: readonly string[] }
    | { readonly verb: 'require'; readonly what: 'new-password' | 'second-factor' }
    | {
        readonly verb: 'give';
        readonly who: readonly Who[];
        readonly what: 'first-password';
        readonly for?: Duration;
      }
    | {
        readonly verb: 'tell';
        readonly who: readonly Who[];
        /** Name of a message. */
        readonly message: string;
        readonly loudly: boolean;
      }
    /** Waits for a yes; no answer by the next moment of the journey means `silence`. */
    | {
        readonly verb: 'ask';
        readonly who: readonly Who[];
        readonly question: string;
        readonly silence: 'nothing' | 'end' | 'agreed';
      }
    /** Done by hand. */
    | { readonly verb: 'task'; readonly who: readonly Who[]; readonly what: string }
    /** A webhook by its name. */
    | { readonly verb: 'call'; readonly hook: string }
  );

export type Verb = Step['verb'];

/** What happens at one moment of a journey. */
export interface Rule {
  /** Its name is unique in the document: `departure, at end`. */
  readonly name: string;
  readonly timing: Timing;
  readonly steps: readonly Step[];
}

export interface Journey extends Phrase {
  readonly name: string;
  /** In the order of the document. */
  readonly rules: readonly Rule[];
}

export interface GroupRule extends Phrase {
  /** cn of the group. */
  readonly name: string;
  /** Who is in it by rule; undefined where all members are there by hand or by `gets`. */
  readonly rule?: Condition;
  /** How long those who no longer match stay members; undefined is not at all. */
  readonly moversKeepIt?: Duration;
  /** `members: by hand`: nothing but a person puts a member here. */
  readonly byHand: boolean;
  /** The longest time of a membership that is granted. */
  readonly longest?: Duration;
  /** Who says yes to a grant. */
  readonly ask?: Who;
}

export const powers = [
  'reset',
  'unlock',
  'bypass',
  'see end dates',
  'read facts',
  'give notice',
  'join',
  'move',
  'pause',
  'suspend',
  'lift',
  'contain',
  'offboard',
  'hold',
  'release',
  'grant',
  'decide',
  'audit',
] as const;

export type Power = (typeof powers)[number];

export interface Role extends Phrase {
  readonly name: string;
  /** Who has it. */
  readonly who: Condition;
  readonly may: readonly { readonly power: Power; readonly for?: Duration }[];
  readonly over: Condition;
  readonly neverOver?: Condition;
  /** Nobody has it as such: over each of these it is had by whom that one names. */
  readonly relation?: 'manager' | 'self';
}

/** Something outside the directory that people have. */
export interface Resource extends Phrase {
  readonly name: string;
  readonly who: Condition;
  readonly removedBy: readonly Who[];
  readonly within?: Duration;
  /** Name of an exported list of users. */
  readonly checkedAgainst?: string;
}

export interface Guards {
  /** Hold an HR file that loses more than either of these; undefined where nothing is said. */
  readonly hrFile?: Phrase & { readonly percent?: number; readonly people?: number };
  readonly peopleClosed?: Phrase & { readonly count: number; readonly per: 'hour' | 'day' };
  /** All of these must say yes to what is held: one of each. */
  readonly yesFrom: readonly Who[];
  readonly tellAgainEvery?: Duration;
}

/** How long the audit trail is kept; undefined is for ever. */
export interface AuditRule {
  readonly keep?: Duration;
  readonly keepBinds?: Duration;
}

export interface Policy {
  readonly company: Company;
  /** Words of the document for attributes: `department` → `departmentnumber`. */
  readonly words: Readonly<Record<string, string>>;
  /** First match wins. */
  readonly kinds: readonly Kind[];
  /** First match wins. */
  readonly passwords: readonly PasswordRule[];
  readonly journeys: readonly Journey[];
  readonly groups: readonly GroupRule[];
  readonly roles: readonly Role[];
  readonly resources: readonly Resource[];
  readonly guards: Guards;
  readonly audit: AuditRule;
  /** Undefined where the document says nothing about it, and the usual holds. */
  readonly access?: readonly AccessRule[];
}
