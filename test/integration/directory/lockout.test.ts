/** Lockout through binds: who is locked out, who is not, and what is remembered of it. */
import { describe, expect, test } from '@jest/globals';
import { Guard } from '../../../src/credentials/guard/index.js';
import type { Identity, Origin } from '../../../src/directory/model/identity.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal } from '../../support/directory-expect.js';
import { seededRandom } from '../../support/directory-fakes.js';
import { manyPeople, person, personValues } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import type { TestDirectory } from '../../support/directory-temp.js';
import { setDefault } from '../../support/policy-entries.js';

const ada = person('ada');
const MINUTE = 60_000;
/** The failures that lock where no policy holds. */
const MAX = 10;

const at = eachDirectory({ limits: { sourceFailuresMax: 20, sourceFailureWindowMs: 600_000 } });

function originAt(address: string): Origin {
  return { address, connection: 1, confidential: true };
}

/** True where the bind succeeds. */
async function opens(
  d: TestDirectory,
  dn: string,
  password: string | Buffer,
  more: { address?: string; boundBefore?: Identity; trackedAddress?: string } = {},
): Promise<boolean> {
  const { address = '192.0.2.1', ...rest } = more;
  const request = { dn, password: Buffer.from(password), ...rest };
  try {
    await d.directory.authenticate(request, originAt(address));
    return true;
  } catch (error) {
    await refusal(() => Promise.reject(error), 'invalidCredentials');
    return false;
  }
}

/** Wrong passwords, a different one each time. */
async function guess(d: TestDirectory, dn: string, times: number, more = {}): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    expect(await opens(d, dn, `wrong ${d.clock.nowMs()} ${i}`, more)).toBe(false);
    d.clock.advance(1);
  }
}

async function withAda(): Promise<TestDirectory> {
  const d = at();
  d.seed(manyPeople(['ada', 'bob']));
  await ok(d.modify(ada, [['add', 'userPassword', 'right']]));
  return d;
}

/** A new process over the same disk. */
function restarted(d: TestDirectory): Guard {
  const { clock, limits } = d;
  const observe = async () => true;
  return new Guard({
    stored: d.reader.observed,
    clock,
    limits,
    random: seededRandom(99),
    observe,
  });
}
const stored = (d: TestDirectory) => d.sql('SELECT failures, locked_ms FROM lockout');

