import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { companyOf20, companyOf300 } from '../../../src/policy/examples/index.js';
import { readPolicy } from '../../../src/policy/language/index.js';
import { vocabulary } from '../../support/policy.js';
import { seed } from '../../support/seed.js';

const pieces = [
  'at',
  'end',
  'before',
  'or',
  'and',
  'not',
  'is',
  'in',
  'kind',
  ',',
  ';',
  '"',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\n',
  '  ',
  '&a',
  '*a',
  '7',
  'days',
  '%',
  'if',
  'unless',
  'silence means',
  'tell',
  'ask',
  "'",
  '#',
  '\t',
];

/** A document with some of its letters exchanged for pieces of the language. */
const damaged = fc
  .tuple(
    fc.constantFrom<string[]>(companyOf20, companyOf300),
    fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.constantFrom(...pieces)), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([text, cuts]) =>
    cuts.reduce<string>((found, [at, length, piece]) => {
      const start = at % found.length;
      return found.slice(0, start) + piece + found.slice(start + length);
    }, text),
  );

test('a damaged document is read or refused with places that are in it, and never breaks', () => {
  fc.assert(
    fc.property(damaged, (text) => {
      const { policy, problems } = readPolicy(text, vocabulary);
      expect(policy === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
      const lines = text.split('\n');
      for (const { line, column } of problems) {
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
      }
    }),
    { seed: seed(), numRuns: 150 },
  );
});

test('the same document is the same policy, whatever was read before', () => {
  fc.assert(
    fc.property(damaged, (text) => {
      const before = readPolicy(companyOf300, vocabulary);
      readPolicy(text, vocabulary);
      expect(readPolicy(companyOf300, vocabulary)).toEqual(before);
    }),
    { seed: seed(), numRuns: 10 },
  );
});
