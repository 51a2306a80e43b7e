/** A policy out of its document: every mistake with its line and column, or the policy as data. */
import type { Policy } from '../core/language/index.js';
import { access } from './access.js';
import { checkPolicy } from './check.js';
import { company, companyWords } from './company.js';
import { complaintsOf, problem } from './complaints.js';
import { kinds, passwords } from './kinds.js';
import { audit, groups, guards, journeys, resources } from './rest.js';
import { roles } from './roles.js';
import { Section } from './section.js';
import { type MapNode, type Problem, readTree } from './tree.js';
import type { Names, Vocabulary } from './vocabulary.js';

export interface ReadPolicy {
  /** Undefined where there is any error. */
  readonly policy: Policy | undefined;
  /** In the order of the document. */
  readonly problems: readonly Problem[];
}

/** Reads the document. `heard` is told of every value in a condition. Throws nothing. */
export function readPolicy(
  text: string,
  vocabulary: Vocabulary,
  heard?: Names['heard'],
): ReadPolicy {
  const { root, problems } = readTree(text);
  if (root === undefined) return { policy: undefined, problems };
  if (root.is !== 'map') {
    const message = 'a policy is a document of keys and values that begins with "tenure: 1"';
    return { policy: undefined, problems: [problem({ line: 1, column: 1 }, message)] };
  }
  problems.push(...complaintsOf(root));
  const policy = build(root, vocabulary, problems, heard);
  if (problems.length === 0) problems.push(...checkPolicy(policy));
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  const wrong = problems.some(({ severity }) => severity === 'error');
  return { policy: wrong ? undefined : policy, problems };
}

function build(
  root: MapNode,
  vocabulary: Vocabulary,
  problems: Problem[],
  heard: Names['heard'],
): Policy {
  const whole = new Section(root, problems);
  const part = (key: string) => whole.section(key);
  const keysOf = (key: string) => part(key).keys.map(({ text }) => text);
  const names: Names = {
    words: companyWords(part('words'), vocabulary),
    kinds: keysOf('kinds'),
    journeys: keysOf('journeys'),
    roles: keysOf('roles'),
    vocabulary,
    heard,
  };
  const habits = company(part('company'));
  return {
    company: habits,
    words: names.words,
    kinds: kinds(part('kinds'), names, habits),
    passwords: passwords(part('passwords'), names),
    journeys: journeys(part('journeys'), names),
    groups: groups(part('groups'), names),
    roles: roles(part('roles'), names),
    resources: resources(part('resources'), names),
    guards: guards(part('guards'), names),
    audit: audit(part('audit')),
    ...(whole.node('access') === undefined ? {} : { access: access(part('access'), names) }),
  };
}
