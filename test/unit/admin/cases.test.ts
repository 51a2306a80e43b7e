/** Cases, resources and why on the command line: what is asked for, and how the answers read. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type CaseInfo, exitCodes } from '../../../src/admin/index.js';
import { readCsv } from '../../../src/compose/people/csv.js';
import { LdapError } from '../../../src/runtime/errors.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: true });

const grace: CaseInfo = {
  id: 14,
  login: 'grace',
  dn: 'uid=grace',
  state: 'offboarded',
  zone: 'Europe/Berlin',
  now: '2026-11-27T12:00:00.000Z',
  leaves: '2026-11-25T16:00:00.000Z',
  opened: '2026-11-25T09:30:00.000Z',
  actor: 'cn=admin',
  reason: 'redundancy',
  destroyed: '2026-12-02T16:00:00.000Z',
  holds: ['2026-17'],
  items: [
    {
      key: 'resource:github',
      text: 'remove from github',
      owner: 'it-desk',
      due: '2026-11-26T16:00:00.000Z',
      overdue: true,
    },
    {
      key: 'resource:mac',
      text: 'remove from mac',
      owner: 'it-desk',
      overdue: false,
      done: '2026-11-26T08:00:00.000Z',
      by: 'kim',
      note: 'locked',
    },
  ],
};

const squeezed = (text: string) =>
  text.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' | '));

describe('cases', () => {
  beforeEach(() => {
    cli().memory.cases = [grace];
  });

  test('a list says who, when, and how much is late', async () => {
    const { out } = await cli().run('case', 'list');
    expect(squeezed(out)).toEqual([
      'case 14 | grace | left Wed 25 Nov 17:00:00 | 1 open | ⚑ 1 overdue',
      '',
    ]);
    await cli().run('case', 'list', '--coming');
    await cli().run('case', 'list', '--all');
    expect(cli().memory.calls.filter((call) => call.startsWith('cases'))).toEqual([
      'cases due',
      'cases open',
      'cases all',
    ]);
    cli().memory.cases = [];
    expect((await cli().run('case', 'list')).out).toBe('nobody is leaving\n');
  });

  test('one case says what is sealed, held, late, and done by whom', async () => {
    const { out } = await cli().run('case', 'show', '14');
    expect(squeezed(out)).toEqual([
      'case 14 | grace | left Wed 25 Nov 17:00:00: redundancy',
      'opened | Wed 25 Nov 10:30:00 by cn=admin',
      'state | offboarded',
      'sealed | until Wed 2 Dec 17:00:00, then destroyed',
      'held | for 2026-17: neither archived nor purged',
      '[ ] 1 | remove from github | it-desk → admins | ⚑ was due Thu 26 Nov 17:00:00',
      '[✓] 2 | remove from mac | it-desk | Thu 26 Nov 09:00:00 by kim (locked)',
      '',
    ]);
    const json = await cli().run('case', 'show', '14', '--json');
    expect(JSON.parse(json.out)).toEqual(grace);
  });

  test('ticks and ends are sent on with who did it', async () => {
    await cli().run('case', 'tick', '14', 'github', '--note', 'gone');
    await cli().run('case', 'tick', 'grace', '1', '--undo');
    await cli().run('case', 'close', '14', '--because', 'moved');
    expect(cli().memory.calls.filter((call) => /^(tick|close) /.test(call))).toEqual([
      'tick {"name":"14","item":"github","note":"gone","undo":false,"by":"tester"}',
      'tick {"name":"grace","item":"1","note":"","undo":true,"by":"tester"}',
      'close {"name":"14","because":"moved","by":"tester"}',
    ]);
    cli().memory.fail = new LdapError('unwillingToPerform', 'case 14 has 1 open');
    expect((await cli().run('case', 'close', '14')).code).toBe(exitCodes.refused);
  });
});

test('an exported list is read here and compared there', async () => {
  writeFileSync(join(cli().dir, 'users.csv'), 'login\nada\n');
  const { out } = await cli().run('resource', 'reconcile', 'github', 'users.csv');
  expect(out).toContain('github: 0 accounts in the list');
  expect(cli().memory.calls).toContain(
    'reconcile {"resource":"github","csv":"login\\nada\\n","file":"users.csv","by":"tester","preview":false}',
  );
  const none = await cli().run('resource', 'reconcile', 'github', 'nothing.csv');
  expect([none.code, none.err]).toEqual([
    exitCodes.input,
    expect.stringContaining('cannot read nothing.csv: there is no such file'),
  ]);
  expect((await cli().run('resource', 'list')).out).toBe('the policy names no resources\n');
});

test('comma-separated values, quoted, with semicolons, with what is empty', () => {
  expect(readCsv('a,b\n"x, ""y""",2\r\n\n3,\n')).toEqual([
    ['a', 'b'],
    ['x, "y"', '2'],
    ['3', ''],
  ]);
  expect(readCsv('a;b\n1,5;2\n')).toEqual([
    ['a', 'b'],
    ['1,5', '2'],
  ]);
  expect(readCsv('')).toEqual([]);
});

describe('why', () => {
  test('can, cannot, through a service, at a moment', async () => {
    const { out } = await cli().run('why', 'ada');
    expect(squeezed(out)).toEqual([
      'ada can come in now: password: it is good',
      'active | no fact says anything else',
      '✓ password | it is good',
      '',
    ]);
    cli().memory.whyPerson = {
      ...cli().memory.whyPerson,
      at: '2026-01-06T00:00:00.000Z',
      state: 'offboarded',
      stage: 'sealed',
      can: false,
      verdict: 'has left; everything is sealed',
      because: ['engagement 1 ended with 2026-01-05'],
      doors: [{ door: 'password', opens: 'no', because: 'has left; everything is sealed' }],
      later: [{ at: '2026-02-01T00:00:00.000Z', state: 'active' }],
    };
    const told = await cli().run('why', 'ada', 'cannot', 'git', '--at', 'tomorrow');
    expect(squeezed(told.out)).toEqual([
      'ada cannot come in at Tue 6 Jan 00:00:00 through git: has left; everything is sealed',
      'offboarded (sealed) | engagement 1 ended with 2026-01-05',
      '✗ password | has left; everything is sealed',
      'then | active from Sun 1 Feb',
      '',
    ]);
    expect(cli().memory.calls).toContain('why {"name":"ada","service":"git","at":"tomorrow"}');
  });

  test('what cannot be asked', async () => {
    const { code, err } = await cli().run('why', 'ada', 'cann');
    expect([code, err]).toEqual([exitCodes.usage, expect.stringContaining('did you mean can?')]);
    const both = await cli().run('why', 'ada', 'password', 'git');
    expect(both.code).toBe(exitCodes.usage);
  });
});
