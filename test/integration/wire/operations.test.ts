/** Each operation over a real socket: the right response type and code, whatever happens. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  assertionOid,
  type Control,
  decodePagedResults,
  decodePasswordModifyResponse,
  decodeReadEntryResponse,
  encodeAssertion,
  encodePagedResults,
  encodePasswordModifyRequest,
  encodeReadEntryRequest,
  encodeSessionTracking,
  pagedResultsOid,
  passwordModifyOid,
  postReadOid,
  preReadOid,
  type RequestOp,
  sessionTrackingOid,
} from '../../../src/ldap/protocol/index.js';
import {
  bindOp,
  codeOf,
  compareOp,
  extendedOp,
  modifyOp,
  saslOp,
  searchOp,
  textOf,
  WireClient,
} from '../../support/wire-client.js';
import { adminDn, suffix } from '../../support/wire-directory.js';
import { startWire, type TestWire } from '../../support/wire-server.js';

const whoAmIOid = '1.3.6.1.4.1.4203.1.11.3';
const ada = `uid=ada,${suffix}`;

let wire: TestWire;
let client: WireClient;

beforeAll(async () => {
  wire = await startWire();
  client = await WireClient.connect(wire.port);
  expect(await client.bind(adminDn, 'admin-secret')).toBe(0);
});

afterAll(async () => {
  client.end();
  await wire.close();
});

/** Runs with a connection of its own. */
async function withClient(run: (own: WireClient) => Promise<void>): Promise<void> {
  const own = await WireClient.connect(wire.port);
  try {
    await run(own);
  } finally {
    own.end();
  }
}

async function whoAmI(own: WireClient): Promise<string> {
  const { op } = await own.ask(extendedOp(whoAmIOid));
  return op.kind === 'extendedResponse' ? (op.responseValue?.toString() ?? 'nothing') : op.kind;
}

function control(oid: string, critical: boolean, value?: Buffer): Control {
  return { oid, critical, value };
}

describe('search', () => {
  test('gives entries with their attributes, then the result', async () => {
    const id = client.send(searchOp(suffix, 'uid', 'ada'));
    const done = await client.answer(id);
    expect(done.op.kind).toBe('searchDone');
    expect(codeOf(done)).toBe(0);
    const [entry] = client.entries(id);
    expect(entry?.op).toMatchObject({ kind: 'searchEntry', objectName: ada });
    if (entry?.op.kind !== 'searchEntry') throw new Error('no entry');
    const cn = entry.op.attributes.find(({ description }) => description === 'cn');
    expect(cn?.values.map(String)).toEqual(['Ada Lovelace']);
  });

  test('that fails is answered by a search result with the matched name', async () => {
    const { op } = await client.ask(searchOp('ou=nowhere'));
    expect(op).toMatchObject({ kind: 'searchDone', resultCode: 32, matchedDn: suffix });
  });

  test('that meets a defect answers other and tells nothing of its inside', async () => {
    const answer = await client.ask(searchOp('cn=defect'));
    expect(answer.op.kind).toBe('searchDone');
    expect(codeOf(answer)).toBe(80);
    expect(textOf(answer)).not.toContain('private');
    expect(wire.logged.join('')).toContain('private detail of a defect');
  });

  test('larger than any buffer arrives whole', async () => {
    const photo = 'p'.repeat(300_000);
    wire.directory.put(`cn=photo,${suffix}`, { cn: ['photo'], jpegPhoto: [photo] });
    const id = client.send(searchOp(suffix, 'cn', 'photo'));
    await client.answer(id);
    const [entry] = client.entries(id);
    if (entry?.op.kind !== 'searchEntry') throw new Error('no entry');
    expect(entry.op.attributes[1]?.values[0]?.length).toBe(300_000);
  });

  test('in pages carries a cookie until the last page', async () => {
    const page = async (cookie: Buffer) => {
      const value = encodePagedResults({ size: 2, cookie });
      const id = client.send(searchOp(suffix), [control(pagedResultsOid, true, value)]);
      const done = await client.answer(id);
      const answer = done.controls.find(({ oid }) => oid === pagedResultsOid);
      const decoded = decodePagedResults(answer?.value ?? Buffer.alloc(0));
      return { count: client.entries(id).length, cookie: decoded?.cookie };
    };
    const first = await page(Buffer.alloc(0));
    expect(first.count).toBe(2);
    expect(first.cookie?.length).toBeGreaterThan(0);
    let { cookie } = first;
    let total = first.count;
    while (cookie !== undefined && cookie.length > 0) {
      const next = await page(cookie);
      total += next.count;
      cookie = next.cookie;
    }
    expect(cookie?.length).toBe(0);
    expect(total).toBe(wire.directory.entries.size);
  });
});

