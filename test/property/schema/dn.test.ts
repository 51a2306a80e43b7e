/** Names: what is written is read back, and the quick way agrees with the full parser. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatDn, parseDn } from '../../../src/directory/model/dn.js';
import { builtinSchema, dnFault, normalizeDn } from '../../../src/directory/schema/index.js';
import { seed } from '../../support/seed.js';

const options = { seed: seed(), numRuns: 500 };
const schema = builtinSchema();

const type = fc.constantFrom('cn', 'CN', 'uid', 'ou', 'dc', '2.5.4.3', 'x-own', 'memberUid');
const ava = fc.record({
  type,
  value: fc.string({ minLength: 1 }).map((text) => Buffer.from(text)),
});
const rdns = fc.array(fc.record({ avas: fc.array(ava, { minLength: 1, maxLength: 3 }) }), {
  maxLength: 5,
});

/** Text made of what matters in names, so that it is often nearly one. */
const nearly = fc
  .array(
    fc.constantFrom(
      ...[
        'cn',
        'uid=a',
        'ou=B',
        ',',
        ' ',
        '=',
        '+',
        '\\',
        '"',
        '#',
        ';',
        'x',
        'ü',
        '\\2c',
        '\\ ',
        '0',
      ],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('names', () => {
  test('parsing undoes formatting', () => {
    fc.assert(
      fc.property(rdns, (names) => {
        const parsed = parseDn(formatDn(names));
        expect('fault' in parsed).toBe(false);
        if ('fault' in parsed) return;
        expect(parsed.rdns.map((rdn) => rdn.avas)).toEqual(names.map((rdn) => rdn.avas));
      }),
      options,
    );
  });

  test('pieces of text joined by commas are the same name', () => {
    fc.assert(
      fc.property(rdns, (names) => {
        const text = formatDn(names);
        const normal = normalizeDn(schema, text);
        if (normal === undefined) return;
        const again = normal.rdns.map((rdn) => rdn.text).join(' , ');
        expect(normalizeDn(schema, again)?.key).toBe(normal.key);
      }),
      options,
    );
  });

  test('the quick way and the full parser agree on any text', () => {
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string()), (text) => {
        const normal = normalizeDn(schema, text);
        expect(normal === undefined).toBe(dnFault(schema, text) !== undefined);
        const parsed = parseDn(text);
        if (normal === undefined || 'fault' in parsed) return;
        expect(normal.rdns.map((rdn) => rdn.text)).toEqual(parsed.rdns.map((rdn) => rdn.text));
        // An escaped copy of each value takes the full parser: the keys must not differ.
        const escaped = parsed.rdns
          .map((rdn) =>
            rdn.avas.map((part) => `${part.type}=${[...part.value].map(hex).join('')}`).join('+'),
          )
          .join(',');
        expect(normalizeDn(schema, escaped)?.key).toBe(normal.key);
      }),
      options,
    );
  });
});

function hex(byte: number): string {
  return `\\${byte.toString(16).padStart(2, '0')}`;
}
