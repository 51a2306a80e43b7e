/** Definitions as text (RFC 4512 §4.1): what is read, what is written, what an error says. */
import { describe, expect, test } from '@jest/globals';
import {
  formatAttributeDefinition,
  formatClassDefinition,
  parseAttributeDefinition,
  parseClassDefinition,
} from '../../../src/directory/schema/definition.js';
import { builtinSchema } from '../../../src/directory/schema/index.js';
import { LdapError } from '../../../src/runtime/errors.js';

function errorOf(run: () => unknown): LdapError {
  try {
    run();
  } catch (error) {
    if (error instanceof LdapError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('attribute type definitions', () => {
  test('every field is read', () => {
    const text = `( 1.2.3 NAME ( 'a' 'b-2' ) DESC 'it\\27s \\5C' OBSOLETE SUP name
      EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch
      SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{64} SINGLE-VALUE COLLECTIVE NO-USER-MODIFICATION
      USAGE dSAOperation X-ORIGIN ( 'x' 'y' ) X-SECRET 'TRUE' )`;
    const parsed = parseAttributeDefinition(text, 'test');
    expect(parsed).toMatchObject({
      oid: '1.2.3',
      names: ['a', 'b-2'],
      description: "it's \\",
      obsolete: true,
      sup: 'name',
      equality: 'caseIgnoreMatch',
      ordering: 'caseIgnoreOrderingMatch',
      substring: 'caseIgnoreSubstringsMatch',
      syntax: '1.3.6.1.4.1.1466.115.121.1.15',
      lengthMax: 64,
      singleValue: true,
      collective: true,
      noUserModification: true,
      usage: 'dSAOperation',
    });
    expect([...parsed.extensions]).toEqual([
      ['X-ORIGIN', ['x', 'y']],
      ['X-SECRET', ['TRUE']],
    ]);
    const written = formatAttributeDefinition(parsed);
    expect(parseAttributeDefinition(written, 'again')).toEqual(parsed);
    expect(written).toContain("DESC 'it\\27s \\5C'");
  });

  test('quoted OIDs and fields in any order are read: schema files have them', () => {
    const text = "( 1.2.3 SYNTAX '1.2.3.4' NAME a DESC 'x' )";
    expect(parseAttributeDefinition(text, 'test')).toMatchObject({
      names: ['a'],
      syntax: '1.2.3.4',
    });
  });

  test.each([
    ['1.2.3', 'expected "("'],
    ['( )', 'expected a numeric OID, not ")" at character 3'],
    ['( name )', 'expected a numeric OID, not "name" at character 3'],
    ["( 1.2.3 NAME 'a' NAME 'b' )", 'unexpected "NAME" at character 18'],
    ["( 1.2.3 NAME 'a b' )", '"a b" is no name at character 14'],
    ["( 1.2.3 NAME 'a )", 'a quotation mark is never closed at character 14'],
    ['( 1.2.3 WHATEVER x )', 'unknown keyword "WHATEVER" at character 9'],
    ['( 1.2.3 SYNTAX abc )', 'expected a syntax OID, not "abc" at character 16'],
    ['( 1.2.3 USAGE never )', 'unknown usage "never"'],
    ['( 1.2.3 SINGLE-VALUE', 'expected a keyword or ")", but the definition ends'],
    ['( 1.2.3 ) x', 'something follows the closing ")" at character 11'],
    ["( 1.2.3 DESC 'a\\99' )", '"\\" must be \\27 or \\5C'],
    ['', 'expected "(", but the definition ends'],
  ])('%j is refused: %s', (text, message) => {
    const error = errorOf(() => parseAttributeDefinition(text, 'my.schema'));
    expect(error.code).toBe('invalidAttributeSyntax');
    expect(error.message).toContain('my.schema: attribute type definition');
    expect(error.message).toContain(message);
  });
});

describe('object class definitions', () => {
  test('every field is read', () => {
    const text = "( 1.2.3 NAME 'c' DESC 'd' SUP ( a $ b ) AUXILIARY MUST x MAY ( y $ 2.5.4.3 ) )";
    const parsed = parseClassDefinition(text, 'test');
    expect(parsed).toMatchObject({
      sups: ['a', 'b'],
      kind: 'AUXILIARY',
      must: ['x'],
      may: ['y', '2.5.4.3'],
    });
    expect(formatClassDefinition(parsed)).toBe(text);
  });

  test('a class is structural unless it says otherwise', () => {
    expect(parseClassDefinition("( 1.2.3 NAME 'c' )", 'test').kind).toBe('STRUCTURAL');
  });

  test.each([
    ['( 1.2.3 MUST ( a b ) )', 'expected "$" at character 18'],
    ['( 1.2.3 MAY ( a $ ) )', 'expected a name or an OID, not ")"'],
    ['( 1.2.3 SYNTAX 1.2 )', 'unknown keyword "SYNTAX"'],
  ])('%j is refused: %s', (text, message) => {
    expect(errorOf(() => parseClassDefinition(text, 'f')).message).toContain(message);
  });
});

describe('the published definitions', () => {
  const published = builtinSchema().publish();

  test.each([...published.attributeTypes])('%s parses to itself', (text) => {
    expect(formatAttributeDefinition(parseAttributeDefinition(text, 'published'))).toBe(text);
  });

  test.each([...published.objectClasses])('%s parses to itself', (text) => {
    expect(formatClassDefinition(parseClassDefinition(text, 'published'))).toBe(text);
  });
});
