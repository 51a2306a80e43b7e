/** One state in every dialect: what is shown, what is found by it, and at which second it turns. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { refusal } from '../../support/directory-expect.js';
import { accountValues, manyPeople, people, person } from '../../support/directory-people.js';
import { adminDn, suffix, type Values } from '../../support/directory-requests.js';
import { closedStates, factsOfState } from '../../support/lifecycle-people.js';

const at = eachDirectory();
const eve = person('eve');
const classes = ['inetOrgPerson', 'posixAccount', 'shadowAccount', 'lifecycleSubject'];
const noon = Date.UTC(2026, 0, 5, 12);
const day = Math.floor(noon / 86_400_000);

const dialects = [
  'shadowExpire',
  'nsAccountLock',
  'loginDisabled',
  'loginExpirationTime',
  'userAccountControl',
  'accountExpires',
  'pwdAccountLockedTime',
  'pwdEndTime',
  'sambaAcctFlags',
  'sambaKickoffTime',
  'dialupAccess',
  'loginShell',
  'orclIsEnabled',
  'msDS-UserAccountDisabled',
  'msDS-User-Account-Control-Computed',
  'lifecycleState',
] as const;

function account(uid: string, more: Values = {}): Values {
  return accountValues(uid, { objectClass: classes, loginShell: '/bin/bash', ...more });
}

function shown(uid: string) {
  const entry = at().entry(person(uid), dialects);
  return Object.fromEntries(
    dialects.map((name) => [name, entry.texts(name)[0]]).filter(([, value]) => value !== undefined),
  );
}

const open = {
  userAccountControl: '512',
  dialupAccess: 'TRUE',
  loginShell: '/bin/bash',
  lifecycleState: 'active',
};

/** 2026-01-05T12:00:00Z. */
const closedAtNoon = {
  shadowExpire: String(day),
  nsAccountLock: 'TRUE',
  loginDisabled: 'TRUE',
  loginExpirationTime: '20260105120000Z',
  userAccountControl: '514',
  accountExpires: '134120880000000000',
  pwdAccountLockedTime: '000001010000Z',
  pwdEndTime: '20260105120000Z',
  sambaAcctFlags: '[UD         ]',
  sambaKickoffTime: String(noon / 1000),
  dialupAccess: 'FALSE',
  loginShell: '/usr/sbin/nologin',
  orclIsEnabled: 'DISABLED',
  'msDS-UserAccountDisabled': 'TRUE',
  'msDS-User-Account-Control-Computed': '16',
};

describe('by the clock alone', () => {
  test.each([
    ['an end', { lifecycleEngagement: 'id=1 end=20260105120000Z' }, 'offboarded'],
    ['a leave', { lifecycleAbsence: 'kind=x from=20260105120000Z' }, 'leave'],
    ['a block', { lifecycleBlock: 'kind=idle by=policy since=20260105120000Z' }, 'suspended'],
  ])('%s turns all of them in its second', (_what, facts: Values, lifecycleState) => {
    const d = at();
    d.seed({ [eve]: account('eve', facts) });
    expect(shown('eve')).toEqual(open);
    d.clock.advance(noon - d.clock.nowMs() - 1);
    expect(shown('eve')).toEqual(open);
    d.clock.advance(1);
    expect(shown('eve')).toEqual({ ...closedAtNoon, lifecycleState });
    d.clock.advance(86_400_000 * 40);
    expect(shown('eve')).toEqual({ ...closedAtNoon, lifecycleState });
  });

  test('what is stored is covered meanwhile, and there again afterwards', () => {
    const d = at();
    const stored = {
      objectClass: [...classes, 'radiusProfile', 'sambaSamAccount'],
      sambaSID: 'S-1-5-21-1-2-3-1000',
      sambaAcctFlags: '[UX         ]',
      dialupAccess: 'vpn',
    };
    const leave = { lifecycleAbsence: 'kind=x from=2026-01-06 until=2026-01-07' };
    d.seed({ [eve]: account('eve', { ...stored, ...leave }) });
    const before = shown('eve');
    expect(before).toMatchObject({ sambaAcctFlags: '[UX         ]', dialupAccess: 'vpn' });
    d.clock.advance(86_400_000);
    expect(shown('eve')).toMatchObject({
      sambaAcctFlags: '[UD         ]',
      dialupAccess: 'FALSE',
      loginShell: '/usr/sbin/nologin',
    });
    expect(d.foundNames('(dialupAccess=vpn)')).toEqual([]);
    expect(d.export()).toContain('dialupAccess: vpn');
    d.clock.advance(86_400_000 * 2);
    expect(shown('eve')).toEqual(before);
  });
});

