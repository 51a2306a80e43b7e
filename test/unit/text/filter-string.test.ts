/** Filter strings: the examples of RFC 4515 §4, what is forgiven, and what each error says. */
import { describe, expect, test } from '@jest/globals';
import type { Filter } from '../../../src/directory/model/filter.js';
import { FilterSyntaxError, formatFilter, parseFilter } from '../../../src/directory/text/index.js';
import { defaultLimits } from '../../../src/runtime/limits.js';

function equality(attribute: string, value: string | Buffer): Filter {
  return { kind: 'equality', attribute, value: Buffer.from(value as string) };
}

function substrings(
  attribute: string,
  initial: string | undefined,
  any: string[],
  final: string | undefined,
): Filter {
  return {
    kind: 'substrings',
    attribute,
    initial: initial === undefined ? undefined : Buffer.from(initial),
    any: any.map((value) => Buffer.from(value)),
    final: final === undefined ? undefined : Buffer.from(final),
  };
}

function extensible(
  attribute: string | undefined,
  dnAttributes: boolean,
  rule: string | undefined,
  value: string,
): Filter {
  return { kind: 'extensible', attribute, rule, dnAttributes, value: Buffer.from(value) };
}

describe('RFC 4515 §4', () => {
  const examples: [string, Filter][] = [
    ['(cn=Babs Jensen)', equality('cn', 'Babs Jensen')],
    ['(!(cn=Tim Howes))', { kind: 'not', filter: equality('cn', 'Tim Howes') }],
    [
      '(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))',
      {
        kind: 'and',
        filters: [
          equality('objectClass', 'Person'),
          {
            kind: 'or',
            filters: [equality('sn', 'Jensen'), substrings('cn', 'Babs J', [], undefined)],
          },
        ],
      },
    ],
    ['(o=univ*of*mich*)', substrings('o', 'univ', ['of', 'mich'], undefined)],
    ['(seeAlso=)', equality('seeAlso', '')],
    [
      '(cn:caseExactMatch:=Fred Flintstone)',
      extensible('cn', false, 'caseExactMatch', 'Fred Flintstone'),
    ],
    ['(cn:=Betty Rubble)', extensible('cn', false, undefined, 'Betty Rubble')],
    ['(sn:dn:2.4.6.8.10:=Barney Rubble)', extensible('sn', true, '2.4.6.8.10', 'Barney Rubble')],
    ['(o:dn:=Ace Industry)', extensible('o', true, undefined, 'Ace Industry')],
    ['(:1.2.3:=Wilma Flintstone)', extensible(undefined, false, '1.2.3', 'Wilma Flintstone')],
    ['(:DN:2.4.6.8.10:=Dino)', extensible(undefined, true, '2.4.6.8.10', 'Dino')],
    [
      '(o=Parens R Us \\28for all your parenthetical needs\\29)',
      equality('o', 'Parens R Us (for all your parenthetical needs)'),
    ],
    ['(cn=*\\2A*)', substrings('cn', undefined, ['*'], undefined)],
    ['(filename=C:\\5cMyFile)', equality('filename', 'C:\\MyFile')],
    ['(bin=\\00\\00\\00\\04)', equality('bin', Buffer.from([0, 0, 0, 4]))],
    ['(sn=Lu\\c4\\8di\\c4\\87)', equality('sn', 'Lučić')],
    [
      '(1.3.6.1.4.1.1466.0=\\04\\02\\48\\69)',
      equality('1.3.6.1.4.1.1466.0', Buffer.from('\x04\x02Hi')),
    ],
  ];

  test.each(examples)('%s', (text, filter) => {
    expect(parseFilter(text)).toEqual(filter);
    expect(parseFilter(formatFilter(filter))).toEqual(filter);
  });

  test('RFC 4526 true and false, presence, and the other comparisons', () => {
    expect(parseFilter('(&)')).toEqual({ kind: 'and', filters: [] });
    expect(parseFilter('(|)')).toEqual({ kind: 'or', filters: [] });
    expect(parseFilter('(cn=*)')).toEqual({ kind: 'present', attribute: 'cn' });
    expect(parseFilter('(cn=**)')).toEqual({ kind: 'present', attribute: 'cn' });
    expect(parseFilter('(cn=a**b)')).toEqual(substrings('cn', 'a', [], 'b'));
    const value = Buffer.from('5');
    expect(parseFilter('(a>=5)')).toEqual({ kind: 'greaterOrEqual', attribute: 'a', value });
    expect(parseFilter('(a<=5)')).toEqual({ kind: 'lessOrEqual', attribute: 'a', value });
    expect(parseFilter('(a~=5)')).toEqual({ kind: 'approx', attribute: 'a', value });
    expect(parseFilter('(cn;lang-de=a=b:=~c)')).toEqual(equality('cn;lang-de', 'a=b:=~c'));
  });
});