describe('a person', () => {
  test('is locked by too many wrong passwords, until the end of it, and free then', async () => {
    const d = await withAda();
    await guess(d, ada, MAX - 1);
    expect(await opens(d, ada, 'right')).toBe(true);
    await guess(d, ada, MAX - 1);
    expect(await opens(d, ada, 'the last')).toBe(false);
    expect(await opens(d, ada, 'right')).toBe(false);
    d.clock.advance(15 * MINUTE - 1);
    expect(await opens(d, ada, 'right')).toBe(false);
    d.clock.advance(1);
    expect(await opens(d, ada, 'right')).toBe(true);
    expect(await opens(d, person('bob'), 'x')).toBe(false);
  });

  test('says so in the policy control alone', async () => {
    const d = await withAda();
    const wrong = await refusal(() => d.bind(ada, 'wrong'), 'invalidCredentials');
    await guess(d, ada, MAX);
    const error = await refusal(() => d.bind(ada, 'right'), 'invalidCredentials');
    expect(error.message).toBe(wrong.message);
    expect([wrong.policyError, error.policyError]).toEqual([undefined, 'accountLocked']);
  });

  test('is locked on the disk before the answer, and stays so in the next process', async () => {
    const d = await withAda();
    await guess(d, ada, MAX - 1);
    expect(stored(d)).toEqual([]);
    const answered = opens(d, ada, 'the last').then(() => stored(d));
    const [row] = await answered;
    expect(JSON.parse(String(row![0]))).toHaveLength(MAX);
    expect(row![1]).toBe(d.clock.nowMs());
    const { entryId } = d.user(ada).identity;
    const rules = {
      maxFailures: MAX,
      countIntervalMs: 1,
      durationMs: MINUTE,
      minDelayMs: 0,
      maxDelayMs: 0,
      recordedMax: 0,
    };
    expect(restarted(d).standing(entryId, rules).kind).toBe('locked');
  });

  test('keeps what counts below that over a restart, after a flush', async () => {
    const d = await withAda();
    await guess(d, ada, 3);
    await d.guard.flush();
    const { entryId } = d.user(ada).identity;
    expect(restarted(d).concerns(entryId)).toBe(true);
    expect(JSON.parse(String(stored(d)[0]![0]))).toHaveLength(3);
    expect(await opens(d, ada, 'right')).toBe(true);
    await d.guard.flush();
    expect(stored(d)).toEqual([]);
  });

  test('is not locked by a device that repeats one wrong password', async () => {
    const d = await withAda();
    for (let i = 0; i < 5 * MAX; i += 1) {
      expect(await opens(d, ada, 'the same')).toBe(false);
      d.clock.advance(30_000);
    }
    expect(await opens(d, ada, 'right')).toBe(true);
  });

  test('is locked by the same one where a minute passes in between', async () => {
    const d = await withAda();
    for (let i = 0; i < MAX; i += 1) {
      expect(await opens(d, ada, 'the same')).toBe(false);
      d.clock.advance(MINUTE);
    }
    expect(await opens(d, ada, 'right')).toBe(false);
  });

  test('is not opened by guesses that are sent side by side', async () => {
    const d = await withAda();
    // More than are hashed at once: the right one is looked at when enough wrong ones have been.
    const guesses = Array.from({ length: 3 * MAX }, (_, i) => opens(d, ada, `wrong ${i}`));
    const all = await Promise.all([...guesses, opens(d, ada, 'right')]);
    expect(all.some(Boolean)).toBe(false);
  });

  test('costs one hash when locked, like everybody', async () => {
    const d = await withAda();
    await guess(d, ada, MAX);
    for (const password of ['right', 'wrong', 'x'.repeat(10_000), '\0', '\xff\xfe']) {
      const before = d.pool.runs;
      expect(await opens(d, ada, password)).toBe(false);
      expect([password.length, d.pool.runs - before]).toEqual([password.length, 1]);
    }
  });

  test('leaves no trace on the entry or in the log', async () => {
    const d = await withAda();
    const before = d.entry(ada).attributes;
    const { seq } = d.half.store.logEnd();
    await guess(d, ada, MAX);
    await d.guard.flush();
    d.clock.advance(15 * MINUTE);
    expect(await opens(d, ada, 'right')).toBe(true);
    await d.guard.flush();
    for (const name of ['modifyTimestamp', 'entryCSN', 'modifiersName']) {
      expect(d.entry(ada).attributes.get(name)).toEqual(before.get(name));
    }
    expect(d.half.store.logEnd().seq).toBe(seq);
  });

  test('may send what it wants: nothing but text is remembered as a guess', async () => {
    const d = await withAda();
    const odd = [Buffer.from([0]), Buffer.from([0xff, 0xfe]), Buffer.alloc(10_000_000, 'x')];
    for (const password of odd) {
      expect(await opens(d, ada, password)).toBe(false);
      expect(await opens(d, ada, password)).toBe(false);
    }
    await d.guard.flush();
    expect(JSON.parse(String(stored(d)[0]![0]))).toHaveLength(odd.length);
    expect(await opens(d, ada, 'right')).toBe(true);
  });

  test('no table holds a wrong password or what could be taken for it', async () => {
    const d = await withAda();
    await opens(d, ada, 'hunter2-hunter2');
    await opens(d, person('nobody'), 'hunter2-hunter2');
    await d.guard.flush();
    for (const [table] of d.sql("SELECT name FROM sqlite_master WHERE type = 'table'")) {
      for (const row of d.sql(`SELECT * FROM "${table}"`)) {
        expect(row.map(String).join(' ')).not.toContain('hunter2');
      }
    }
  });
});

