/**
 * The password policy over a socket: the exact controls, on whichever operation they stand, and what
 * a session may do that was opened to change its password.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createWireServer, type WireServer } from '../../../src/ldap/index.js';
import {
  accountUsabilityOid,
  type Control,
  decodeAccountUsability,
  decodePasswordModifyResponse,
  decodePasswordPolicy,
  encodePasswordModifyRequest,
  encodePasswordPolicy,
  passwordModifyOid,
  passwordPolicyErrors,
  passwordPolicyOid,
  type RequestOp,
  type ResponseMessage,
} from '../../../src/ldap/protocol/index.js';
import { type ResultCodeName, resultCodes } from '../../../src/runtime/errors.js';
import { createLog } from '../../../src/runtime/log.js';
import { ok } from '../../support/directory-expect.js';
import { person, personValues } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { setDefault } from '../../support/policy-entries.js';
import {
  bindOp,
  codeOf,
  compareOp,
  extendedOp,
  searchOp,
  textOf,
  WireClient,
} from '../../support/wire-client.js';

const DAY = 86_400;
const ada = person('ada');
const first = 'a-first-and-long-one';
const aware: readonly Control[] = [{ oid: passwordPolicyOid, critical: false, value: undefined }];
const whoAmIOid = '1.3.6.1.4.1.4203.1.11.3';

let d: TestDirectory;
let server: WireServer;
let client: WireClient;
const clients: WireClient[] = [];

async function serve(netscapeControls = false): Promise<void> {
  const stream = { write: () => true };
  server = createWireServer({
    directory: d.directory,
    limits: d.limits,
    clock: d.clock,
    log: createLog({ level: 'silent', destination: 'json', stream }),
    cleartextBind: 'loopback',
    netscapeControls,
    tls: undefined,
  });
  client = await connect();
}

async function connect(): Promise<WireClient> {
  const bound = await server.listen({ kind: 'ldap', host: '127.0.0.1', port: 0 });
  if (bound.kind === 'local') throw new Error('no port');
  const made = await WireClient.connect(bound.port);
  clients.push(made);
  return made;
}

beforeEach(async () => {
  d = await TestDirectory.open({ judged: true, rehashOnBind: false });
  await ok(d.add(ada, personValues('ada', { userPassword: first })));
});
afterEach(async () => {
  for (const one of clients.splice(0)) one.end();
  await server.stop();
  await d.close();
});

function expectCode(answer: ResponseMessage, code: ResultCodeName): ResponseMessage {
  expect([codeOf(answer), textOf(answer)]).toEqual([resultCodes[code], expect.any(String)]);
  return answer;
}

/** The control of an answer, decoded; undefined where there is none. */
function said({ controls }: ResponseMessage) {
  const control = controls.find(({ oid }) => oid === passwordPolicyOid);
  return control && decodePasswordPolicy(control.value!);
}

const bind = (password = first, controls = aware) => client.ask(bindOp(ada, password), controls);
const modify = (operation: 'replace' | 'add', password: string): RequestOp => ({
  kind: 'modify',
  object: ada,
  changes: [
    {
      operation,
      modification: { description: 'userPassword', values: [Buffer.from(password)] },
    },
  ],
});
const exop = (newPassword: string | undefined, oldPassword?: string) =>
  extendedOp(
    passwordModifyOid,
    encodePasswordModifyRequest({
      userIdentity: undefined,
      oldPassword: oldPassword === undefined ? undefined : Buffer.from(oldPassword),
      newPassword: newPassword === undefined ? undefined : Buffer.from(newPassword),
    }),
  );

test('the octets of the response are those of the draft', () => {
  const warning = { kind: 'timeBeforeExpiration', seconds: 600 } as const;
  const hex = (value: Parameters<typeof encodePasswordPolicy>[0]) =>
    encodePasswordPolicy(value).toString('hex');
  expect(hex({ warning: undefined, error: undefined })).toBe('3000');
  expect(hex({ warning, error: undefined })).toBe('3006a00480020258');
  const grace = { kind: 'graceAuthNsRemaining', count: 2 } as const;
  expect(hex({ warning: grace, error: undefined })).toBe('3005a003810102');
  for (const [name, number] of Object.entries(passwordPolicyErrors)) {
    const bytes = `30038101${number.toString(16).padStart(2, '0')}`;
    expect([name, hex({ warning: undefined, error: number })]).toEqual([name, bytes]);
  }
  return serve();
});

