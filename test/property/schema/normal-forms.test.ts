/** Normal forms hold for any value: stable, in order, and consistent with substrings. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { builtinSchema } from '../../../src/directory/schema/index.js';
import { seed } from '../../support/seed.js';

const options = { seed: seed(), numRuns: 300 };
const schema = builtinSchema();

function normalizer(name: string): (value: Buffer) => Buffer | undefined {
  const rule = schema.matchingRule(name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return rule.normalize;
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('a', 'B', ' ', '  ', 'é', 'ß', 'Σ', '\u00ad', '\u0301') }),
);

describe('strings', () => {
  test.each(['caseIgnoreMatch', 'caseExactMatch', 'numericStringMatch', 'telephoneNumberMatch'])(
    'the normal form of a normal form of %s is itself',
    (name) => {
      const normalize = normalizer(name);
      fc.assert(
        fc.property(text, (value) => {
          const once = normalize(Buffer.from(value));
          if (once === undefined) return;
          const twice = normalize(once);
          expect(twice?.toString()).toBe(once.toString());
        }),
        options,
      );
    },
  );

  test('case and outer spaces never matter to caseIgnoreMatch', () => {
    const normalize = normalizer('caseIgnoreMatch');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (value) => {
        const expected = normalize(Buffer.from(value));
        expect(normalize(Buffer.from(`  ${value.toUpperCase()} `))).toEqual(expected);
        expect(normalize(Buffer.from(value.toLowerCase()))).toEqual(expected);
      }),
      options,
    );
  });

  test('any bytes are normalised or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        for (const rule of schema.matchingRules) {
          rule.normalize(Buffer.from(bytes));
          rule.normalizeAssertion?.(Buffer.from(bytes));
          rule.normalizePiece?.(Buffer.from(bytes), 'any');
        }
        for (const syntax of schema.syntaxes) syntax.validate(Buffer.from(bytes));
      }),
      options,
    );
  });

  test('the pieces of a value are found in it, in order', () => {
    const rule = schema.matchingRule('caseIgnoreSubstringsMatch');
    const piece = rule?.normalizePiece;
    if (rule === undefined || piece === undefined) throw new Error('no rule');
    const part = fc
      .tuple(fc.nat(2), fc.string({ unit: fc.constantFrom('a', 'B', ' ', 'é') }), fc.nat(2))
      .map(([head, middle, tail]) => `${' '.repeat(head)}x${middle}x${' '.repeat(tail)}`);
    fc.assert(
      fc.property(part, part, part, (first, middle, last) => {
        const stored = rule.normalize(Buffer.from(first + middle + last))?.toString() ?? '';
        const initial = piece(Buffer.from(first), 'initial')?.toString() ?? '?';
        const any = piece(Buffer.from(middle), 'any')?.toString() ?? '?';
        const final = piece(Buffer.from(last), 'final')?.toString() ?? '?';
        expect(stored.startsWith(initial)).toBe(true);
        const at = stored.indexOf(any, initial.length);
        expect(at).toBeGreaterThanOrEqual(initial.length);
        expect(stored.endsWith(final)).toBe(true);
        expect(at + any.length + final.length).toBeLessThanOrEqual(stored.length);
      }),
      options,
    );
  });
});

describe('order', () => {
  test('integers order by their keys as they do by value', () => {
    const normalize = normalizer('integerOrderingMatch');
    const integer = fc.oneof(fc.bigInt(), fc.bigInt({ min: -200n, max: 200n }));
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        const x = normalize(Buffer.from(String(a)))!;
        const y = normalize(Buffer.from(String(b)))!;
        expect(Math.sign(Buffer.compare(x, y))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
      options,
    );
  });

  test('instants order by their keys as they do in time, whatever their zone', () => {
    const normalize = normalizer('generalizedTimeOrderingMatch');
    const instant = fc.record({
      ms: fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9000, 0, 1) }),
      offset: fc.integer({ min: -1439, max: 1439 }),
    });
    const two = (number: number): string => String(number).padStart(2, '0');
    const write = ({ ms, offset }: { ms: number; offset: number }): Buffer => {
      const local = new Date(ms + offset * 60_000).toISOString().replaceAll(/[-:TZ]/g, '');
      const minutes = Math.abs(offset);
      const zone = two(Math.floor(minutes / 60)) + two(minutes % 60);
      return Buffer.from(`${local}${offset < 0 ? '-' : '+'}${zone}`);
    };
    fc.assert(
      fc.property(instant, instant, fc.boolean(), (a, b, close) => {
        const other = close ? { ms: a.ms + (b.ms % 3), offset: b.offset } : b;
        const x = normalize(write(a))!;
        const y = normalize(write(other))!;
        expect(Math.sign(Buffer.compare(x, y))).toBe(Math.sign(a.ms - other.ms));
      }),
      options,
    );
  });
});
