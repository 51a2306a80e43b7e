/** An import that is killed half-way leaves nothing behind, with a server and without one. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { reachServer } from '../../src/admin/http/index.js';
import { suffix, TenureServer } from '../support/process-server.js';

/** Enough to take longer than the waits below on any machine; the last of them are not reached. */
const people = 20_000;
let server: TenureServer;
let before: readonly string[] = [];

beforeAll(async () => {
  server = await TenureServer.create({ sample: true });
  const units = `dn: ou=import,${suffix}\nobjectClass: organizationalUnit\nou: import\n\n`;
  const entry = (i: number): string =>
    `dn: uid=i${i},ou=import,${suffix}\nobjectClass: inetOrgPerson\nuid: i${i}\n` +
    `cn: Person ${i}\nsn: ${i}\nmail: i${i}@example.com\n\n`;
  const text = units + Array.from({ length: people }, (_, i) => entry(i)).join('');
  writeFileSync(join(server.folder, 'big.ldif'), text);
  before = await names();
  expect(before.length).toBe(53);
}, 60_000);
afterAll(() => server.remove());

/** Every DN there is; of too many, how many there are. */
async function names(): Promise<readonly string[]> {
  const { out } = await server.tenure(['export']);
  const found = out.match(/^dn: .*$/gm) ?? [];
  return found.length > 1_000 ? [`${found.length} entries`] : found;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('killed without a server', async () => {
  for (const afterMs of [450, 900]) {
    const child = server.spawnTenure(['import', 'big.ldif']);
    const closed = once(child, 'close');
    await pause(afterMs);
    child.kill('SIGKILL');
    expect(await closed).toEqual([null, 'SIGKILL']);
    expect(await names()).toEqual(before);
    expect(await server.problems()).toEqual([]);
  }
}, 60_000);

test('killed with the server that does it', async () => {
  for (const phase of ['reading', 'entries']) {
    await server.start();
    const remote = await reachServer(join(server.folder, 'data/control.sock'));
    if (remote === undefined) throw new Error('nobody is there');
    let ended: Promise<unknown> | undefined;
    const importing = remote.importLdif(
      { file: join(server.folder, 'big.ldif'), by: 'test' },
      (progress) => {
        if (progress.phase === phase) ended ??= server.end('SIGKILL');
      },
    );
    await expect(importing).rejects.toThrow();
    expect(await ended).toEqual({ code: null, signal: 'SIGKILL' });
  }
  await server.start();
  expect(await names()).toEqual(before);
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(await server.problems()).toEqual([]);
}, 60_000);

test('one that fails in its last line leaves nothing either', async () => {
  const text = `dn: uid=late,ou=people,${suffix}\nobjectClass: inetOrgPerson\nuid: late\ncn: Late\n`;
  const first = text.replaceAll('late', 'early').replace('cn:', 'sn: Early\ncn:');
  writeFileSync(join(server.folder, 'bad.ldif'), `${first}\n${text}`);
  const { code, err } = await server.tenure(['import', 'bad.ldif']);
  expect([code, err]).toEqual([7, expect.stringContaining('bad.ldif:')]);
  expect(await names()).toEqual(before);
}, 60_000);

test('and in the end it works', async () => {
  const { code, out } = await server.tenure(['import', 'big.ldif', '--json'], {
    timeoutMs: 120_000,
  });
  expect([code, JSON.parse(out)]).toMatchObject([0, { entries: people + 1 }]);
  expect(await server.problems()).toEqual([]);
}, 150_000);
