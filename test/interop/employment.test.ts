/**
 * A whole employment as an administrator types it and as clients see it: a contractor joins, works,
 * leaves at a second, stays after all, leaves for good, is archived, purged. The chapter of the README.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { exitCodes } from '../../src/admin/index.js';
import { hasTools, ldapSearch, ldapTool, values } from '../support/process-ldap.js';
import { suffix, TenureServer } from '../support/process-server.js';
import { ed25519 } from '../support/ssh-keys.js';
import { WireClient } from '../support/wire-client.js';

// Many processes, one after the other.
jest.setTimeout(240_000);

const withTools = hasTools ? describe : describe.skip;
const lin = `uid=lin,ou=people,${suffix}`;
const password = 'harbour-lantern-93-violet';
const key = ed25519('lin');
const policy = `tenure: 1
company: {zone: UTC, end dates are: quiet}
kinds:
  service:    {who: below ou=services}
  contractor: {who: type is contractor, end dates are: open, gets: contractors, journeys: [departure]}
  employee:   {who: everyone, journeys: [leave, departure]}
journeys:
  leave: {at leave: pause, at return: resume}
  departure:
    at notice: open case
    at end: offboard
    7 days after end: [destroy credentials, forget groups]
    90 days after end: archive
    3 years after end: purge unless held
resources:
  github: {who has it: group engineering, removed by: operations within 1 day}
`;

let server: TenureServer;
beforeAll(async () => {
  server = await TenureServer.create();
  await server.start('--test-clock');
}, 60_000);
afterAll(() => server.finish(), 60_000);

/** The output of a command that has to succeed. */
async function say(...args: string[]): Promise<string> {
  const { code, out, err } = await server.tenure(args);
  expect([args, code, err]).toEqual([args, 0, '']);
  return out;
}

async function refusedBy(...args: string[]): Promise<string> {
  const { code, err } = await server.tenure(args);
  expect([args, code]).toEqual([args, exitCodes.refused]);
  return err;
}

/** As the administrator sees the entry over the local socket. */
async function look(): Promise<Record<string, readonly string[]>> {
  const names = ['lifecycleState', 'lifecycleStage', 'memberOf', 'sshPublicKey', 'nsAccountLock'];
  const args = ['-b', suffix, '(uid=lin)', ...names, 'pwdAccountLockedTime', 'uidNumber'];
  const { entries } = await ldapSearch(server, args, { door: 'local' });
  if (entries.length === 0) return {};
  return Object.fromEntries(
    [...names, 'pwdAccountLockedTime', 'uidNumber'].map((name) => [name, values(entries[0], name)]),
  );
}

const logsIn = async () =>
  (await ldapTool(server, 'ldapwhoami', [], { as: { dn: lin, password } })).code;
const groups = ['contractors', 'everyone', 'wifi'].map((cn) => `cn=${cn},ou=groups,${suffix}`);
const OK = 0;
const INVALID = 49;

