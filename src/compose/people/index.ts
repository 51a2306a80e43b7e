/** The verbs about people over one directory: what each would do, and doing it. */

import type {
  Join,
  PeopleEngine,
  PersonVerb,
  Recover,
  Rehire,
  StateFrom,
  VerbDone,
  VerbPreview,
} from '../../admin/people.js';
import { grantKinds } from '../../credentials/index.js';
import { departureOf } from '../../directory/model/cases.js';
import { type State, shownState, stateAt, type Timeline } from '../../directory/model/timeline.js';
import { beginOf, type Facts, fold } from '../../policy/core/index.js';
import { inNewRun } from '../../policy/run/index.js';
import { LdapError } from '../../runtime/errors.js';
import { modifications } from './changes.js';
import { disposalsOf } from './disposal.js';
import { holdingsOf } from './holdings.js';
import { type Draft, draftOf } from './join.js';
import { moveMany } from './move-many.js';
import {
  findPerson,
  modify,
  type PeopleParts,
  type Person,
  reasonOf,
  stateWith,
  textsOf,
  timelineOf,
  written,
} from './parts.js';
import { groupsByHand, type Planned, planVerb } from './plan-verb.js';
import { RecentMoves } from './recent-moves.js';
import { performRename, planRename } from './rename.js';

export { accessEngine } from './access.js';
export { brownoutsEngine } from './brownouts.js';
export { casesEngine } from './cases.js';
export { groupsEngine } from './groups.js';
export { machinesEngine } from './machines.js';
export { whyMay } from './may.js';
export {
  findPerson,
  loginOf,
  namedBy,
  type PeopleParts,
  type Person,
  personOf,
  readMoment,
  reasonOf,
  textsOf,
  written,
} from './parts.js';
export { type ProveParts, prove } from './prove.js';
export { publicKeyOf } from './signing.js';
export { type WhyParts, whyPerson } from './why.js';

const FIRST_PASSWORD_MS = 3 * 86_400_000;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

export function peopleEngine(parts: PeopleParts): PeopleEngine {
  const recent = new RecentMoves();
  return {
    preview: async (verb) => preview(verb, parts, recent),
    moveMany: (order) => moveMany(order, parts),
    async perform({ verb, seen }) {
      if (verb.verb === 'join') return join(verb, parts);
      const planned = preview(verb, parts, recent);
      if (seen !== undefined && seen !== planned.seen) {
        const text = `${planned.login} was changed meanwhile; look again at what this would do`;
        throw new LdapError('busy', text);
      }
      const reason = reasonOf(verb.verb, verb.by, verb.because);
      const context = { identity: parts.administrator(), origin: parts.origin };
      return inNewRun({ write: parts.write, context }, reason, async (run) => {
        const inRun = writingIn(run, verb, parts);
        // After a compromise nobody is let in before the old credentials are gone.
        const renewed = verb.verb === 'recover' ? await renewCredentials(verb, planned, inRun) : {};
        if (verb.verb === 'rename') await performRename(planRename(verb, inRun), inRun, reason);
        else {
          const plan = planVerb(verb, inRun);
          if (verb.verb === 'rehire') await forgetGroups(plan.person, reason, inRun);
          await perform(plan, reason, inRun);
          if (verb.verb === 'move') recent.note(plan);
        }
        const given = verb.verb === 'rehire' ? await givePassword(verb, planned, parts) : {};
        const now = findPerson(renamedTo(verb, planned), parts);
        const { cases } = parts.reader;
        return {
          ...planned,
          dn: now.dn,
          login: now.login,
          after: shownState(now.state),
          holdings: holdingsOf(now.entry, parts.reader, now.now),
          done: true,
          run,
          case: verb.verb === 'offboard' ? cases.openOf(now.entry.uuid)?.id : undefined,
          ...renewed,
          ...given,
        };
      });
    },
  };
}

/** Everything that the verb writes is one run, so that it can be taken back as one. */
function writingIn(run: number, verb: PersonVerb, parts: PeopleParts): PeopleParts {
  // Nobody is asked twice when it burns, however many have left in this hour.
  const isUrgent =
    verb.verb === 'contain' || (verb.verb === 'offboard' && verb.when === 'emergency');
  const write: PeopleParts['write'] = (request) =>
    parts.write({ ...request, run, ...(isUrgent && { approved: true }) });
  return { ...parts, write };
}

function renamedTo(verb: PersonVerb, { dn }: VerbPreview): string {
  if (verb.verb !== 'rename' || verb.login === undefined) return dn;
  return verb.login;
}

async function perform({ person, changes }: Planned, reason: string, parts: PeopleParts) {
  if (changes.length === 0) return;
  const assertion = `(entryCSN=${person.entry.csn})`;
  await modify(parts, person.dn, modifications(person, changes), reason, { assertion }).catch(
    (error: unknown) => {
      if (!(error instanceof LdapError) || error.code !== 'assertionFailed') throw error;
      throw new LdapError('busy', `${person.login} was changed meanwhile; look again`);
    },
  );
}

/** What somebody had before they left is not theirs because they come back. */
async function forgetGroups(person: Person, reason: string, parts: PeopleParts): Promise<void> {
  if (groupsByHand(person, parts).length === 0) return;
  const context = { identity: parts.administrator(), origin: parts.origin };
  const owner = person.entry.id;
  await written(parts, { op: 'dispose', context, reason, owner, what: 'groups' });
}