test.each(closedStates)('somebody who is %s is out for every reader', (state) => {
  at().seed({ [eve]: account('eve', factsOfState[state]) });
  const now = shown('eve');
  expect(now).toMatchObject({ userAccountControl: '514', nsAccountLock: 'TRUE' });
  expect(Number(now['shadowExpire'])).toBeGreaterThanOrEqual(1);
  expect(Number(now['shadowExpire'])).toBeLessThanOrEqual(day);
  expect(now['loginExpirationTime']).toMatch(/^\d{14}Z$/);
});

describe('ends that are open', () => {
  // Of contractors the built-in policy says that their ends are open.
  const ends = (kind: string) => `id=1 kind=${kind} end=20260110120000Z`;

  test('are said ahead, a day later where a reader locks out in the morning', async () => {
    const d = at();
    d.seed({ [eve]: account('eve', { lifecycleEngagement: ends('employee') }) });
    expect(shown('eve')).toEqual(open);
    await d.modify(eve, [['replace', 'lifecycleEngagement', ends('contractor')]]);
    const end = Math.floor(Date.UTC(2026, 0, 10) / 86_400_000);
    expect(shown('eve')).toEqual({
      ...open,
      shadowExpire: String(end + 1),
      loginExpirationTime: '20260110120000Z',
      pwdEndTime: '20260110120000Z',
      sambaKickoffTime: String(Date.UTC(2026, 0, 10, 12) / 1000),
    });
    expect(d.foundNames(`(shadowExpire>=${end})`)).toEqual(['eve']);
    expect(d.foundNames(`(shadowExpire>=${end + 2})`)).toEqual([]);
    d.clock.advance(86_400_000 * 6);
    expect(shown('eve')).toMatchObject({ shadowExpire: String(end), userAccountControl: '514' });
  });
});

describe('who is found by them', () => {
  beforeEach(() => {
    const d = at();
    d.seed({
      [eve]: account('eve', factsOfState.suspended),
      [person('max')]: account('max', { lifecycleEngagement: 'id=1 end=20260105120000Z' }),
      [person('ada')]: account('ada'),
      [person('bob')]: account('bob', { lifecyclePrincipal: person('max') }),
    });
  });

  const among = (filter: string) => at().foundNames(filter, { base: people, scope: 'one' });

  test.each([
    '(nsAccountLock=TRUE)',
    '(nsAccountLock=true)',
    '(nsAccountLock=*)',
    '(loginDisabled=TRUE)',
    '(userAccountControl:1.2.840.113556.1.4.803:=2)',
    '(userAccountControl=514)',
    `(shadowExpire<=${day})`,
    '(shadowExpire>=1)',
    '(shadowExpire=*)',
    '(accountExpires<=134120880000000000)',
    '(loginExpirationTime<=20260105120000Z)',
    '(pwdAccountLockedTime=000001010000Z)',
    '(pwdAccountLockedTime=*)',
    '(sambaAcctFlags=[UD         ])',
    '(dialupAccess=FALSE)',
    '(loginShell=/usr/sbin/nologin)',
    '(orclIsEnabled=DISABLED)',
    '(|(lifecycleState=suspended)(lifecycleState=offboarded))',
  ])('%s finds whoever is out, and its negation all others', (filter) => {
    const d = at();
    expect(among(filter)).toEqual(['eve']);
    expect(among(`(!${filter})`)).toEqual(['ada', 'bob', 'max']);
    d.clock.advance(noon - d.clock.nowMs());
    expect(among(filter)).toEqual(['bob', 'eve', 'max']);
    expect(among(`(!${filter})`)).toEqual(['ada']);
    expect(d.foundNames(`(&(uid=bob)${filter})`)).toEqual(['bob']);
  });

  test.each([
    '(userAccountControl=512)',
    '(lifecycleState=active)',
    '(dialupAccess=TRUE)',
    '(loginShell=/bin/bash)',
    '(!(userAccountControl:1.2.840.113556.1.4.803:=2))',
  ])('%s finds whoever is in', (filter) => {
    expect(among(filter)).toEqual(['ada', 'bob', 'max']);
  });

  test('the question that GitLab asks of each person', () => {
    const gitlab = '(userAccountControl:1.2.840.113556.1.4.803:=2)';
    const asks = (uid: string) => at().found(gitlab, { base: person(uid), scope: 'base' });
    expect(asks('eve')).toEqual([eve]);
    expect(asks('ada')).toEqual([]);
  });

  test('a comparison answers as a filter does', async () => {
    const d = at();
    expect(d.compare(eve, 'nsAccountLock', 'TRUE')).toBe(true);
    expect(d.compare(eve, 'loginShell', '/bin/bash')).toBe(false);
    expect(d.compare(eve, 'userAccountControl', '514')).toBe(true);
    expect(d.compare(person('ada'), 'userAccountControl', '512')).toBe(true);
    await refusal(() => d.compare(person('ada'), 'nsAccountLock', 'TRUE'), 'noSuchAttribute');
  });

  test('what changes is found, whatever was asked before', async () => {
    const d = at();
    expect(among('(nsAccountLock=TRUE)')).toEqual(['eve']);
    await d.modify(eve, [['delete', 'lifecycleBlock']]);
    await d.modify(person('ada'), [['add', 'lifecycleAbsence', 'kind=x from=2026-01-01']]);
    expect(among('(nsAccountLock=TRUE)')).toEqual(['ada']);
    await d.delete(person('ada'));
    expect(among('(nsAccountLock=TRUE)')).toEqual([]);
    await d.modify(person('bob'), [['replace', 'lifecyclePrincipal', adminDn]]);
    d.clock.advance(noon - d.clock.nowMs());
    expect(among('(nsAccountLock=TRUE)')).toEqual(['max']);
    d.clock.advance(-1);
    expect(among('(nsAccountLock=TRUE)')).toEqual([]);
  });
});

