/** Groups in every dialect, nested, circular, with members that do not exist yet, or ever. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import {
  unixGroupOfNames as bis,
  group,
  manyPeople,
  groupOfNames as names,
  person,
  posixGroup as posix,
  groupOfUniqueNames as unique,
} from '../../support/directory-people.js';

const at = eachDirectory();
const texts = (dn: string, attribute: string) =>
  at().entry(dn, [attribute]).texts(attribute).sort();
const memberOf = (uid: string) => texts(person(uid), 'memberOf');

beforeEach(() => at().seed(manyPeople(['ada', 'bob', 'eve', 'max'])));

describe('the four forms', () => {
  test('groupOfNames shows member, and memberOf is part of *', () => {
    const d = at();
    d.seed({ [group('a')]: names('a', 'UID=Ada, ou=People,dc=example,dc=com', person('bob')) });
    expect(texts(group('a'), 'member')).toEqual([person('ada'), person('bob')]);
    expect(d.entry(person('ada'), ['*']).texts('memberOf')).toEqual([group('a')]);
    expect(d.entry(person('ada'), []).texts('memberOf')).toEqual([group('a')]);
    expect(d.entry(person('eve'), ['*']).attributes.has('memberOf')).toBe(false);
    expect(texts(group('a'), 'memberUid')).toEqual([]);
    expect(texts(group('a'), 'uniqueMember')).toEqual([]);
  });

  test('groupOfUniqueNames shows uniqueMember', () => {
    const d = at();
    d.seed({ [group('u')]: unique('u', person('ada')) });
    expect(texts(group('u'), 'uniqueMember')).toEqual([person('ada')]);
    expect(memberOf('ada')).toEqual([group('u')]);
    expect(d.foundNames(`(uniqueMember=${person('ada')})`)).toEqual(['u']);
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual([]);
    expect(d.compare(group('u'), 'uniqueMember', person('ADA'))).toBe(true);
  });

  test('posixGroup alone shows memberUid as the login name is stored', () => {
    const d = at();
    d.seed({ [group('p')]: posix('p', 'ada', 'BOB', 'stranger') });
    expect(texts(group('p'), 'memberUid')).toEqual(['BOB', 'ada', 'stranger']);
    expect(texts(group('p'), 'member')).toEqual([]);
    expect(memberOf('ada')).toEqual([group('p')]);
    expect(memberOf('bob')).toEqual([]);
    expect(d.foundNames('(memberUid=ada)')).toEqual(['p']);
    expect(d.foundNames('(memberUid=stranger)')).toEqual(['p']);
    expect(d.foundNames('(memberUid=ADA)')).toEqual([]);
    expect(d.compare(group('p'), 'memberUid', 'bob')).toBe(false);
    expect(d.compare(group('p'), 'memberUid', 'BOB')).toBe(true);
    expect(d.compare(group('p'), 'memberUid', 'stranger')).toBe(true);
    expect(d.compare(group('p'), 'memberUid', 'Ada')).toBe(false);
    expect(d.entry(group('p')).texts('structuralObjectClass')).toEqual(['posixGroup']);
  });

  test('of several login names, the first by bytes is shown, in whatever order they came', () => {
    const d = at();
    const max = person('max').replace('uid=', 'cn=');
    const classes = ['inetOrgPerson'];
    d.seed({ [max]: { objectClass: classes, cn: 'max', sn: 'M', uid: ['zed', 'alf', 'b'] } });
    d.seed({ [group('p')]: posix('p', 'zed') });
    expect(texts(group('p'), 'memberUid')).toEqual(['alf']);
  });

  test('both: members by name or by login are the same members, shown in both ways', async () => {
    const d = at();
    d.seed({
      [group('m')]: bis('m', { member: person('ada'), memberUid: ['ada', 'bob', 'nobody'] }),
    });
    expect(texts(group('m'), 'member')).toEqual([person('ada'), person('bob')]);
    expect(texts(group('m'), 'memberUid')).toEqual(['ada', 'bob', 'nobody']);
    await ok(d.modify(group('m'), [['delete', 'memberUid', 'ada']]));
    expect(texts(group('m'), 'member')).toEqual([person('bob')]);
    await ok(d.modify(group('m'), [['add', 'memberUid', 'eve']]));
    await ok(d.modify(group('m'), [['delete', 'member', person('eve')]]));
    expect(texts(group('m'), 'memberUid')).toEqual(['bob', 'nobody']);
    await refused(d.modify(group('m'), [['add', 'memberUid', 'bob']]), 'attributeOrValueExists');
    await refused(d.modify(group('m'), [['delete', 'memberUid', 'ada']]), 'noSuchAttribute');
  });

  test('a group may be empty', async () => {
    const d = at();
    d.seed({ [group('a')]: names('a', person('ada')) });
    await ok(d.modify(group('a'), [['delete', 'member']]));
    expect(memberOf('ada')).toEqual([]);
    await refused(d.modify(group('a'), [['delete', 'member']]), 'noSuchAttribute');
    await ok(d.modify(group('a'), [['replace', 'member']]));
    await ok(d.modify(group('a'), [['replace', 'member', person('bob'), person('eve')]]));
    expect(texts(group('a'), 'member')).toEqual([person('bob'), person('eve')]);
    expect(
      await refused(
        d.modify(group('a'), [['add', 'member', 'nonsense']]),
        'invalidAttributeSyntax',
      ),
    ).toMatch(/"nonsense"/);
  });

  test('members are not for what is no group', async () => {
    const d = at();
    const ada = person('ada');
    await refused(d.modify(ada, [['add', 'member', person('bob')]]), 'objectClassViolation');
    await refused(d.modify(ada, [['add', 'memberUid', 'bob']]), 'objectClassViolation');
    await refused(d.modify(group('x'), [['add', 'member', ada]]), 'noSuchObject');
    const stray = { ...posix('x'), member: ada };
    await refused(d.add(group('x'), stray), 'objectClassViolation');
  });
});

describe('nesting', () => {
  beforeEach(() => {
    at().seed({
      [group('inner')]: bis('inner', { member: [person('ada'), person('bob')] }),
      [group('middle')]: unique('middle', group('inner'), person('eve')),
      [group('outer')]: bis('outer', { member: [group('middle')], memberUid: ['max', 'ghost'] }),
    });
  });

  test('member is direct, memberUid flattened, memberOf transitive', () => {
    expect(texts(group('outer'), 'member')).toEqual([group('middle'), person('max')].sort());
    expect(texts(group('outer'), 'memberUid')).toEqual(['ada', 'bob', 'eve', 'ghost', 'max']);
    expect(texts(group('inner'), 'memberUid')).toEqual(['ada', 'bob']);
    expect(memberOf('ada')).toEqual([group('inner'), group('middle'), group('outer')]);
    expect(memberOf('max')).toEqual([group('outer')]);
    expect(texts(group('inner'), 'memberOf')).toEqual([group('middle'), group('outer')]);
  });

  test('filters are transitive', () => {
    const d = at();
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual(['inner', 'outer']);
    expect(d.foundNames(`(uniqueMember=${person('ada')})`)).toEqual(['middle']);
    expect(d.foundNames('(memberUid=ada)')).toEqual(['inner', 'outer']);
    expect(d.foundNames('(memberUid=ghost)')).toEqual(['outer']);
    expect(d.foundNames(`(&(memberOf=${group('outer')})(uid=*))`)).toEqual([
      'ada',
      'bob',
      'eve',
      'max',
    ]);
    expect(d.foundNames(`(&(uid=*)(!(memberOf=${group('middle')})))`)).toEqual(['max']);
    expect(
      d.foundNames(`(|(member=${person('eve')})(uniqueMember=${person('eve')})(memberUid=eve))`),
    ).toEqual(['middle', 'outer']);
    // The way a group checker asks: a base search of the person.
    const ask = { base: person('ada'), scope: 'base' as const };
    expect(d.found(`(memberOf=${group('outer')})`, ask)).toEqual([person('ada')]);
  });

  test('Compare is transitive, and says what it cannot answer', async () => {
    const d = at();
    expect(d.compare(group('outer'), 'member', 'uid=ADA , ou=people,dc=example,dc=com')).toBe(true);
    expect(d.compare(group('outer'), 'memberUid', 'ada')).toBe(true);
    expect(d.compare(group('middle'), 'uniqueMember', person('bob'))).toBe(true);
    expect(d.compare(group('inner'), 'member', person('eve'))).toBe(false);
    expect(d.compare(person('ada'), 'memberOf', group('outer'))).toBe(true);
    expect(d.compare(person('max'), 'memberOf', group('inner'))).toBe(false);
    expect(d.compare(group('outer'), 'member', 'cn=out,dc=elsewhere')).toBe(false);
    const no = (work: () => boolean, code: Parameters<typeof refusal>[1]) => refusal(work, code);
    await no(() => d.compare(group('outer'), 'member', 'no name'), 'invalidAttributeSyntax');
    await no(() => d.compare(group('middle'), 'memberUid', 'ada'), 'noSuchAttribute');
    await no(() => d.compare(group('none'), 'member', person('ada')), 'noSuchObject');
  });

  test('a circle of groups ends, and everybody in it is in all of it', async () => {
    const d = at();
    await ok(d.modify(group('inner'), [['add', 'member', group('outer')]]));
    for (const cn of ['inner', 'outer']) {
      expect(texts(group(cn), 'memberUid')).toEqual(['ada', 'bob', 'eve', 'ghost', 'max']);
    }
    expect(memberOf('max')).toEqual([group('inner'), group('middle'), group('outer')]);
    expect(texts(group('inner'), 'memberOf')).toEqual([
      group('inner'),
      group('middle'),
      group('outer'),
    ]);
    expect(d.foundNames(`(member=${person('max')})`)).toEqual(['inner', 'outer']);
    expect(d.foundNames(`(memberOf=${group('inner')})`)).toEqual([
      'ada',
      'bob',
      'eve',
      'inner',
      'max',
      'middle',
      'outer',
    ]);
    await ok(d.modify(group('inner'), [['add', 'member', group('inner')]]));
    expect(texts(group('inner'), 'member')).toContain(group('inner'));
    await ok(d.delete(group('inner')));
    expect(memberOf('ada')).toEqual([]);
  });

  test('a change far down is seen at the top at once', async () => {
    const d = at();
    await ok(d.modify(group('inner'), [['delete', 'member', person('ada')]]));
    expect(d.found(`(memberOf=${group('outer')})`)).not.toContain(person('ada'));
    await ok(d.modify(group('outer'), [['delete', 'member', group('middle')]]));
    expect(texts(group('outer'), 'memberUid')).toEqual(['ghost', 'max']);
    expect(memberOf('bob')).toEqual([group('inner'), group('middle')]);
  });
});
