/** Any filter, written as text, parses to itself; any text parses or has a column. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Filter } from '../../../src/directory/model/filter.js';
import { FilterSyntaxError, formatFilter, parseFilter } from '../../../src/directory/text/index.js';
import { seed } from '../../support/seed.js';

const run = { seed: seed(), numRuns: 500 };

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 30 }).map((b) => Buffer.from(b)),
  fc
    .string({ unit: fc.constantFrom(...'a\x80\x9f\xa0éÂ\u2028😀\n') })
    .map((text) => Buffer.from(text)),
  fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => Buffer.from(text)),
  fc
    .string({ unit: fc.constantFrom('(', ')', '*', '\\', '\0', ' ', 'a') })
    .map((t) => Buffer.from(t)),
);
const some = bytes.filter((value) => value.length > 0);
const attribute = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,10}(;[a-z-]{1,6})?$/);
const rule = fc.constantFrom('caseExactMatch', '2.5.13.2', '1.2.840.113556.1.4.1941');
const perhaps = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const leaf = fc.oneof(
  fc.record({
    kind: fc.constantFrom('equality', 'greaterOrEqual', 'lessOrEqual', 'approx'),
    attribute,
    value: bytes,
  }),
  fc.record({ kind: fc.constant('present'), attribute }),
  fc
    .record({
      kind: fc.constant('substrings'),
      attribute,
      initial: perhaps(some),
      any: fc.array(some, { maxLength: 3 }),
      final: perhaps(some),
    })
    .filter((f) => f.initial !== undefined || f.final !== undefined || f.any.length > 0),
  fc
    .record({
      kind: fc.constant('extensible'),
      rule: perhaps(rule),
      attribute: perhaps(attribute),
      value: bytes,
      dnAttributes: fc.boolean(),
    })
    .filter((f) => f.rule !== undefined || f.attribute !== undefined),
) as fc.Arbitrary<Filter>;

const filter = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      filters: fc.array(tie('filter'), { maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('not' as const), filter: tie('filter') }),
  ),
})).filter;

test('format, then parse', () => {
  fc.assert(
    fc.property(filter, (wanted) => {
      const text = formatFilter(wanted);
      expect(text).not.toMatch(/\p{Cc}/u);
      expect(parseFilter(text)).toEqual(wanted);
    }),
    run,
  );
});

test('any text parses to what writes back the same, or has a column inside it', () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'()&|!=~<>:*\\2a cé.;') }),
    fc
      .tuple(filter, fc.nat(), fc.constantFrom('(', ')', '*', '\\', ':', '', 'é'))
      .map(([wanted, at, piece]) => {
        const whole = formatFilter(wanted);
        const start = at % whole.length;
        return whole.slice(0, start) + piece + whole.slice(start + 1);
      }),
  );
  let refused = 0;
  let read = 0;
  fc.assert(
    fc.property(text, (typed) => {
      let parsed: Filter;
      try {
        parsed = parseFilter(typed);
      } catch (error) {
        if (!(error instanceof FilterSyntaxError)) throw error;
        refused++;
        expect(error.column).toBeGreaterThanOrEqual(1);
        expect(error.column).toBeLessThanOrEqual([...typed].length + 1);
        return;
      }
      read++;
      expect(parseFilter(formatFilter(parsed))).toEqual(parsed);
    }),
    run,
  );
  expect(refused).toBeGreaterThan(0);
  expect(read).toBeGreaterThan(0);
});
