/** What waits for what on one connection, and what passes. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { encodeRequest, type RequestOp } from '../../../src/ldap/protocol/index.js';
import {
  bindOp,
  codeOf,
  compareOp,
  extendedOp,
  modifyOp,
  searchOp,
  until,
  WireClient,
} from '../../support/wire-client.js';
import { suffix } from '../../support/wire-directory.js';
import { startWire, type TestWire } from '../../support/wire-server.js';

const ada = `uid=ada,${suffix}`;
let wire: TestWire;
let client: WireClient;

beforeEach(async () => {
  wire = await startWire();
  client = await WireClient.connect(wire.port);
});

afterEach(async () => {
  client.end();
  await wire.close();
});

/** The order in which these were heard of. */
function order(...ids: number[]): number[] {
  return client.received.map(({ messageId }) => messageId).filter((id) => ids.includes(id));
}

describe('pipelining', () => {
  test('a hundred requests in one segment get a hundred answers in order', async () => {
    await client.bind(ada, 'ada-secret');
    const ids = Array.from({ length: 100 }, () => client.nextId());
    client.write(Buffer.concat(ids.map((id) => encodeRequest(id, compareOp(ada, 'uid', 'ada')))));
    await Promise.all(ids.map((id) => client.answer(id)));
    expect(order(...ids)).toEqual(ids);
  });

  test('more requests than may be in flight are all answered in the end', async () => {
    wire.directory.writeGate.close();
    const ids = Array.from({ length: 60 }, () => client.send(modifyOp(ada, 'x', 'y')));
    await until(() => wire.directory.submitted.length >= 16);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(wire.directory.submitted.length).toBe(16);
    wire.directory.writeGate.open();
    const answers = await Promise.all(ids.map((id) => client.answer(id)));
    expect(answers.every((answer) => codeOf(answer) === 0)).toBe(true);
  });

  test('writes are submitted at once, before the first is answered', async () => {
    wire.directory.writeGate.close();
    const ids = [1, 2, 3].map(() => client.send(modifyOp(ada, 'x', 'y')));
    await until(() => wire.directory.submitted.length === 3);
    expect(client.received).toEqual([]);
    wire.directory.writeGate.open();
    await Promise.all(ids.map((id) => client.answer(id)));
  });

  test('a read sees the write sent before it, and does not wait for one sent after', async () => {
    wire.directory.writeGate.close();
    const write = client.send(modifyOp(ada, 'note', 'new'));
    const read = client.send(compareOp(ada, 'note', 'new'));
    await until(() => wire.directory.submitted.length === 1);
    const later = client.send(modifyOp(ada, 'other', 'z'));
    await until(() => wire.directory.submitted.length === 2);
    expect(client.received).toEqual([]);
    wire.directory.writeGate.open();
    expect(codeOf(await client.answer(read))).toBe(6);
    await client.answer(later);
    expect(order(write, read)).toEqual([write, read]);
  });

  test('another connection does not wait for these writes', async () => {
    wire.directory.writeGate.close();
    client.send(modifyOp(ada, 'note', 'new'));
    await until(() => wire.directory.submitted.length === 1);
    const other = await WireClient.connect(wire.port);
    expect(await other.code(compareOp(ada, 'uid', 'ada'))).toBe(6);
    other.end();
  });
});

