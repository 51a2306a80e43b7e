/** Groups in every dialect, nested, circular, with members that do not exist yet, or ever. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { accountValues, group, groups, manyPeople, people, person, personValues } from '../../support/directory-people.js';
import { ok, refusal, refused, suffix, type Values } from '../../support/directory-temp.js';

const at = eachDirectory();
const names = (cn: string, ...member: string[]): Values => ({
  objectClass: 'groupOfNames',
  cn,
  ...(member.length > 0 && { member }),
});
const unique = (cn: string, ...uniqueMember: string[]): Values => ({
  objectClass: 'groupOfUniqueNames',
  cn,
  uniqueMember,
});
const posix = (cn: string, ...memberUid: string[]): Values => ({
  objectClass: 'posixGroup',
  cn,
  ...(memberUid.length > 0 && { memberUid }),
});
const bis = (cn: string, more: Values): Values => ({
  objectClass: ['groupOfNames', 'posixGroup'],
  cn,
  ...more,
});

const texts = (dn: string, attribute: string) => at().entry(dn, [attribute]).texts(attribute).sort();
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

  test('both: members by name or by login are the same members, shown in both ways', async () => {
    const d = at();
    d.seed({ [group('m')]: bis('m', { member: person('ada'), memberUid: ['ada', 'bob', 'nobody'] }) });
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
    expect(await refused(d.modify(group('a'), [['add', 'member', 'nonsense']]), 'invalidAttributeSyntax')).toMatch(
      /"nonsense"/,
    );
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
    expect(d.foundNames(`(&(memberOf=${group('outer')})(uid=*))`)).toEqual(['ada', 'bob', 'eve', 'max']);
    expect(d.foundNames(`(&(uid=*)(!(memberOf=${group('middle')})))`)).toEqual(['max']);
    expect(d.foundNames(`(|(member=${person('eve')})(uniqueMember=${person('eve')})(memberUid=eve))`)).toEqual(
      ['middle', 'outer'],
    );
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
    expect(texts(group('inner'), 'memberOf')).toEqual([group('inner'), group('middle'), group('outer')]);
    expect(d.foundNames(`(member=${person('max')})`)).toEqual(['inner', 'outer']);
    expect(d.foundNames(`(memberOf=${group('inner')})`)).toEqual(
      ['ada', 'bob', 'eve', 'inner', 'max', 'middle', 'outer'],
    );
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

describe('names outside the tree', () => {
  const placeholder = 'cn=empty-membership-placeholder';

  test('are kept as they were written, found, and never shown as somebody', async () => {
    const d = at();
    d.seed({ [group('k')]: names('k', placeholder) });
    expect(texts(group('k'), 'member')).toEqual([placeholder]);
    expect(d.foundNames(`(member=CN=Empty-Membership-Placeholder)`)).toEqual(['k']);
    await ok(d.modify(group('k'), [['add', 'objectClass', 'posixGroup'], ['add', 'gidNumber', '7000']]));
    expect(texts(group('k'), 'memberUid')).toEqual([]);
    await ok(d.modify(group('k'), [['add', 'member', person('ada')]]));
    await ok(d.modify(group('k'), [['delete', 'member', 'cn=Empty-membership-placeholder']]));
    expect(texts(group('k'), 'member')).toEqual([person('ada')]);
  });

  test('become references when their entry appears, by name and by login', async () => {
    const d = at();
    d.seed({
      [group('a')]: names('a', person('new'), person('ada')),
      [group('p')]: posix('p', 'new'),
      [group('b')]: bis('b', { memberUid: 'new' }),
    });
    d.clock.advance(5_000);
    expect(d.foundNames(`(member=${person('new')})`)).toEqual(['a']);
    await ok(d.add(person('new'), personValues('new')));
    expect(memberOf('new')).toEqual([group('a'), group('b'), group('p')]);
    expect(texts(group('b'), 'member')).toEqual([person('new')]);
    expect(texts(group('a'), 'modifyTimestamp')).toEqual(['20260105090005Z']);
    await ok(d.rename(person('new'), 'uid=newer'));
    expect(texts(group('a'), 'member')).toEqual([person('ada'), person('newer')]);
    expect(texts(group('p'), 'memberUid')).toEqual(['newer']);
  });

  test('become references when an entry, or what is below one, gets the name', async () => {
    const d = at();
    d.seed({
      [`ou=old,${suffix}`]: { objectClass: 'organizationalUnit', ou: 'old' },
      [`uid=kim,ou=old,${suffix}`]: personValues('kim'),
      [group('a')]: names('a', person('later'), `uid=kim,ou=new,${suffix}`),
      [group('p')]: posix('p', 'later'),
    });
    await ok(d.rename(person('max'), 'uid=later'));
    expect(d.foundNames(`(member=${person('later')})`)).toEqual(['a']);
    expect(memberOf('later')).toEqual([group('a'), group('p')]);
    await ok(d.rename(`ou=old,${suffix}`, 'ou=new'));
    expect(d.foundNames(`(memberOf=${group('a')})`)).toEqual(['kim', 'later']);
    await ok(d.delete(`uid=kim,ou=new,${suffix}`));
    expect(texts(group('a'), 'member')).toEqual([person('later')]);
  });

  test('a login name that somebody gets by modify is theirs in groups as well', async () => {
    const d = at();
    d.seed({ [group('p')]: posix('p', 'alias') });
    await ok(d.modify(person('ada'), [['add', 'uid', 'alias']]));
    expect(memberOf('ada')).toEqual([group('p')]);
    expect(d.foundNames('(memberUid=alias)')).toEqual(['p']);
    await ok(d.delete(person('ada')));
    expect(texts(group('p'), 'memberUid')).toEqual([]);
  });
});

test('somebody who gives up the login name leaves it in the groups that know no other', async () => {
  const d = at();
  d.seed({ [group('p')]: posix('p', 'ada'), [group('b')]: bis('b', { memberUid: 'ada' }) });
  await ok(d.rename(person('ada'), 'cn=Ada'));
  expect(texts(group('p'), 'memberUid')).toEqual(['ada']);
  expect(d.entry(`cn=Ada,${people}`).texts('memberOf')).toEqual([group('b')]);
  expect(texts(group('b'), 'memberUid')).toEqual([]);
  await ok(d.modify(`cn=Ada,${people}`, [['add', 'uid', 'ada']]));
  expect(d.entry(`cn=Ada,${people}`).texts('memberOf').sort()).toEqual([group('b'), group('p')]);
});

describe('referential integrity', () => {
  beforeEach(() => {
    at().seed({
      [group('a')]: names('a', person('ada'), person('bob')),
      [group('p')]: posix('p', 'ada'),
    });
  });

  test('a delete takes the names away, and the referrers count as modified', async () => {
    const d = at();
    await ok(d.modify(person('bob'), [['add', 'manager', person('ada')], ['add', 'seeAlso', person('ada')]]));
    d.clock.advance(60_000);
    await ok(d.delete(person('ada')));
    expect(texts(group('a'), 'member')).toEqual([person('bob')]);
    expect(texts(group('p'), 'memberUid')).toEqual([]);
    const bob = d.entry(person('bob'));
    expect([bob.texts('manager'), bob.texts('seeAlso')]).toEqual([[], []]);
    for (const dn of [group('a'), group('p'), person('bob')]) {
      expect(texts(dn, 'modifyTimestamp')).toEqual(['20260105090100Z']);
    }
    expect(texts(person('eve'), 'modifyTimestamp')).toEqual(['20260105090000Z']);
    await ok(d.add(person('ada'), personValues('ada')));
    expect(memberOf('ada')).toEqual([]);
  });

  test('a rename shows in every group, and they count as modified', async () => {
    const d = at();
    d.clock.advance(60_000);
    await ok(d.rename(person('ada'), 'uid=lovelace'));
    expect(texts(group('a'), 'member')).toEqual([person('bob'), person('lovelace')]);
    expect(texts(group('p'), 'memberUid')).toEqual(['lovelace']);
    expect(texts(group('a'), 'modifyTimestamp')).toEqual(['20260105090100Z']);
    expect(texts(group('p'), 'modifyTimestamp')).toEqual(['20260105090100Z']);
    expect(d.found(`(modifyTimestamp>=20260105090100Z)`)).toHaveLength(3);
  });

  test('a renamed container shows in the members and groups below it', async () => {
    const d = at();
    d.clock.advance(60_000);
    await ok(d.rename(people, 'ou=staff'));
    expect(texts(group('a'), 'member')).toEqual([
      `uid=ada,ou=staff,${suffix}`,
      `uid=bob,ou=staff,${suffix}`,
    ]);
    expect(texts(group('a'), 'modifyTimestamp')).toEqual(['20260105090100Z']);
    await ok(d.rename(groups, 'ou=teams'));
    const ada = d.entry(`uid=ada,ou=staff,${suffix}`);
    expect(ada.texts('memberOf').sort()).toEqual([
      `cn=a,ou=teams,${suffix}`,
      `cn=p,ou=teams,${suffix}`,
    ]);
  });

  test('somebody who manages themselves can go', async () => {
    const d = at();
    await ok(d.modify(person('eve'), [['add', 'manager', person('eve')]]));
    await ok(d.rename(person('eve'), 'uid=eva'));
    expect(texts(person('eva'), 'manager')).toEqual([person('eva')]);
    await ok(d.delete(person('eva')));
  });
});

test('one member more in a group of ten thousand writes one value', async () => {
  const d = at();
  const members = Array.from({ length: 10_000 }, (_, i) => `cn=m${i},dc=elsewhere`);
  d.seed({ [group('big')]: names('big', ...members) });
  const before = d.half.store.logEnd().seq;
  await ok(d.modify(group('big'), [['add', 'member', person('ada')]]));
  await ok(d.modify(group('big'), [['delete', 'member', 'cn=M77,dc=elsewhere']]));
  expect(texts(group('big'), 'member')).toHaveLength(10_000);
  expect(memberOf('ada')).toEqual([group('big')]);
  const payloads = d.logged(before);
  expect(payloads).toHaveLength(2);
  for (const payload of payloads) expect(payload.length).toBeLessThan(1_000);
});

test('accounts bring their groups: a private group holds nobody by name', () => {
  const d = at();
  d.seed({ [person('zoe')]: accountValues('zoe') });
  expect(texts(group('zoe'), 'memberUid')).toEqual([]);
  expect(d.entry(group('zoe')).texts('gidNumber')).toEqual(d.entry(person('zoe')).texts('gidNumber'));
});

test('what holds members without being a group counts alike in both directions', () => {
  const d = at();
  d.seed({
    [group('odd')]: {
      objectClass: ['device', 'extensibleObject'],
      cn: 'odd',
      member: person('ada'),
      uniqueMember: person('bob'),
    },
    [group('outer')]: names('outer', group('odd')),
  });
  expect(d.foundNames(`(memberOf=${group('odd')})`)).toEqual(['ada', 'bob']);
  expect(memberOf('bob')).toEqual([group('odd'), group('outer')]);
  expect(d.foundNames(`(&(uid=*)(memberOf=${group('outer')}))`)).toEqual(['ada', 'bob']);
  expect(d.foundNames(`(&(uid=bob)(!(memberOf=${group('outer')})))`)).toEqual([]);
});
