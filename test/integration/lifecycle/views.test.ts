/** How applications, machines and people see those who are not active. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { State } from '../../../src/directory/model/timeline.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import {
  accountValues,
  group,
  groupOfNames as names,
  people,
  person,
} from '../../support/directory-people.js';
import { type Ask, suffix, type Values } from '../../support/directory-requests.js';
import { closedStates, factsOfState } from '../../support/lifecycle-people.js';

const at = eachDirectory();
const services = `ou=services,${suffix}`;
const app = `uid=app,${services}`;
const host = `cn=web1,${services}`;
const classes = ['inetOrgPerson', 'posixAccount', 'lifecycleSubject'];
const everybody: readonly State[] = ['active', ...closedStates];

const account = (uid: string, more: Values = {}): Values =>
  accountValues(uid, {
    objectClass: classes,
    mail: `${uid}@example.com`,
    manager: person('active'),
    ...more,
  });

beforeEach(() => {
  const d = at();
  d.seed({
    [app]: { objectClass: 'account', uid: 'app' },
    [host]: { objectClass: ['device', 'ipHost'], cn: 'web1', ipHostNumber: '192.0.2.1' },
    ...Object.fromEntries(
      everybody.map((state) => [person(state), account(state, factsOfState[state])]),
    ),
    [group('all')]: names('all', ...everybody.map(person)),
  });
});

const seenBy = (dn: string, filter = '(objectClass=*)', ask: Ask = {}) =>
  at().foundNames(filter, { base: people, scope: 'one', as: at().user(dn), ...ask });

const view = (dn: string, ...words: string[]) =>
  ok(at().modify(dn, [['replace', 'tenureView', ...words]]));

test('counts of what is below an entry are of those who are seen', async () => {
  const counted = (as = at().admin) => {
    const entry = at().entry(people, ['numSubordinates', 'hasSubordinates'], as);
    return [...entry.texts('numSubordinates'), ...entry.texts('hasSubordinates')];
  };
  expect(counted()).toEqual([String(everybody.length), 'TRUE']);
  for (const dn of [app, host, person('active')]) {
    expect(counted(at().user(dn))).toEqual([String(seenBy(dn).length), 'TRUE']);
  }
  await view(app, 'suspended=hide');
  expect(counted(at().user(app))).toEqual([String(seenBy(app).length), 'TRUE']);
});

test('the administrator sees everybody, people and applications who has not left', () => {
  const all = at().foundNames('(objectClass=*)', { base: people, scope: 'one' });
  expect(all).toEqual([...everybody].sort());
  const here = ['active', 'leave', 'suspended'];
  expect(seenBy(app)).toEqual(here);
  expect(seenBy(person('active'))).toEqual(here);
  expect(seenBy(app, '(!(uid=nobody))')).toEqual(here);
  expect(seenBy(app, '(uid=sealed)')).toEqual([]);
  expect(seenBy(app, '(|(nsAccountLock=TRUE)(userAccountControl=514))')).toEqual([
    'leave',
    'suspended',
  ]);
});

test('a machine sees all who have a name here', () => {
  expect(seenBy(host)).toEqual(['active', 'archived', 'destroyed', 'leave', 'sealed', 'suspended']);
});

test('of the archived a machine sees the name, and finds them by nothing else', () => {
  const d = at();
  const archived = d.entry(person('archived'), ['*'], d.user(host));
  expect([...archived.attributes.keys()].sort()).toEqual([
    'cn',
    'gidNumber',
    'homeDirectory',
    'loginShell',
    'objectClass',
    'uid',
    'uidNumber',
  ]);
  expect(archived.texts('loginShell')).toEqual(['/usr/sbin/nologin']);
  expect(seenBy(host, '(mail=archived@example.com)')).toEqual([]);
  expect(seenBy(host, '(&(uid=archived)(!(mail=*)))')).toEqual(['archived']);
  expect(seenBy(host, '(mail=sealed@example.com)')).toEqual(['sealed']);
  expect(archived.attributes.has('manager')).toBe(false);
  expect(seenBy(host, `(manager=${person('active')})`)).not.toContain('archived');
  expect(seenBy(host, `(manager=${person('active')})`)).toContain('sealed');
});

test('somebody hidden is not there for a base, a comparison, a page or a write', async () => {
  const d = at();
  const as = d.user(app);
  const hidden = person('sealed');
  const search = d.search('(objectClass=*)', { base: hidden, scope: 'base', as });
  expect(search.done).toMatchObject({ code: 'noSuchObject', matchedDn: people });
  const below = d.search('(objectClass=*)', { base: `cn=x,${hidden}`, scope: 'base', as });
  expect(below.done).toMatchObject({ code: 'noSuchObject', matchedDn: people });
  await refusal(() => d.compare(hidden, 'uid', 'sealed', as), 'noSuchObject');
  const paged = { size: 2, cookie: Buffer.alloc(0) };
  const first = d.search('(uid=*)', { base: people, as, paged });
  const { cookie } = first.done.paged!;
  const second = d.search('(uid=*)', { base: people, as, paged: { size: 2, cookie } });
  expect([...first.entries, ...second.entries].map(({ dn }) => dn)).toHaveLength(3);
  await refused(d.modify(hidden, [['replace', 'title', 'x']], undefined, as), 'noSuchObject');
});

describe('words of a view', () => {
  test('leavers, suspended and people on leave are hidden or shown', async () => {
    await view(app, 'leavers=show');
    expect(seenBy(app)).toEqual(['active', 'destroyed', 'leave', 'sealed', 'suspended']);
    await view(app, 'suspended=hide', 'leave=hide');
    expect(seenBy(app)).toEqual(['active']);
    await view(host, 'leavers=hide');
    expect(seenBy(host)).toEqual(['active', 'archived', 'leave', 'suspended']);
    await view(app, 'host');
    expect(seenBy(app)).toContain('archived');
  });

  test('a mirror keeps the memberships of people on leave, and nothing else of them', async () => {
    const d = at();
    const as = d.user(app);
    const members = () => d.entry(group('all'), ['member'], as).texts('member');
    expect(members()).toEqual([person('active')]);
    await view(app, 'mirror');
    expect(members().sort()).toEqual([person('active'), person('leave')]);
    expect(seenBy(app, `(memberOf=${group('all')})`)).toEqual(['active', 'leave']);
    expect(d.compare(group('all'), 'member', person('leave'), as)).toBe(true);
    expect(d.compare(group('all'), 'member', person('suspended'), as)).toBe(false);
    expect(d.entry(person('leave'), ['nsAccountLock'], as).texts('nsAccountLock')).toEqual([
      'TRUE',
    ]);
    expect(d.compare(group('all'), 'member', person('leave'))).toBe(false);
  });

  test('staged people are seen some days ahead where a view says so', async () => {
    const d = at();
    await view(app, 'staged=14');
    expect(seenBy(app, '(uid=staged)')).toEqual([]);
    // The first day is the 1st of February.
    d.clock.advance(Date.UTC(2026, 0, 18) - d.clock.nowMs() - 1);
    expect(seenBy(app, '(uid=staged)')).toEqual([]);
    d.clock.advance(1);
    expect(seenBy(app, '(uid=staged)')).toEqual(['staged']);
    expect(seenBy(app, '(&(uid=staged)(nsAccountLock=TRUE))')).toEqual(['staged']);
    expect(seenBy(person('active'), '(uid=staged)')).toEqual([]);
  });

  test('attributes have the names that the consumer knows', async () => {
    const d = at();
    const as = d.user(app);
    await view(app, 'rename=mail:email', 'rename=memberOf:groups');
    const all = d.entry(person('active'), [], as);
    expect(all.texts('email')).toEqual(['active@example.com']);
    expect(all.texts('groups')).toEqual([group('all')]);
    expect(all.attributes.has('mail')).toBe(false);
    expect(all.texts('cn')).toEqual(['active tester']);
    const some = d.entry(person('active'), ['EMAIL', 'sn'], as);
    expect([...some.attributes.keys()].sort()).toEqual(['email', 'sn']);
    expect(seenBy(app, '(&(email=active@*)(!(email=x@y)))')).toEqual(['active']);
    expect(seenBy(app, `(groups=${group('all')})`)).toEqual(['active']);
    expect(d.compare(person('active'), 'email', 'active@example.com', as)).toBe(true);
    expect(d.entry(person('active'), ['mail']).texts('mail')).toEqual(['active@example.com']);
  });

  test.each([
    ['leavers=maybe', '"leavers=maybe" is no word of a view'],
    ['staged=soon', '"staged=soon" is no word of a view'],
    ['hash=lanman', '"hash=lanman" names no hash'],
    ['rename=mail', '"rename=mail" is no word of a view'],
    ['Host', '"Host" is no word of a view'],
    ['mirror=yes', '"mirror=yes" is no word of a view'],
  ])('%s is refused when it is written', async (word, why) => {
    const text = await refused(
      at().modify(app, [['add', 'tenureView', word]]),
      'constraintViolation',
    );
    expect(text).toContain(`tenureView: ${why}`);
    expect(text).toContain('leavers=hide|show');
  });

  test('they are checked with a new entry too', async () => {
    const values = { objectClass: 'account', uid: 'x', tenureView: 'leavers' };
    await refused(at().add(`uid=x,${services}`, values), 'constraintViolation');
  });
});
