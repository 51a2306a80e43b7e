/** Proxied authorization (RFC 4370): who may ask as whom, and that it is answered, and written, as by them. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { proxiedAuthorizationOid as oid, readAuthzId } from '../../../src/ldap/controls/index.js';
import type { RequestOp } from '../../../src/ldap/protocol/index.js';
import { auditEvents } from '../../support/directory-audit.js';
import { ok, refused } from '../../support/directory-expect.js';
import { accountValues, group, groupOfNames, person } from '../../support/directory-people.js';
import { adminPassword, origin, suffix, type Values } from '../../support/directory-requests.js';
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

describe('a write', () => {
  const rules = `${policy}access:
  all: {who: anyone who has bound, may: read}
  own: {who: self, may: write, attributes: [title, mobile, sshPublicKey]}
  labs: {who: uid is ada, may: [add, delete, rename, write], what: below ou=labs, attributes: [cn, sn]}
`;
  const labs = `ou=labs,${suffix}`;
  const [notAllowed, denied, done] = [50, 123, 0];

  beforeEach(() => {
    d().seed({ [labs]: { objectClass: 'organizationalUnit', ou: 'labs' } });
    return ok(d().modify(`cn=policy,${suffix}`, [['replace', 'tenurePolicyText', rules]]));
  });

  const writes = async (as: string, authzId: string, op: RequestOp, password = 'pass') => {
    const client = await served().connect();
    expect(await client.code(bindOp(as, password))).toBe(0);
    return client.code(op, [control(authzId)]);
  };
  const title = (uid: string) => modifyOp(person(uid), 'title', 'Countess');

  test('is one of whom it is asked as, and by their rights', async () => {
    const portal = app('portal');
    expect(await writes(portal, 'u:ada', title('ada'))).toBe(done);
    expect(await writes(portal, 'u:ada', title('ben'))).toBe(notAllowed);
    expect(await writes(portal, 'u:ben', title('ben'))).toBe(denied);
    expect(await writes(portal, '', title('ada'))).toBe(notAllowed);
    expect(await writes(admin(), 'u:ada', title('ben'), adminPassword)).toBe(notAllowed);
    expect(await writes(person('boss'), `dn:${admin()}`, title('ben'))).toBe(denied);
    const ada = d().entry(person('ada'));
    expect([ada.texts('title'), ada.texts('modifiersName')]).toEqual([
      ['Countess'],
      [person('ada')],
    ]);
  });

  test('may be an add, a rename and a delete', async () => {
    const values = { objectClass: 'person', cn: 'bench', sn: 'bench' };
    const attributes = Object.entries(values).map(([description, value]) => {
      return { description, values: [Buffer.from(value)] };
    });
    const entry = `cn=bench,${labs}`;
    const newRdn = 'cn=desk';
    const ops: RequestOp[] = [
      { kind: 'add', entry, attributes },
      { kind: 'modifyDn', entry, newRdn, deleteOldRdn: true, newSuperior: undefined },
      { kind: 'delete', entry: `cn=desk,${labs}` },
    ];
    expect(await writes(app('kiosk'), 'u:ben', ops[0]!)).toBe(notAllowed);
    for (const op of ops) expect(await writes(app('portal'), 'u:ada', op)).toBe(done);
  });

  test('sets no password and no key: they would open for good', async () => {
    for (const attribute of ['userPassword', 'sshPublicKey', 'userCertificate;binary']) {
      const write = modifyOp(person('ada'), attribute, 'a-new-one-1234');
      expect(await writes(app('portal'), 'u:ada', write)).toBe(notAllowed);
    }
    expect(await served().bind(person('ada'), 'pass')).toBe(0);
  });

  test('names both in the audit trail and in the change log, also where it is refused', async () => {
    await writes(app('portal'), 'u:ada', title('ada'));
    await writes(app('portal'), 'u:ada', title('ben'));
    const asked = `asked by ${app('portal')}`;
    const [write] = (await auditEvents(d(), { kinds: ['write'] })).slice(-1);
    expect(write).toMatchObject({ by: { text: person('ada') }, through: { text: app('portal') } });
    expect(write!.why).toMatch(new RegExp(`^ldap modify, ${asked}; rule own, line \\d+$`));
    const refusals = await auditEvents(d(), { kinds: ['refusal'] });
    expect(refusals.at(-1)).toMatchObject({
      by: { text: person('ada') },
      through: { text: app('portal') },
      why: expect.stringContaining(asked),
    });
    const lines = d().search(`(targetDN=${person('ada')})`, { base: 'cn=changelog' }).entries;
    expect(lines.at(-1)!.texts('changeInitiatorsName')).toEqual([person('ada')]);
    expect(lines.at(-1)!.texts('description')[0]).toContain(asked);
    expect(d().sql('SELECT reason FROM change ORDER BY seq DESC LIMIT 1').flat()).toEqual([
      `ldap modify, ${asked}`,
    ]);
  });

  test('is looked at again where it is made', async () => {
    const context = {
      identity: d().user(person('ada')).identity,
      origin,
      askedBy: { identity: d().user(app('portal')).identity, authzId: 'u:ada' },
    };
    const change = [['replace', 'title', 'x']] as const;
    await ok(d().modify(person('ada'), change, undefined, context));
    await ok(d().modify(app('portal'), [['delete', 'tenureProxyFor']]));
    await refused(d().modify(person('ada'), change, undefined, context), 'authorizationDenied');
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

  test('its value', () => {
    expect(readAuthzId(Buffer.from('DN:cn=x'))).toBe('DN:cn=x');
    expect(readAuthzId(Buffer.alloc(0))).toBe('');
    expect(readAuthzId(Buffer.from([0x75, 0x3a, 0xff]))).toBeUndefined();
    expect(readAuthzId(Buffer.from('x:ada'))).toBeUndefined();
  });
});
