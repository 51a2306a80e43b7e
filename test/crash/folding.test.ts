/**
 * kill -9 while a new policy is worked out for many: whoever waits is let in by both policies or not at
 * all, before the kill and behind it, and the next start goes on to the end.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { sleep } from '../../src/runtime/sleep.js';
import { databasePath } from '../../src/store/index.js';
import { admin, suffix, TenureServer } from '../support/process-server.js';
import { modifyOp, searchOp, WireClient } from '../support/wire-client.js';

const PEOPLE = 4_000;
const crew = `ou=crew,${suffix}`;
const policyDn = `cn=policy,${suffix}`;
/** The first of them and the last: one is folded early, one late. */
const watched = [`uid=p0,${crew}`, `uid=p${PEOPLE - 1},${crew}`];
const password = 'Correct-Horse-8841';
const guards = 'guards: {people closed: {hold when more than: 100000 an hour}}\n';
const everybody = `tenure: 1\n${guards}`;
const nobody = `tenure: 1\ncompany: {new entries: {below ou=crew: staged}}\n${guards}`;
let server: TenureServer;

beforeAll(async () => {
  server = await TenureServer.serving({ sample: false });
  const records = [
    `dn: ${policyDn}\nobjectClass: tenureLifecyclePolicy\ncn: policy\n` +
      `tenurePolicyText:: ${Buffer.from(everybody).toString('base64')}\n`,
    `dn: ${crew}\nobjectClass: organizationalUnit\nou: crew\n`,
  ];
  for (let i = 0; i < PEOPLE; i += 1) {
    const dn = `uid=p${i},${crew}`;
    records.push(
      `dn: ${dn}\nobjectClass: inetOrgPerson\nobjectClass: lifecycleSubject\n` +
        `uid: p${i}\ncn: p${i}\nsn: p\n${watched.includes(dn) ? `userPassword: ${password}\n` : ''}`,
    );
  }
  const file = join(server.folder, 'crew.ldif');
  writeFileSync(file, records.join('\n'));
  expect(await server.tenure(['import', file])).toMatchObject({ code: 0 });
}, 120_000);
afterAll(() => server.remove());

async function asAdmin<T>(work: (client: WireClient) => Promise<T>): Promise<T> {
  const client = await WireClient.connect(server.ldapPort);
  expect(await client.bind(admin, server.password)).toBe(0);
  const done = await work(client);
  client.end();
  return done;
}

/** How binds of the watched end. */
async function binds(): Promise<number[]> {
  const codes: number[] = [];
  for (const dn of watched) {
    const client = await WireClient.connect(server.ldapPort);
    codes.push(await client.bind(dn, password));
    client.end();
  }
  return codes;
}

const staged = () =>
  asAdmin(async (client) => {
    const id = client.send(searchOp(crew, 'lifecycleState', 'staged'));
    await client.answer(id);
    return client.entries(id).length;
  });

/** How far the folding has come, as the disk has it; undefined where it is done. */
function foldedTo(): number | undefined {
  const db = new Database(databasePath(join(server.folder, 'data')), { readonly: true });
  try {
    const read = db.prepare("SELECT value FROM meta WHERE key = 'folded_to'").pluck();
    return read.get() as number | undefined;
  } finally {
    db.close();
  }
}

test.each([
  ['shuts them out', nobody, PEOPLE, [49, 49]],
  ['lets them in again', everybody, 0, [0, 0]],
])(
  'a policy that %s',
  async (_what, text, count, codes) => {
    const before = await staged();
    expect(
      await asAdmin((client) => client.code(modifyOp(policyDn, 'tenurePolicyText', text))),
    ).toBe(0);
    await server.end('SIGKILL');
    const to = foldedTo();
    expect(to).toBeDefined();
    expect(await server.problems()).toEqual([]);
    await server.start();
    // Of both policies one keeps them out, so that nobody is in before all is done for them.
    const early = await binds();
    if (count > before) expect(early).toEqual(codes);
    while ((await staged()) !== count) await sleep(200);
    expect(await binds()).toEqual(codes);
    expect(foldedTo()).toBeUndefined();
    expect(await server.problems()).toEqual([]);
  },
  120_000,
);

test('and all is well in the end', async () => {
  expect(await server.end('SIGTERM')).toMatchObject({ code: 0 });
  expect(server.defects()).toEqual([]);
  expect(await server.problems()).toEqual([]);
});