describe('what people type', () => {
  test.each([
    ['cn=x', '(cn=x)'],
    [' \t(cn=x)\r\n', '(cn=x)'],
    ['cn=x y \n', '(cn=x y)'],
    ['&(a=1)(b=2)', '(&(a=1)(b=2))'],
    ['!(a=1)', '(!(a=1))'],
    ['( & ( a=1 ) (|(b=2) (c=3)\n) )', '(&(a=1 )(|(b=2)(c=3)))'],
    ['( ! (cn =x))', '(!(cn=x))'],
    ['( cn : dn : 2.5.13.5 :=x)', '(cn:dn:2.5.13.5:=x)'],
    ['(cn= x )', '(cn= x )'],
    ['memberOf=cn=a,dc=b', '(memberOf=cn=a,dc=b)'],
    ['(sn=Lučić)', '(sn=Lučić)'],
  ])('%j', (text, canonical) => {
    expect(formatFilter(parseFilter(text))).toBe(canonical);
  });
});

test('what is written is safe to print and exact', () => {
  const value = Buffer.from([0x41, 0x00, 0x28, 0x29, 0x2a, 0x5c, 0x1b, 0x7f, 0x42]);
  const text = '(cn=A\\00\\28\\29\\2a\\5c\\1b\\7fB)';
  expect(formatFilter({ kind: 'equality', attribute: 'cn', value })).toBe(text);
  const notUtf8 = Buffer.from([0xc4, 0x8d, 0xff]);
  expect(formatFilter({ kind: 'approx', attribute: 'cn', value: notUtf8 })).toBe(
    '(cn~=\\c4\\8d\\ff)',
  );
  expect(formatFilter(substrings('cn', 'č(', ['a', 'b'], 'c'))).toBe('(cn=č\\28*a*b*c)');
});

describe('errors', () => {
  const faults: [text: string, column: number, message: RegExp][] = [
    ['', 1, /empty; \(objectClass=\*\)/],
    ['  ', 1, /empty/],
    ['(cn=x', 1, /no "\)" for this "\("/],
    ['(&(cn=x)', 1, /no "\)" for this "\("/],
    ['(&(cn=é)(sn=y', 9, /no "\)" for this "\("/],
    ['(cn=x))', 7, /no "\(" for this "\)".*\\29/],
    ['cn=x)', 5, /no "\(" for this "\)"/],
    ['(cn=x)(sn=y)', 7, /join several/],
    ['(&(cn=x)sn=y)', 9, /expected "\)"/],
    ['()', 2, /expected an attribute name/],
    ['cn', 3, /expected an attribute name/],
    ['(cn)', 4, /expected an attribute name/],
    ['(=x)', 2, /name of an attribute/],
    ['(cn>x)', 4, /one of = ~= >= <= :=/],
    ['(c n=x)', 2, /"c n" cannot be the name/],
    ['(né=x)', 2, /"né" cannot be the name/],
    ['(!)', 3, /"!" must be followed/],
    ['(!cn=x)', 3, /\(!\(\.\.\.\)\)/],
    ['(!(a=1)(b=2))', 8, /expected "\)"/],
    ['(cn=éé\\zz)', 7, /two hex digits/],
    ['(cn=\\c4\\8d\\4)', 11, /two hex digits/],
    ['(cn=x\\', 6, /two hex digits/],
    ['(cn=\\c4\\8da(b)', 12, /"\(" inside this value must be written \\28/],
    ['(cn>=a*)', 7, /"\*" inside this value must be written \\2a/],
    ['(cn=a\0)', 6, /a NUL inside this value must be written \\00/],
    ['(:=x)', 2, /needs an attribute or a matching rule/],
    ['(:dn:=x)', 2, /needs an attribute or a matching rule/],
    ['(cn:dn)', 7, /expected ":="/],
    ['(cn::=x)', 5, /name of a matching rule/],
    ['(cn:a:b:=x)', 7, /\(attr:dn:rule:=value\)/],
    ['(cn:a b:=x)', 5, /"a b" cannot be the name of a matching rule/],
  ];

  test.each(faults)('%j', (text, column, message) => {
    let error: unknown;
    try {
      parseFilter(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(FilterSyntaxError);
    expect((error as Error).message).toMatch(message);
    expect((error as FilterSyntaxError).column).toBe(column);
  });

  test('depth and size are bounded, and what is inside the bounds is read', () => {
    const nested = (depth: number) => `${'(!'.repeat(depth - 1)}(a=b)${')'.repeat(depth - 1)}`;
    const { filterDepthMax, filterElementsMax } = defaultLimits;
    expect(formatFilter(parseFilter(nested(filterDepthMax)))).toBe(nested(filterDepthMax));
    expect(() => parseFilter(nested(filterDepthMax + 1))).toThrow('nested 64 deep');
    expect(() => parseFilter('('.repeat(100_000))).toThrow(FilterSyntaxError);
    expect(() => parseFilter('(&'.repeat(100_000))).toThrow('nested 64 deep');
    const wide = (parts: number) => `(|${'(a=b)'.repeat(parts - 1)})`;
    expect(formatFilter(parseFilter(wide(filterElementsMax)))).toBe(wide(filterElementsMax));
    expect(() => parseFilter(wide(filterElementsMax + 1))).toThrow('4000 parts');
    const limits = { filterDepthMax: 2, filterElementsMax: 3 };
    expect(() => parseFilter('(|(a=b)(a=b)(a=b))', limits)).toThrow('3 parts');
    expect(() => parseFilter('(|(|(a=b)))', limits)).toThrow('nested 2 deep');
  });
});
