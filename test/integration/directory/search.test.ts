/** Searches of the tree: scopes, selections, limits, refusals (RFC 4511 §4.5, RFC 4528). */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { certificate } from '../../support/directory-certificate.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import {
  group,
  groups,
  manyPeople,
  people,
  person,
  personValues,
} from '../../support/directory-people.js';
import { adminDn, nobody, requestOf, suffix } from '../../support/directory-requests.js';

describe('scopes', () => {
  const at = eachDirectory();

  beforeEach(() => {
    const d = at();
    d.seed({
      ...manyPeople(['ada', 'bob']),
      [`ou=deep,${people}`]: { objectClass: 'organizationalUnit', ou: 'deep' },
      [`uid=eve,ou=deep,${people}`]: personValues('eve'),
    });
  });

  test('base returns the base object alone', () => {
    expect(at().found('(objectClass=*)', { base: people, scope: 'base' })).toEqual([people]);
    expect(at().found('(uid=ada)', { base: people, scope: 'base' })).toEqual([]);
    expect(at().found('(uid=ada)', { base: person('ada'), scope: 'base' })).toEqual([
      person('ada'),
    ]);
  });

  test('one returns children, not the base and not grandchildren', () => {
    const found = at().found('(objectClass=*)', { base: people, scope: 'one' });
    expect(found).toEqual([`ou=deep,${people}`, person('ada'), person('bob')]);
  });

  test('sub returns the base and everything below it', () => {
    const found = at().found('(objectClass=*)', { base: people });
    expect(found).toHaveLength(5);
    expect(found).toContain(people);
    expect(at().found('(uid=*)', { base: `ou=deep,${people}` })).toEqual([
      `uid=eve,ou=deep,${people}`,
    ]);
  });

  test('a base is a name however it is written', () => {
    const found = at().found('(uid=ADA)', {
      base: 'OU = People , DC=Example,dc=COM',
      scope: 'one',
    });
    expect(found).toEqual([person('ada')]);
  });

  test('a base that does not exist is 32 with the deepest ancestor that does', () => {
    const { done } = at().search('(uid=*)', { base: `cn=x,cn=y,${people}` });
    expect(done).toMatchObject({ code: 'noSuchObject', matchedDn: people });
    expect(at().search('(uid=*)', { base: 'dc=nowhere' }).done).toMatchObject({
      code: 'noSuchObject',
      matchedDn: '',
    });
  });

  test('a base that is no name is 34', () => {
    expect(at().search('(uid=*)', { base: 'not a name' }).done.code).toBe('invalidDNSyntax');
  });

  test('anonymous clients are refused alike whatever exists', () => {
    const bases = [suffix, person('ada'), `cn=no,${suffix}`, 'cn=subschema'];
    const answers = bases.map((base) => at().search('(uid=*)', { base, as: nobody }));
    expect(new Set(answers.map(({ done }) => JSON.stringify(done))).size).toBe(1);
    expect(answers[0]).toMatchObject({ entries: [], done: { code: 'insufficientAccessRights' } });
  });
});

