/** What opens something is absent while somebody is not active: shown, found, compared, kept. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { seenOfRead } from '../../support/directory-entries.js';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import {
  accountValues,
  unixGroupOfNames as bis,
  group,
  groups,
  groupOfNames as names,
  person,
  posixGroup as posix,
  groupOfUniqueNames as unique,
} from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { closedStates, factsOfState } from '../../support/lifecycle-people.js';
import { ed25519 } from '../../support/ssh-keys.js';

const at = eachDirectory();
const eve = person('eve');
const bob = person('bob');
const sudo = `cn=rule,ou=sudo,${suffix}`;
const netgroup = `cn=lab,${groups}`;
const alias = `cn=board,${groups}`;
const role = `cn=chair,${groups}`;
const classes = ['inetOrgPerson', 'posixAccount', 'ldapPublicKey', 'radiusProfile'];
const subject = { objectClass: [...classes, 'lifecycleSubject'] };
const keyOfEve = ed25519('eve');
const keyOfBob = ed25519('bob');
const ownKeys = { eve: keyOfEve, bob: keyOfBob };

function account(uid: 'eve' | 'bob', more = {}) {
  return accountValues(uid, {
    ...subject,
    mail: `${uid}@example.com`,
    sshPublicKey: ownKeys[uid],
    'userCertificate;binary': Buffer.from([0x30, 0x03, 0x02, 0x01, uid === 'eve' ? 1 : 2]),
    radiusFilterId: `vlan-${uid}`,
    uidNumber: uid === 'eve' ? '30001' : '30002',
    gidNumber: '30000',
    ...more,
  });
}

/** Everything that names the two, of each form there is. */
function seedReferences(): void {
  at().seed({
    [`ou=sudo,${suffix}`]: { objectClass: 'organizationalUnit', ou: 'sudo' },
    [group('names')]: names('names', eve, bob),
    [group('outer')]: names('outer', group('names')),
    [group('unique')]: unique('unique', eve, bob),
    [group('posix')]: posix('posix', 'eve', 'bob', 'stranger'),
    [group('bis')]: bis('bis', { member: [eve, bob] }),
    [sudo]: {
      objectClass: 'sudoRole',
      cn: 'rule',
      sudoUser: ['eve', '#30001', '!eve', '%names', 'bob', 'ALL'],
    },
    [netgroup]: {
      objectClass: 'nisNetgroup',
      cn: 'lab',
      nisNetgroupTriple: ['(,eve,)', '(web1,-,)', '(,bob,)'],
    },
    [alias]: {
      objectClass: 'nisMailAlias',
      cn: 'board',
      rfc822MailMember: ['eve', 'EVE@example.com', 'bob'],
    },
    [role]: { objectClass: 'organizationalRole', cn: 'chair', roleOccupant: [eve, bob] },
  });
}

const texts = (dn: string, attribute: string) =>
  at().entry(dn, [attribute]).texts(attribute).sort();

/** Where the person is shown, by what, now. */
function shownOf(uid: 'eve' | 'bob') {
  const dn = person(uid);
  const key = ownKeys[uid];
  const own = at().entry(dn, ['*', '+']);
  const d = at();
  return {
    key: own.texts('sshPublicKey').length + d.foundNames(`(sshPublicKey=${key})`).length,
    certificate: own.attributes.has('userCertificate;binary'),
    radius:
      own.texts('radiusFilterId').length +
      d.foundNames(`(radiusFilterId=vlan-*)`).filter((n) => n === uid).length,
    memberOf: own.texts('memberOf').length,
    inGroup: d.foundNames(`(memberOf=${group('outer')})`).includes(uid),
    chained: d.foundNames(`(memberOf:1.2.840.113556.1.4.1941:=${group('outer')})`).includes(uid),
    member: texts(group('names'), 'member').includes(dn),
    memberFound: d.foundNames(`(member=${dn})`),
    uniqueMember: texts(group('unique'), 'uniqueMember').includes(dn),
    uniqueFound: d.foundNames(`(uniqueMember=${dn})`),
    memberUid: ['posix', 'bis'].filter((cn) => texts(group(cn), 'memberUid').includes(uid)),
    memberUidFound: d.foundNames(`(memberUid=${uid})`),
    sudo: texts(sudo, 'sudoUser').filter((v) => v === uid || v === '#30001'),
    sudoFound: d.foundNames(`(sudoUser=${uid})`),
    netgroup: texts(netgroup, 'nisNetgroupTriple').includes(`(,${uid},)`),
    netgroupFound: d.foundNames(`(nisNetgroupTriple=\\28,${uid},\\29)`),
    alias: texts(alias, 'rfc822MailMember').filter((v) => v.toLowerCase().startsWith(uid)).length,
    role: texts(role, 'roleOccupant').includes(dn),
    roleFound: d.foundNames(`(roleOccupant=${dn})`),
  };
}