describe('what is asked for', () => {
  test('operational ones come with + and not with *, the others where the classes allow them', () => {
    const d = at();
    d.seed({ [eve]: account('eve', factsOfState.suspended) });
    const all = [...d.entry(eve, ['*']).attributes.keys()];
    expect(all).toEqual(expect.arrayContaining(['shadowExpire', 'loginShell']));
    expect(all).not.toEqual(expect.arrayContaining(['sambaAcctFlags']));
    expect(all).not.toEqual(expect.arrayContaining(['nsAccountLock']));
    const kept = [...d.entry(eve, ['+']).attributes.keys()];
    expect(kept).toEqual(expect.arrayContaining(['nsAccountLock', 'userAccountControl']));
    expect(kept).not.toEqual(expect.arrayContaining(['loginShell']));
  });

  test('all of them are published', () => {
    const { attributes } = at().reader.schema();
    const names = attributes.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...dialects]));
  });
});

describe('in a directory of more people than a search may look through', () => {
  const big = eachDirectory({ limits: { unindexedCandidatesMax: 5 } });
  const uids = Array.from({ length: 20 }, (_, i) => `u${i}`);

  beforeEach(() => {
    big().seed(manyPeople(uids));
    big().seed({ [eve]: account('eve', factsOfState.suspended) });
  });

  test.each([
    ['(nsAccountLock=TRUE)', 1],
    ['(!(nsAccountLock=TRUE))', 20],
    ['(&(objectClass=person)(!(nsAccountLock=TRUE)))', 20],
    ['(&(objectClass=person)(!(pwdAccountLockedTime=*)))', 20],
    ['(shadowExpire>=1)', 1],
    ['(|(!(shadowExpire=*))(shadowExpire>=99999))', 20],
    ['(userAccountControl:1.2.840.113556.1.4.803:=2)', 1],
    ['(!(userAccountControl:1.2.840.113556.1.4.803:=2))', 20],
    ['(userAccountControl=512)', 20],
    ['(lifecycleState=suspended)', 1],
    ['(lifecycleState=active)', 20],
    ['(pwdAccountLockedTime=*)', 1],
    ['(pwdFailureTime>=20200101000000Z)', 0],
    ['(lifecycleEnd>=20200101000000Z)', 0],
  ])('%s is not refused', (filter, count) => {
    const found = big().found(filter, { base: people, scope: 'sub' });
    expect(found.filter((dn) => dn !== people)).toHaveLength(count);
  });

  test('something else without an index still is', () => {
    const { done } = big().search('(loginShell=/bin/zsh)', { base: suffix });
    expect(done.code).toBe('unwillingToPerform');
  });
});
