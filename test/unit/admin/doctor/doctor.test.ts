/** What doctor sees, thing by thing, and the command over a real folder. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  developmentNames,
  makeDevelopmentCertificates,
} from '../../../../src/admin/certificates.js';
import {
  auditFinding,
  certificateFindings,
  clockFindings,
  costFindings,
  folderFindings,
  machineFindings,
  measureCost,
  settingFindings,
} from '../../../../src/admin/doctor/index.js';
import { defaultArgon2Params } from '../../../../src/credentials/index.js';
import { systemClock } from '../../../../src/runtime/clock.js';
import { defaultConfig } from '../../../../src/runtime/config.js';
import { systemRandom } from '../../../../src/runtime/random.js';

const DAY_MS = 86_400_000;
const dir = mkdtempSync(join(tmpdir(), 'tenure-doctor-'));
const file = (name: string) => join(dir, 'certs', name);
const pair = () => ({ cert: file('server.pem'), key: file('server.key'), ca: file('ca.pem') });
const nowMs = Date.UTC(2026, 10, 24);

beforeAll(async () => {
  const clock = { ...systemClock, nowMs: () => nowMs };
  await makeDevelopmentCertificates(dir, { ...developmentNames(), clock, random: systemRandom() });
});
afterAll(() => rmSync(dir, { recursive: true }));

const matching = (pattern: RegExp) => expect.stringMatching(pattern) as unknown as string;
const levels = (findings: readonly { readonly level: string }[]) => findings.map((f) => f.level);

describe('certificates', () => {
  test('that are good', () => {
    expect(levels(certificateFindings(pair(), nowMs))).toEqual(['fine', 'fine']);
  });

  test('that end soon, have ended, or have not begun', () => {
    const at = (ms: number) => certificateFindings(pair(), ms)[0];
    expect(at(nowMs + 800 * DAY_MS)).toMatchObject({ level: 'look' });
    expect(at(nowMs + 826 * DAY_MS)).toMatchObject({ level: 'wrong', text: matching(/ended on/) });
    expect(at(nowMs - 3 * DAY_MS)).toMatchObject({ level: 'wrong', advice: 'is the clock right?' });
  });

  test('of another authority, with another key, missing, or no certificate at all', () => {
    const others = { ...pair(), key: file('ca.key') };
    expect(certificateFindings(others, nowMs)).toContainEqual(
      expect.objectContaining({ level: 'wrong', text: matching(/is not the key of/) }),
    );
    const ca = { ...pair(), ca: file('server.pem') };
    expect(levels(certificateFindings(ca, nowMs))).toContain('look');
    const missing = { ...pair(), cert: file('none.pem') };
    expect(certificateFindings(missing, nowMs)[0]).toMatchObject({
      text: matching(/there is no such file/),
    });
    const garbled = { ...pair(), cert: file('server.key') };
    expect(certificateFindings(garbled, nowMs)[0]).toMatchObject({
      text: matching(/not in PEM form/),
    });
  });

  test('whose key others may read', () => {
    chmodSync(file('server.key'), 0o644);
    try {
      expect(certificateFindings(pair(), nowMs)).toContainEqual({
        subject: 'key',
        level: 'wrong',
        text: `${file('server.key')} is open to others (mode 644)`,
        advice: `chmod 600 ${file('server.key')}`,
      });
    } finally {
      chmodSync(file('server.key'), 0o600);
    }
  });
});

test('a folder, its settings and its secrets belong to one user', () => {
  const data = join(dir, 'data');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(join(data, 'config.yaml'), '', { mode: 0o644 });
  writeFileSync(join(data, 'tenure.db'), '', { mode: 0o600 });
  expect(levels(folderFindings(data))).toEqual(['fine']);
  chmodSync(data, 0o755);
  chmodSync(join(data, 'config.yaml'), 0o666);
  chmodSync(join(data, 'tenure.db'), 0o640);
  expect(folderFindings(data).map(({ advice }) => advice)).toEqual([
    `chmod 700 ${data}`,
    `chmod go-w ${join(data, 'config.yaml')}`,
    `chmod 600 ${join(data, 'tenure.db')}`,
  ]);
});

test('an audit trail with a gap', () => {
  expect(auditFinding(0)).toMatchObject({ level: 'fine' });
  expect(auditFinding(1)).toMatchObject({ level: 'look', text: matching(/^1 event is missing/) });
  expect(auditFinding(12)).toMatchObject({ text: matching(/^12 events are missing/) });
});

test('a clock that cannot be right', () => {
  expect(levels(clockFindings(nowMs, nowMs - 1))).toEqual(['fine']);
  expect(levels(clockFindings(nowMs, nowMs + 60_000))).toEqual(['wrong']);
  expect(levels(clockFindings(0, undefined))).toEqual(['wrong']);
});

test('a machine too small, and one user too many', () => {
  const facts = {
    memoryBytes: 1024 ** 3,
    hashMemoryBytes: 1024 ** 2,
    connectionsMax: 1_000,
    openFilesMax: 10_000,
    root: false,
  };
  expect(machineFindings(facts)).toEqual([]);
  const small = { ...facts, hashMemoryBytes: 1024 ** 3, openFilesMax: 1_024, root: true };
  expect(machineFindings(small).map(({ subject }) => subject)).toEqual(['memory', 'files', 'user']);
});

test('settings worth a second thought', () => {
  expect(settingFindings(defaultConfig, true)).toEqual([]);
  const open = { ...defaultConfig, listen: { ldap: '*:389', ldaps: undefined } };
  expect(settingFindings({ ...open, cleartextBind: 'always' }, true)).toHaveLength(2);
  expect(settingFindings(open, false)).toEqual([]);
  const shut = { ...defaultConfig, listen: { ldap: undefined, ldaps: undefined } };
  expect(settingFindings(shut, false)).toHaveLength(1);
});

describe('what passwords cost', () => {
  /** A machine on which a MiB and pass takes `msPerMib`. */
  const machine = (msPerMib: number, memoryBytes = 8 * 1024 ** 3) => {
    let atMs = 0;
    return {
      hash: async ({ memoryKib, passes }: { memoryKib: number; passes: number }) => {
        atMs += (memoryKib / 1024) * passes * msPerMib;
      },
      monotonicMs: () => atMs,
      inFlight: 2,
      memoryBytes,
    };
  };

  test('a fast machine is told what it can bear', async () => {
    const report = await measureCost(defaultArgon2Params, machine(0.2));
    expect(report.configured.ms).toBeCloseTo(7.6, 1);
    expect(report.configured.perSecond).toBeCloseTo(263, 0);
    expect(report.suggested?.params).toEqual({ memoryKib: 65_536, passes: 4, lanes: 1 });
    const findings = costFindings(report);
    expect(findings).toMatchObject([
      { level: 'fine', advice: matching(/memoryKiB: 65536, iterations: 4/) },
    ]);
  });

  test('what is as strong as the machine bears is left alone', async () => {
    const report = await measureCost(defaultArgon2Params, machine(1.5));
    expect(report.suggested).toBeUndefined();
    expect(costFindings(report)).toEqual([
      { subject: 'passwords', level: 'fine', text: matching(/^argon2id with 19 MiB/) },
    ]);
  });

  test('weak parameters and slow ones are worth a look', async () => {
    const weak = { memoryKib: 4_096, passes: 1, lanes: 1 };
    expect(costFindings(await measureCost(weak, machine(1.2)))).toMatchObject([{ level: 'look' }]);
    const slow = await measureCost({ memoryKib: 262_144, passes: 4, lanes: 1 }, machine(1.2));
    expect(slow.suggested?.params).toEqual({ memoryKib: 19_456, passes: 2, lanes: 1 });
    expect(costFindings(slow)).toMatchObject([{ level: 'look', text: matching(/slow/) }]);
  });

  test('little memory bounds what is suggested', async () => {
    const report = await measureCost(defaultArgon2Params, machine(0.1, 512 * 1024 ** 2));
    expect(report.suggested?.params.memoryKib).toBe(32_768);
  });
});