const nowhere = {
  key: 0,
  certificate: false,
  radius: 0,
  memberOf: 0,
  inGroup: false,
  chained: false,
  member: false,
  memberFound: [],
  uniqueMember: false,
  uniqueFound: [],
  memberUid: [],
  memberUidFound: [],
  sudo: [],
  sudoFound: [],
  netgroup: false,
  netgroupFound: [],
  alias: 0,
  role: false,
  roleFound: [],
};

test.each(closedStates)('somebody who is %s is shown by nothing that opens anything', (state) => {
  at().seed({ [eve]: account('eve', factsOfState[state]), [bob]: account('bob') });
  seedReferences();
  const { alias: _, ...here } = shownOf('bob');
  expect(here).toEqual({
    key: 2,
    certificate: true,
    radius: 2,
    memberOf: 5,
    inGroup: true,
    chained: true,
    member: true,
    memberFound: ['bis', 'names', 'outer'],
    uniqueMember: true,
    uniqueFound: ['unique'],
    memberUid: ['posix', 'bis'],
    memberUidFound: ['bis', 'posix'],
    sudo: ['bob'],
    sudoFound: ['rule'],
    netgroup: true,
    netgroupFound: ['lab'],
    role: true,
    roleFound: ['chair'],
  });
  expect(shownOf('eve')).toEqual(nowhere);
  // A negation that went would open what it closes; a group is not the person.
  expect(texts(sudo, 'sudoUser')).toEqual(['!eve', '%names', 'ALL', 'bob']);
  expect(texts(netgroup, 'nisNetgroupTriple')).toEqual(['(,bob,)', '(web1,-,)']);
});