describe('bind', () => {
  test('waits for what was before it, and what is behind waits for it', async () => {
    wire.directory.writeGate.close();
    wire.directory.bindGate.close();
    const write = client.send(modifyOp(ada, 'x', 'y'));
    const bind = client.send(bindOp(ada, 'ada-secret'));
    const search = client.send(searchOp(suffix, 'whoami', 'me'));
    await until(() => wire.directory.submitted.length === 1);
    expect(wire.directory.binds).toEqual([]);
    wire.directory.writeGate.open();
    await until(() => wire.directory.binds.length === 1);
    await client.answer(write);
    expect(order(search)).toEqual([]);
    wire.directory.bindGate.open();
    await client.answer(search);
    expect(order(write, bind)).toEqual([write, bind]);
    const [entry] = client.entries(search);
    expect(entry?.op).toMatchObject({ objectName: `cn=${ada}` });
  });

  test('requests sent before a bind keep the identity that they were sent with', async () => {
    await client.bind(ada, 'ada-secret');
    wire.directory.writeGate.close();
    client.send(modifyOp(ada, 'x', 'y'));
    const search = client.send(searchOp(suffix, 'whoami', 'me'));
    const bind = client.send(bindOp('', ''));
    await until(() => wire.directory.submitted.length === 1);
    wire.directory.writeGate.open();
    await client.answer(bind);
    expect(client.entries(search)[0]?.op).toMatchObject({ objectName: `cn=${ada}` });
  });

  test('two binds and what is between them run one after the other', async () => {
    const first = client.send(bindOp(ada, 'ada-secret'));
    const between = client.send(searchOp(suffix, 'whoami', 'me'));
    const second = client.send(bindOp('', ''));
    const after = client.send(searchOp(suffix, 'whoami', 'me'));
    await client.answer(after);
    expect(client.entries(between)[0]?.op).toMatchObject({ objectName: `cn=${ada}` });
    expect(client.entries(after)[0]?.op).toMatchObject({ objectName: 'cn=' });
    await Promise.all([client.answer(first), client.answer(second)]);
  });

  test('a connection that is gone while its bind runs harms nobody', async () => {
    wire.directory.bindGate.close();
    client.send(bindOp(ada, 'ada-secret'));
    await until(() => wire.directory.binds.length === 1);
    client.socket.resetAndDestroy();
    await until(() => wire.server.metrics().connections.open === 0);
    wire.directory.bindGate.open();
    const other = await WireClient.connect(wire.port);
    expect(await other.bind(ada, 'ada-secret')).toBe(0);
    other.end();
  });
});

describe('abandon', () => {
  const abandonOp = (abandonedId: number): RequestOp => ({ kind: 'abandon', abandonedId });

  test('stops a search, which is never answered', async () => {
    const search = client.send(searchOp('cn=forever'));
    await until(() => wire.directory.foreverPulls > 2);
    client.send(abandonOp(search));
    expect(await client.code(compareOp(ada, 'uid', 'ada'))).toBe(6);
    await new Promise((resolve) => setImmediate(resolve));
    const pulls = wire.directory.foreverPulls;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(wire.directory.foreverPulls).toBe(pulls);
    expect(order(search)).toEqual([]);
    // The abandoned search no longer holds up a bind.
    expect(await client.bind(ada, 'ada-secret')).toBe(0);
  });

  test('forgets a request that waits', async () => {
    wire.directory.writeGate.close();
    const write = client.send(modifyOp(ada, 'x', 'y'));
    const waiting = client.send(searchOp(suffix));
    client.send(abandonOp(waiting));
    await until(() => wire.server.metrics().operations.abandon === 1);
    wire.directory.writeGate.open();
    await client.answer(write);
    expect(await client.code(compareOp(ada, 'uid', 'ada'))).toBe(6);
    expect(order(waiting)).toEqual([]);
  });

  test('of something unknown is ignored', async () => {
    client.send(abandonOp(77));
    expect(await client.code(compareOp(ada, 'uid', 'ada'))).toBe(6);
  });

  test('passes a bind that waits', async () => {
    const search = client.send(searchOp('cn=forever'));
    const bind = client.send(bindOp(ada, 'ada-secret'));
    await until(() => wire.directory.foreverPulls > 2);
    client.send(abandonOp(search));
    expect(codeOf(await client.answer(bind))).toBe(0);
  });
});

describe('unbind', () => {
  test('ends the connection without a word, also past a running bind', async () => {
    wire.directory.bindGate.close();
    client.send(bindOp(ada, 'ada-secret'));
    await until(() => wire.directory.binds.length === 1);
    client.send({ kind: 'unbind' });
    await client.closed;
    expect(client.received).toEqual([]);
    await until(() => wire.server.metrics().connections.closed.unbind === 1);
  });
});

describe('long searches', () => {
  test('take turns with short requests of the same and of other connections', async () => {
    const search = client.send(searchOp('cn=forever'));
    await until(() => wire.directory.foreverPulls > 2);
    expect(await client.code(extendedOp('1.3.6.1.4.1.4203.1.11.3'))).toBe(0);
    const other = await WireClient.connect(wire.port);
    for (let i = 0; i < 20; i++) expect(await other.code(searchOp(suffix))).toBe(0);
    other.end();
    client.send({ kind: 'abandon', abandonedId: search });
    await until(() => wire.server.metrics().operations.abandon === 1);
  });

  test('a client that ends its sending side still gets its answers', async () => {
    wire.directory.hugeEntries = 2_000;
    const id = client.send(searchOp('cn=huge'));
    client.socket.end();
    expect(codeOf(await client.answer(id))).toBe(0);
    expect(client.entries(id).length).toBe(2_000);
    await client.closed;
  });
});