function preview(verb: PersonVerb, parts: PeopleParts, recent: RecentMoves): VerbPreview {
  if (verb.verb === 'join') return joinPreview(draftOf(verb, parts), parts);
  const planned =
    verb.verb === 'rename'
      ? ((one) => ({ ...one, facts: one.person.facts }))(planRename(verb, parts))
      : planVerb(verb, parts);
  const { person, facts, changes } = planned;
  const offers = verb.verb === 'move' ? recent.offers(planned, parts) : [];
  const notes = [...planned.notes, ...offers];
  return {
    verb: verb.verb,
    dn: person.dn,
    login: person.login,
    now: iso(person.now),
    zone: person.rules.zone,
    quiet: !person.rules.openEnds,
    before: shownState(person.state),
    after: shownState(stateWith(person, facts, parts.reader, person.now)),
    later: laterStates(timelineOf(person, facts), person.now),
    changes,
    holdings: holdingsOf(person.entry, parts.reader, person.now),
    ...(verb.verb === 'offboard' && destroyedAt(person, facts, parts)),
    notes,
    seen: person.entry.csn,
  };
}

/** When the policy destroys what the departure seals. */
function destroyedAt(person: Person, facts: Facts, { reader }: PeopleParts) {
  const timeline = timelineOf(person, facts);
  const departure = timeline && departureOf(timeline);
  if (departure === undefined) return {};
  const { destroyed } = disposalsOf(person.entry, departure, reader, facts);
  return destroyed === undefined ? {} : { destroyed: iso(destroyed) };
}

function laterStates(timeline: Timeline | undefined, now: number): StateFrom[] {
  return (timeline?.at ?? []).flatMap((at, i) =>
    at <= now ? [] : [{ at: iso(at), state: shownState(timeline!.then[i]!) }],
  );
}

function joinPreview(draft: Draft, parts: PeopleParts): VerbPreview {
  const { dn, login, facts, rules, now, attributes } = draft;
  const timeline = fold(facts, rules);
  const state: State = timeline === undefined ? 'active' : stateAt(timeline, now);
  const changes = attributes.map(({ attribute, values }) => ({
    attribute,
    removed: [],
    added: values.map((value) => Buffer.from(value, 'latin1').toString('utf8')),
  }));
  return {
    verb: 'join',
    dn,
    login,
    now: iso(now),
    zone: rules.zone,
    quiet: !rules.openEnds,
    before: 'unknown',
    after: shownState(state),
    later: laterStates(timeline, now),
    changes,
    holdings: nothingHeld,
    notes: [],
    seen: parts.reader.contextCsn(),
  };
}

const nothingHeld: VerbPreview['holdings'] = {
  password: false,
  code: false,
  appPasswords: 0,
  firstPasswords: 0,
  ntSecrets: 0,
  certificates: 0,
  sshKeys: 0,
  groups: [],
  sudoRules: [],
  accounts: [],
  owns: [],
  reports: [],
};

async function join(verb: Join, parts: PeopleParts): Promise<VerbDone> {
  const draft = draftOf(verb, parts);
  const { dn, attributes, facts, rules, now, login } = draft;
  const context = { identity: parts.administrator(), origin: parts.origin };
  const reason = reasonOf('join', verb.by, verb.because);
  await written(parts, { op: 'add', context, reason, dn, attributes });
  const person = findPerson(dn, parts);
  const [uidNumber] = textsOf(person.entry, 'uidnumber', parts.reader);
  const start = facts.engagements[0]?.start;
  const startsIn = start === undefined ? 0 : Math.max(0, beginOf(start, rules) - now);
  const first = verb.firstPassword ? await firstPassword(login, startsIn, verb.by, parts) : {};
  return {
    ...joinPreview(draft, parts),
    after: shownState(person.state),
    holdings: holdingsOf(person.entry, parts.reader, person.now),
    done: true,
    uidNumber: uidNumber === undefined ? undefined : Number(uidNumber),
    ...first,
  };
}

async function firstPassword(name: string, startsIn: number, by: string, parts: PeopleParts) {
  const about = { name, forMs: FIRST_PASSWORD_MS, afterMs: startsIn * 1000, uses: 1, by };
  const made = await parts.factors.makeFirstPassword(about);
  return { password: made.password, passwordEnds: made.ends };
}

/** For somebody who is back, from the first day on. */
async function givePassword(verb: Rehire, { dn }: VerbPreview, parts: PeopleParts) {
  if (!verb.firstPassword) return {};
  const { facts, rules, now } = findPerson(dn, parts);
  const start = facts.engagements.at(-1)?.start;
  const startsIn = start === undefined ? 0 : Math.max(0, beginOf(start, rules) - now);
  return firstPassword(dn, startsIn, verb.by, parts);
}

/** Nothing of before opens anything: what is left is one password to set a new one. */
async function renewCredentials(verb: Recover, { dn }: VerbPreview, parts: PeopleParts) {
  const { entry } = findPerson(dn, parts);
  const kept: ReadonlySet<string> = new Set(['pwdHistory', 'userPassword', grantKinds.first]);
  const remove = parts.reader
    .secrets(entry.id)
    .filter(({ kind }) => !kept.has(kind))
    .map(({ id }) => id);
  if (remove.length > 0) {
    const context = { identity: parts.administrator(), origin: parts.origin };
    const reason = reasonOf('recover', verb.by, verb.because);
    await written(parts, { op: 'credentials', context, reason, owner: entry.id, remove, add: [] });
  }
  return firstPassword(dn, 0, verb.by, parts);
}