describe('somebody who is suspended', () => {
  beforeEach(() => {
    at().seed({ [eve]: account('eve', factsOfState.suspended), [bob]: account('bob') });
    seedReferences();
  });

  test('what is withheld is absent: its negation is true', () => {
    const d = at();
    const found = (filter: string) => d.foundNames(`(&(uid=eve)${filter})`);
    expect(found('(!(sshPublicKey=*))')).toEqual(['eve']);
    expect(found('(!(memberOf=*))')).toEqual(['eve']);
    expect(found(`(!(memberOf=${group('names')}))`)).toEqual(['eve']);
    expect(found('(!(userCertificate=*))')).toEqual(['eve']);
    expect(d.foundNames(`(&(cn=names)(!(member=${eve})))`)).toEqual(['names']);
    expect(d.foundNames('(&(cn=rule)(!(sudoUser=eve)))')).toEqual(['rule']);
    expect(d.foundNames('(&(cn=rule)(sudoUser=ev*))')).toEqual([]);
    expect(d.foundNames('(sudoUser=!eve)')).toEqual(['rule']);
  });

  test('comparisons answer false, or that there is nothing to compare with', async () => {
    const d = at();
    expect(d.compare(group('names'), 'member', eve)).toBe(false);
    expect(d.compare(group('posix'), 'memberUid', 'eve')).toBe(false);
    expect(d.compare(sudo, 'sudoUser', 'eve')).toBe(false);
    expect(d.compare(role, 'roleOccupant', eve)).toBe(false);
    expect(d.compare(role, 'roleOccupant', bob)).toBe(true);
    await refusal(() => d.compare(eve, 'memberOf', group('names')), 'noSuchAttribute');
    await refusal(() => d.compare(eve, 'sshPublicKey', keyOfEve), 'noSuchAttribute');
  });

  test('types alone do not tell of it either, and the names of what is left do', () => {
    const { entries } = at().search('(uid=eve)', { typesOnly: true });
    expect([...entries[0]!.attributes.keys()]).not.toContain('sshPublicKey');
    expect([...entries[0]!.attributes.keys()]).toContain('mail');
  });

  test('what a write returns is what a search would', async () => {
    const d = at();
    const read = { preRead: ['*'], postRead: ['sshPublicKey', 'title'] };
    const outcome = await ok(d.modify(eve, [['replace', 'title', 'x']], read));
    expect(seenOfRead(outcome.preRead!).attributes.has('sshPublicKey')).toBe(false);
    expect([...seenOfRead(outcome.postRead!).attributes.keys()]).toEqual(['title']);
    const asserted = d.modify(eve, [['replace', 'title', 'y']], { assertion: '(sshPublicKey=*)' });
    await refused(asserted, 'assertionFailed');
  });

  test('an export has everything', () => {
    const text = at().export();
    expect(text).toContain('sudoUser: eve');
    expect(text).toContain(keyOfEve.slice(0, 40));
  });

  test('writing back what was read takes nothing away', async () => {
    const d = at();
    await ok(d.modify(group('names'), [['replace', 'member', bob]]));
    await ok(d.modify(group('posix'), [['replace', 'memberUid', 'bob', 'stranger']]));
    await ok(d.modify(group('unique'), [['delete', 'uniqueMember']]));
    await ok(d.modify(sudo, [['replace', 'sudoUser', 'bob']]));
    await ok(d.modify(eve, [['replace', 'sshPublicKey']]));
    expect(await refused(d.modify(eve, [['delete', 'sshPublicKey']]), 'noSuchAttribute')).toBe(
      'the entry has no sshPublicKey',
    );
    await ok(d.modify(role, [['add', 'roleOccupant', eve]]));
    await ok(d.modify(sudo, [['add', 'sudoUser', 'eve', 'max']]));
    await ok(d.modify(eve, [['delete', 'lifecycleBlock']]));
    expect(texts(group('names'), 'member')).toEqual([bob, eve]);
    expect(texts(group('posix'), 'memberUid')).toEqual(['bob', 'eve', 'stranger']);
    expect(texts(group('unique'), 'uniqueMember')).toEqual([eve]);
    expect(texts(sudo, 'sudoUser')).toEqual(['#30001', 'bob', 'eve', 'max']);
    expect(texts(eve, 'sshPublicKey')).toEqual([keyOfEve]);
    expect(texts(role, 'roleOccupant')).toEqual([bob, eve]);
  });

  test('a value that is named goes', async () => {
    const d = at();
    await ok(d.modify(group('names'), [['delete', 'member', eve]]));
    await ok(d.modify(eve, [['delete', 'sshPublicKey', keyOfEve]]));
    await ok(d.modify(sudo, [['delete', 'sudoUser', 'eve', '#30001']]));
    await ok(d.modify(eve, [['delete', 'lifecycleBlock']]));
    expect(texts(group('names'), 'member')).toEqual([bob]);
    expect(texts(eve, 'sshPublicKey')).toEqual([]);
    expect(texts(sudo, 'sudoUser')).toEqual(['!eve', '%names', 'ALL', 'bob']);
  });

  test('an attribute of one value takes the new one', async () => {
    const d = at();
    await ok(d.modify(eve, [['replace', 'radiusSessionTimeout', '60']]));
    await ok(d.modify(eve, [['replace', 'radiusSessionTimeout', '90']]));
    await ok(d.modify(eve, [['delete', 'lifecycleBlock']]));
    expect(texts(eve, 'radiusSessionTimeout')).toEqual(['90']);
  });
});

describe('by the clock alone', () => {
  test('all of it turns in the second of a leave, and in that of the return', () => {
    const d = at();
    const leave = { lifecycleAbsence: 'kind=x from=20260105100000Z until=20260105110000Z' };
    d.seed({ [eve]: account('eve', leave), [bob]: account('bob') });
    seedReferences();
    const before = shownOf('eve');
    expect(before).toMatchObject({ key: 2, memberOf: 5, memberUid: ['posix', 'bis'] });
    d.clock.advance(3_599_999);
    expect(shownOf('eve')).toEqual(before);
    d.clock.advance(1);
    expect(shownOf('eve')).toEqual(nowhere);
    d.clock.advance(3_599_999);
    expect(shownOf('eve')).toEqual(nowhere);
    d.clock.advance(1);
    expect(shownOf('eve')).toEqual(before);
  });

  test('a second account is closed with its person', () => {
    const d = at();
    d.seed({ [bob]: account('bob', { lifecycleEngagement: 'id=1 end=20260105100000Z' }) });
    d.seed({ [eve]: account('eve', { lifecyclePrincipal: bob }) });
    seedReferences();
    expect(shownOf('eve')).toMatchObject({ key: 2, sudoFound: ['rule'] });
    d.clock.advance(3_600_000);
    expect(shownOf('eve')).toEqual(nowhere);
  });
});
