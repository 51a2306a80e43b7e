/** Add, modify, delete, rename: what is kept, what is refused and how (RFC 4511 §4.6–4.9). */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { seenOfRead } from '../../support/directory-entries.js';
import { ok, refused } from '../../support/directory-expect.js';
import { group, manyPeople, people, person, personValues } from '../../support/directory-people.js';
import { adminDn, type Change, suffix, type Values } from '../../support/directory-requests.js';

const at = eachDirectory();
const ada = person('ada');
const texts = (dn: string, attribute: string) => at().entry(dn, [attribute]).texts(attribute);

describe('add', () => {
  const add = (values: Values, dn = ada) => at().add(dn, values);

  test('completes classes, spells names as the schema does, adds the naming value', async () => {
    const d = at();
    await ok(
      d.add('UID=Ada,OU=People,DC=example,DC=com', {
        OBJECTCLASS: 'INETORGPERSON',
        COMMONNAME: 'Ada',
        surname: 'Lovelace',
        'CN;LANG-DE': 'Gräfin',
      }),
    );
    const seen = d.entry(ada, ['*']);
    expect(seen.dn).toBe('UID=Ada,ou=people,dc=example,dc=com');
    expect([...seen.attributes.keys()]).toEqual(['objectClass', 'cn', 'sn', 'cn;lang-de', 'uid']);
    expect(seen.texts('objectClass')).toEqual([
      'inetOrgPerson',
      'organizationalPerson',
      'person',
      'top',
    ]);
    expect(seen.texts('uid')).toEqual(['Ada']);
  });

  test('keeps the order and the bytes of values', async () => {
    const blob = Buffer.from([0, 255, 128, 10]);
    await ok(add(personValues('ada', { cn: ['z', 'A', '  m  '], audio: blob })));
    expect(texts(ada, 'cn')).toEqual(['z', 'A', '  m  ']);
    expect(at().entry(ada).attributes.get('audio')).toEqual([blob]);
  });

  test('refusals', async () => {
    const d = at();
    const bob = personValues('bob');
    await ok(d.add(person('bob'), bob));
    await refused(d.add(person('BOB'), bob), 'entryAlreadyExists');
    await refused(add(personValues('ada', { noSuch: 'x' })), 'undefinedAttributeType');
    await refused(add({ cn: 'a', sn: 'b' }), 'objectClassViolation');
    await refused(add({ objectClass: 'top', cn: 'a' }), 'objectClassViolation');
    await refused(add({ objectClass: 'noSuchClass', cn: 'a' }), 'objectClassViolation');
    await refused(
      add({ objectClass: ['inetOrgPerson', 'device'], cn: 'a', sn: 'b' }),
      'objectClassViolation',
    );
    const missing = await refused(
      add({ objectClass: 'inetOrgPerson', cn: 'a' }),
      'objectClassViolation',
    );
    expect(missing).toMatch(/\bsn\b/);
    const stray = await refused(
      add(personValues('ada', { shadowMax: '1' })),
      'objectClassViolation',
    );
    expect(stray).toMatch(/shadowMax/);
    await refused(add(personValues('ada', { employeeNumber: ['1', '2'] })), 'constraintViolation');
    await refused(add(personValues('ada', { cn: ['x', 'X'] })), 'attributeOrValueExists');
    await refused(add(personValues('ada', { mail: 'käse@x' })), 'invalidAttributeSyntax');
    await refused(add(personValues('ada', { title: '' })), 'invalidAttributeSyntax');
    await refused(add(personValues('ada', { manager: 'nobody' })), 'invalidAttributeSyntax');
    await refused(
      add(personValues('ada', { manager: [adminDn, `CN=Admin,${suffix}`] })),
      'attributeOrValueExists',
    );
    await refused(add(personValues('ada', { entryUUID: 'x' })), 'constraintViolation');
    await refused(
      add(personValues('ada', { modifyTimestamp: '20260101000000Z' })),
      'constraintViolation',
    );
    await refused(add(personValues('ada', { memberOf: adminDn })), 'constraintViolation');
    await refused(add(personValues('ada', { title: [] })), 'protocolError');
    await refused(add(personValues('ada'), 'not a name'), 'invalidDNSyntax');
    await refused(add(personValues('ada'), ''), 'unwillingToPerform');
    await refused(add(personValues('ada'), 'uid=ada,dc=elsewhere'), 'noSuchObject');
    await refused(add(personValues('ada'), `numSubordinates=1,${people}`), 'namingViolation');
    await refused(add(personValues('ada'), `noSuch=x,${people}`), 'undefinedAttributeType');
    await refused(add(personValues('ada'), `dc=x,${people}`), 'objectClassViolation');
    await refused(
      add({ objectClass: 'alias', cn: 'x', aliasedObjectName: ada }, `cn=x,${people}`),
      'objectClassViolation',
    );
    expect(await d.add(`uid=ada,ou=no,ou=non,${people}`, personValues('ada'))).toMatchObject({
      ok: false,
      error: { code: 'noSuchObject', matchedDn: people },
    });
    expect(d.found('(uid=*)')).toEqual([person('bob')]);
  });

  test('a name of several values gives the entry all of them', async () => {
    const dn = `cn=Ada+employeeNumber=7,${people}`;
    await ok(add({ objectClass: 'inetOrgPerson', sn: 'x', cn: 'Countess' }, dn));
    expect(texts(`employeeNumber=7+CN=ada,${people}`, 'cn')).toEqual(['Countess', 'Ada']);
    await refused(at().modify(dn, [['delete', 'employeeNumber']]), 'notAllowedOnRDN');
  });
});

