/** The shipped schema and what can be added to it. */
import { describe, expect, test } from '@jest/globals';
import {
  type AttributeType,
  builtinSchema,
  checkDefinition,
  loadSchema,
  type Schema,
  type SchemaFile,
} from '../../../src/directory/schema/index.js';
import { LdapError } from '../../../src/runtime/errors.js';

const schema = builtinSchema();

function type(name: string, from: Schema = schema): AttributeType {
  const found = from.attribute(name);
  if (found === undefined) throw new Error(`no attribute type ${name}`);
  return found;
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof LdapError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

function file(parts: Partial<SchemaFile>): SchemaFile {
  return { name: 'my.schema', attributeTypes: [], objectClasses: [], ...parts };
}

describe('the shipped schema', () => {
  test('ids are dense, and every name and OID finds its definition', () => {
    schema.attributes.forEach((attribute, i) => {
      expect(attribute.id).toBe(i);
      for (const name of [attribute.oid, ...attribute.names]) {
        expect(schema.attribute(name)).toBe(attribute);
        expect(schema.attribute(name.toUpperCase())).toBe(attribute);
      }
    });
    schema.objectClasses.forEach((cls, i) => {
      expect(cls.id).toBe(i);
      expect(schema.objectClass(cls.name.toUpperCase())).toBe(cls);
      if (cls.name !== 'top') expect(cls.superclasses.at(-1)?.name).toBe('top');
    });
  });

  test('every rule names a syntax that exists, and indexes have their rules', () => {
    for (const rule of schema.matchingRules) expect(schema.syntax(rule.syntaxOid)).toBeDefined();
    for (const attribute of schema.attributes) {
      if (attribute.index.equality) expect(attribute.equality).toBeDefined();
      if (attribute.index.substring) expect(attribute.substring).toBeDefined();
      if (attribute.index.ordering) expect(attribute.ordering).toBeDefined();
    }
  });

  test.each([
    ['2.5.4.3', 'cn'],
    ['0.9.2342.19200300.100.1.1', 'uid'],
    ['0.9.2342.19200300.100.1.25', 'dc'],
    ['1.3.6.1.1.1.1.12', 'memberUid'],
    ['1.3.6.1.1.16.4', 'entryUUID'],
    ['2.16.840.1.113730.3.1.241', 'displayName'],
    ['1.3.6.1.4.1.24552.500.1.1.1.13', 'sshPublicKey'],
    ['1.3.6.1.4.1.42.2.27.8.1.17', 'pwdAccountLockedTime'],
    ['1.3.6.1.4.1.63.1000.1.1.1.1.20', 'apple-generateduid'],
  ])('%s is %s', (oid, name) => {
    expect(type(oid).name).toBe(name);
  });

  test('subtypes inherit and are found from their supertypes', () => {
    expect(type('sn').equality).toBe(type('name').equality);
    expect(type('name').subtypes).toContain(type('givenName'));
    expect(type('distinguishedName').subtypes).toContain(type('member'));
    expect(type('c').syntax.description).toBe('Country String');
  });

  test('values are kept where they belong', () => {
    const stored = (names: string[]): string[] => names.map((name) => type(name).storage);
    expect(new Set(stored(['userPassword', 'sambaNTPassword', 'pwdHistory']))).toEqual(
      new Set(['secret']),
    );
    expect(new Set(stored(['member', 'uniqueMember', 'memberUid', 'manager', 'owner']))).toEqual(
      new Set(['edge']),
    );
    expect(new Set(stored(['entryUUID', 'modifyTimestamp']))).toEqual(new Set(['column']));
    expect(new Set(stored(['memberOf', 'entryDN', 'hasSubordinates']))).toEqual(
      new Set(['virtual']),
    );
    expect(new Set(stored(['cn', 'aliasedObjectName', 'pwdChangedTime', 'objectClass']))).toEqual(
      new Set(['body']),
    );
    // Operational, yet it follows the policy when that is renamed.
    expect(stored(['pwdPolicySubentry'])).toEqual(['edge']);
  });

  test('memberOf is a user attribute that nobody may write', () => {
    expect(type('memberOf')).toMatchObject({
      operational: false,
      noUserModification: true,
      dnValued: true,
    });
  });

  test('the subschema subentry shows everything once', () => {
    const published = schema.publish();
    expect(published.attributeTypes).toHaveLength(schema.attributes.length);
    expect(published.objectClasses).toHaveLength(schema.objectClasses.length);
    expect(published.matchingRules).toContain(
      "( 2.5.13.2 NAME 'caseIgnoreMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
    );
    expect(published.ldapSyntaxes).toContain(
      "( 1.3.6.1.4.1.1466.115.121.1.15 DESC 'Directory String' )",
    );
    const use = published.matchingRuleUse.find((text) => text.includes("'caseIgnoreMatch'"));
    expect(use).toMatch(/^\( 2\.5\.13\.2 NAME 'caseIgnoreMatch' APPLIES \( .*\bcn\b.* \) \)$/);
    expect(schema.publish()).toBe(published);
  });
});

describe('attribute descriptions', () => {
  test('options are lower-cased, sorted and counted once', () => {
    expect(schema.describe('COMMONNAME;x-b;LANG-de;lang-DE')).toMatchObject({
      text: 'cn;lang-de;x-b',
      key: 'cn;lang-de;x-b',
      options: ['lang-de', 'x-b'],
    });
    expect(schema.describe('2.5.4.3')).toBe(schema.describe('cn'));
    expect(schema.describe('CN')).toBe(schema.describe('cn'));
  });

  test('binary is the transfer encoding of certificates and nothing else', () => {
    expect(schema.describe('usercertificate')).toBe(schema.describe('userCertificate;BINARY'));
    expect(schema.describe('userCertificate')).toMatchObject({
      text: 'userCertificate;binary',
      key: 'usercertificate',
    });
    expect(schema.describe('cn;binary')).toBeUndefined();
  });

  test.each(['', 'nope', 'cn;', 'cn;foo', 'cn;;x-a', 'member;range=0-*', ' cn', 'cn;x-'])(
    '%j is nothing',
    (text) => {
      expect(schema.describe(text)).toBeUndefined();
      expect(schema.describe(text)).toBeUndefined();
    },
  );

  test('more names than are remembered change no answer', () => {
    for (let i = 0; i < 10_000; i += 1) schema.describe(`no-such-${i}`);
    expect(schema.describe('cn;lang-fr')?.key).toBe('cn;lang-fr');
    expect(schema.describe('no-such-1')).toBeUndefined();
  });
});

describe('kinds', () => {
  const names = (classes: string[]): string[] => schema.kind(classes).classes.map((c) => c.name);

  test('superclasses are added and shown most specific first', () => {
    expect(names(['posixAccount', 'INETORGPERSON'])).toEqual([
      'inetOrgPerson',
      'organizationalPerson',
      'person',
      'posixAccount',
      'top',
    ]);
  });

  test('equal sets are the same kind', () => {
    const kind = schema.kind(['inetOrgPerson']);
    expect(schema.kind(['top', 'person', '2.16.840.1.113730.3.2.2'])).toBe(kind);
    expect(kind.structural.name).toBe('inetOrgPerson');
    expect(kind.has(schema.objectClass('person')!)).toBe(true);
    expect(kind.has(schema.objectClass('device')!)).toBe(false);
    expect(kind.must).toEqual(new Set(['sn', 'cn', 'objectClass'].map((name) => type(name))));
    expect(kind.may.has(type('mail'))).toBe(true);
    expect(kind.allows(type('modifyTimestamp'))).toBe(true);
    expect(kind.allows(type('uidNumber'))).toBe(false);
    expect(schema.kind(['device', 'extensibleObject']).allows(type('uidNumber'))).toBe(true);
    expect(schema.kind(['device', 'extensibleObject']).allowsAll).toBe(true);
  });

  test('posixGroup counts as structural only where nothing else is', () => {
    expect(schema.kind(['top', 'posixGroup']).structural.name).toBe('posixGroup');
    expect(schema.kind(['groupOfNames', 'posixGroup']).structural.name).toBe('groupOfNames');
  });

  test.each([
    [['groupOfNames'], 'member'],
    [['groupOfUniqueNames', 'posixGroup'], 'uniqueMember'],
    [['posixGroup'], 'memberUid'],
    [['posixGroup', 'groupOfMembers'], 'member'],
    [['inetOrgPerson'], undefined],
  ])('the members of %j are shown under %s', (classes, attribute) => {
    expect(schema.kind(classes).membership?.name).toBe(attribute);
  });

  test.each([
    [['nope'], 'unknown object class "nope"'],
    [[], 'needs a structural object class, such as'],
    [['top'], 'needs a structural object class, such as'],
    [['posixAccount'], '"posixAccount" is none'],
    [['person', 'device'], 'neither is a subclass of the other'],
  ])('%j is refused: %s', (classes, part) => {
    expect(refusal(() => schema.kind(classes))).toMatch(/^objectClassViolation: /);
    expect(refusal(() => schema.kind(classes))).toContain(part);
  });
});

describe('definitions that are added', () => {
  const own = file({
    attributeTypes: [
      "( 1.2.3.2 NAME 'badge' SUP label )",
      "( 1.2.3.1 NAME 'label' SUP cn X-SECRET 'FALSE' )",
      "( 1.2.3.3 NAME 'boss' SUP distinguishedName )",
      "( 1.2.3.4 NAME 'pin' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 X-SECRET 'TRUE' )",
    ],
    objectClasses: [
      "( 1.2.3.9 NAME 'badger' AUXILIARY MUST badge MAY ( boss $ pin ) )",
      "( 1.2.3.8 NAME 'team' SUP groupOfNames STRUCTURAL )",
    ],
    indexes: [{ attribute: 'BADGE', words: 'eq' }],
  });
  const extended = loadSchema([own]);

  test('they can be used in any order, beside the shipped ones', () => {
    expect(type('badge', extended).equality?.name).toBe('caseIgnoreMatch');
    expect(type('badge', extended).index.equality).toBe(true);
    expect(type('boss', extended).storage).toBe('edge');
    expect(type('pin', extended).storage).toBe('secret');
    expect(type('label', extended).storage).toBe('body');
    const kind = extended.kind(['device', 'badger']);
    expect(kind.must.has(type('badge', extended))).toBe(true);
    expect(extended.kind(['team']).membership?.name).toBe('member');
    expect(schema.attribute('badge')).toBeUndefined();
    expect(extended.publish().attributeTypes).toContain("( 1.2.3.2 NAME 'badge' SUP label )");
  });

  test('an index setting replaces that of the definition', () => {
    const less = loadSchema([file({ indexes: [{ attribute: 'cn', words: 'eq' }] })]);
    expect(type('cn', less).index).toEqual({ equality: true, substring: false, ordering: false });
    const none = loadSchema([file({ indexes: [{ attribute: 'mail', words: '' }] })]);
    expect(type('mail', none).index.equality).toBe(false);
  });

  const text = 'EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15';
  test.each([
    [{ attributeTypes: ["( 1.2.3 NAME 'a'"] }, 'my.schema: attribute type definition'],
    [{ attributeTypes: [`( 1.2.3 NAME 'cn' ${text} )`] }, '"cn" is already defined in rfc4519'],
    [{ attributeTypes: [`( 2.5.4.3 NAME 'x' ${text} )`] }, '"2.5.4.3" is already defined in'],
    [{ attributeTypes: ["( 1.2.3 NAME 'a' SUP nope )"] }, 'unknown supertype "nope"'],
    [{ attributeTypes: ["( 1.2.3 NAME 'a' SUP a )"] }, 'it is its own supertype'],
    [
      { attributeTypes: ["( 1.2.3 NAME 'a' SUP b )", "( 1.2.4 NAME 'b' SUP a )"] },
      'it is its own supertype',
    ],
    [{ attributeTypes: ["( 1.2.3 NAME 'a' )"] }, 'it has no syntax'],
    [{ attributeTypes: ["( 1.2.3 NAME 'a' SYNTAX 1.2.3.4 )"] }, 'unknown syntax 1.2.3.4'],
    [
      { attributeTypes: ["( 1.2.3 NAME 'a' SUP name EQUALITY nopeMatch )"] },
      'unknown matching rule "nopeMatch"',
    ],
    [
      { attributeTypes: ["( 1.2.3 NAME 'a' SUP name ORDERING caseIgnoreMatch )"] },
      '"caseIgnoreMatch" is no ordering rule',
    ],
    [
      { attributeTypes: [`( 1.2.3 NAME 'a' ${text} X-TENURE-INDEX 'sub' )`] },
      'it has no substring rule to index by',
    ],
    [
      { attributeTypes: [`( 1.2.3 NAME 'a' ${text} X-TENURE-INDEX 'fast' )`] },
      '"fast" is no index; use eq, sub or ord',
    ],
    [{ indexes: [{ attribute: 'userPassword', words: 'eq' }] }, 'cannot be indexed'],
    [{ indexes: [{ attribute: 'member', words: 'eq' }] }, 'it needs no index'],
    [{ indexes: [{ attribute: 'nope', words: 'eq' }] }, 'no attribute type "nope"'],
    [{ objectClasses: ["( 1.2.3 NAME 'c' SUP nope )"] }, 'unknown superclass "nope"'],
    [{ objectClasses: ["( 1.2.3 NAME 'c' SUP c )"] }, 'it is its own superclass'],
    [{ objectClasses: ["( 1.2.3 NAME 'c' MAY nope )"] }, 'unknown attribute type "nope"'],
    [{ objectClasses: ["( 1.2.3 NAME 'person' )"] }, 'object class "person" is already defined'],
    [
      { objectClasses: ["( 1.2.3 NAME 'c' SUP person AUXILIARY )"] },
      'auxiliary classes cannot derive from "person", which is structural',
    ],
    [
      { objectClasses: ["( 1.2.3 NAME 'c' X-TENURE-GROUP 'cn' )"] },
      'X-TENURE-GROUP names "cn", which holds no references',
    ],
  ])('%j is refused: %s', (parts, message) => {
    expect(refusal(() => loadSchema([file(parts)]))).toContain(message);
  });

  test('a definition can be looked at before it is loaded', () => {
    const text0 = "(  1.2.3   NAME 'a'  SUP name )";
    expect(checkDefinition('attributeTypes', text0, 'x')).toEqual({
      oid: '1.2.3',
      names: ['a'],
      definition: "( 1.2.3 NAME 'a' SUP name )",
    });
    expect(checkDefinition('objectClasses', "( 1.2.3 NAME 'c' )", 'x').oid).toBe('1.2.3');
    expect(refusal(() => checkDefinition('objectClasses', '(', 'x'))).toContain('x: object class');
  });
});