describe('compare', () => {
  test('is answered true, false, or by the reason why neither', async () => {
    expect((await client.ask(compareOp(ada, 'uid', 'ada'))).op).toMatchObject({
      kind: 'compareResponse',
      resultCode: 6,
    });
    expect(await client.code(compareOp(ada, 'uid', 'eve'))).toBe(5);
    expect((await client.ask(compareOp('cn=no', 'uid', 'x'))).op).toMatchObject({
      kind: 'compareResponse',
      resultCode: 32,
    });
  });

  test('obeys an assertion', async () => {
    const value = encodeAssertion({
      kind: 'equality',
      attribute: 'uid',
      value: Buffer.from('eve'),
    });
    const answer = await client.ask(compareOp(ada, 'uid', 'ada'), [
      control(assertionOid, true, value),
    ]);
    expect(codeOf(answer)).toBe(122);
  });
});

describe('updates', () => {
  const dn = `uid=tim,${suffix}`;
  const add: RequestOp = {
    kind: 'add',
    entry: dn,
    attributes: [{ description: 'uid', values: [Buffer.from('tim')] }],
  };

  test('are answered by their own response types', async () => {
    expect((await client.ask(add)).op).toMatchObject({ kind: 'addResponse', resultCode: 0 });
    expect((await client.ask(add)).op).toMatchObject({ kind: 'addResponse', resultCode: 68 });
    const modify = modifyOp(dn, 'cn', 'Tim');
    expect((await client.ask(modify)).op).toMatchObject({ kind: 'modifyResponse', resultCode: 0 });
    const rename: RequestOp = {
      kind: 'modifyDn',
      entry: dn,
      newRdn: 'uid=timothy',
      deleteOldRdn: true,
      newSuperior: undefined,
    };
    expect((await client.ask(rename)).op).toMatchObject({
      kind: 'modifyDnResponse',
      resultCode: 0,
    });
    expect((await client.ask(rename)).op).toMatchObject({
      kind: 'modifyDnResponse',
      resultCode: 32,
    });
    const remove: RequestOp = { kind: 'delete', entry: `uid=timothy,${suffix}` };
    expect((await client.ask(remove)).op).toMatchObject({ kind: 'deleteResponse', resultCode: 0 });
    expect((await client.ask(remove)).op).toMatchObject({ kind: 'deleteResponse', resultCode: 32 });
  });

  test('reach the directory with values as octets and assertions as text', async () => {
    const value = Buffer.from([0, 0xff, 0x80]);
    const op: RequestOp = {
      kind: 'modify',
      object: ada,
      changes: [{ operation: 'increment', modification: { description: 'x', values: [value] } }],
    };
    const assertion = encodeAssertion({ kind: 'present', attribute: 'uid' });
    await client.ask(op, [control(assertionOid, false, assertion)]);
    expect(wire.directory.submitted.at(-1)).toMatchObject({
      op: 'modify',
      dn: ada,
      reason: 'ldap modify',
      context: { identity: { dn: adminDn } },
      changes: [{ op: 'increment', attribute: 'x', values: ['\x00\xff\x80'] }],
      controls: { assertion: '(uid=*)' },
    });
  });

  test('give the entry before and after', async () => {
    wire.directory.put(`cn=mark,${suffix}`, { cn: ['mark'], note: ['old'] });
    const selection = encodeReadEntryRequest(['note']);
    const answer = await client.ask(modifyOp(`cn=mark,${suffix}`, 'note', 'new'), [
      control(preReadOid, true, selection),
      control(postReadOid, true, selection),
    ]);
    const noteIn = (oid: string) => {
      const value = answer.controls.find((one) => one.oid === oid)?.value;
      const entry = decodeReadEntryResponse(value ?? Buffer.alloc(0));
      const note = entry?.attributes.find(({ description }) => description === 'note');
      return note?.values.map(String);
    };
    expect(noteIn(preReadOid)).toEqual(['old']);
    expect(noteIn(postReadOid)).toEqual(['new']);
  });
});

describe('bind', () => {
  test('with a password, then anonymously', () =>
    withClient(async (own) => {
      expect((await own.ask(bindOp(ada, 'ada-secret'))).op).toMatchObject({
        kind: 'bindResponse',
        resultCode: 0,
      });
      expect(await whoAmI(own)).toBe(`dn:${ada}`);
      expect(await own.bind('', '')).toBe(0);
      expect(await whoAmI(own)).toBe('');
    }));

  test('that fails leaves the connection anonymous', () =>
    withClient(async (own) => {
      await own.bind(ada, 'ada-secret');
      expect(await own.bind(ada, 'wrong')).toBe(49);
      expect(await whoAmI(own)).toBe('');
    }));

  test.each([
    ['version 2', bindOp(ada, 'ada-secret', 2), 2],
    ['a malformed name', bindOp('ada', 'ada-secret'), 49],
    ['a malformed name without a password', bindOp('no name', ''), 34],
    ['a name without a password', bindOp(ada, ''), 53],
    ['an unknown mechanism', saslOp('CRAM-MD5', 'x'), 7],
    ['EXTERNAL over the network', saslOp('EXTERNAL'), 7],
    [
      'an unknown choice',
      {
        kind: 'bind',
        version: 3,
        name: '',
        authentication: { kind: 'unknown', tag: 0x84 },
      } as RequestOp,
      7,
    ],
  ])('with %s is refused and anonymous', (_name, op, code) =>
    withClient(async (own) => {
      await own.bind(ada, 'ada-secret');
      const answer = await own.ask(op);
      expect(answer.op.kind).toBe('bindResponse');
      expect(codeOf(answer)).toBe(code);
      expect(await whoAmI(own)).toBe('');
    }),
  );
});

