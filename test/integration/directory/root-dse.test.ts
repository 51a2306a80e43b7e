/** The root DSE and the subschema: true, whole, and free of what makes clients misbehave. */
import { expect, test } from '@jest/globals';
import { virtualAttributes } from '../../../src/directory/operations/virtual.js';
import {
  supportedControls,
  supportedExtensions,
  supportedFeatures,
} from '../../../src/ldap/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { accountValues, group, person } from '../../support/directory-people.js';
import { type Ask, nobody, suffix } from '../../support/directory-requests.js';

const at = eachDirectory();
const rootDse = (attributes: readonly string[], more: Ask = {}, filter = '(objectClass=*)') =>
  at().search(filter, { base: '', scope: 'base', attributes, as: nobody, ...more }).entries;

test('anybody reads it, and it says what the server does', () => {
  const entry = rootDse(['*', '+'])[0]!;
  expect(entry.dn).toBe('');
  const said = Object.fromEntries(
    [...entry.attributes.keys()].map((name) => [name, entry.texts(name)]),
  );
  expect(said).toEqual({
    objectClass: ['top'],
    namingContexts: [suffix],
    defaultNamingContext: [suffix],
    subschemaSubentry: ['cn=subschema'],
    supportedLDAPVersion: ['3'],
    supportedControl: [...supportedControls],
    supportedExtension: [...supportedExtensions],
    supportedFeatures: [...supportedFeatures],
    vendorName: ['Tenure'],
    vendorVersion: ['test'],
  });
});

test('the change log is named to those who may read it', () => {
  const named = ['changelog', 'firstChangeNumber', 'lastChangeNumber'];
  const [seen] = rootDse(named, { as: at().admin });
  expect([...seen!.attributes.keys()]).toEqual(named);
});

test('nothing in it makes a client take it for another product, or try MD5 mechanisms', () => {
  const asked = [
    'isGlobalCatalogReady',
    'domainControllerFunctionality',
    'highestCommittedUSN',
    'lastUSN',
  ];
  const entry = rootDse([...asked, 'supportedSASLMechanisms', 'dnsHostName', 'altServer'])[0]!;
  expect([...entry.attributes.keys()]).toEqual([]);
  const names = rootDse(['*', '+'])[0]!.attributes.keys();
  for (const name of names) expect(asked).not.toContain(name);
});

test('on the local socket EXTERNAL is offered, and only it', () => {
  const origin = { address: 'local', connection: 1, confidential: true };
  const as = { ...nobody, origin };
  expect(rootDse(['supportedSASLMechanisms'], { as })[0]!.texts('supportedSASLMechanisms')).toEqual(
    ['EXTERNAL'],
  );
});

test('selections and filters work on it as elsewhere', () => {
  const names = (attributes: readonly string[], more: Ask = {}) => [
    ...rootDse(attributes, more)[0]!.attributes.keys(),
  ];
  expect(names([])).toEqual(['objectClass']);
  expect(names(['1.1'])).toEqual([]);
  expect(names(['NAMINGCONTEXTS', 'noSuch'])).toEqual(['namingContexts']);
  expect(names(['+'])).toContain('supportedControl');
  expect(names(['+'])).not.toContain('objectClass');
  const bare = rootDse(['namingContexts'], { typesOnly: true })[0]!;
  expect(bare.attributes.get('namingContexts')).toEqual([]);
  expect(rootDse([], {}, '(vendorName=Tenure)')).toHaveLength(1);
  expect(rootDse([], {}, '(vendorName=other)')).toHaveLength(0);
  expect(rootDse([], {}, '(!(vendorName=other))')).toHaveLength(1);
  expect(rootDse([], {}, '(!(noSuch=2))')).toHaveLength(0);
  expect(rootDse([], {}, '(objectClass=person)')).toHaveLength(0);
  expect(rootDse([], { assertion: '(vendorName=other)' })).toHaveLength(0);
});

test('searches below the root of everything find no entry of that name', () => {
  for (const scope of ['one', 'sub'] as const) {
    expect(at().search('(objectClass=*)', { base: '', scope }).done.code).toBe('noSuchObject');
  }
});

// RFC 4512 §4.1: an OID first, then keywords with their values.
const oid = '[0-9]+(?:\\.[0-9]+)+';
const quoted = "'[^']*'";
const word = '[A-Za-z0-9][A-Za-z0-9.;{}-]*';
const list = (of: string) => `(?:${of}|\\( (?:${of})(?: (?:\\$ )?(?:${of}))* \\))`;
const keyword = `[A-Z][A-Z-]*(?: ${list(`${quoted}|${word}`)})?`;
const definition = new RegExp(
  `^\\( ${oid}(?: (?:NAME ${list(quoted)}|DESC ${quoted}|${keyword}))* \\)$`,
);

