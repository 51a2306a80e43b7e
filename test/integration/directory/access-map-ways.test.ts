/** The access map: being seen by an NT hash that was read, and what is left of it when it is switched off. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { WriteHalf } from '../../../src/compose/write-half.js';
import { openEngine } from '../../../src/compose.js';
import { encodeNtSecret, ntHash } from '../../../src/credentials/index.js';
import { bytesOf } from '../../../src/directory/model/bytes.js';
import { personOf } from '../../../src/directory/operations/lifecycle/index.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { defaultConfig } from '../../../src/runtime/config.js';
import { createLog } from '../../../src/runtime/log.js';
import { databasePath } from '../../../src/store/index.js';
import { ok } from '../../support/directory-expect.js';
import { seededRandom } from '../../support/directory-fakes.js';
import { person, personValues } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { cheapArgon2 } from '../../support/directory-temp.js';
import { eachServed } from '../../support/served-directory.js';
import { bindOp, searchOp, type WireClient } from '../../support/wire-client.js';

const served = eachServed({ accessMap: {} });
const d = () => served().directory;
const password = 'right horse';
const radius = `uid=radius,ou=services,${suffix}`;
const wiki = `uid=wiki,ou=services,${suffix}`;
const ada = person('ada');

beforeEach(() => {
  const service = (uid: string) => ({
    objectClass: ['account', 'tenureService', 'simpleSecurityObject'],
    uid,
    userPassword: password,
  });
  d().seed({
    [radius]: { ...service('radius'), tenureRole: 'radius' },
    [wiki]: service('wiki'),
    [ada]: personValues('ada', { userPassword: password }),
    [person('bob')]: personValues('bob'),
  });
});

const idOf = (dn: string) => d().names.idOf(dn);

async function boundAs(dn: string): Promise<WireClient> {
  const client = await served().connect();
  expect(await client.code(bindOp(dn, password))).toBe(0);
  return client;
}

async function rowsOf(dn: string): Promise<string[]> {
  await d().guard.flush();
  const rows = d().reader.observed.access.of(idOf(dn), d().guard.accessSinceMs);
  return rows
    .map(({ consumer, method, count }) => `${d().reader.entry(consumer)?.rdn} ${method} ${count}`)
    .sort();
}

describe('an NT hash', () => {
  const asked = ['uid', 'sambaNTPassword'];
  const ask = (uid: string, attributes: readonly string[] = asked) => ({
    ...searchOp(suffix, 'uid', uid),
    attributes: [...attributes],
  });

  beforeEach(async () => {
    const value = bytesOf(encodeNtSecret({ hash: ntHash('air'), madeMs: d().clock.nowMs() }));
    const base = { op: 'credentials', context: d().admin, reason: 'wifi' } as const;
    const add = [{ kind: 'wifiHash', value }];
    const [outcome] = d().apply([{ ...base, owner: idOf(ada), remove: [], add }]);
    await ok(Promise.resolve(outcome!));
  });

  test('that was read for a login is a way of being seen, and a trace of the person', async () => {
    const entry = d().reader.entry(idOf(ada))!;
    expect(personOf(entry, d().reader).lastSeen).toBeUndefined();
    const client = await boundAs(radius);
    expect(await client.code(ask('ada'))).toBe(0);
    expect(await client.code(ask('ada'))).toBe(0);
    expect(await rowsOf(ada)).toEqual(['uid=radius hash 2']);
    expect(personOf(entry, d().reader).lastSeen).toBe(Math.floor(d().clock.nowMs() / 1000));
  });

  test('that was not asked for, or not given, is a lookup and no trace', async () => {
    const client = await boundAs(radius);
    expect(await client.code(ask('ada', ['uid']))).toBe(0);
    const other = await boundAs(wiki);
    expect(await other.code(ask('ada'))).toBe(0);
    expect(await rowsOf(ada)).toEqual(['uid=radius lookup 1', 'uid=wiki lookup 1']);
    // Bob has none: whoever tries a name at the access point proves nothing about him.
    expect(await client.code(ask('bob'))).toBe(0);
    expect(await rowsOf(person('bob'))).toEqual(['uid=radius lookup 1']);
    expect(personOf(d().reader.entry(idOf(person('bob')))!, d().reader).lastSeen).toBeUndefined();
  });

  test('of somebody who is shut out is withheld, and no trace either', async () => {
    await ok(d().modify(ada, [['add', 'lifecycleState', 'suspended']]));
    const client = await boundAs(radius);
    expect(await client.code(ask('ada'))).toBe(0);
    expect(await rowsOf(ada)).toEqual(['uid=radius lookup 1']);
  });

  test('of a leaver is asked for, by whom is known', async () => {
    await ok(d().modify(ada, [['add', 'lifecycleState', 'offboarded']]));
    const client = await boundAs(radius);
    expect(await client.code(ask('ada'))).toBe(0);
    expect(await rowsOf(ada)).toEqual(['uid=radius asked 1']);
  });
});

describe('switched off in the configuration', () => {
  let copy: string;

  /** The folder as it would be found after a stop, and a map in it. */
  beforeEach(async () => {
    expect(await served().bind(ada, password)).toBe(0);
    await d().guard.flush();
    expect(kept(d().dir)).toBe(1);
    copy = mkdtempSync(join(tmpdir(), 'tenure-off-'));
    cpSync(d().dir, copy, { recursive: true });
  });

  const kept = (dir: string): unknown => {
    const db = new Database(databasePath(dir), { readonly: true });
    try {
      return db.prepare('SELECT count(*) FROM access_map').pluck().get();
    } finally {
      db.close();
    }
  };

  async function started(enabled: boolean): Promise<unknown> {
    const { clock, limits } = d();
    const accessMap = { ...defaultConfig.accessMap, enabled };
    const { sshKeys } = defaultConfig;
    const half = new WriteHalf(copy, {
      clock,
      limits,
      accessMap,
      sshKeys,
      random: seededRandom(3),
      argon2: cheapArgon2,
      onDefect: (error) => {
        throw error;
      },
    });
    try {
      expect(half.store.verify().problems).toEqual([]);
    } finally {
      await half.close();
    }
    const left = kept(copy);
    rmSync(copy, { recursive: true });
    return left;
  }

  test('what there was of it goes at the next start', async () => {
    expect(await started(false)).toBe(0);
  });

  test('and with it switched on all of it stays', async () => {
    expect(await started(true)).toBe(1);
  });

  test.each([
    ['enabled: false', 0],
    ['enabled: true', 1],
    ['days: 1', 0],
  ])('a command without a server shows what the configuration says: %s', async (line, rows) => {
    writeFileSync(join(copy, 'config.yaml'), `accessMap:\n  ${line}\n`);
    // A command goes by the clock of the machine.
    const db = new Database(databasePath(copy));
    const twoDaysAgo = systemClock.nowMs() - 2 * 86_400_000;
    db.prepare('UPDATE access_map SET first_ms = ?, last_ms = ?').run(twoDaysAgo, twoDaysAgo);
    db.close();
    const log = createLog({
      level: 'silent',
      destination: 'json',
      stream: { write: () => true },
    });
    const engine = await openEngine(copy, { log });
    try {
      const seen = await engine.access.seen({ name: 'ada' });
      expect(seen.kept.enabled).toBe(line !== 'enabled: false');
      expect(seen.rows).toHaveLength(rows);
    } finally {
      await engine.close();
    }
    if (line === 'enabled: false') expect(kept(copy)).toBe(0);
    rmSync(copy, { recursive: true });
  });
});
