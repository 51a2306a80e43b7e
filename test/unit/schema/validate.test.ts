/** Whole entries: what is refused, with which code and which words. */
import { describe, expect, test } from '@jest/globals';
import {
  type AttributeDescription,
  builtinSchema,
  duplicateValue,
  validateEntry,
} from '../../../src/directory/schema/index.js';
import { LdapError } from '../../../src/runtime/errors.js';

const schema = builtinSchema();

type Values = Record<string, readonly (string | Buffer)[]>;

function described(name: string): AttributeDescription {
  const description = schema.describe(name);
  if (description === undefined) throw new Error(`no attribute ${name}`);
  return description;
}

function check(values: Values, elsewhere?: readonly string[]): string {
  const attributes = new Map(
    Object.entries(values).map(([name, list]) => {
      const description = described(name);
      return [description.key, { description, values: list.map((value) => Buffer.from(value)) }];
    }),
  );
  const kind = schema.kind((values['objectClass'] ?? []).map(String));
  try {
    validateEntry(
      schema,
      kind,
      attributes,
      elsewhere && new Set(elsewhere.map((name) => described(name).type)),
    );
  } catch (error) {
    if (error instanceof LdapError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'valid';
}

const alice: Values = { objectClass: ['inetOrgPerson'], cn: ['Alice'], sn: ['A'], uid: ['alice'] };

describe('a whole entry', () => {
  test('a person is valid, with operational attributes and tags too', () => {
    expect(check(alice)).toBe('valid');
    expect(check({ ...alice, 'cn;lang-de': ['Alice'], modifyTimestamp: ['20260101000000Z'] })).toBe(
      'valid',
    );
    expect(check({ objectClass: ['groupOfNames'], cn: ['empty'] })).toBe('valid');
    expect(check({ objectClass: ['posixGroup'], cn: ['g'], gidNumber: ['1'] })).toBe('valid');
  });

  test.each<[string, Values, string]>([
    [
      'a required attribute is missing',
      { objectClass: ['inetOrgPerson'], cn: ['A'] },
      'objectClassViolation: sn: missing, and required by object class person',
    ],
    [
      'an attribute is not allowed',
      { ...alice, uidNumber: ['1'] },
      'objectClassViolation: uidNumber: not allowed by the object classes of the entry ' +
        '(inetOrgPerson, organizationalPerson, person, top)' +
        '; add object class posixAccount or nisKeyObject',
    ],
    [
      'a value breaks its syntax',
      { ...alice, objectClass: ['inetOrgPerson', 'shadowAccount'], shadowExpire: ['soon'] },
      'invalidAttributeSyntax: shadowExpire: value "soon" ' +
        'is not an integer (digits without leading zeros)',
    ],
    [
      'two values of a single-valued attribute',
      { ...alice, displayName: ['a', 'b'] },
      'constraintViolation: displayName: may have one value only, not 2',
    ],
    [
      'a value too long',
      { ...alice, uid: ['x'.repeat(257)] },
      'constraintViolation: uid: a value has 257 characters, at most 256 are allowed',
    ],
    [
      'equal values',
      { ...alice, mail: ['a@b', 'A@B'] },
      'attributeOrValueExists: mail: value "A@B" is given twice',
    ],
  ])('%s', (_, values, message) => {
    expect(check(values)).toBe(message);
  });

  test('length counts characters, not bytes', () => {
    expect(check({ ...alice, uid: ['ü'.repeat(256)] })).toBe('valid');
    expect(check({ ...alice, uid: ['ü'.repeat(257)] })).toContain('257 characters');
  });

  test('secret, binary and long values are not repeated in the message', () => {
    const twice = check({ ...alice, userPassword: ['hunter2', 'hunter2'] });
    expect(twice).toBe('attributeOrValueExists: userPassword: value 2 is given twice');
    expect(check({ ...alice, jpegPhoto: ['not a photo'] })).toBe(
      'invalidAttributeSyntax: jpegPhoto: value 1 is not a JPEG image',
    );
    expect(check({ ...alice, telephoneNumber: ['_'.repeat(100)] })).not.toContain('___');
  });

  test('what is kept apart counts as present, and must be allowed', () => {
    const service: Values = { objectClass: ['account', 'simpleSecurityObject'], uid: ['app'] };
    expect(check(service)).toContain('userPassword: missing');
    expect(check(service, ['userPassword'])).toBe('valid');
    expect(check(service, ['userPassword', 'member'])).toContain('member: not allowed');
  });

  test('extensibleObject allows any attribute', () => {
    expect(check({ objectClass: ['device', 'extensibleObject'], cn: ['x'], uid: ['y'] })).toBe(
      'valid',
    );
  });

  test('repeats are found by the equality rule, or by bytes where there is none', () => {
    const bytes = (list: string[]): Buffer[] => list.map((text) => Buffer.from(text));
    expect(duplicateValue(described('cn').type, bytes(['a', 'b', 'A']))).toBe(2);
    expect(duplicateValue(described('memberUid').type, bytes(['a', 'A']))).toBe(-1);
    expect(duplicateValue(described('audio').type, bytes(['a', 'a']))).toBe(1);
    expect(duplicateValue(described('cn').type, bytes(['a']))).toBe(-1);
  });
});