describe('modify', () => {
  beforeEach(() => {
    at().seed({
      [ada]: personValues('ada', { title: ['b', 'a', 'c'], employeeNumber: '7' }),
      ...manyPeople(['bob']),
    });
  });
  const modify = (...changes: Change[]) => at().modify(ada, changes);

  test('steps are made in order, and only the result has to fit the schema', async () => {
    await ok(modify(['delete', 'sn'], ['add', 'sn', 'King']));
    await ok(modify(['add', 'employeeNumber', '8'], ['delete', 'employeeNumber', '7']));
    await ok(modify(['add', 'shadowMax', '3'], ['add', 'objectClass', 'shadowAccount']));
    await ok(modify(['delete', 'objectClass', 'shadowAccount'], ['delete', 'shadowMax']));
    await ok(modify(['delete', 'title', 'a'], ['delete', 'title', 'B'], ['add', 'title', 'a']));
    expect(texts(ada, 'title')).toEqual(['c', 'a']);
    expect(texts(ada, 'employeeNumber')).toEqual(['8']);
    await refused(modify(['delete', 'sn'], ['add', 'title', 'x']), 'objectClassViolation');
    await refused(modify(['add', 'title', 'n'], ['delete', 'title', 'q']), 'noSuchAttribute');
    expect(texts(ada, 'title')).toEqual(['c', 'a']);
  });

  test('replace keeps the order given; without values it ends the attribute', async () => {
    await ok(modify(['replace', 'title', 'x', 'c', 'a']));
    expect(texts(ada, 'title')).toEqual(['x', 'c', 'a']);
    await ok(modify(['replace', 'title']));
    expect(at().entry(ada, ['*']).attributes.has('title')).toBe(false);
    await ok(modify(['replace', 'title']));
    await ok(modify(['replace', 'mail', 'a@b']));
  });

  test('a value is found in another spelling and goes as it was stored', async () => {
    await ok(modify(['add', 'description', 'Hello  World']));
    await ok(modify(['delete', 'description', 'hello world']));
    await refused(modify(['delete', 'description', 'hello world']), 'noSuchAttribute');
  });

  test('options make attributes of their own', async () => {
    await ok(modify(['add', 'title;lang-de', 'Gräfin'], ['add', 'title;lang-fr', 'a']));
    await ok(modify(['delete', 'title']));
    expect(texts(ada, 'title;lang-de')).toEqual(['Gräfin']);
    await ok(modify(['delete', 'TITLE;LANG-DE', 'gräfin']));
    expect([...at().entry(ada, ['title']).attributes.keys()]).toEqual(['title;lang-fr']);
  });

  test('increment (RFC 4525)', async () => {
    await ok(modify(['add', 'objectClass', 'shadowAccount'], ['add', 'shadowMax', '7']));
    await ok(modify(['increment', 'shadowMax', '5']));
    await ok(modify(['increment', 'shadowMax', '-20']));
    expect(texts(ada, 'shadowMax')).toEqual(['-8']);
    await refused(modify(['increment', 'shadowMin', '1']), 'noSuchAttribute');
    await refused(modify(['increment', 'shadowMax', 'x']), 'invalidAttributeSyntax');
    await refused(modify(['increment', 'shadowMax', '1', '2']), 'protocolError');
    await refused(modify(['increment', 'shadowMax']), 'protocolError');
    await refused(modify(['increment', 'title', '1']), 'constraintViolation');
    await refused(modify(['increment', 'manager', '1']), 'constraintViolation');
    await refused(modify(['increment', 'objectClass', '1']), 'constraintViolation');
    await refused(modify(['increment', 'userPassword', '1']), 'constraintViolation');
  });

  test('refusals', async () => {
    await refused(modify(['add', 'noSuch', 'x']), 'undefinedAttributeType');
    await refused(modify(['add', 'title', 'A']), 'attributeOrValueExists');
    await refused(modify(['add', 'mail', 'x@y', 'X@Y']), 'attributeOrValueExists');
    await refused(modify(['replace', 'title', 'x', 'X']), 'attributeOrValueExists');
    await refused(modify(['delete', 'mail']), 'noSuchAttribute');
    await refused(modify(['add', 'title']), 'protocolError');
    await refused(modify(['add', 'employeeNumber', '8']), 'constraintViolation');
    await refused(modify(['add', 'mail', 'ü@x']), 'invalidAttributeSyntax');
    await refused(modify(['add', 'shadowMax', '1']), 'objectClassViolation');
    await refused(modify(['delete', 'cn']), 'objectClassViolation');
    await refused(modify(['delete', 'uid']), 'notAllowedOnRDN');
    await refused(modify(['replace', 'uid', 'other']), 'notAllowedOnRDN');
    await refused(modify(['replace', 'modifyTimestamp', '20260101000000Z']), 'constraintViolation');
    await refused(modify(['replace', 'entryUUID', 'x']), 'constraintViolation');
    await refused(modify(['add', 'memberOf', group('x')]), 'constraintViolation');
    await refused(modify(['delete', 'memberOf']), 'constraintViolation');
    await refused(modify(['add', 'objectClass', 'noSuchClass']), 'objectClassViolation');
    await refused(modify(['add', 'objectClass', 'person']), 'attributeOrValueExists');
    await refused(modify(['delete', 'objectClass', 'posixAccount']), 'noSuchAttribute');
    await refused(modify(['delete', 'objectClass']), 'objectClassViolation');
    await refused(modify(['add', 'objectClass', 'device']), 'objectClassViolation');
    await refused(modify(['replace', 'objectClass', 'device']), 'objectClassModsProhibited');
    await refused(modify(['delete', 'objectClass', 'inetOrgPerson']), 'objectClassModsProhibited');
    await refused(at().modify(person('no'), [['add', 'title', 'x']]), 'noSuchObject');
    await refused(at().modify('nonsense', [['add', 'title', 'x']]), 'invalidDNSyntax');
  });

  test('a refused write leaves nothing: no CSN, no value, no number', async () => {
    const before = at().entry(ada);
    await refused(
      modify(['add', 'title', 'x'], ['add', 'manager', person('bob')], ['add', 'noSuch', 'x']),
      'undefinedAttributeType',
    );
    await refused(
      modify(['add', 'manager', person('bob')], ['delete', 'sn']),
      'objectClassViolation',
    );
    expect(at().entry(ada).attributes).toEqual(before.attributes);
  });

  test('the class of an entry may be replaced by the same with auxiliary ones', async () => {
    await ok(
      modify(
        ['replace', 'objectClass', 'inetOrgPerson', 'shadowAccount'],
        ['add', 'shadowMax', '1'],
      ),
    );
    expect(texts(ada, 'objectClass')).toContain('shadowAccount');
    await ok(modify(['replace', 'objectClass', 'inetOrgPerson'], ['replace', 'shadowMax']));
    expect(texts(ada, 'objectClass')).not.toContain('shadowAccount');
  });
});

