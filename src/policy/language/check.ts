/**
 * What reads well and still cannot be meant: what never fires, what contradicts itself, what would
 * take turns for ever. An error keeps the policy out; a warning is a question to whoever wrote it.
 */
import {
  type Condition,
  type GroupRule,
  implies,
  isNever,
  type Kind,
  type Phrase,
  type Policy,
  sayWho,
} from '../core/language/index.js';
import { checkRoles } from './check-roles.js';
import { checkSteps } from './check-steps.js';
import type { Problem } from './tree.js';

export function found({ at }: Phrase, severity: Problem['severity'], message: string): Problem {
  return { line: at.line, column: at.column, message, severity };
}

/** Everything, in the order of the document. */
export function checkPolicy(policy: Policy): Problem[] {
  const problems = [
    ...shadowed('kind', policy.kinds),
    ...shadowed('password rule', policy.passwords),
    ...policy.kinds.flatMap((kind) => checkKind(kind, policy)),
    ...policy.groups.flatMap((group) => checkGroup(group, policy)),
    ...checkRoles(policy),
    ...unusedJourneys(policy),
    ...checkSteps(policy),
    ...checkGuards(policy),
  ];
  return problems.sort((a, b) => a.line - b.line || a.column - b.column);
}

type Listed = Phrase & { readonly name: string; readonly who: Condition };

/** First match wins: what comes behind something wider is never reached. */
function shadowed(what: string, list: readonly Listed[]): Problem[] {
  return list.flatMap((later, i) => {
    if (isNever(later.who)) return [found(later, 'warning', `nobody is ever ${later.name}`)];
    const wider = list.slice(0, i).find((earlier) => implies(later.who, earlier.who));
    if (wider === undefined) return [];
    const message = `this ${what} is never reached: ${wider.name}, line ${wider.at.line}, takes them all`;
    return [found(later, 'warning', message)];
  });
}

function checkKind(kind: Kind, policy: Policy): Problem[] {
  const problems = kind.gets
    .filter((group) => kind.neverGets.includes(group))
    .map((group) => found(kind, 'error', `${kind.name} gets ${group} and never gets ${group}`));
  for (const name of kind.gets) {
    const group = policy.groups.find((other) => other.name === name);
    if (group?.byHand !== true) continue;
    const message = `${kind.name} gets ${name}, whose members come by hand, line ${group.at.line}`;
    problems.push(found(kind, 'error', message));
  }
  const idles = kind.journeys.filter((name) =>
    policy.journeys
      .find((journey) => journey.name === name)
      ?.rules.some(
        ({ timing, steps }) =>
          timing.moment === 'last seen' && steps.some(({ verb }) => verb === 'suspend'),
      ),
  );
  if (kind.never.includes('idle') && idles.length > 0) {
    const message = `${kind.name} is never idle, so ${idles.join(', ')} never fires for it`;
    problems.push(found(kind, 'warning', message));
  }
  return problems;
}

function checkGroup(group: GroupRule, { kinds }: Policy): Problem[] {
  const { name, rule, byHand } = group;
  if (rule === undefined) return [];
  const problems: Problem[] = [];
  if (byHand) problems.push(found(group, 'error', `${name} has a rule, and members by hand only`));
  if (isNever(rule)) problems.push(found(group, 'warning', `nobody is ever in ${name}`));
  for (const kind of kinds.filter(({ neverGets }) => neverGets.includes(name))) {
    if (!implies(rule, { is: 'kind', kinds: [kind.name] })) continue;
    const message = `${name} is for ${kind.name} alone, which never gets it, line ${kind.at.line}`;
    problems.push(found(group, 'error', message));
  }
  return problems;
}

function unusedJourneys({ kinds, journeys }: Policy): Problem[] {
  return journeys
    .filter(({ name }) => !kinds.some((kind) => kind.journeys.includes(name)))
    .map((journey) => found(journey, 'warning', `${journey.name} never fires: no kind names it`));
}

function checkGuards({ guards }: Policy): Problem[] {
  const { hrFile, peopleClosed, yesFrom } = guards;
  const guard = hrFile ?? peopleClosed;
  if (guard === undefined || yesFrom.length > 0) return [];
  const message = 'nobody is named who says yes to what is held ("when held: yes from")';
  return [found(guard, 'warning', `${message}; ${sayWho([{ is: 'admins' }])} will`)];
}
