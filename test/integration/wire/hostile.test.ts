/** Clients that break the protocol, or try to wear the server out: nobody else suffers. */
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { CloseReason } from '../../../src/ldap/index.js';
import { encodeRequest } from '../../../src/ldap/protocol/index.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { defaultLimits, type Limits } from '../../../src/runtime/limits.js';
import {
  bindOp,
  codeOf,
  compareOp,
  modifyOp,
  searchOp,
  textOf,
  until,
  WireClient,
} from '../../support/wire-client.js';
import { suffix } from '../../support/wire-directory.js';
import { startWire, type TestWire } from '../../support/wire-server.js';

const ada = `uid=ada,${suffix}`;
let wire: TestWire;
const clients: WireClient[] = [];

async function start(limits: Partial<Limits> = {}, clock = systemClock): Promise<void> {
  wire = await startWire({ limits, clock });
}

async function client(): Promise<WireClient> {
  const made = await WireClient.connect(wire.port);
  clients.push(made);
  return made;
}

/** Waits until the server counted one connection as closed for that reason. */
function closedFor(reason: CloseReason): Promise<void> {
  return until(() => wire.server.metrics().connections.closed[reason] === 1);
}

afterEach(async () => {
  for (const one of clients.splice(0)) one.end();
  await wire.close();
});

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('malformed input', () => {
  test.each([
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['an indefinite length', hex('30 80 02 01 01')],
    ['a length with its sign bit set', hex('30 84 ff ff ff ff')],
    ['a length that is too large', hex('30 84 7f ff ff ff 02')],
    ['a reserved length', hex('30 ff')],
    ['an unknown operation', hex('30 05 02 01 01 5f 00')],
    ['a response', hex('30 0c 02 01 01 65 07 0a 01 00 04 00 04 00')],
    ['no operation', hex('30 03 02 01 01')],
    ['no messageID', hex('30 02 42 00')],
    ['messageID 0', hex('30 05 02 01 00 42 00')],
    ['a negative messageID', hex('30 05 02 01 ff 42 00')],
    ['a truncated operation', hex('30 06 02 01 01 63 05 04')],
    ['an inner length beyond the message', hex('30 08 02 01 01 4a 82 ff ff 00')],
  ])('%s: a notice of disconnection, then the end', async (_name, bytes) => {
    await start();
    const bad = await client();
    bad.write(bytes);
    await bad.closed;
    expect(bad.notice?.code).toBe(2);
    expect(bad.received.length).toBe(1);
    await closedFor('protocolError');
    const other = await client();
    expect(await other.code(searchOp(suffix))).toBe(0);
  });

  test('sound structure with bad content is answered, the connection goes on', async () => {
    await start();
    const bad = await client();
    const request = encodeRequest(7, searchOp(suffix));
    // The scope becomes 9: an ENUMERATED behind the base object.
    const scopeAt = request.indexOf(Buffer.from(suffix)) + suffix.length + 2;
    request[scopeAt] = 9;
    bad.write(request);
    const answer = await bad.answer(7);
    expect(answer.op.kind).toBe('searchDone');
    expect(codeOf(answer)).toBe(2);
    expect(await bad.code(compareOp(ada, 'uid', 'ada'))).toBe(6);
  });

  test('what was answered before the fault still arrives', async () => {
    await start();
    const bad = await client();
    bad.write(Buffer.concat([encodeRequest(1, compareOp(ada, 'uid', 'ada')), Buffer.from('junk')]));
    await bad.closed;
    expect(bad.received.map(({ messageId }) => messageId)).toEqual([1, 0]);
  });

  test('a message over the anonymous limit is refused unread, and fits after a bind', async () => {
    await start({ anonymousPduBytesMax: 2_000 });
    const large = modifyOp(ada, 'x', 'y'.repeat(5_000));
    const bad = await client();
    bad.write(encodeRequest(1, large).subarray(0, 10));
    await bad.closed;
    expect(bad.notice?.text).toContain('2000 bytes');
    const good = await client();
    await good.bind(ada, 'ada-secret');
    expect(await good.code(large)).toBe(0);
  });

  test('one octet at a time works', async () => {
    await start();
    const slow = await client();
    const ids = [slow.nextId(), slow.nextId()];
    const bytes = Buffer.concat([
      encodeRequest(ids[0]!, bindOp(ada, 'ada-secret')),
      encodeRequest(ids[1]!, searchOp(suffix, 'uid', 'ada')),
    ]);
    for (const byte of bytes) {
      slow.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(codeOf(await slow.answer(ids[1]!))).toBe(0);
    expect(slow.entries(ids[1]!).length).toBe(1);
  });

  test('the longest length form that is legal works', async () => {
    await start();
    const odd = await client();
    // Who am I? with every length in four octets.
    const oid = Buffer.from('1.3.6.1.4.1.4203.1.11.3');
    const name = Buffer.concat([hex('80 84 00 00 00'), Buffer.from([oid.length]), oid]);
    const op = Buffer.concat([hex('77 84 00 00 00'), Buffer.from([name.length]), name]);
    const content = Buffer.concat([hex('02 01 05'), op]);
    odd.write(Buffer.concat([hex('30 84 00 00 00'), Buffer.from([content.length]), content]));
    expect(codeOf(await odd.answer(5))).toBe(0);
  });
});

describe('a client that takes nothing', () => {
  test('stops its own search in bounded memory and nobody else', async () => {
    await start({ writeHighWaterBytes: 64 * 1024 });
    wire.directory.hugeEntries = 1_000_000;
    const deaf = await client();
    deaf.socket.pause();
    deaf.send(searchOp('cn=huge'));
    let taken = -1;
    // The kernel's own buffers fill up first; then the search must stand still.
    while (taken !== wire.directory.hugeTaken) {
      taken = wire.directory.hugeTaken;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(taken).toBeLessThan(50_000);
    const other = await client();
    for (let i = 0; i < 20; i++) expect(await other.code(searchOp(suffix))).toBe(0);
    expect(wire.directory.hugeTaken).toBe(taken);
    deaf.socket.resume();
    await until(() => wire.directory.hugeTaken > taken + 1_000);
  });

  test('is cut after the drain timeout', async () => {
    await start({ drainTimeoutMs: 100 });
    wire.directory.hugeEntries = 1_000_000;
    const deaf = await client();
    deaf.socket.pause();
    deaf.send(searchOp('cn=huge'));
    await closedFor('drainTimeout');
    expect(wire.server.metrics().connections.open).toBe(0);
  });

  test('that only sends is not read on while its answers wait', async () => {
    await start({ writeHighWaterBytes: 64 * 1024, anonymousOperationsInFlightMax: 8 });
    wire.directory.hugeEntries = 1_000_000;
    const deaf = await client();
    deaf.socket.pause();
    for (let i = 0; i < 200; i++) deaf.send(searchOp('cn=huge'));
    let seen = -1;
    while (seen !== wire.server.metrics().operations.search) {
      seen = wire.server.metrics().operations.search;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(seen).toBeLessThanOrEqual(8);
  });
});

describe('timeouts', () => {
  test('no request in time', async () => {
    await start({ firstByteTimeoutMs: 60 });
    const silent = await client();
    silent.write(hex('30'));
    await silent.closed;
    await closedFor('firstRequestTimeout');
    expect(silent.notice?.code).toBe(52);
  });

  test('idle while anonymous, not while bound', async () => {
    await start({ anonymousIdleTimeoutMs: 80 });
    const bound = await client();
    await bound.bind(ada, 'ada-secret');
    const idle = await client();
    await idle.code(searchOp(suffix));
    await idle.closed;
    await closedFor('idleTimeout');
    expect(await bound.code(searchOp(suffix))).toBe(0);
  });

  test('a running operation is not idleness', async () => {
    await start({ anonymousIdleTimeoutMs: 50 });
    wire.directory.writeGate.close();
    const busy = await client();
    const id = busy.send(modifyOp(ada, 'x', 'y'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    wire.directory.writeGate.open();
    expect(codeOf(await busy.answer(id))).toBe(0);
  });
});

describe('patience', () => {
  const day = 86_400_000;
  const limits = { firstByteTimeoutMs: day, anonymousIdleTimeoutMs: day, drainTimeoutMs: 40 };
  let aheadMs = 0;
  const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + aheadMs };
  const sweeps = () => new Promise((resolve) => setTimeout(resolve, 60));

  test('ends with a search whose client is gone, though it found nothing to tell', async () => {
    await start(limits, clock);
    const gone = await client();
    gone.send(searchOp('cn=forever'));
    await until(() => wire.directory.foreverPulls > 2);
    gone.end();
    await sweeps();
    expect(wire.server.metrics().connections.open).toBe(1);
    aheadMs += defaultLimits.halfClosedTimeoutMs;
    await closedFor('peerClosed');
  });

  test('gives a client that ended its side the answer it waits for', async () => {
    await start({ ...limits, halfClosedTimeoutMs: 60_000 });
    wire.directory.writeGate.close();
    const half = await client();
    const id = half.send(modifyOp(ada, 'x', 'y'));
    await until(() => wire.directory.submitted.length === 1);
    half.socket.end();
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    wire.directory.writeGate.open();
    expect(codeOf(await half.answer(id))).toBe(0);
  });

  test('ends with a request that does not, and not with a slow one', async () => {
    await start(limits, clock);
    const slow = await client();
    await slow.code(searchOp(suffix));
    slow.write(hex('30 20 02'));
    await sweeps();
    aheadMs += 100_000;
    await sweeps();
    expect(wire.server.metrics().connections.open).toBe(1);
    aheadMs += 30_000;
    await slow.closed;
    await closedFor('requestTimeout');
    expect(slow.notice?.code).toBe(52);
  });
});

describe('caps', () => {
  test('one connection too many hears why, and a place that is free again is given', async () => {
    await start({ connectionsMax: 2 });
    const first = await client();
    const second = await client();
    expect(await second.code(searchOp(suffix))).toBe(0);
    const third = await client();
    await third.closed;
    expect(third.notice).toMatchObject({ code: 51 });
    expect(wire.server.metrics().connections.refused).toBe(1);
    first.end();
    await until(() => wire.server.metrics().connections.open === 1);
    const fourth = await client();
    expect(await fourth.code(searchOp(suffix))).toBe(0);
  });

  test('the cap per address leaves loopback alone', async () => {
    await start({ connectionsPerAddressMax: 1 });
    const first = await client();
    const second = await client();
    expect(await first.code(searchOp(suffix))).toBe(0);
    expect(await second.code(searchOp(suffix))).toBe(0);
  });

  test('more controls than allowed are refused in words', async () => {
    await start({ controlsMax: 2 });
    const many = await client();
    const control = { oid: '1.2.3', critical: false, value: undefined };
    const answer = await many.ask(searchOp(suffix), [control, control, control]);
    expect(codeOf(answer)).toBe(11);
    expect(textOf(answer)).toContain('2 controls');
  });
});

test('connections that vanish at once leave nothing behind', async () => {
  await start();
  for (let i = 0; i < 50; i++) {
    const socket = connect(wire.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('connect', () => {
      socket.write(encodeRequest(1, searchOp('cn=huge')));
      socket.resetAndDestroy();
    });
    await new Promise((resolve) => socket.on('close', resolve));
  }
  await until(() => wire.server.metrics().connections.open === 0);
  const { open, opened, closed } = wire.server.metrics().connections;
  const reasons = Object.values(closed).reduce((sum, count) => sum + count, 0);
  expect(open + reasons).toBe(opened);
});