describe('the rules of the policy', () => {
  test('say how many failures lock, and for how long; 0 is until somebody unlocks', async () => {
    const d = await withAda();
    await setDefault(d, { pwdMaxFailure: '3', pwdLockoutDuration: '60' });
    await guess(d, ada, 3);
    expect(await opens(d, ada, 'right')).toBe(false);
    d.clock.advance(MINUTE);
    expect(await opens(d, ada, 'right')).toBe(true);
    await setDefault(d, { pwdLockoutDuration: '0' });
    await guess(d, ada, 3);
    d.clock.advance(10_000 * MINUTE);
    expect(await opens(d, ada, 'right')).toBe(false);
    await setDefault(d, { pwdLockout: 'FALSE' });
    expect(await opens(d, ada, 'right')).toBe(true);
  });

  test('make everybody wait longer after each failure', async () => {
    const d = await withAda();
    await setDefault(d, { pwdMinDelay: '2', pwdMaxDelay: '5' });
    for (const seconds of [2, 4, 5, 5]) {
      expect(await opens(d, ada, `wrong ${d.clock.nowMs()}`)).toBe(false);
      d.clock.advance(seconds * 1_000 - 1);
      const before = d.pool.runs;
      const early = await refusal(() => d.bind(ada, 'right'), 'invalidCredentials');
      expect([early.policyError, d.pool.runs - before]).toEqual(['accountLocked', 1]);
      d.clock.advance(1);
    }
    expect(await opens(d, ada, 'right')).toBe(true);
    expect(await opens(d, ada, 'wrong again')).toBe(false);
    d.clock.advance(2_000);
    expect(await opens(d, ada, 'right')).toBe(true);
  });
});

describe('the password that was right before', () => {
  async function changed(): Promise<TestDirectory> {
    const d = await withAda();
    const { entryId: owner } = d.user(ada).identity;
    const [before] = d.reader.secrets(owner);
    const value = `20260101000000Z#1.3.6.1.4.1.1466.115.121.1.40#${before!.value.length}#`;
    await ok(d.modify(ada, [['replace', 'userPassword', 'new']]));
    if (d.reader.secrets(owner).some(({ kind }) => kind === 'pwdHistory')) return d;
    const kept = { kind: 'pwdHistory', value: value + before!.value.toString('latin1') };
    const context = d.admin;
    d.apply([{ op: 'credentials', context, reason: 'test', owner, remove: [], add: [kept] }]);
    return d;
  }
  /** Until what waited for an idle pool is done. */
  const idle = async (d: TestDirectory) => {
    await d.pool.whenIdle.run(async () => undefined);
    await new Promise((resolve) => setImmediate(resolve));
  };

  test('locks nobody, however often a device sends it', async () => {
    const d = await changed();
    const { entryId } = d.user(ada).identity;
    for (let i = 0; i < 3 * MAX; i += 1) {
      expect(await opens(d, ada, 'right')).toBe(false);
      await idle(d);
      d.clock.advance(2 * MINUTE);
    }
    expect(d.guard.concerns(entryId)).toBe(false);
    expect(await opens(d, ada, 'new')).toBe(true);
  });

  test('costs one hash before the answer, and one more behind it the first time', async () => {
    const d = await changed();
    const [runs, started] = [d.pool.runs, () => d.pool.started.get('argon2id 64 1 1') ?? 0];
    const before = started();
    expect(await opens(d, ada, 'right')).toBe(false);
    expect(d.pool.runs - runs).toBe(1);
    await idle(d);
    expect([d.pool.runs - runs, started() - before]).toEqual([1, 1]);
    expect(d.pool.idled).toBe(2);
    d.clock.advance(2 * MINUTE);
    expect(await opens(d, ada, 'right')).toBe(false);
    await idle(d);
    expect(d.pool.idled).toBe(3);
  });

  test('takes back the lock that it made, on the disk as well', async () => {
    const d = await changed();
    await guess(d, ada, MAX - 1);
    expect(await opens(d, ada, 'right')).toBe(false);
    await idle(d);
    expect(await opens(d, ada, 'new')).toBe(true);
    await d.guard.flush();
    expect(stored(d)).toEqual([]);
  });

  test('does not excuse any other wrong one', async () => {
    const d = await changed();
    expect(await opens(d, ada, 'right')).toBe(false);
    await guess(d, ada, MAX);
    await idle(d);
    expect(await opens(d, ada, 'new')).toBe(false);
  });
});

