/** Schema and indexes changed while the directory runs (RFC 4512 §4.2, X-TENURE-INDEX). */
import { describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { manyPeople, person, personValues } from '../../support/directory-people.js';

const integer = '1.3.6.1.4.1.1466.115.121.1.27';
const arc = '1.3.6.1.4.1.99999';
const shoe =
  `( ${arc}.1 NAME ( 'shoeSize' 'shoe' ) DESC 'of a foot' EQUALITY integerMatch ` +
  `ORDERING integerOrderingMatch SYNTAX ${integer} SINGLE-VALUE X-TENURE-INDEX ( 'eq' 'ord' ) )`;
const mentor = `( ${arc}.2 NAME 'mentor' SUP distinguishedName )`;
const shod = `( ${arc}.3 NAME 'shod' SUP top AUXILIARY MAY ( shoeSize $ mentor ) )`;
const schemaDn = 'cn=subschema';

describe('schema', () => {
  const at = eachDirectory();
  const extend = (...changes: Parameters<ReturnType<typeof at>['modify']>[1]) =>
    at().modify(schemaDn, changes);
  const published = (attribute: string) =>
    at()
      .search('(objectClass=subschema)', { base: schemaDn, scope: 'base', attributes: [attribute] })
      .entries[0]!.texts(attribute);

  test('new definitions are published and in use at once', async () => {
    const d = at();
    d.seed(manyPeople(['ada', 'bob']));
    expect(d.found('(!(shoeSize=38))')).toEqual([]);
    await ok(extend(['add', 'attributeTypes', shoe, mentor], ['add', 'objectClasses', shod]));
    await ok(
      d.modify(person('ada'), [
        ['add', 'objectClass', 'shod'],
        ['add', 'SHOE', '38'],
        ['add', 'mentor', person('bob')],
      ]),
    );
    expect(published('attributeTypes').some((text) => text.includes("'shoeSize'"))).toBe(true);
    expect(published('objectClasses').some((text) => text.includes("'shod'"))).toBe(true);
    expect(d.foundNames('(shoe>=37)')).toEqual(['ada']);
    expect(d.foundNames('(objectClass=shod)')).toEqual(['ada']);
    expect(d.found('(!(shoeSize=38))')).not.toEqual([]);
    expect(d.entry(person('ada'), ['shoe', '@shod']).texts('shoeSize')).toEqual(['38']);
    await ok(d.rename(person('bob'), 'uid=rob'));
    expect(d.entry(person('ada')).texts('mentor')).toEqual([person('rob')]);
    await refused(d.modify(person('ada'), [['add', 'shoeSize', '39']]), 'constraintViolation');
    await refused(
      d.modify(person('ada'), [['replace', 'shoeSize', 'big']]),
      'invalidAttributeSyntax',
    );
    await refused(d.modify(person('rob'), [['add', 'shoeSize', '39']]), 'objectClassViolation');
  });

  test('an export with entries of new classes comes back', async () => {
    const d = at();
    await ok(extend(['add', 'attributeTypes', shoe, mentor], ['add', 'objectClasses', shod]));
    await d.import(
      `dn: ${person('ada')}\nobjectClass: inetOrgPerson\nobjectClass: shod\ncn: a\nsn: b\nshoe: 38`,
    );
    expect(d.foundNames('(shoeSize=38)')).toEqual(['ada']);
  });

  test('unused ones can go, what entries use and what is built in stays', async () => {
    const d = at();
    await ok(extend(['add', 'attributeTypes', shoe, mentor]));
    await ok(extend(['delete', 'attributeTypes', mentor]));
    await ok(extend(['add', 'attributeTypes', mentor], ['add', 'objectClasses', shod]));
    d.seed({
      [person('ada')]: {
        ...personValues('ada'),
        objectClass: ['inetOrgPerson', 'shod'],
        shoeSize: '38',
      },
    });
    await refused(extend(['delete', 'attributeTypes', shoe]), 'unwillingToPerform');
    await refused(extend(['delete', 'objectClasses', shod]), 'unwillingToPerform');
    const cn = published('attributeTypes').find((text) => text.includes("'cn'"))!;
    await refused(extend(['delete', 'attributeTypes', cn]), 'unwillingToPerform');
    await refused(extend(['delete', 'attributeTypes', mentor]), 'constraintViolation');
  });

  test('what is wrong is refused with the reason, and changes nothing', async () => {
    const d = at();
    const before = d.reader.schema();
    const type = (rest: string) => `( ${arc}.9 NAME 'wrong' ${rest} )`;
    for (const [text, why] of [
      ['nonsense', /./],
      [type(''), /syntax/],
      [type('SYNTAX 1.2.3.4'), /1\.2\.3\.4/],
      [type(`EQUALITY noSuchMatch SYNTAX ${integer}`), /noSuchMatch/],
      [type('SUP noSuchType'), /noSuchType/],
      [`( ${arc}.9 NAME 'cn' SYNTAX ${integer} )`, /cn/],
      [`( 2.5.4.3 NAME 'other' SYNTAX ${integer} )`, /2\.5\.4\.3/],
    ] as const) {
      const outcome = await extend(['add', 'attributeTypes', text]);
      expect([text, outcome]).toMatchObject([
        text,
        { ok: false, error: { text: expect.stringMatching(why) } },
      ]);
      if (!outcome.ok) expect(outcome.error.code).not.toBe('other');
    }
    await refused(
      extend(['add', 'objectClasses', `( ${arc}.9 NAME 'w' MUST noSuch )`]),
      'constraintViolation',
    );
    await refused(extend(['replace', 'attributeTypes', shoe]), 'unwillingToPerform');
    await refused(extend(['add', 'description', 'x']), 'unwillingToPerform');
    await ok(extend(['add', 'attributeTypes', shoe]));
    await refused(extend(['add', 'attributeTypes', shoe]), 'attributeOrValueExists');
    expect(before.attribute('shoeSize')).toBeUndefined();
    await refused(
      d.modify(schemaDn, [['add', 'attributeTypes', shoe]], {}, d.user(d.admin.identity.dn)),
      'insufficientAccessRights',
    );
  });
});

describe('indexes', () => {
  const at = eachDirectory({ limits: { unindexedCandidatesMax: 20 } });
  const uids = Array.from({ length: 40 }, (_, i) => `u${i}`);
  const setIndex = (words: string) => {
    at().half.setIndex('title', words === '' ? [] : words.split(' '));
    at().reader.applyCommitted(at().half.store.takeCommitted());
  };

  test('one that is added serves when it is built, and no longer when it is dropped', async () => {
    const d = at();
    d.seed(manyPeople(uids, { title: 'Engineer of things' }));
    await ok(d.modify(person('u7'), [['replace', 'title', 'Countess']]));
    const finds = (filter: string) => {
      const { entries, done } = d.search(filter);
      return done.code === 'success' ? entries.length : done.code;
    };
    expect(finds('(title=countess)')).toBe('unwillingToPerform');
    setIndex('eq sub');
    expect(finds('(title=countess)')).toBe('unwillingToPerform');
    d.maintain();
    expect(finds('(title=countess)')).toBe(1);
    expect(finds('(title=*unt*)')).toBe(1);
    expect(finds('(title=engineer*)')).toBe(39);
    d.seed(manyPeople(['late'], { title: 'Countess' }));
    await ok(d.modify(person('u7'), [['replace', 'title', 'Lady']]));
    expect([finds('(title=countess)'), finds('(title=*ady*)')]).toEqual([1, 1]);
    d.verify();
    setIndex('eq');
    d.maintain();
    expect(finds('(title=countess)')).toBe(1);
    expect(finds('(title=*ady*)')).toBe('unwillingToPerform');
    setIndex('');
    d.maintain();
    expect(finds('(title=countess)')).toBe('unwillingToPerform');
  });

  test('writes while one is being built are in it', async () => {
    const d = at();
    d.seed(manyPeople(uids, { title: 'a' }));
    setIndex('eq sub');
    d.half.store.maintain();
    d.seed(manyPeople(['new'], { title: 'new title' }));
    await ok(d.modify(person('u39'), [['replace', 'title', 'moved title']]));
    await ok(d.delete(person('u1')));
    d.maintain();
    expect(d.foundNames('(title=*title)')).toEqual(['new', 'u39']);
    expect(d.found('(title=a)')).toHaveLength(38);
  });

  test('what cannot be indexed is refused', () => {
    const d = at();
    for (const [attribute, words] of [
      ['noSuch', 'eq'],
      ['member', 'eq'],
      ['userPassword', 'eq'],
      ['memberOf', 'eq'],
      ['title', 'ord'],
      ['title', 'quick'],
    ] as const) {
      expect(() => d.half.setIndex(attribute, [words])).toThrow();
    }
    expect(d.foundNames('(cn=admin)')).toEqual(['admin']);
  });
});