test('a bind: nothing to say, a warning, grace, expired; and only where it was asked for', async () => {
  await setDefault(d, {
    pwdMaxAge: `${10 * DAY}`,
    pwdExpireWarning: `${DAY}`,
    pwdGraceAuthNLimit: '1',
  });
  await serve();
  expect(said(expectCode(await bind(), 'success'))).toEqual({});
  d.clock.advance(9.5 * DAY * 1000);
  const warned = expectCode(await bind(), 'success');
  expect(said(warned)?.warning).toEqual({ kind: 'timeBeforeExpiration', seconds: DAY / 2 });
  expect((await bind(first, [])).controls).toEqual([]);
  d.clock.advance(DAY * 1000);
  const unaware = expectCode(await bind(first, []), 'invalidCredentials');
  expect(unaware.controls).toEqual([]);
  const grace = expectCode(await bind(), 'success');
  expect(said(grace)).toEqual({ warning: { kind: 'graceAuthNsRemaining', count: 0 } });
  const expired = expectCode(await bind(), 'invalidCredentials');
  expect(said(expired)).toEqual({ error: passwordPolicyErrors.passwordExpired });
  expect(textOf(expired)).toBe(textOf(await bind('wrong')));
});

test('a locked account: 49 like any refusal, and the reason in the control alone', async () => {
  await ok(d.modify(ada, [['add', 'pwdAccountLockedTime', '000001010000Z']]));
  await serve();
  const locked = expectCode(await bind(), 'invalidCredentials');
  expect(said(locked)).toEqual({ error: passwordPolicyErrors.accountLocked });
  expect(said(expectCode(await bind('wrong'), 'invalidCredentials'))).toBeUndefined();
  const unknown = await client.ask(bindOp(person('nobody'), first), aware);
  expect(said(expectCode(unknown, 'invalidCredentials'))).toBeUndefined();
});

test('must change: the session may ask who it is and set a password, and then all', async () => {
  await setDefault(d, { pwdMustChange: 'TRUE' });
  await ok(d.modify(ada, [['replace', 'userPassword', 'given-by-admin']]));
  await serve();
  expectCode(await bind('given-by-admin', []), 'invalidCredentials');
  const { changeAfterReset } = passwordPolicyErrors;
  const opened = expectCode(await bind('given-by-admin'), 'success');
  expect(said(opened)).toEqual({ error: changeAfterReset });
  for (const op of [
    searchOp(suffix),
    compareOp(ada, 'uid', 'ada'),
    { kind: 'delete', entry: ada } as const,
    searchOp('cn=subschema'),
  ]) {
    const answer = expectCode(await client.ask(op, aware), 'insufficientAccessRights');
    expect([op.kind, said(answer)]).toEqual([op.kind, { error: changeAfterReset }]);
    expect((await client.ask(op)).controls).toEqual([]);
  }
  const me = expectCode(await client.ask(extendedOp(whoAmIOid)), 'success');
  expect(me.op).toMatchObject({ responseValue: Buffer.from(`dn:${ada}`) });
  const short = expectCode(
    await client.ask(modify('replace', 'short'), aware),
    'constraintViolation',
  );
  expect(said(short)).toEqual({ error: passwordPolicyErrors.passwordTooShort });
  expectCode(await client.ask(modify('replace', 'quartz lantern otter'), aware), 'success');
  // The same session is one like any other from here on.
  expectCode(await client.ask(searchOp(suffix, 'uid', 'ada')), 'success');
  expect(said(await bind('quartz lantern otter'))).toEqual({});
});

test('changes: each error by its number, on modify and on the extended operation', async () => {
  await setDefault(d, { pwdSafeModify: 'TRUE', pwdMinAge: '60', pwdInHistory: '1' });
  await serve();
  await bind();
  const errors = passwordPolicyErrors;
  const refused = async (op: RequestOp, code: ResultCodeName, error: number | undefined) => {
    expect(said(expectCode(await client.ask(op, aware), code))?.error).toBe(error);
  };
  await refused(modify('replace', 'x'), 'insufficientAccessRights', errors.mustSupplyOldPassword);
  await refused(exop('x'), 'insufficientAccessRights', errors.mustSupplyOldPassword);
  await refused(exop('x', first), 'constraintViolation', errors.passwordTooYoung);
  d.clock.advance(60_000);
  await refused(exop('x', first), 'constraintViolation', errors.passwordTooShort);
  const weak = exop('password123', first);
  await refused(weak, 'constraintViolation', errors.insufficientPasswordQuality);
  await refused(exop(first, first), 'constraintViolation', errors.passwordInHistory);
  await refused(exop('x', 'wrong'), 'invalidCredentials', undefined);
  await setDefault(d, { pwdAllowUserChange: 'FALSE' });
  await refused(exop('x', first), 'insufficientAccessRights', errors.passwordModNotAllowed);
  await setDefault(d, { pwdAllowUserChange: 'TRUE' });
  const { op } = expectCode(await client.ask(exop(undefined, first), aware), 'success');
  if (op.kind !== 'extendedResponse') throw new Error(op.kind);
  const made = decodePasswordModifyResponse(op.responseValue!)?.generatedPassword;
  expectCode(await bind(made!.toString()), 'success');
});

test('an add is held against the policy that checks always', async () => {
  await setDefault(d, { pwdCheckQuality: '2' });
  await serve();
  await client.ask(bindOp(d.admin.identity.dn, 'administrator-secret'));
  const attributes = Object.entries(personValues('bob', { userPassword: 'short' })).map(
    ([description, value]) => ({ description, values: [Buffer.from(String(value))] }),
  );
  const add: RequestOp = { kind: 'add', entry: person('bob'), attributes };
  const answer = expectCode(await client.ask(add, aware), 'constraintViolation');
  expect(said(answer)).toEqual({ error: passwordPolicyErrors.passwordTooShort });
});

