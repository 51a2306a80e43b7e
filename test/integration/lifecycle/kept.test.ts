/** Services that somebody on leave keeps: who comes in through them, and what they see. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  accountValues,
  group,
  groupOfNames as names,
  person,
} from '../../support/directory-people.js';
import { suffix, type Values } from '../../support/directory-requests.js';
import { factsOfState } from '../../support/lifecycle-people.js';
import { eachServed } from '../../support/served-directory.js';
import { ed25519 } from '../../support/ssh-keys.js';
import { bindOp, compareOp, extendedOp, searchOp, textOf } from '../../support/wire-client.js';

const served = eachServed();
const d = () => served().directory;
const service = (uid: string) => `uid=${uid},ou=services,${suffix}`;
const eve = person('eve');
const max = person('max');

const policy = `tenure: 1
kinds:
  employee: {who: everyone, journeys: leave}
journeys:
  leave:
    at leave: [pause, keep payroll if title is boss, keep learning]
`;

const account = (uid: string, more: Values): Values =>
  accountValues(uid, {
    objectClass: ['inetOrgPerson', 'posixAccount', 'ldapPublicKey', 'lifecycleSubject'],
    userPassword: 'pass',
    loginShell: '/bin/bash',
    ...more,
  });

beforeEach(() => {
  const app = (uid: string): Values => ({
    objectClass: ['account', 'simpleSecurityObject'],
    uid,
    userPassword: 'secret',
  });
  const lifecyclePolicy = {
    objectClass: 'tenureLifecyclePolicy',
    cn: 'policy',
    tenurePolicyText: policy,
  };
  d().seed({
    [`cn=policy,${suffix}`]: lifecyclePolicy,
    ...Object.fromEntries(['payroll', 'learning', 'wiki'].map((uid) => [service(uid), app(uid)])),
    [eve]: account('eve', { ...factsOfState.leave, title: 'boss', sshPublicKey: ed25519('eve') }),
    [max]: account('max', factsOfState.suspended),
    [group('all')]: names('all', eve, max),
  });
});

/** Binds as the service first, then as somebody, on one connection. */
async function through(uid: string, dn: string, password = 'pass'): Promise<number> {
  const client = await served().connect();
  expect(await client.code(bindOp(service(uid), 'secret'))).toBe(0);
  return client.code(bindOp(dn, password));
}

test('somebody on leave comes in through what they keep, and nowhere else', async () => {
  expect(await through('payroll', eve)).toBe(0);
  expect(await through('learning', eve)).toBe(0);
  expect(await through('payroll', eve, 'wrong')).toBe(49);
  expect(await through('wiki', eve)).toBe(49);
  expect(await served().bind(eve, 'pass')).toBe(49);
  expect(await through('payroll', max)).toBe(49);
  await d().modify(eve, [['replace', 'title', 'clerk']]);
  expect(await through('payroll', eve)).toBe(49);
  expect(await through('learning', eve)).toBe(0);
});

test('the session of somebody on leave lasts as long as the service is kept', async () => {
  const client = await served().connect();
  expect(await client.code(bindOp(service('payroll'), 'secret'))).toBe(0);
  expect(await client.code(bindOp(eve, 'pass'))).toBe(0);
  expect(textOf(await client.ask(searchOp(eve)))).toBe('');
  // Whatever else passes meanwhile.
  await d().modify(max, [['replace', 'lifecycleEngagement', 'id=1 end=20260105100000Z']]);
  served().advance(2 * 3_600_000);
  expect(await client.code(searchOp(eve))).toBe(0);
  expect(client.notice).toBeUndefined();
  expect(await client.code(compareOp(eve, 'uid', 'eve'))).toBe(6);
  await d().modify(eve, [['replace', 'title', 'clerk']]);
  // The connection is the service's: it is nobody's until it binds again.
  expect(await client.code(searchOp(eve))).toBe(50);
  expect(textOf(await client.ask(extendedOp('1.3.6.1.4.1.4203.1.11.3')))).toBe('');
  expect(await client.code(bindOp(eve, 'pass'))).toBe(49);
  expect(client.notice).toBeUndefined();
});

describe('a service that is kept', () => {
  const seen = (uid: string, dn = eve) => {
    const asked = ['memberOf', 'nsAccountLock', 'loginShell', 'sshPublicKey', 'userAccountControl'];
    const entry = d().entry(dn, asked, d().user(service(uid)));
    return Object.fromEntries(
      [...entry.attributes].map(([name, values]) => [name, String(values)]),
    );
  };

  test('sees somebody on leave as before, but for their keys', () => {
    const before = { memberOf: group('all'), loginShell: '/bin/bash', userAccountControl: '512' };
    expect(seen('payroll')).toEqual(before);
    const away = {
      loginShell: '/usr/sbin/nologin',
      nsAccountLock: 'TRUE',
      userAccountControl: '514',
    };
    expect(seen('wiki')).toEqual(away);
    expect(seen('payroll', max)).toEqual(away);
    const found = (uid: string, filter: string) =>
      d().foundNames(filter, { as: d().user(service(uid)) });
    expect(found('payroll', `(memberOf=${group('all')})`)).toEqual(['eve']);
    expect(found('payroll', '(&(memberOf=*)(loginShell=/bin/bash))')).toEqual(['eve']);
    expect(found('payroll', '(nsAccountLock=TRUE)')).toEqual(['max']);
    expect(found('wiki', '(nsAccountLock=TRUE)')).toEqual(['eve', 'max']);
    expect(d().compare(group('all'), 'member', eve, d().user(service('learning')))).toBe(true);
    expect(d().compare(group('all'), 'member', max, d().user(service('learning')))).toBe(false);
  });
});
