/** Names of other entries: kept before those exist, following them, going with them. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import {
  accountValues,
  unixGroupOfNames as bis,
  group,
  groups,
  manyPeople,
  groupOfNames as names,
  people,
  person,
  personValues,
  posixGroup as posix,
} from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';

const at = eachDirectory();
const texts = (dn: string, attribute: string) =>
  at().entry(dn, [attribute]).texts(attribute).sort();
const memberOf = (uid: string) => texts(person(uid), 'memberOf');

beforeEach(() => at().seed(manyPeople(['ada', 'bob', 'eve', 'max'])));

describe('names outside the tree', () => {
  const placeholder = 'cn=empty-membership-placeholder';

  test('are kept as they were written, found, and never shown as somebody', async () => {
    const d = at();
    d.seed({ [group('k')]: names('k', placeholder) });
    expect(texts(group('k'), 'member')).toEqual([placeholder]);
    expect(d.foundNames(`(member=CN=Empty-Membership-Placeholder)`)).toEqual(['k']);
    await ok(
      d.modify(group('k'), [
        ['add', 'objectClass', 'posixGroup'],
        ['add', 'gidNumber', '7000'],
      ]),
    );
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

test('somebody who gives up a login name leaves it in groups that know no other', async () => {
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
    await ok(
      d.modify(person('bob'), [
        ['add', 'manager', person('ada')],
        ['add', 'seeAlso', person('ada')],
      ]),
    );
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
  expect(d.entry(group('zoe')).texts('gidNumber')).toEqual(
    d.entry(person('zoe')).texts('gidNumber'),
  );
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

test('a login name is shown as its value is stored, not as the entry’s name has it', async () => {
  const d = at();
  await ok(d.add(`UID=KIM,${people}`, personValues('kim', { uid: ['k', 'kim'] })));
  d.seed({ [group('p')]: posix('p', 'kim') });
  expect(texts(group('p'), 'memberUid')).toEqual(['kim']);
  expect(d.foundNames('(memberUid=kim)')).toEqual(['p']);
  expect(d.foundNames('(memberUid=KIM)')).toEqual([]);
});