withTools('a contractor', () => {
  test('joins: login, number, groups by rule, a first password', async () => {
    writeFileSync(join(server.folder, 'policy.yaml'), policy);
    await say('policy', 'install', 'policy.yaml', '--yes');
    const words = ['--kind', 'contractor', '--sponsor', 'grace', '--manager', 'grace'];
    const out = await say(
      'join',
      'Lin Lanying',
      ...words,
      '--start',
      'today',
      '--end',
      'in 30 days',
    );
    expect(out).toMatch(/^ {2}lin {2}active now, uid 20032; offboarded from the end of /);
    expect(out).toContain('groups  contractors, everyone, wifi');
    expect(out).toMatch(/\n {2}first password {2}first-\S+ {3}opens once, until /);
    await ldapTool(server, 'ldappasswd', ['-s', password, lin], { door: 'local' });
    await say('keys', 'lin', 'add', key);
    await say('grant', 'lin', 'engineering', '--for', '30d', '--because', 'release');
    expect(await logsIn()).toBe(OK);
    expect(await say('why', 'lin')).toMatch(/^lin can come in now: password: it is good\n/);
    const foretold = await say('why', 'lin', 'can', '--at', 'in 40 days');
    expect(foretold).toMatch(/^lin cannot come in at /);
  });

  let session: WireClient;
  let run = '';

  test('leaves at a second: until then everything, from then on nothing', async () => {
    session = await WireClient.connect(server.ldapPort);
    expect(await session.bind(lin, password)).toBe(OK);
    const asked = ['offboard', 'lin', '--at', 'in 10 minutes', '--because', 'project ends'];
    const nobody = await server.tenure(asked);
    expect([nobody.code, nobody.out]).toEqual([
      exitCodes.usage,
      expect.stringMatching(/refused +password[\s\S]*hidden +1 key, 4 groups[\s\S]*\[y\/N\]/),
    ]);
    const done = await server.tenure(asked, { input: 'y\n' });
    expect(done.out).toMatch(/lin {2}active now; offboarded from .* run \d+, case 1\n$/);
    run = /run (\d+)/.exec(done.out)![1]!;
    await say('clock', '--advance', '8m');
    const before = await look();
    expect(before).toMatchObject({
      lifecycleState: ['active'],
      nsAccountLock: [],
      sshPublicKey: [key],
    });
    expect(before['memberOf']).toHaveLength(4);
    expect(await logsIn()).toBe(OK);
    await say('clock', '--advance', '3m');
    expect(await look()).toEqual({
      lifecycleState: ['offboarded'],
      lifecycleStage: ['sealed'],
      memberOf: [],
      sshPublicKey: [],
      nsAccountLock: ['TRUE'],
      pwdAccountLockedTime: ['000001010000Z'],
      uidNumber: ['20032'],
    });
    expect(await logsIn()).toBe(INVALID);
    await session.closed;
  });

  test('a proof says so, and is checked without the directory', async () => {
    const proved = await say('prove', 'lin');
    expect(proved).toMatch(
      /lin {2}offboarded +(\d+) doors tried, each as its own client would: \1 shut\n/,
    );
    expect(proved).toContain('by hand\n    remove from github (operations)\n');
    expect(await say('prove', '--verify', 'proof-lin.json')).toMatch(/^whole: signed by SHA256:/);
    const shown = await say('case', 'show', 'lin');
    expect(shown).toMatch(/^case 1 {2}lin {2}left .*: project ends\n/);
    expect(shown).toMatch(/\[ \] 1 {2}remove from github {2}operations {2}by /);
    expect(await refusedBy('case', 'close', '1')).toContain(
      'case 1 has 1 open: remove from github',
    );
    await say('case', 'tick', '1', 'github');
  });

  test('stays after all: undone, everything is back, the same password', async () => {
    await say('undo', run, '--yes');
    const back = await look();
    expect(back).toMatchObject({
      lifecycleState: ['active'],
      sshPublicKey: [key],
      nsAccountLock: [],
    });
    expect(back['memberOf']).toEqual(expect.arrayContaining(groups));
    expect(await logsIn()).toBe(OK);
    expect(await say('case', 'list', '--coming')).toContain('case 1  lin  leaves ');
  });

  test('leaves for good: destroyed after a week, archived after a quarter', async () => {
    await say('offboard', 'lin', '--now', '--yes');
    await say('clock', '--advance', '8d');
    await say('run', '--yes');
    expect(await look()).toMatchObject({
      lifecycleState: ['offboarded'],
      lifecycleStage: ['destroyed'],
    });
    expect(await logsIn()).toBe(INVALID);
    await say('clock', '--advance', '90d');
    await say('run', '--yes');
    expect(await look()).toMatchObject({ lifecycleState: ['archived'], uidNumber: ['20032'] });
  });

  test('is purged after three years, not while held; the login is nobody’s again', async () => {
    await say('hold', 'lin', '--matter', '2026-17');
    await say('clock', '--advance', '1200d');
    await say('run', '--yes');
    expect(await look()).toMatchObject({ lifecycleState: ['archived'] });
    await say('release', 'lin');
    await say('run', '--yes');
    expect(await look()).toEqual({});
    expect(await refusedBy('join', 'Lin Other', '--login', 'lin')).toContain('somebody else');
    expect(await say('join', 'Lin Other', '--no-first-password')).toMatch(
      /^ {2}lino {2}active now/,
    );
  });
});
