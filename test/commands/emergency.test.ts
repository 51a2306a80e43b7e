/** An emergency is one command: when it returns, everything is shut. What verbs would do is looked at first. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Proof } from '../../src/admin/index.js';
import { makeDirectory } from '../support/made-directory.js';
import { cleanUp, newFolder, type Spawned, serving, tenure } from '../support/spawned.js';
import { codeOf, modifyOp, searchOp, WireClient } from '../support/wire-client.js';

// Each line of it is a process.
jest.setTimeout(180_000);

const suffix = 'dc=example,dc=com';
const person = (uid: string) => `uid=${uid},ou=people,${suffix}`;
const INVALID = 49;
let folder = '';
let server: Spawned;
let port = 0;
let admin: WireClient;

beforeAll(async () => {
  folder = newFolder();
  const password = await makeDirectory(folder);
  const started = await serving(folder, '--test-clock');
  server = started.server;
  port = Number(started.ready.addresses.ldap.split(':').pop());
  admin = await WireClient.connect(port);
  expect(await admin.bind(`cn=admin,${suffix}`, password)).toBe(0);
  for (const uid of ['grace', 'ada']) {
    expect(await admin.code(modifyOp(person(uid), 'userPassword', `secret-of-${uid}`))).toBe(0);
  }
});
afterAll(async () => {
  admin.end();
  server.child.kill('SIGTERM');
  await server.exited;
  await cleanUp(folder);
});

const bind = async (uid: string) => {
  const client = await WireClient.connect(port);
  const code = await client.bind(person(uid), `secret-of-${uid}`);
  client.end();
  return code;
};
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return name;
};

test('a verb with --preview says what it would do, and does nothing', async () => {
  const { code, out } = await tenure(folder, 'suspend', 'grace', '--preview', '--because', 'look');
  expect(code).toBe(0);
  expect(out).toMatch(/grace/);
  expect(out).toMatch(/suspended/);
  expect(await bind('grace')).toBe(0);
  const runs = await tenure(folder, 'runs', '--json');
  expect(JSON.parse(runs.out)).toEqual([]);
  const asked = await tenure(folder, 'suspend', 'grace', '--because', 'look');
  expect(asked.err).toMatch(/nobody is there to answer; say --yes/);
  expect(await bind('grace')).toBe(0);
});

test('when the command returns, the session is closed and every door is shut', async () => {
  const order: string[] = [];
  const session = await WireClient.connect(port);
  const other = await WireClient.connect(port);
  expect(await session.bind(person('grace'), 'secret-of-grace')).toBe(0);
  expect(await other.bind(person('ada'), 'secret-of-ada')).toBe(0);
  const closed = session.closed.then(() => void order.push('session closed'));
  // As fast as it goes: what is answered behind the command's end must be a refusal.
  const trying = (async () => {
    for (;;) {
      const code = await bind('grace');
      if (code === INVALID) {
        order.push('bind refused');
        return;
      }
      expect(code).toBe(0);
    }
  })();
  const begun = performance.now();
  const done = await tenure(
    folder,
    'offboard',
    'grace',
    '--emergency',
    '--because',
    'stolen laptop',
    '--json',
  );
  const ms = Math.round(performance.now() - begun);
  order.push('command returned');
  expect([done.code, done.err]).toEqual([0, '']);
  expect(await bind('grace')).toBe(INVALID);
  await Promise.all([closed, trying]);
  expect(order.indexOf('session closed')).toBeLessThan(order.indexOf('command returned'));
  // Nobody else is touched.
  expect(codeOf(await other.ask(searchOp(suffix, '(uid=ada)')))).toBe(0);
  other.end();
  const proved = await tenure(folder, 'prove', 'grace', '--json');
  expect(proved.err).toBe('');
  const { proof } = JSON.parse(proved.out) as Proof;
  expect(proof.doors.filter(({ shut }) => !shut)).toEqual([]);
  expect(proof.doors.map(({ door }) => door)).toEqual(
    expect.arrayContaining(['bind', 'sessions', 'account', 'SSH keys', 'groups', 'Wi-Fi hash']),
  );
  process.stdout.write(
    `emergency offboard, from the command's start to its end: ${ms} ms (with the start of a process)\n`,
  );
});

const policy = `tenure: 1
company: {zone: UTC}
kinds:
  person: {who: everyone, journeys: [leaving]}
journeys:
  leaving:
    at end: [tell manager gone]
    7 days after end: [destroy credentials]
`;

test('a plan that was looked at is what a run does, and what has moved is named', async () => {
  expect((await tenure(folder, 'policy', 'install', file('p.yaml', policy), '--yes')).code).toBe(0);
  const moved = await tenure(folder, 'clock', '--advance', '8d');
  expect(moved.code).toBe(0);
  const plan = await tenure(folder, 'plan', '--json');
  writeFileSync(join(folder, 'plan.json'), plan.out);
  const run = await tenure(folder, 'run', '--plan', 'plan.json', '--yes', '--json');
  expect([run.code, run.err]).toEqual([0, '']);
  const { done, moved: names } = JSON.parse(run.out) as { done: object[]; moved: string[] };
  const planned = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as {
    steps: { writes: boolean }[];
  };
  expect(done.length + names.length).toBe(planned.steps.filter(({ writes }) => writes).length);
  const wrong = await tenure(folder, 'run', '--plan', 'p.yaml', '--yes');
  expect(wrong.err).toMatch(/p\.yaml is no plan as JSON/);
});

test('a backtest says whom a policy would have closed, by name, and mistakes with their place', async () => {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const joined = ['join', 'Kim Moss', '--start', day(-115), '--yes', '--because', 'new'];
  expect((await tenure(folder, ...joined)).err).toBe('');
  const strict = policy.replace('at end: [tell manager gone]', '30 days after start: [suspend]');
  const { code, out } = await tenure(
    folder,
    'policy',
    'backtest',
    file('strict.yaml', strict),
    '--last',
    '12 months',
  );
  expect(code).toBe(0);
  expect(out).toMatch(
    new RegExp(`^closed at work: 1\n  \\w+ ${day(-85)} 00:00  kim  suspend  leaving, line 7`, 'm'),
  );
  const told = await tenure(
    folder,
    'policy',
    'backtest',
    'strict.yaml',
    '--last',
    '12 months',
    '--json',
  );
  expect(JSON.parse(told.out)).toMatchObject({
    zone: 'UTC',
    atWork: [{ login: 'kim', step: 'suspend' }],
  });
  const bad = await tenure(
    folder,
    'policy',
    'backtest',
    file('bad.yaml', policy.replace('at end', 'at ent')),
    '--last',
    '12 months',
  );
  expect(bad.code).not.toBe(0);
  expect(bad.err).toMatch(/line 7, column \d+: "ent" is not a moment/);
});
