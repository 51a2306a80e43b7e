/** `tenure policy` on the command line: what is asked, what is refused, what is sent on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/admin/index.js';
import { companyOf20 } from '../../../src/policy/examples/index.js';
import { LdapError } from '../../../src/runtime/errors.js';
import { problemsOf } from '../../support/policy.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: true });
beforeEach(() => {
  writeFileSync(join(cli().dir, 'p.yaml'), 'tenure: 1\n');
});

const orders = () => cli().memory.calls.filter((call) => /^(install|check)/.test(call));
const policy = (...args: string[]) => cli().run('policy', ...args);

describe('install', () => {
  test('shows what changes, asks, and names the policy that it was looked at over', async () => {
    cli().typed = 'y';
    const { code, out } = await policy('install', 'p.yaml', '--because', 'new year');
    expect(code).toBe(0);
    expect(out).toBe(
      '  ~ company.zone: UTC → Europe/Berlin\n' +
        '  it changes something for 1 person now\n' +
        '    shut out  1: max\n' +
        '    group staff  +2 −0\n' +
        '  Do this? [y/N]   in force: cn=policy,dc=example,dc=com, 1 person shut out\n  sha256 cd\n',
    );
    expect(orders()).toEqual(['install tenure: 1 by tester new year  ab']);
  });

  test('a no changes nothing; --yes asks nobody; --expect is passed on', async () => {
    cli().typed = 'n';
    expect((await policy('install', 'p.yaml')).out).toContain('nothing was done');
    expect(orders()).toEqual([]);
    expect((await policy('install', 'p.yaml', '--yes', '--expect', '12')).code).toBe(0);
    expect(orders()).toEqual(['install tenure: 1 by tester  12']);
  });

  test('what is wrong is said', async () => {
    expect((await policy('install', 'gone.yaml', '--yes')).err).toContain('cannot read gone.yaml');
    expect((await policy('install', 'p.yaml', '--yes', '--expect', 'few')).code).toBe(
      exitCodes.usage,
    );
    expect((await policy('install', 'p.yaml', '--json')).err).toContain('say --yes');
    cli().memory.fail = new LdapError('unwillingToPerform', 'too many');
    const { code, err } = await policy('install', 'p.yaml', '--yes');
    expect([code, err]).toEqual([exitCodes.refused, 'tenure: unwillingToPerform (53): too many\n']);
  });
});

test('read, show, diff and history', async () => {
  expect((await policy('read')).out).toBe(
    'Policy of this directory, in force\n\nGroups\n  staff\n\n' +
      'Read and agreed: ____________________  Date: ____________\nsha256 ab\n',
  );
  expect((await policy('show')).out).toBe('tenure: 1\n');
  expect((await policy('diff', 'p.yaml')).out).toContain('company.zone');
  expect((await policy('history')).out).toContain('the built-in one holds');
  expect((await policy('history', '--show', '3')).code).toBe(exitCodes.usage);
  expect(JSON.parse((await policy('show', '--json')).out)).toEqual({
    text: 'tenure: 1\n',
    sha256: 'ab',
  });
});

test('check takes standard input', async () => {
  cli().stdin = 'tenure: 1\n# mine\n';
  expect((await policy('check', '-')).code).toBe(0);
  expect(orders()).toEqual(['check tenure: 1\n# mine\n']);
});

test('the schema for editors and the examples need no directory', async () => {
  const schema = JSON.parse((await policy('schema')).out) as { $schema: string };
  expect(schema.$schema).toContain('draft-07');
  const { out } = await policy('example', 'small');
  expect(out).toBe(companyOf20);
  expect(problemsOf((await policy('example', 'large')).out)).toEqual([]);
  expect((await policy('example', 'huge')).code).toBe(exitCodes.usage);
});

describe('rename value', () => {
  const renamed = () => cli().memory.calls.filter((call) => call.startsWith('rename value'));
  const value = (...args: string[]) =>
    cli().run('rename', 'value', 'department', 'R-210', 'R-300', ...args);

  test('--plan says whom and which lines, and does nothing', async () => {
    const { out } = await value('--plan');
    expect(out).toBe(
      '  department: R-210 → R-300\n  2 entries (ada, bob)\n' +
        '  the policy, line 7; groups stay as they are\n',
    );
    expect(renamed()).toEqual(['rename value department R-210 R-300 true']);
  });

  test('asks, unless told not to, and names the run', async () => {
    cli().typed = 'n';
    expect((await value()).out).toContain('nothing was done');
    expect(renamed()).toEqual(['rename value department R-210 R-300 true']);
    const { out } = await value('--yes', '--because', 'new plan');
    expect(out).toContain('to take it back: tenure undo 12');
    expect(renamed().at(-1)).toBe('rename value department R-210 R-300 false');
    expect(JSON.parse((await value('--yes', '--json')).out)).toMatchObject({ run: 12 });
    expect((await value('--preview')).out).not.toContain('undo');
  });
});