describe('delete', () => {
  beforeEach(() => at().seed(manyPeople(['ada', 'bob'])));

  test('takes a leaf, and only a leaf', async () => {
    const d = at();
    await ok(d.delete(ada));
    expect(d.found('(uid=*)')).toEqual([person('bob')]);
    await refused(d.delete(ada), 'noSuchObject');
    await refused(d.delete(people), 'notAllowedOnNonLeaf');
    await refused(d.delete(suffix), 'notAllowedOnNonLeaf');
    await ok(d.delete(person('bob')));
    await ok(d.delete(people));
  });

  test('never the administrator, never the suffix', async () => {
    const d = at();
    expect(await refused(d.delete(adminDn), 'unwillingToPerform')).toMatch(/administrator/);
    await refused(d.delete(''), 'noSuchObject');
  });

  test('an entry made anew is another one', async () => {
    const d = at();
    const before = texts(ada, 'entryUUID');
    await ok(d.delete(ada));
    await ok(d.add(ada, personValues('ada')));
    expect(texts(ada, 'entryUUID')).not.toEqual(before);
  });
});

describe('rename', () => {
  const lab = `ou=lab,${suffix}`;

  beforeEach(() => {
    at().seed({
      [ada]: personValues('ada', { cn: ['Ada', 'Countess'] }),
      ...manyPeople(['bob']),
      [lab]: { objectClass: 'organizationalUnit', ou: 'lab' },
      [`ou=deep,${lab}`]: { objectClass: 'organizationalUnit', ou: 'deep' },
      [`uid=eve,ou=deep,${lab}`]: personValues('eve'),
    });
  });

  test('the old value goes or stays as asked; the UUID stays', async () => {
    const d = at();
    const uuid = texts(ada, 'entryUUID');
    await ok(d.rename(ada, 'uid=lovelace'));
    expect(texts(person('lovelace'), 'uid')).toEqual(['lovelace']);
    await ok(d.rename(person('lovelace'), 'uid=king', { keepOld: true }));
    expect(texts(person('king'), 'uid').sort()).toEqual(['king', 'lovelace']);
    await ok(d.rename(person('king'), 'uid=lovelace'));
    expect(texts(person('lovelace'), 'uid')).toEqual(['lovelace']);
    await ok(d.rename(person('lovelace'), 'cn=Countess', { keepOld: true }));
    expect(texts(`cn=countess,${people}`, 'cn')).toEqual(['Ada', 'Countess']);
    expect(texts(`cn=countess,${people}`, 'entryUUID')).toEqual(uuid);
    await refused(
      d.modify(`cn=countess,${people}`, [['delete', 'cn', 'Countess']]),
      'notAllowedOnRDN',
    );
  });

  test('a change of case is a change of spelling', async () => {
    const d = at();
    await ok(d.rename(ada, 'UID=ADA'));
    expect(d.entry(ada).dn).toBe('UID=ADA,ou=people,dc=example,dc=com');
    expect(texts(ada, 'uid')).toEqual(['ADA']);
    await ok(d.rename(people, 'ou=PEOPLE'));
    expect(d.entry(ada).dn).toBe('UID=ADA,ou=PEOPLE,dc=example,dc=com');
    expect(d.found('(uid=ada)', { base: people })).toEqual(['UID=ADA,ou=PEOPLE,dc=example,dc=com']);
  });

  test('a subtree moves with everything below it, found by index and by name', async () => {
    const d = at();
    await ok(d.rename(lab, 'ou=laboratory', { newSuperior: people }));
    const moved = `uid=eve,ou=deep,ou=laboratory,${people}`;
    expect(d.found('(uid=eve)', { base: people })).toEqual([moved]);
    expect(d.entry(moved, ['entryDN']).texts('entryDN')).toEqual([moved]);
    expect(d.search('(uid=eve)', { base: lab }).done.code).toBe('noSuchObject');
    expect(d.found('(ou=laboratory)')).toEqual([`ou=laboratory,${people}`]);
    expect(d.found('(ou=lab)')).toEqual([]);
    expect(d.found(`(entryDN=${moved})`)).toEqual([moved]);
    await ok(d.rename(`ou=laboratory,${people}`, 'ou=laboratory', { newSuperior: suffix }));
    expect(d.found('(uid=eve)')).toEqual([`uid=eve,ou=deep,ou=laboratory,${suffix}`]);
  });

  test('refusals', async () => {
    const d = at();
    await refused(d.rename(ada, 'uid=bob'), 'entryAlreadyExists');
    await refused(d.rename(ada, 'uid=BOB'), 'entryAlreadyExists');
    await refused(d.rename(person('no'), 'uid=x'), 'noSuchObject');
    await refused(d.rename(ada, 'nonsense'), 'invalidDNSyntax');
    await refused(d.rename(ada, 'uid=x,ou=y'), 'invalidDNSyntax');
    await refused(d.rename(ada, ''), 'invalidDNSyntax');
    await refused(d.rename(ada, 'dc=x'), 'objectClassViolation');
    await refused(d.rename(ada, 'numSubordinates=1'), 'namingViolation');
    await refused(d.rename(ada, 'uid=ada', { newSuperior: `ou=no,${suffix}` }), 'noSuchObject');
    await refused(d.rename(ada, 'uid=ada', { newSuperior: 'nonsense' }), 'invalidDNSyntax');
    await refused(d.rename(lab, 'ou=lab', { newSuperior: lab }), 'unwillingToPerform');
    await refused(d.rename(lab, 'ou=lab', { newSuperior: `ou=deep,${lab}` }), 'unwillingToPerform');
    await refused(d.rename(suffix, 'dc=other'), 'unwillingToPerform');
  });

  test('a required or single value cannot be renamed away', async () => {
    const d = at();
    await ok(d.add(`cn=box,${suffix}`, { objectClass: 'device', cn: 'box', serialNumber: '1' }));
    await refused(d.rename(`cn=box,${suffix}`, 'serialNumber=1'), 'objectClassViolation');
    await ok(d.rename(`cn=box,${suffix}`, 'serialNumber=1', { keepOld: true }));
    await ok(d.modify(ada, [['add', 'employeeNumber', '7']]));
    await refused(d.rename(ada, 'employeeNumber=8'), 'constraintViolation');
  });
});

