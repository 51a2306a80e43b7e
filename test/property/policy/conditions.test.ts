import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../../../src/policy/core/conditions/index.js';
import {
  type Condition,
  implies,
  isNever,
  sayCondition,
} from '../../../src/policy/core/language/index.js';
import { person, policyFrom } from '../../support/policy.js';
import { seed } from '../../support/seed.js';

const document = `tenure: 1
kinds: {k1: {who: type is a}, k2: {who: type is b or c}, k3: {who: everyone}}
roles: {r: {who: group g, may: reset}}
`;
const policy = policyFrom(document);
const some = (...names: string[]) => fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 });

const one: fc.Arbitrary<Condition> = fc.oneof(
  fc.constant({ is: 'everyone' } as const),
  fc.constant({ is: 'held' } as const),
  fc.constant({ is: 'never seen' } as const),
  some('k1', 'k2', 'k3').map((kinds) => ({ is: 'kind', kinds }) as const),
  some('a', 'b', 'or', 'x, y', 'two words').map(
    (values) => ({ is: 'value', attribute: 'employeetype', values }) as const,
  ),
  fc.constantFrom('manager', 'title').map((attribute) => ({ is: 'present', attribute }) as const),
  some('g', 'h').map((groups) => ({ is: 'group', groups }) as const),
  fc.constantFrom('ou=a', 'ou=a,dc=b').map((base) => ({ is: 'below', base }) as const),
  fc.constantFrom({ is: 'role' } as const, { is: 'role', role: 'r' } as const),
);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    one,
    tie('condition').map((of): Condition => ({ is: 'not', of })),
    fc
      .tuple(
        fc.constantFrom('and' as const, 'or' as const),
        fc.array(tie('condition'), { minLength: 2, maxLength: 3 }),
      )
      .map(([is, of]): Condition => ({ is, of })),
  ),
}));

const somebody = fc
  .record({
    type: fc.constantFrom('a', 'b', 'c', 'd'),
    title: fc.boolean(),
    group: fc.constantFrom('g', 'h', 'i'),
    held: fc.boolean(),
    below: fc.constantFrom('ou=a', 'ou=z'),
  })
  .map(({ type, title, group, held, below }) =>
    person({
      attributes: { employeetype: [type], ...(title && { title: ['x'] }) },
      groups: [group],
      below: [below],
      facts: held ? { holds: [{ matter: 'm', by: 'x', since: '1999-01-01' }] } : {},
    }),
  );

const now = 2_000_000_000;
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

test('a condition that is said and read again asks the same', () => {
  fc.assert(
    fc.property(condition, fc.array(somebody, { minLength: 1, maxLength: 5 }), (asked, people) => {
      const text = sayCondition(asked);
      const step = `journeys: {j: {at end: [${quoted(`tell admins x if ${text}`)}]}}`;
      const { when } = policyFrom(`${document}${step}`).journeys[0]!.rules[0]!.steps[0]!;
      for (const who of people) {
        expect([text, holds(when!, who, policy, now)]).toEqual([
          text,
          holds(asked, who, policy, now),
        ]);
      }
    }),
    { seed: seed(), numRuns: 150 },
  );
});

test('what is said to follow does follow, and what is said never to hold holds of nobody', () => {
  fc.assert(
    fc.property(condition, condition, somebody, (a, b, who) => {
      if (isNever(a)) expect(holds(a, who, policy, now)).toBe(false);
      if (implies(a, b) && holds(a, who, policy, now))
        expect(holds(b, who, policy, now)).toBe(true);
    }),
    { seed: seed(), numRuns: 3000 },
  );
});