describe('an address', () => {
  const spray = (d: TestDirectory, times: number, more = {}) =>
    (async () => {
      for (let i = 0; i < times; i += 1) {
        expect(await opens(d, person(`nobody${i}`), 'Winter2026', more)).toBe(false);
      }
    })();

  test('that tries many names is locked, and nobody else is', async () => {
    const d = await withAda();
    await spray(d, 19);
    expect(await opens(d, ada, 'right', { address: '192.0.2.9' })).toBe(true);
    await spray(d, 20);
    expect(await opens(d, ada, 'right')).toBe(false);
    expect(await opens(d, ada, 'right', { address: '192.0.2.9' })).toBe(true);
    expect(d.sql('SELECT address FROM source_lockout WHERE locked_ms IS NOT NULL')).toEqual([
      ['192.0.2.1'],
    ]);
    expect(restarted(d).isSourceLocked('192.0.2.1')).toBe(true);
    d.clock.advance(15 * MINUTE);
    expect(await opens(d, ada, 'right')).toBe(true);
  });

  test('of this machine is never locked, nor one from which somebody just got in', async () => {
    const d = await withAda();
    for (const address of ['127.0.0.1', '::1', 'local']) {
      await spray(d, 30, { address });
      expect(await opens(d, ada, 'right', { address })).toBe(true);
    }
    expect(await opens(d, ada, 'right', { address: '192.0.2.8' })).toBe(true);
    await spray(d, 30, { address: '192.0.2.8' });
    expect(await opens(d, ada, 'right', { address: '192.0.2.8' })).toBe(true);
  });

  test('of a service is never locked; the one that it names for its client is', async () => {
    const d = await withAda();
    d.seed({ [`uid=vpn,ou=services,${suffix}`]: personValues('vpn') });
    const boundBefore = d.user(`uid=vpn,ou=services,${suffix}`).identity;
    await spray(d, 30, { boundBefore });
    expect(await opens(d, ada, 'right', { boundBefore })).toBe(true);
    const trackedAddress = '198.51.100.7';
    d.clock.advance(MINUTE);
    await spray(d, 30, { boundBefore, trackedAddress });
    expect(await opens(d, ada, 'right', { boundBefore, trackedAddress })).toBe(false);
    expect(await opens(d, ada, 'right', { boundBefore })).toBe(true);
    expect(await opens(d, ada, 'right', { address: trackedAddress })).toBe(false);
  });

  test('that somebody else names is not believed', async () => {
    const d = await withAda();
    const boundBefore = d.user(person('bob')).identity;
    for (let i = 0; i < 30; i += 1) {
      const trackedAddress = `198.51.100.${i}`;
      await opens(d, person(`nobody${i}`), 'x', { boundBefore, trackedAddress });
      await opens(d, person(`nobody${i}`), 'y', { trackedAddress });
    }
    expect(d.guard.isSourceLocked('192.0.2.1')).toBe(true);
    expect(d.guard.isSourceLocked('198.51.100.7')).toBe(false);
  });
});

describe('last use', () => {
  test('is seen at once, with where it came from, and is on the disk after the flush', async () => {
    const d = await withAda();
    const { entryId } = d.user(ada).identity;
    expect(d.guard.lastUse(entryId)).toEqual({ success: undefined, failure: undefined });
    await opens(d, ada, 'wrong', { address: '192.0.2.5' });
    const failure = { atMs: d.clock.nowMs(), from: '192.0.2.5', service: 0 };
    d.clock.advance(1_000);
    await opens(d, ada, 'right', { address: '192.0.2.6' });
    const success = { atMs: d.clock.nowMs(), from: '192.0.2.6', service: 0 };
    expect(d.guard.lastUse(entryId)).toEqual({ success, failure });
    expect(d.reader.observed.lastUse(entryId).success).toBeUndefined();
    await d.guard.flush();
    expect(d.reader.observed.lastUse(entryId)).toEqual({ success, failure });
    expect(restarted(d).lastUse(entryId)).toEqual({ success, failure });
  });

  test('many binds of one person are one row of one flush', async () => {
    const d = await withAda();
    for (let i = 0; i < 20; i += 1) await opens(d, ada, 'right');
    await d.guard.flush();
    expect(d.seen.map(({ successes }) => successes.length)).toEqual([4]);
  });
});

test('a disk that takes nothing keeps nobody from being locked, and gets it later', async () => {
  const d = await withAda();
  d.refuseObservations = true;
  await guess(d, ada, MAX);
  expect(await opens(d, ada, 'right')).toBe(false);
  expect(stored(d)).toEqual([]);
  d.refuseObservations = false;
  await d.guard.flush();
  expect(stored(d)).toHaveLength(1);
});
