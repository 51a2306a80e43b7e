/** Random traffic: whatever is pipelined keeps its promises, whatever is mangled harms nobody. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeRequest, type RequestOp } from '../../../src/ldap/protocol/index.js';
import { seed } from '../../support/seed.js';
import {
  bindOp,
  codeOf,
  compareOp,
  extendedOp,
  modifyOp,
  searchOp,
  WireClient,
} from '../../support/wire-client.js';
import { suffix } from '../../support/wire-directory.js';
import { startWire, type TestWire } from '../../support/wire-server.js';

const ada = `uid=ada,${suffix}`;
const counter = `cn=counter,${suffix}`;
let wire: TestWire;

beforeAll(async () => {
  wire = await startWire();
});

afterAll(async () => {
  await wire.close();
});

type Step = 'write' | 'read' | 'ada' | 'nobody' | 'who' | 'compare';

/** The only value of the first attribute of the only entry. */
function note(client: WireClient, id: number): string {
  const op = client.entries(id)[0]?.op;
  if (op?.kind !== 'searchEntry') throw new Error('no entry');
  const found = op.attributes.find(({ description }) => description === 'note');
  return found?.values[0]?.toString() ?? '';
}

test('in any pipeline, reads see earlier writes and everything its own identity', async () => {
  const steps = fc.array(
    fc.constantFrom<Step[]>('write', 'read', 'ada', 'nobody', 'who', 'compare'),
    { minLength: 1, maxLength: 40 },
  );
  const runs = fc.asyncProperty(steps, fc.integer({ min: 1, max: 400 }), async (list, cut) => {
    wire.directory.put(counter, { cn: ['counter'], note: ['0'] });
    const client = await WireClient.connect(wire.port);
    const checks: (() => Promise<void>)[] = [];
    const chunks: Buffer[] = [];
    let written = 0;
    let identity = '';
    const push = (op: RequestOp): number => {
      const id = client.nextId();
      chunks.push(encodeRequest(id, op));
      return id;
    };
    for (const step of list) {
      if (step === 'write') {
        written++;
        const id = push(modifyOp(counter, 'note', String(written)));
        checks.push(async () => expect(codeOf(await client.answer(id))).toBe(0));
      } else if (step === 'read') {
        const atLeast = written;
        const id = push({ ...searchOp(counter), scope: 0 });
        checks.push(async () => {
          await client.answer(id);
          expect(Number(note(client, id))).toBeGreaterThanOrEqual(atLeast);
        });
      } else if (step === 'ada' || step === 'nobody') {
        identity = step === 'ada' ? ada : '';
        const id = push(step === 'ada' ? bindOp(ada, 'ada-secret') : bindOp('', ''));
        checks.push(async () => expect(codeOf(await client.answer(id))).toBe(0));
      } else if (step === 'who') {
        const expected = identity;
        const id = push(searchOp(suffix, 'whoami', 'me'));
        checks.push(async () => {
          await client.answer(id);
          expect(client.entries(id)[0]?.op).toMatchObject({ objectName: `cn=${expected}` });
        });
      } else {
        const id = push(compareOp(ada, 'uid', 'ada'));
        checks.push(async () => expect(codeOf(await client.answer(id))).toBe(6));
      }
    }
    const bytes = Buffer.concat(chunks);
    for (let at = 0; at < bytes.length; at += cut) client.write(bytes.subarray(at, at + cut));
    await Promise.all(checks.map((check) => check()));
    const finals = client.received.filter(({ op }) => op.kind !== 'searchEntry');
    expect(finals.length).toBe(list.length);
    client.end();
  });
  await fc.assert(runs, { seed: seed(), numRuns: 60 });
});

test('mangled requests are answered or end their connection, and nobody else notices', async () => {
  const valid = [
    encodeRequest(1, searchOp(suffix, 'uid', 'ada')),
    encodeRequest(2, bindOp(ada, 'ada-secret')),
    encodeRequest(3, modifyOp(ada, 'x', 'y')),
    encodeRequest(4, compareOp(ada, 'uid', 'ada')),
    encodeRequest(5, extendedOp('1.3.6.1.4.1.4203.1.11.1', Buffer.from('junk'))),
    encodeRequest(6, { kind: 'abandon', abandonedId: 3 }),
  ];
  const witness = await WireClient.connect(wire.port);
  const mangled = fc.record({
    which: fc.nat(valid.length - 1),
    changes: fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 4 }),
    keep: fc.nat(120),
  });
  const runs = fc.asyncProperty(mangled, async ({ which, changes, keep }) => {
    const bytes = Buffer.from(valid[which]!);
    for (const [at, value] of changes) bytes[at % bytes.length] = value;
    const client = await WireClient.connect(wire.port);
    client.socket.end(bytes.subarray(0, Math.max(1, keep)));
    // Ending our side makes the server end its own, whatever it thought of the octets.
    await client.closed;
    expect(await witness.code(compareOp(ada, 'uid', 'ada'))).toBe(6);
  });
  await fc.assert(runs, { seed: seed(), numRuns: 150 });
  witness.end();
  expect(wire.logged.filter((line) => line.includes('"defect"'))).toEqual([]);
});

test('answers of many connections that become ready in one turn do not mix', async () => {
  wire.directory.writeGate.close();
  const clients = await Promise.all(
    Array.from({ length: 12 }, () => WireClient.connect(wire.port)),
  );
  const waiting = clients.flatMap((client, number) =>
    Array.from({ length: 10 }, () => {
      const dn = number % 2 === 0 ? ada : `cn=none ${'x'.repeat(300)}`;
      return { client, number, id: client.send(modifyOp(dn, 'x', 'y')) };
    }),
  );
  const total = wire.directory.submitted.length;
  while (wire.directory.writeGate.waitingCount < waiting.length) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(wire.directory.submitted.length).toBeGreaterThanOrEqual(total);
  wire.directory.writeGate.open();
  for (const { client, number, id } of waiting) {
    expect(codeOf(await client.answer(id))).toBe(number % 2 === 0 ? 0 : 32);
  }
  for (const client of clients) {
    expect(client.received.length).toBe(10);
    client.end();
  }
});
