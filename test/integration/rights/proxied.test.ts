/** Proxied authorization (RFC 4370): who may ask as whom, and that it is answered as to them. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { proxiedAuthorizationOid as oid, readAuthzId } from '../../../src/ldap/controls/index.js';
import { accountValues, group, groupOfNames, person } from '../../support/directory-people.js';
import { adminPassword, suffix, type Values } from '../../support/directory-requests.js';
import { factsOfState } from '../../support/lifecycle-people.js';
import { eachServed } from '../../support/served-directory.js';
import {
  bindOp,
  codeOf,
  compareOp,
  modifyOp,
  searchOp,
  textOf,
} from '../../support/wire-client.js';

const served = eachServed();
const d = () => served().directory;
const app = (uid: string) => `uid=${uid},ou=services,${suffix}`;
const admin = () => d().admin.identity.dn;

const policy = `tenure: 1
kinds:
  employee: {who: everyone}
roles:
  administrator: {who: group admins}
  help desk: {who: group helpers, may: [reset], over: everyone}
`;

beforeEach(() => {
  const account = (uid: string, more: Values = {}): Values =>
    accountValues(uid, { userPassword: 'pass', ...more });
  const service = (uid: string, more: Values): Values => ({
    objectClass: ['account', 'simpleSecurityObject'],
    uid,
    userPassword: 'pass',
    ...more,
  });
  d().seed({
    [person('ada')]: account('ada'),
    [person('ben')]: account('ben'),
    [person('desk')]: account('desk'),
    [person('boss')]: account('boss'),
    [person('max')]: account('max', {
      objectClass: ['inetOrgPerson', 'posixAccount', 'lifecycleSubject'],
      ...factsOfState.suspended,
    }),
    [group('admins')]: groupOfNames('admins', person('boss')),
    [group('helpers')]: groupOfNames('helpers', person('desk')),
    [group('all')]: groupOfNames('all', ...['ada', 'desk', 'boss', 'max'].map(person)),
    [app('portal')]: service('portal', { tenureProxyFor: group('all') }),
    [app('kiosk')]: service('kiosk', { tenureProxyFor: person('ben') }),
    [app('plain')]: service('plain', {}),
    [`cn=policy,${suffix}`]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: policy,
    },
  });
});

const control = (authzId: string | undefined, critical = true) => ({
  oid,
  critical,
  value: authzId === undefined ? undefined : Buffer.from(authzId),
});

async function asks(as: string, authzId: string, password = 'pass') {
  const client = await served().connect();
  expect(await client.code(bindOp(as, password))).toBe(0);
  return client.ask(searchOp(person('ada')), [control(authzId)]);
}
const code = async (as: string, authzId: string, password?: string) =>
  codeOf(await asks(as, authzId, password));

describe('who may ask as whom', () => {
  test.each([
    ['portal', `dn:${person('ada')}`, 0],
    ['portal', 'u:ada', 0],
    ['portal', 'u:ADA', 0],
    ['kiosk', 'u:ben', 0],
    ['portal', 'u:ben', 123],
    ['kiosk', 'u:ada', 123],
    ['plain', 'u:ada', 123],
    ['portal', 'u:max', 123],
    ['portal', 'u:boss', 123],
    ['portal', 'u:desk', 123],
    ['portal', 'u:nobody', 123],
    ['portal', 'dn:no name', 123],
    ['portal', `dn:cn=admin,${suffix}`, 123],
    ['portal', `dn:${group('all')}`, 123],
  ])('%s as %s: %i', async (uid, authzId, expected) => {
    expect(await code(app(uid), authzId)).toBe(expected);
  });

  test('every refusal has the same words, whatever exists', async () => {
    const refused = ['u:ben', 'u:max', 'u:boss', 'u:desk', 'u:nobody', 'dn:no name'];
    const texts = new Set<string>();
    for (const authzId of refused) texts.add(textOf(await asks(app('portal'), authzId)));
    expect(texts.size).toBe(1);
  });

  test('administrators ask as everybody but administrators', async () => {
    expect(await code(admin(), 'u:ada', adminPassword)).toBe(0);
    expect(await code(admin(), 'u:desk', adminPassword)).toBe(0);
    expect(await code(admin(), 'u:boss', adminPassword)).toBe(123);
    expect(await code(person('boss'), 'u:ada')).toBe(0);
    expect(await code(person('boss'), `dn:${admin()}`)).toBe(123);
    expect(await code(person('ada'), 'u:ada')).toBe(123);
  });

  test('nobody gives it to themselves', async () => {
    const client = await served().connect();
    expect(await client.code(bindOp(app('plain'), 'pass'))).toBe(0);
    expect(await client.code(modifyOp(app('plain'), 'tenureProxyFor', group('all')))).toBe(50);
    expect(await code(app('plain'), 'u:ada')).toBe(123);
  });

  test('it ends with the group, and anonymous clients have none of it', async () => {
    await d().modify(group('all'), [['delete', 'member', person('ada')]]);
    expect(await code(app('portal'), 'u:ada')).toBe(123);
    const client = await served().connect();
    expect(await client.code(searchOp(person('ada')), [control('u:ada')])).toBe(123);
  });
});

describe('the answer is the one that they would get', () => {
  test('as anonymous nothing is read', async () => {
    expect(await code(app('portal'), '')).toBe(50);
    expect(await code(app('portal'), 'dn:')).toBe(50);
  });

  test('an administrator who asks as somebody reads no more than they', async () => {
    const client = await served().connect();
    expect(await client.code(bindOp(admin(), adminPassword))).toBe(0);
    const block = compareOp(person('max'), 'lifecycleBlock', 'x');
    expect(await client.code(block)).toBe(5);
    expect(await client.code(block, [control('u:ada')])).toBe(50);
    expect(await client.code(block)).toBe(5);
  });
});

describe('the control', () => {
  const sent = async (...controls: ReturnType<typeof control>[]) => {
    const client = await served().connect();
    await client.code(bindOp(app('portal'), 'pass'));
    return client.code(searchOp(person('ada')), controls);
  };

  test('is critical, once, and well formed', async () => {
    expect(await sent(control('u:ada', false))).toBe(2);
    expect(await sent(control('u:ada'), control('u:ada'))).toBe(2);
    expect(await sent(control(undefined))).toBe(2);
    expect(await sent(control('ada'))).toBe(2);
    expect(await sent(control('u:'))).toBe(2);
  });

  test('stands on no write', async () => {
    const client = await served().connect();
    await client.code(bindOp(admin(), adminPassword));
    const write = modifyOp(person('ada'), 'title', 'boss');
    expect(await client.code(write, [control('u:ada')])).toBe(12);
    expect(d().entry(person('ada')).attributes.has('title')).toBe(false);
  });

  test('its value', () => {
    expect(readAuthzId(Buffer.from('DN:cn=x'))).toBe('DN:cn=x');
    expect(readAuthzId(Buffer.alloc(0))).toBe('');
    expect(readAuthzId(Buffer.from([0x75, 0x3a, 0xff]))).toBeUndefined();
    expect(readAuthzId(Buffer.from('x:ada'))).toBeUndefined();
  });
});