describe('controls', () => {
  beforeEach(() => at().seed(manyPeople(['ada'], { title: 'a' })));

  test('pre- and post-read (RFC 4527) show what the author may read', async () => {
    const d = at();
    const controls = { preRead: ['title', 'userPassword'], postRead: ['*', 'entryCSN'] };
    const outcome = await ok(
      d.modify(
        ada,
        [
          ['replace', 'title', 'b'],
          ['add', 'userPassword', 'pw'],
        ],
        controls,
      ),
    );
    const [pre, post] = [seenOfRead(outcome.preRead!), seenOfRead(outcome.postRead!)];
    expect([...pre.attributes.keys()]).toEqual(['title']);
    expect([pre.texts('title'), post.texts('title')]).toEqual([['a'], ['b']]);
    expect(post.texts('entryCSN')).toEqual(texts(ada, 'entryCSN'));
    expect(post.attributes.has('userPassword')).toBe(false);
    const renamed = await ok(
      d.rename(ada, 'uid=eve', {}, { preRead: ['uid'], postRead: ['uid', 'entryDN'] }),
    );
    expect([renamed.preRead!.dn, renamed.postRead!.dn]).toEqual([ada, person('eve')]);
    expect(seenOfRead(renamed.postRead!).texts('entryDN')).toEqual([person('eve')]);
    const gone = await ok(d.delete(person('eve'), { preRead: ['title'] }));
    expect(seenOfRead(gone.preRead!).texts('title')).toEqual(['b']);
    expect(gone.postRead).toBeUndefined();
    const made = await ok(
      d.add(ada, personValues('ada'), { postRead: ['entryUUID', 'objectClass'] }),
    );
    expect(seenOfRead(made.postRead!).texts('entryUUID')).toEqual(texts(ada, 'entryUUID'));
  });

  test('an assertion (RFC 4528) that does not hold is 122 and changes nothing', async () => {
    const d = at();
    await refused(
      d.modify(ada, [['replace', 'title', 'b']], { assertion: '(title=b)' }),
      'assertionFailed',
    );
    await refused(d.delete(ada, { assertion: '(!(noSuch=x))' }), 'assertionFailed');
    await refused(d.rename(ada, 'uid=x', {}, { assertion: '(uid=x)' }), 'assertionFailed');
    await ok(d.modify(ada, [['replace', 'title', 'b']], { assertion: '(&(title=a)(uid=ada))' }));
    await ok(d.delete(ada, { assertion: '(title=b)' }));
  });
});
