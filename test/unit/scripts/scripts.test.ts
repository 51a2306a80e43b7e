/** What npm's scripts stand on: stamps, the sweep of stale builds, Jest's surroundings, and the totals of .ci/run. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../tidy/tree.js';

interface Stamps {
  stampOf(root: string, names: readonly string[], also: readonly string[]): string;
  fresh(stamp: string, wanted: string): boolean;
  writeStamp(stamp: string, wanted: string): void;
  installedAsLocked(root: string): boolean;
  sweep(folder: string, root: string): void;
}

const scripts = join(projectRoot(), 'scripts');
let dir = '';
let stamps: Stamps;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tenure-scripts-'));
  stamps = (await import(pathToFileURL(join(scripts, 'stamps.mjs')).href)) as Stamps;
});
afterEach(() => rmSync(dir, { recursive: true }));

function put(name: string, text: string): void {
  mkdirSync(join(dir, name, '..'), { recursive: true });
  writeFileSync(join(dir, name), text);
}

test('a stamp changes with names and contents of files, and with the words', () => {
  const stamp = (...also: string[]): string => stamps.stampOf(dir, ['src', 'missing'], also);
  put('src/a/b.ts', '1');
  const seen = [stamp(), stamp('x')];
  put('src/a/b.ts', '2');
  seen.push(stamp());
  put('src/a/c.ts', '2');
  seen.push(stamp());
  expect(new Set(seen).size).toBe(4);
  expect(stamp()).toBe(seen[3]);
  const file = join(dir, 'build/.stamp');
  expect(stamps.fresh(file, 'x')).toBe(false);
  stamps.writeStamp(file, 'x');
  expect([stamps.fresh(file, 'x'), stamps.fresh(file, 'y')]).toEqual([true, false]);
});

test('what is installed is compared with the lock file; packages of other platforms may lack', () => {
  const packages = { '': {}, a: { version: '1' }, mac: { version: '1', optional: true } };
  put('package-lock.json', JSON.stringify({ packages }));
  expect(stamps.installedAsLocked(dir)).toBe(false);
  const installed = (version: string): void =>
    put('node_modules/.package-lock.json', JSON.stringify({ packages: { a: { version } } }));
  installed('1');
  expect(stamps.installedAsLocked(dir)).toBe(true);
  installed('2');
  expect(stamps.installedAsLocked(dir)).toBe(false);
});

test('compiled files without a source are swept, all else stays', () => {
  for (const name of ['src/a.ts', 'build/src/a.js', 'build/src/a.js.map', 'build/.stamp']) {
    put(name, '');
  }
  for (const name of ['build/src/gone.js', 'build/src/gone.js.map']) put(name, '');
  stamps.sweep(join(dir, 'build'), dir);
  const left = ['a.js', 'a.js.map', 'gone.js', 'gone.js.map'].map((n) =>
    existsSync(join(dir, 'build/src', n)),
  );
  expect(left).toEqual([true, true, false, false]);
  expect(existsSync(join(dir, 'build/.stamp'))).toBe(true);
});

describe('totals', () => {
  const total = (reports: Record<string, unknown>): [string, number | null] => {
    for (const [name, report] of Object.entries(reports)) {
      put(`${name}.json`, typeof report === 'string' ? report : JSON.stringify(report));
    }
    const { stdout, status } = spawnSync(process.execPath, [join(scripts, 'totals.mjs'), dir], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    return [stdout, status];
  };

  test('are the sum, in one line', () => {
    const reports = {
      a: { numPassedTests: 3, numFailedTests: 0, numRuntimeErrorTestSuites: 0, success: true },
      b: { numPassedTests: 4 },
    };
    expect(total(reports)).toEqual(['7 passed, 0 failed\n', 0]);
  });

  test.each([
    [
      'a failed test',
      { numPassedTests: 3, numFailedTests: 2, success: false },
      '3 passed, 2 failed',
    ],
    [
      'a suite that broke',
      { numPassedTests: 3, numRuntimeErrorTestSuites: 1 },
      '3 passed, 1 failed',
    ],
    ['a run cut short', { numPassedTests: 3, success: false }, '3 passed, 1 failed'],
    ['a run without a report', { broken: true }, '0 passed, 1 failed'],
    ['half a report', '{"numPassed', '0 passed, 1 failed'],
  ])('%s is a failure', (_name, report, line) => {
    expect(total({ a: report })).toEqual([`${line}\n`, 1]);
  });

  test('nothing at all is a failure', () => {
    expect(total({})).toEqual(['0 passed, 1 failed\n', 1]);
  });
});

test('what a test file leaves on the global object, or replaces, is gone in the next', () => {
  for (const name of ['one', 'two']) {
    put(
      `${name}.test.js`,
      `const { beforeEach, expect, jest: spies, test } = require('@jest/globals');
       beforeEach(() => expect(globalThis.left).toBe(undefined));
       test('alone', () => {
         globalThis.left = 1;
         spies.spyOn(JSON, 'stringify').mockReturnValue('replaced');
       });
       expect(JSON.stringify(1)).toBe('1');`,
    );
  }
  const config = JSON.stringify({
    rootDir: dir,
    cacheDirectory: join(dir, 'cache'),
    testEnvironment: join(scripts, 'test-environment.mjs'),
    testRunner: join(scripts, 'test-runner.mjs'),
    transform: {},
  });
  const jest = join(projectRoot(), 'node_modules/jest/bin/jest.js');
  const args = ['--experimental-vm-modules', '--no-warnings', jest, '-i', '--config', config];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
  expect(stderr).toContain('2 passed, 2 total');
  expect(status).toBe(0);
});