describe('extended operations', () => {
  test('that are unknown are a protocol error naming them', async () => {
    const answer = await client.ask(extendedOp('1.2.3.4'));
    expect(answer.op.kind).toBe('extendedResponse');
    expect(codeOf(answer)).toBe(2);
    expect(textOf(answer)).toContain('1.2.3.4');
  });

  test('Who am I? takes no value', async () => {
    expect(await client.code(extendedOp(whoAmIOid, Buffer.from('x')))).toBe(2);
  });

  test('Password Modify changes, generates and refuses', async () => {
    wire.directory.put(`uid=pat,${suffix}`, { uid: ['pat'], userPassword: ['one'] });
    const change = (userIdentity: string, newPassword?: string) =>
      client.ask(
        extendedOp(
          passwordModifyOid,
          encodePasswordModifyRequest({
            userIdentity,
            oldPassword: undefined,
            newPassword: newPassword === undefined ? undefined : Buffer.from(newPassword),
          }),
        ),
      );
    expect(codeOf(await change(`uid=pat,${suffix}`, 'two'))).toBe(0);
    const { op } = await change(`dn:uid=pat,${suffix}`);
    if (op.kind !== 'extendedResponse') throw new Error(op.kind);
    const generated = decodePasswordModifyResponse(op.responseValue ?? Buffer.alloc(0));
    expect(generated?.generatedPassword?.toString()).toBe('made-up');
    expect(codeOf(await change('u:pat', 'x'))).toBe(53);
    expect(await client.code(extendedOp(passwordModifyOid, Buffer.from('junk')))).toBe(2);
  });

  test('Password Modify without a value generates one for oneself', () =>
    withClient(async (own) => {
      wire.directory.put(`uid=sam,${suffix}`, { uid: ['sam'], userPassword: ['sam-secret'] });
      await own.bind(`uid=sam,${suffix}`, 'sam-secret');
      expect(await own.code(extendedOp(passwordModifyOid))).toBe(0);
      expect(await own.bind(`uid=sam,${suffix}`, 'made-up')).toBe(0);
    }));
});

describe('controls', () => {
  const paged = encodePagedResults({ size: 1, cookie: Buffer.alloc(0) });
  const tracking = encodeSessionTracking({
    sessionSourceIp: '192.0.2.7',
    sessionSourceName: 'radius',
    formatOid: '1.3.6.1.4.1.21008.108.63.1.3',
    sessionTrackingIdentifier: 'ada',
  });

  test.each([
    ['unknown and not critical: ignored', [control('1.2.3', false)], 0],
    ['unknown and critical', [control('1.2.3', true)], 12],
    ['ManageDsaIT, critical', [control('2.16.840.1.113730.3.4.2', true)], 0],
    ['ManageDsaIT with a value', [control('2.16.840.1.113730.3.4.2', false, Buffer.from('x'))], 2],
    ['misplaced and not critical: ignored', [control(preReadOid, false)], 0],
    ['misplaced and critical', [control(preReadOid, true)], 12],
    ['malformed', [control(pagedResultsOid, false, Buffer.from('x'))], 2],
    ['without its value', [control(pagedResultsOid, false)], 2],
    ['twice', [control(pagedResultsOid, false, paged), control(pagedResultsOid, true, paged)], 2],
    ['session tracking', [control(sessionTrackingOid, true, tracking)], 0],
  ])('%s', async (_name, controls, code) => {
    const answer = await client.ask(searchOp(suffix), controls);
    expect(answer.op.kind).toBe('searchDone');
    expect(codeOf(answer)).toBe(code);
  });

  test.each<[string, RequestOp, string]>([
    ['bind', bindOp('', ''), 'bindResponse'],
    ['compare', compareOp(ada, 'uid', 'ada'), 'compareResponse'],
    ['modify', modifyOp(ada, 'x', 'y'), 'modifyResponse'],
    ['delete', { kind: 'delete', entry: ada }, 'deleteResponse'],
    ['extended', extendedOp(whoAmIOid), 'extendedResponse'],
    ['StartTLS', extendedOp('1.3.6.1.4.1.1466.20037'), 'extendedResponse'],
  ])('an unknown critical one refuses %s and nothing happens', (_name, op, kind) =>
    withClient(async (own) => {
      const before = wire.directory.submitted.length;
      const answer = await own.ask(op, [control('1.2.3', true)]);
      expect(answer.op.kind).toBe(kind);
      expect(codeOf(answer)).toBe(12);
      expect(wire.directory.submitted.length).toBe(before);
    }),
  );
});
