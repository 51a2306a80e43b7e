/** Controls, filters, limits, renames of subtrees, schema, and errors, as the tools print them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasTools, ldapSearch, ldapTool, names, values } from '../support/process-ldap.js';
import { suffix, TenureServer } from '../support/process-server.js';

const withTools = hasTools ? describe : describe.skip;
const people = `ou=people,${suffix}`;
const groups = `ou=groups,${suffix}`;
const ada = `uid=ada,${people}`;
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving();
}, 60_000);

afterAll(() => server.finish(), 60_000);

const find = (...args: string[]) => ldapSearch(server, args);
const tool = (name: string, args: readonly string[], input = '') =>
  ldapTool(server, name, args, { input });
const modify = (ldif: string, ...args: string[]) => tool('ldapmodify', args, ldif);

withTools('searching', () => {
  test('pages hold everything exactly once, whatever their size', async () => {
    const all = names(await find('-b', suffix, '(objectClass=inetOrgPerson)', '1.1'));
    expect(all.length).toBe(31);
    for (const size of [1, 5, 30, 31, 100]) {
      const paged = await find('-b', suffix, '-E', `!pr=${size}/noprompt`, '(sn=*)', '1.1');
      expect([paged.code, names(paged)]).toEqual([0, names(await find('-b', suffix, '(sn=*)'))]);
    }
    const last = await tool('ldapsearch', ['-b', ada, '-E', 'pr=10/noprompt', '(uid=*)', '1.1']);
    expect(last.out).toMatch(/^control: 1\.2\.840\.113556\.1\.4\.319 false /m);
    expect(last.out).toMatch(/^pagedresults: cookie=$/m);
  });

  test('a size limit gives so many and says so', async () => {
    const found = await find('-b', suffix, '-z', '3', '(objectClass=*)', '1.1');
    expect([found.code, found.entries.length]).toEqual([4, 3]);
    expect((await find('-b', suffix, '-z', '31', '(objectClass=inetOrgPerson)')).code).toBe(0);
    expect((await find('-b', suffix, '-z', '30', '(objectClass=inetOrgPerson)')).code).toBe(4);
  });

  test('types only, no attributes, all of one kind', async () => {
    const types = await tool('ldapsearch', [
      '-LLL',
      '-A',
      '-b',
      ada,
      '-s',
      'base',
      '(uid=*)',
      'cn',
    ]);
    expect(types.out).toBe(`dn: ${ada}\ncn:\n\n`);
    const none = await find('-b', ada, '-s', 'base', '(uid=*)', '1.1');
    expect([...(none.entries[0]?.attributes.keys() ?? [])]).toEqual([]);
    const operational = await find('-b', ada, '-s', 'base', '(uid=*)', '+');
    const keys = [...(operational.entries[0]?.attributes.keys() ?? [])];
    expect(keys).toEqual(expect.arrayContaining(['entryUUID', 'createTimestamp', 'entryDN']));
    expect(keys).not.toContain('cn');
    const odd = await find('-b', ada, '-s', 'base', '(uid=*)', 'noSuchThing', 'dn', 'CN', 'name');
    expect(values(odd.entries[0], 'cn')).toEqual(['Ada Lovelace']);
    expect(values(odd.entries[0], 'sn')).toEqual(['Lovelace']);
  });

  test('scopes', async () => {
    const dns = async (scope: string) => names(await find('-b', groups, '-s', scope, '1.1'));
    expect(await dns('base')).toEqual([groups]);
    expect((await dns('one')).length).toBe(9);
    expect((await dns('sub')).length).toBe(10);
    const children = await find('-b', groups, '-s', 'children', '1.1');
    expect(children.code === 0 ? children.entries.length : 9).toBe(9);
  });

  test.each([
    ['(uid=ada)', ['ada']],
    ['(UID=ADA)', ['ada']],
    ['(2.5.4.4=lovelace)', ['ada']],
    ['(cn=*a*love*)', ['ada']],
    ['(cn=Ada*)', ['ada']],
    ['(cn=*Lovelace)', ['ada']],
    ['(sn=spärck  JONES)', ['karen']],
    ['(sn=G\\c3\\b6del)', ['kurt']],
    ['(uid:caseExactMatch:=ADA)', []],
    ['(uid:caseIgnoreMatch:=ADA)', ['ada']],
    ['(:caseIgnoreMatch:=lovelace)', ['ada']],
    ['(sn:caseExactMatch:=Lovelace)', ['ada']],
    ['(sn:caseExactMatch:=lovelace)', []],
    ['(&(ou:dn:=people)(uid=alan))', ['alan']],
    ['(&(ou:dn:=groups)(uid=alan))', []],
    ['(&(uidNumber>=20001)(uidNumber<=20002))', ['ada', 'grace']],
    ['(&(uid=a*)(!(uid=al*)))', ['ada', 'annie']],
    ['(&(objectClass=person)(!(manager=*)))', ['ada']],
    ['(&(objectClass=person)(noSuchAttribute=1))', []],
    ['(&(objectClass=person)(!(noSuchAttribute=1)))', []],
    [`(&(sn=hopper)(memberOf=CN=wifi, ou=groups,${suffix}))`, ['grace']],
    [`(&(uid=ada)(manager=nonsense))`, []],
    ['(|(uid=ada)(&))', undefined],
    ['(&(employeeType=intern)(departmentNumber=R-210))', ['beatrice']],
    ['(telephoneNumber=+442079460100)', ['ada']],
    ['(userPassword=*)', []],
  ])('%s', async (filter, expected) => {
    const found = await find('-b', suffix, filter, 'uid');
    expect(found.code).toBe(0);
    if (expected === undefined) expect(found.entries.length).toBe(53);
    else expect(found.entries.flatMap((entry) => values(entry, 'uid')).sort()).toEqual(expected);
  });

  test('aliases are followed when asked for', async () => {
    const alias = `dn: cn=boss,ou=hosts,${suffix}
objectClass: alias
objectClass: extensibleObject
cn: boss
aliasedObjectName: ${ada}

`;
    expect(await tool('ldapadd', [], alias)).toMatchObject({ code: 0, err: '' });
    const boss = `cn=boss,ou=hosts,${suffix}`;
    const look = async (mode: string) =>
      names(await find('-a', mode, '-b', boss, '-s', 'base', '(objectClass=*)', '1.1'));
    expect(await look('never')).toEqual([boss]);
    expect(await look('find')).toEqual([ada]);
    expect(await look('search')).toEqual([boss]);
    expect(await look('always')).toEqual([ada]);
    const below = async (mode: string) =>
      names(await find('-a', mode, '-b', `ou=hosts,${suffix}`, '(uid=ada)', '1.1'));
    expect([await below('never'), await below('search')]).toEqual([[], [ada]]);
    expect((await tool('ldapdelete', [boss])).code).toBe(0);
  });

  test('the schema is one entry that says everything', async () => {
    const found = await find('-s', 'base', '-b', 'cn=subschema', '(objectClass=*)', '+');
    const schema = found.entries[0];
    expect(values(schema, 'attributeTypes').length).toBeGreaterThan(200);
    expect(values(schema, 'objectClasses').length).toBeGreaterThan(50);
    for (const name of ['matchingRules', 'matchingRuleUse', 'ldapSyntaxes']) {
      expect(values(schema, name).length).toBeGreaterThan(10);
    }
    const memberOf = values(schema, 'attributeTypes').find((text) => text.includes("'memberOf'"));
    expect(memberOf).toBeDefined();
    const entry = await find('-b', ada, '-s', 'base', '(uid=*)', 'subschemaSubentry');
    expect(values(entry.entries[0], 'subschemaSubentry')).toEqual(['cn=subschema']);
  });
});

withTools('controls', () => {
  const title = (text: string) =>
    `dn: ${ada}\nchangetype: modify\nreplace: title\ntitle: ${text}\n`;

  test('what was there and what is there come with the answer', async () => {
    const { code, out } = await modify(
      title('One'),
      '-e',
      'preread=title,cn',
      '-e',
      'postread=title',
    );
    expect(code).toBe(0);
    const [before = '', after = ''] = out.split('# <== preread');
    expect(before).toContain('title: Managing Director\n');
    expect(before).toContain('cn: Ada Lovelace\n');
    expect(after).toContain('# ==> postread');
    expect(after).toContain('title: One\n');
    const renamed = await tool('ldapmodrdn', ['-e', '!postread=entryDN', ada, 'uid=ada']);
    expect(renamed.code).toBe(0);
    expect(renamed.out).toContain(`entryDN: ${ada}`);
  });

  test('an assertion decides', async () => {
    const wrong = await modify(title('Two'), '-e', '!assert=(title=Nothing)');
    expect([wrong.code, wrong.err]).toEqual([
      122,
      expect.stringContaining('Assertion Failed (122)'),
    ]);
    expect((await modify(title('Two'), '-e', '!assert=(title=ONE)')).code).toBe(0);
    const found = await find('-b', ada, '-s', 'base', '(uid=*)', 'title');
    expect(values(found.entries[0], 'title')).toEqual(['Two']);
    const asserted = await tool('ldapsearch', [
      '-b',
      ada,
      '-e',
      '!assert=(sn=X)',
      '(uid=*)',
      '1.1',
    ]);
    expect(asserted.code).toBe(122);
  });

  test('unknown controls: ignored, or refused where critical', async () => {
    expect(names(await find('-b', ada, '-e', '1.2.3.4', '-s', 'base', '1.1'))).toEqual([ada]);
    const refused = await find('-b', ada, '-e', '!1.2.3.4', '-s', 'base', '1.1');
    expect([refused.code, refused.entries]).toEqual([12, []]);
    // Sorting is not offered, so its critical form is refused as well.
    expect((await find('-b', ada, '-E', '!sss=cn', '-s', 'base', '1.1')).code).toBe(12);
  });

  test('numbers are counted up and down', async () => {
    const by = (step: string) =>
      modify(`dn: ${ada}\nchangetype: modify\nincrement: uidNumber\nuidNumber: ${step}\n`);
    expect((await by('1000')).code).toBe(0);
    expect((await by('-1')).code).toBe(0);
    const found = await find('-b', ada, '-s', 'base', '(uid=*)', 'uidNumber');
    expect(values(found.entries[0], 'uidNumber')).toEqual(['21000']);
    const taken = await by('-998');
    expect([taken.code, taken.err]).toEqual([19, expect.stringContaining('uidNumber "20002"')]);
  });
});

withTools('a subtree that moves', () => {
  test('takes everything that refers to it along', async () => {
    const grace = await find('-b', suffix, '(uid=grace)', 'entryUUID');
    expect((await tool('ldapmodrdn', ['-r', people, 'ou=humans'])).code).toBe(0);
    const humans = `ou=humans,${suffix}`;
    const after = await find('-b', suffix, '(uid=grace)', 'entryUUID', 'manager', 'memberOf');
    expect(names(after)).toEqual([`uid=grace,${humans}`]);
    expect(values(after.entries[0], 'entryUUID')).toEqual(values(grace.entries[0], 'entryUUID'));
    expect(values(after.entries[0], 'manager')).toEqual([`uid=ada,${humans}`]);
    expect(values(after.entries[0], 'memberOf')).toContain(`cn=wifi,${groups}`);
    const staff = await find('-b', `cn=staff,${groups}`, '-s', 'base', '(cn=*)', 'member');
    expect(values(staff.entries[0], 'member').every((dn) => dn.endsWith(humans))).toBe(true);
    const nested = ['-r', '-s', `ou=hosts,${suffix}`, humans, 'ou=people'];
    expect((await tool('ldapmodrdn', nested)).code).toBe(0);
    expect(names(await find('-b', `ou=people,ou=hosts,${suffix}`, '(uid=grace)', '1.1'))).toEqual([
      `uid=grace,ou=people,ou=hosts,${suffix}`,
    ]);
    const back = ['-r', '-s', suffix, `ou=people,ou=hosts,${suffix}`, 'ou=people'];
    expect((await tool('ldapmodrdn', back)).code).toBe(0);
    expect(names(await find('-b', people, '(uid=ada)', '1.1'))).toEqual([ada]);
  });

  test('not below itself, not over another, but into another case', async () => {
    const below = await tool('ldapmodrdn', ['-s', ada, people, 'ou=people']);
    expect([below.code, below.out]).toEqual([53, expect.stringContaining('below itself')]);
    const taken = await tool('ldapmodrdn', [`uid=grace,${people}`, 'uid=ada']);
    expect(taken.code).toBe(68);
    expect((await tool('ldapmodrdn', [ada, 'uid=Ada'])).code).toBe(0);
    expect(names(await find('-b', people, '(uid=ada)', '1.1'))).toEqual([`uid=Ada,${people}`]);
    expect((await tool('ldapmodrdn', [`uid=Ada,${people}`, 'uid=ada'])).code).toBe(0);
  });
});

withTools('refusals, as the tools print them', () => {
  const change = (lines: string) => `dn: ${ada}\nchangetype: modify\n${lines}\n`;
  const person = (dn: string, more: string) => `dn: ${dn}\nobjectClass: inetOrgPerson\n${more}\n`;

  test.each([
    ['an attribute type that is not there', 17, change('add: noSuchAttribute\nnoSuchAttribute: 1')],
    ['a value that is not there', 16, change('delete: mail\nmail: nobody@example.com')],
    ['a value that is there already', 20, change('add: mail\nmail: ADA@example.com')],
    ['a value of the wrong syntax', 21, change('replace: uidNumber\nuidNumber: seven')],
    ['two values where one may be', 19, change('add: uidNumber\nuidNumber: 40000')],
    ['an attribute that no class allows', 65, change('add: ipHostNumber\nipHostNumber: 192.0.2.1')],
    ['an attribute that a class needs', 65, change('delete: sn')],
    ['the value that the name is made of', 67, change('delete: uid\nuid: ada')],
    ['an attribute that only the server writes', 19, change('replace: entryUUID\nentryUUID: x')],
    ['an entry below nothing', 32, person(`uid=x,ou=no,${suffix}`, 'uid: x\ncn: x\nsn: x\n')],
    ['an entry without what its class needs', 65, person(`uid=x,${people}`, 'uid: x\ncn: x\n')],
    ['an entry whose class is not there', 65, `dn: cn=x,${people}\nobjectClass: noSuch\ncn: x\n`],
    ['a name that is none', 34, 'dn: nonsense\nobjectClass: device\ncn: x\n'],
    ['an entry of another tree', 32, 'dn: cn=x,o=elsewhere\nobjectClass: device\ncn: x\n'],
  ])('%s', async (_what, code, ldif) => {
    const add = /^changetype/m.test(ldif) ? [] : ['-a'];
    const ran = await modify(ldif, ...add);
    expect([ran.code, ran.err]).toEqual([code, expect.stringContaining(`(${code})`)]);
    expect(ran.err).toMatch(/additional info: \S/);
  });

  test('a request that fails half-way changes nothing', async () => {
    const half = 'replace: title\ntitle: Half\n-\nreplace: uidNumber\nuidNumber: many\n-\n';
    expect((await modify(change(half))).code).toBe(21);
    const found = await find('-b', ada, '-s', 'base', '(uid=*)', 'title');
    expect(values(found.entries[0], 'title')).not.toContain('Half');
  });

  test('deleting what has something below', async () => {
    const { code, err } = await tool('ldapdelete', [people]);
    expect([code, err]).toEqual([66, expect.stringContaining('not allowed on non-leaf (66)')]);
  });

  test('binding', async () => {
    const bind = async (dn: string, password: string) => {
      const as = { dn, password };
      return (await ldapTool(server, 'ldapwhoami', [], { as })).code;
    };
    expect(await bind(ada, 'wrong')).toBe(49);
    expect(await bind(`uid=nobody,${people}`, 'wrong')).toBe(49);
    expect(await bind(`cn=staff,${groups}`, 'wrong')).toBe(49);
    expect(await bind(ada, '')).toBe(53);
    expect(await bind('nonsense', 'wrong')).toBe(34);
    const v2 = await ldapTool(server, 'ldapsearch', ['-P', '2', '-b', suffix]);
    expect(v2.code).toBe(2);
  });
});