function schema() {
  const entry = at().entry('cn=subschema', ['+', '*']);
  const of = (attribute: string) => entry.texts(attribute);
  const names = (texts: readonly string[]) =>
    new Set(
      texts.flatMap((text) => {
        const name = /NAME (?:'([^']+)'|\( ([^)]+) \))/.exec(text);
        const all =
          name?.[1] !== undefined
            ? [name[1]]
            : (name?.[2] ?? '').split(' ').map((n) => n.slice(1, -1));
        return [/^\( (\S+)/.exec(text)![1]!, ...all].map((n) => n.toLowerCase());
      }),
    );
  return { of, names };
}

test('every definition of the subschema can be parsed and refers to what is there', () => {
  const { of, names } = schema();
  const [types, classes] = [names(of('attributeTypes')), names(of('objectClasses'))];
  const [rules, syntaxes] = [names(of('matchingRules')), names(of('ldapSyntaxes'))];
  for (const attribute of [
    'attributeTypes',
    'objectClasses',
    'matchingRules',
    'matchingRuleUse',
    'ldapSyntaxes',
  ]) {
    expect(of(attribute).length).toBeGreaterThan(10);
    for (const text of of(attribute)) expect(text).toMatch(definition);
  }
  const references = (text: string, keyword: string) => {
    const found = new RegExp(` ${keyword} (?:\\( ([^)]+) \\)|([^ ]+))`).exec(
      text.replaceAll(/'[^']*'/g, ''),
    );
    return (found?.[1] ?? found?.[2] ?? '')
      .split(/[ $]+/)
      .filter((name) => name !== '')
      .map((n) => n.toLowerCase());
  };
  for (const text of of('attributeTypes')) {
    for (const sup of references(text, 'SUP')) expect(types).toContain(sup);
    for (const syntax of references(text, 'SYNTAX'))
      expect(syntaxes).toContain(syntax.replace(/\{.*/, ''));
    for (const use of ['EQUALITY', 'ORDERING', 'SUBSTR']) {
      for (const rule of references(text, use)) expect(rules).toContain(rule);
    }
  }
  for (const text of of('objectClasses')) {
    for (const sup of references(text, 'SUP')) expect(classes).toContain(sup);
    for (const use of ['MUST', 'MAY']) {
      for (const attribute of references(text, use)) expect(types).toContain(attribute);
    }
  }
  for (const text of of('matchingRuleUse')) {
    for (const attribute of references(text, 'APPLIES')) expect(types).toContain(attribute);
  }
});

test('every attribute and class that is returned anywhere is published', () => {
  const d = at();
  d.seed({
    [person('ada')]: accountValues('ada', { 'cn;lang-de': 'Ada' }),
    [group('team')]: { objectClass: ['groupOfNames', 'posixGroup'], cn: 'team', memberUid: 'ada' },
  });
  const { of, names } = schema();
  const [types, classes] = [names(of('attributeTypes')), names(of('objectClasses'))];
  const all = [
    ...d.search('(objectClass=*)', { attributes: ['*', '+'] }).entries,
    d.entry('cn=subschema', ['*', '+']),
    ...rootDse(['*', '+']),
  ];
  for (const entry of all) {
    for (const name of entry.attributes.keys())
      expect(types).toContain(name.split(';')[0]!.toLowerCase());
    for (const name of entry.texts('objectClass')) expect(classes).toContain(name.toLowerCase());
  }
  for (const { names: virtual } of virtualAttributes) {
    for (const name of virtual) expect(types).toContain(name.toLowerCase());
  }
});

test('the subschema is found by any spelling of its name and asked in the usual ways', () => {
  const d = at();
  const ask = { base: 'CN=Subschema', scope: 'base' as const };
  expect(d.search('(objectClass=subschema)', ask).entries).toHaveLength(1);
  expect(
    d.search('(objectClass=subSchema)', { ...ask, base: 'cn = subschema' }).entries,
  ).toHaveLength(1);
  expect(d.search('(cn=other)', ask).entries).toHaveLength(0);
  const some = d.search('(objectClass=*)', { ...ask, attributes: ['attributeTypes'] }).entries[0]!;
  expect([...some.attributes.keys()]).toEqual(['attributeTypes']);
  expect(d.entry(suffix).texts('subschemaSubentry')).toEqual(['cn=subschema']);
});
