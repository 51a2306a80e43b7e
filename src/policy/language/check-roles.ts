/**
 * What is said of roles and cannot be meant: roles of nobody, administrators whom a rule makes, and
 * roles that people could give themselves by writing what they look after themselves.
 */
import {
  ADMINISTRATOR,
  implies,
  isNever,
  type Phrase,
  type Policy,
  partsOf,
  type Role,
} from '../core/language/index.js';
import { found } from './check.js';
import { waysIn } from './reach.js';
import type { Problem } from './tree.js';

/** Attributes that everybody writes in their own entry, in lower case. */
export const ownAttributes: readonly string[] = ['userpassword', 'sshpublickey'];

export function checkRoles(policy: Policy): Problem[] {
  return [
    ...policy.roles.flatMap(checkRole),
    ...policy.roles
      .filter(({ name }) => name === ADMINISTRATOR)
      .flatMap((role) => made(role, policy)),
    ...givenToOneself(policy),
  ];
}

function checkRole(role: Role): Problem[] {
  const { over, neverOver, relation, who } = role;
  if (relation === undefined && isNever(who)) {
    return [found(role, 'warning', `nobody ever has the role ${role.name}`)];
  }
  if (neverOver !== undefined && implies(over, neverOver)) {
    return [found(role, 'warning', `${role.name} is over nobody: "never over" is wider`)];
  }
  return [];
}

/** Nothing but a person makes an administrator. */
function made({ who }: Role, { groups, kinds, journeys }: Policy): Problem[] {
  const names = partsOf(who).flatMap((part) => (part.is === 'group' ? part.groups : []));
  const by = (at: Phrase, name: string, how: string) =>
    found(at, 'error', `${name} makes administrators: nobody gets into it by ${how}`);
  return names.flatMap((name) => [
    ...groups
      .filter((group) => group.name === name && group.rule !== undefined)
      .map((group) => by(group, name, 'a rule')),
    ...kinds
      .filter(({ gets }) => gets.includes(name))
      .map((kind) => by(kind, name, `being of the kind ${kind.name}`)),
    ...journeys.flatMap(({ rules }) =>
      rules
        .flatMap(({ steps }) => steps)
        .filter((step) => step.verb === 'join' && step.groups.includes(name))
        .map((step) => by(step, name, 'a step of a journey')),
    ),
  ]);
}

/** What people write themselves makes nobody anything. */
function givenToOneself(policy: Policy): Problem[] {
  const own = new Set(ownAttributes);
  return waysIn(policy).flatMap(({ role, group, at, attributes }) =>
    attributes
      .filter((word) => own.has((policy.words[word] ?? word).toLowerCase()))
      .map((word) => {
        const through = group === undefined ? '' : ` through the group ${group}`;
        const message = `everybody writes their own ${word}, and so could give themselves the role ${role}${through}`;
        return found({ at, text: '' }, 'error', message);
      }),
  );
}