describe('selections', () => {
  const at = eachDirectory();
  const ada = person('ada');

  beforeEach(async () => {
    const d = at();
    d.seed({
      ...manyPeople(['bob']),
      [ada]: personValues('ada', {
        'cn;lang-de': 'Ada von der Maschine',
        mail: 'ada@example.com',
        givenName: 'Ada',
        manager: person('bob'),
        'userCertificate;binary': certificate,
        userPassword: '{SSHA}VVmJTBGDmCmr4bhVIp7jShVIwDiNNYSE1hOPHg==',
      }),
      [group('team')]: { objectClass: 'groupOfNames', cn: 'team', member: [ada, person('bob')] },
    });
  });

  const names = (attributes: readonly string[], dn = ada, typesOnly = false) => {
    const ask = { base: dn, scope: 'base' as const, attributes, typesOnly };
    return [...at().search('(objectClass=*)', ask).entries[0]!.attributes.keys()].sort();
  };
  const user = [
    'cn',
    'cn;lang-de',
    'givenName',
    'mail',
    'manager',
    'memberOf',
    'objectClass',
    'sn',
    'uid',
    'userCertificate;binary',
  ];
  const operational = [
    'createTimestamp',
    'creatorsName',
    'entryCSN',
    'entryDN',
    'entryUUID',
    'hasSubordinates',
    'lifecycleState',
    'modifiersName',
    'modifyTimestamp',
    'numSubordinates',
    'pwdChangedTime',
    'pwdPolicySubentry',
    'structuralObjectClass',
    'subschemaSubentry',
    'userAccountControl',
  ];

  test('no list, or *, is all user attributes and memberOf', () => {
    expect(names([])).toEqual(user);
    expect(names(['*'])).toEqual(user);
  });

  test('+ is the operational ones, both are all', () => {
    expect(names(['+'])).toEqual(operational);
    expect(names(['*', '+'])).toEqual([...user, ...operational].sort());
    expect(names(['*', 'entryUUID'])).toEqual([...user, 'entryUUID'].sort());
  });

  test('the suffix shows the state of the tree', () => {
    expect(names(['+'], suffix)).toContain('contextCSN');
    expect(at().entry(suffix).texts('contextCSN')).toEqual([at().reader.contextCsn()]);
  });

  test('1.1, dn and unknown names are none', () => {
    expect(names(['1.1'])).toEqual([]);
    expect(names(['dn'])).toEqual([]);
    expect(names(['noSuchThing', 'cn;x-;', '@noSuchClass', '', ' ', 'a b'])).toEqual([]);
    expect(names(['1.1', 'sn'])).toEqual(['sn']);
  });

  test('names in any spelling come back in the schema’s', () => {
    expect(names(['SURNAME', 'commonname', '2.5.4.42', 'MEMBEROF'])).toEqual(
      ['cn', 'cn;lang-de', 'givenName', 'memberOf', 'sn'].sort(),
    );
  });

  test('an option asks for what has it; none asks for all', () => {
    expect(names(['cn;lang-de'])).toEqual(['cn;lang-de']);
    expect(names(['CN;LANG-DE'])).toEqual(['cn;lang-de']);
    expect(names(['cn;lang-fr'])).toEqual([]);
    expect(names(['cn'])).toEqual(['cn', 'cn;lang-de']);
    expect(names(['memberOf;lang-de', 'manager;lang-de', 'entryUUID;x'])).toEqual([]);
  });

  test('a supertype asks for its subtypes', () => {
    expect(names(['name'])).toEqual(['cn', 'cn;lang-de', 'givenName', 'sn']);
    expect(names(['name;lang-de'])).toEqual(['cn;lang-de']);
    expect(names(['distinguishedName'], group('team'))).toEqual(['member']);
  });

  test('@class asks for the attributes of a class and its superclasses', () => {
    expect(names(['@person'])).toEqual(['cn', 'cn;lang-de', 'objectClass', 'sn']);
    expect(names(['@top'])).toEqual(['objectClass']);
  });

  test('certificates come with their transfer option, asked with it or without', () => {
    expect(names(['userCertificate'])).toEqual(['userCertificate;binary']);
    expect(names(['userCertificate;binary'])).toEqual(['userCertificate;binary']);
  });

  test('typesOnly sends names without values', () => {
    expect(names(['*', '+'], ada, true)).toEqual([...user, ...operational].sort());
    const ask = { base: ada, scope: 'base' as const, typesOnly: true, attributes: ['*', '+'] };
    const { entries } = at().search('(cn=*)', ask);
    expect([...entries[0]!.attributes.values()].flat()).toEqual([]);
  });

  test('secrets are never sent, asked by name, by class or by *, to anybody', () => {
    const secrets = ['*', '+', 'userPassword', '@person', '@simpleSecurityObject', '2.5.4.35'];
    expect(names(secrets)).not.toContain('userPassword');
    expect(names(secrets, adminDn)).not.toContain('userPassword');
    for (const filter of ['(userPassword=*)', '(userPassword={SSHA}*)', '(!(userPassword=*))']) {
      expect(at().found(filter)).toEqual([]);
    }
    expect(at().found('(|(userPassword=*)(uid=ada))')).toEqual([ada]);
  });

  test('operational attributes say what is so', async () => {
    const d = at();
    const seen = d.entry(ada);
    expect(seen.texts('entryDN')).toEqual([ada]);
    expect(seen.texts('createTimestamp')).toEqual(['20260105090000Z']);
    expect(seen.texts('creatorsName')).toEqual([adminDn]);
    expect(seen.texts('hasSubordinates')).toEqual(['FALSE']);
    expect(seen.texts('structuralObjectClass')).toEqual(['inetOrgPerson']);
    expect(seen.texts('subschemaSubentry')).toEqual(['cn=subschema']);
    expect(seen.texts('entryUUID')[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/);
    d.clock.advance(61_000);
    await ok(d.modify(ada, [['replace', 'title', 'Countess']]));
    const after = d.entry(ada);
    expect(after.texts('modifyTimestamp')).toEqual(['20260105090101Z']);
    expect(after.texts('createTimestamp')).toEqual(seen.texts('createTimestamp'));
    expect(after.texts('entryUUID')).toEqual(seen.texts('entryUUID'));
    expect(after.texts('entryCSN')[0]! > seen.texts('entryCSN')[0]!).toBe(true);
    expect(d.entry(people).texts('numSubordinates')).toEqual(['2']);
    expect(d.entry(groups).texts('hasSubordinates')).toEqual(['TRUE']);
  });
});

describe('limits', () => {
  const at = eachDirectory({ limits: { unindexedCandidatesMax: 50 } });
  const uids = Array.from({ length: 60 }, (_, i) => `u${String(i).padStart(2, '0')}`);

  beforeEach(() => at().seed(manyPeople(uids, { description: 'words' })));

  test('a size limit is 4 after that many entries, and nothing where it fits', () => {
    const d = at();
    const cut = d.search('(uid=*)', { sizeLimit: 5 });
    expect(cut.done.code).toBe('sizeLimitExceeded');
    expect(cut.entries).toHaveLength(5);
    expect(d.search('(uid=*)', { sizeLimit: 60 }).done.code).toBe('success');
    expect(d.search('(uid=u07)', { sizeLimit: 1 }).done.code).toBe('success');
  });

  test('a time limit is 3, also where the client takes one entry at a time', () => {
    const d = at();
    const slowly = (takesAll: boolean) => (): boolean => {
      d.clock.advance(100);
      return takesAll;
    };
    const cut = d.search('(uid=*)', { timeLimit: 2, onEntry: slowly(true) });
    expect(cut.done.code).toBe('timeLimitExceeded');
    expect(cut.entries.length).toBeLessThan(60);
    const trickle = d.search('(uid=*)', { timeLimit: 2, onEntry: slowly(false) });
    expect(trickle.done.code).toBe('timeLimitExceeded');
    expect(trickle.entries.length).toBeLessThan(30);
    expect(d.search('(uid=*)', { timeLimit: 2 }).done.code).toBe('success');
  });

  test('a slice that is used up says so and goes on where it stopped', () => {
    const d = at();
    const run = d.directory.search(requestOf('(uid=*)'), d.admin);
    let slices = 0;
    let taken = 0;
    const sink = () => {
      taken += 1;
      d.clock.advance(1);
      return true;
    };
    while (run.pull(sink, d.clock.monotonicMs() + 1) === 'slice') slices += 1;
    expect(taken).toBe(60);
    expect(slices).toBeGreaterThan(0);
  });

  test('an unindexed search is refused before its first entry, with the way out', () => {
    const d = at();
    for (const filter of [
      '(description=words)',
      '(description=w*)',
      '(!(description=other))',
      '(|(uid=u01)(description=words))',
      '(&(objectClass=*)(!(title=x)))',
    ]) {
      const { entries, done } = d.search(filter);
      expect(entries).toEqual([]);
      expect(done.code).toBe('unwillingToPerform');
      expect(done.text).toMatch(/tenure index add (description|title)$/);
    }
  });

  test('what an index narrows, or the scope, is not refused', () => {
    const d = at();
    expect(d.found('(&(uid=u01)(description=words))')).toEqual([person('u01')]);
    expect(d.found('(description=*)', { base: groups })).toEqual([]);
    expect(d.found('(description=words)', { base: person('u01'), scope: 'base' })).toHaveLength(1);
    expect(d.found('(objectClass=*)').length).toBeGreaterThan(60);
    expect(d.found('(!(uid=u01))').length).toBeGreaterThan(60);
    expect(d.found('(&)').length).toBeGreaterThan(60);
  });

  test('what cannot be indexed is never answered with advice that does not work', async () => {
    const d = at();
    for (const filter of ['(!(manager=*))', '(manager=*)', '(!(member=*))', '(!(memberOf=*))']) {
      expect(d.search(filter).done.code).toBe('success');
    }
    const { done } = d.search('(hasSubordinates=TRUE)');
    expect(done.code).toBe('unwillingToPerform');
    expect(done.text).not.toContain('index add');
  });
});

describe('assertion (RFC 4528)', () => {
  const at = eachDirectory();

  test('holds for the base object or is 122', () => {
    const d = at();
    d.seed(manyPeople(['ada']));
    const ask = { base: people, assertion: '(ou=people)' };
    expect(d.search('(uid=ada)', ask).entries).toHaveLength(1);
    for (const assertion of ['(ou=groups)', '(noSuch=1)', '(!(noSuch=1))']) {
      const { entries, done } = d.search('(uid=ada)', { base: people, assertion });
      expect(entries).toEqual([]);
      expect(done.code).toBe('assertionFailed');
    }
  });
});