test('after a bind that failed nothing is changed, whatever is sent along', async () => {
  await serve();
  await bind('wrong');
  const value = encodePasswordModifyRequest({
    userIdentity: ada,
    oldPassword: Buffer.from(first),
    newPassword: Buffer.from('quartz lantern otter'),
  });
  expectCode(await client.ask(extendedOp(passwordModifyOid, value)), 'insufficientAccessRights');
  expectCode(await bind(), 'success');
});

test('Netscape’s controls: unsolicited, and only where they are switched on', async () => {
  const [expired, expiring] = ['2.16.840.1.113730.3.4.4', '2.16.840.1.113730.3.4.5'];
  const told = (answer: ResponseMessage) =>
    answer.controls.map(({ oid, value }) => [oid, value?.toString()]);
  await setDefault(d, { pwdMaxAge: `${DAY}`, pwdExpireWarning: '3600', pwdGraceAuthNLimit: '1' });
  await serve(true);
  expect(told(await bind(first, []))).toEqual([]);
  d.clock.advance((DAY - 60) * 1000);
  expect(told(await bind(first, []))).toEqual([[expiring, '60']]);
  d.clock.advance(60_000);
  expect(told(expectCode(await bind(first, []), 'invalidCredentials'))).toEqual([[expired, '0']]);
  const grace = expectCode(await bind(), 'success');
  expect(told(grace).map(([oid]) => oid)).toEqual([passwordPolicyOid, expired]);
  expect(told(expectCode(await bind('wrong', []), 'invalidCredentials'))).toEqual([]);
  await setDefault(d, { pwdMustChange: 'TRUE' });
  await ok(d.modify(ada, [['replace', 'userPassword', 'given-by-admin']]));
  const reset = expectCode(await bind('given-by-admin', []), 'invalidCredentials');
  expect(told(reset)).toEqual([[expired, '0']]);
});

test('account usability of every account found, and of nothing else', async () => {
  await setDefault(d, {
    pwdMaxAge: `${DAY}`,
    pwdGraceAuthNLimit: '2',
    pwdMaxFailure: '1',
    pwdLockoutDuration: '90',
  });
  await serve();
  await client.ask(bindOp(d.admin.identity.dn, 'administrator-secret'));
  const asked = [{ oid: accountUsabilityOid, critical: true, value: undefined }];
  const usability = async () => {
    const from = client.received.length;
    expectCode(await client.ask(searchOp(suffix), asked), 'success');
    const found = new Map<string, unknown>();
    for (const { op, controls } of client.received.slice(from)) {
      if (op.kind !== 'searchEntry') continue;
      const control = controls.find(({ oid }) => oid === accountUsabilityOid);
      found.set(op.objectName, control && decodeAccountUsability(control.value!));
    }
    return found;
  };
  const all = await usability();
  expect(all.get(ada)).toEqual({ available: true, secondsBeforeExpiration: DAY });
  expect(all.get(d.admin.identity.dn)).toEqual({ available: true, secondsBeforeExpiration: -1 });
  expect(all.get(suffix)).toBeUndefined();
  const no = { available: false, inactive: false, reset: false, expired: false };
  d.clock.advance((DAY + 1) * 1000);
  expect((await usability()).get(ada)).toEqual({ ...no, expired: true, remainingGrace: 2 });
  await setDefault(d, { pwdGraceAuthNLimit: '0' });
  expect((await usability()).get(ada)).toEqual({ ...no, expired: true });
  await setDefault(d, { pwdMustChange: 'TRUE' });
  await ok(d.modify(ada, [['replace', 'userPassword', 'given-by-admin']]));
  expect((await usability()).get(ada)).toEqual({ ...no, reset: true });
  const other = await connect();
  await other.ask(bindOp(ada, 'wrong'));
  d.clock.advance(30_000);
  expect((await usability()).get(ada)).toEqual({
    ...no,
    inactive: true,
    secondsBeforeUnlock: 60,
  });
  await ok(d.modify(ada, [['add', 'pwdAccountLockedTime', '000001010000Z']]));
  d.clock.advance(90_000);
  expect((await usability()).get(ada)).toEqual({ ...no, inactive: true });
});

test('the controls are in the root DSE', async () => {
  await serve();
  const id = client.send({ ...searchOp(''), scope: 0, attributes: ['supportedControl'] }, []);
  await client.wait(({ messageId, op }) => messageId === id && op.kind === 'searchDone');
  const [entry] = client.entries(id);
  if (entry?.op.kind !== 'searchEntry') throw new Error('no root DSE');
  const values = entry.op.attributes[0]!.values.map(String);
  expect(values).toEqual(expect.arrayContaining([passwordPolicyOid, accountUsabilityOid]));
});
