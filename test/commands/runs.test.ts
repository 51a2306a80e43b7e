/** Plans, runs, undo and decisions on the command line: over a running playground, and without one. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { makeDirectory } from '../support/made-directory.js';
import { cleanUp, newFolder, type Spawned, serving, tenure } from '../support/spawned.js';

// Each line of it is a process.
jest.setTimeout(180_000);

let folder = '';
let server: Spawned;
const suffix = 'dc=example,dc=com';

/** The date so many days from now, and how a plan writes its first instant. */
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const at = (days: number) => {
  const date = day(days);
  const weekday = new Date(date).toLocaleDateString('en-GB', { weekday: 'short', timeZone: 'UTC' });
  return `${weekday} ${date} 00:00`;
};
/** The last days of the two. */
const ends = { lou: 35, mia: 36 };

const policy = `tenure: 1
company: {zone: UTC}
kinds:
  person: {who: everyone, journeys: [departure]}
journeys:
  departure:
    at end: [offboard, tell manager gone, task it-desk laptop]
    7 days after end: [destroy credentials, forget groups]
`;
const newcomers = (['mia', 'lou'] as const).map(
  (uid) => `dn: uid=${uid},ou=people,${suffix}
objectClass: inetOrgPerson
objectClass: lifecycleSubject
uid: ${uid}
cn: ${uid} Moss
sn: Moss
mail: ${uid}@example.com
lifecycleEngagement: id=1 start=2020-01-01 end=${day(ends[uid])} manager=mia

`,
);

beforeAll(async () => {
  folder = newFolder();
  await makeDirectory(folder);
  const file = join(folder, 'all.ldif');
  const text = Buffer.from(policy).toString('base64');
  const entry = `dn: cn=policy,${suffix}
objectClass: tenureLifecyclePolicy
cn: policy
tenurePolicyText:: ${text}

`;
  writeFileSync(file, entry + newcomers.join(''));
  const imported = await tenure(folder, 'import', file);
  expect(imported).toMatchObject({ code: 0, err: '' });
  ({ server } = await serving(folder, '--test-clock'));
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.exited;
  await cleanUp(folder);
});

const json = async <T = Record<string, unknown>>(...args: string[]): Promise<T> => {
  const { code, out, err } = await tenure(folder, ...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as T;
};

test('a plan is told in lines of the policy, twice the same, and as LDIF', async () => {
  const first = await tenure(folder, 'plan', '--until', day(95));
  const { out } = await tenure(folder, 'plan', '--until', day(95));
  expect(first.out).toBe(out);
  expect(out).toContain(
    `  ${at(ends.lou + 1)}  lou  offboard, tell manager gone, task it-desk laptop  ` +
      `departure, line 7: at end (${day(ends.lou + 1)} 00:00)\n`,
  );
  expect(out).toContain(`${at(ends.mia + 8)}  mia  destroy credentials, forget groups`);
  expect(out.endsWith(`10 steps for 2 people, until ${at(96)}\n`)).toBe(true);
  const ldif = await tenure(folder, 'plan', '--until', day(95), '--ldif');
  expect(ldif.out).toContain(`# destroy credentials: uid=lou,ou=people,${suffix}\n`);
  const wrong = await tenure(folder, 'plan', '--until', 'soon');
  expect(wrong.err).toMatch(/--until: "soon" /);
});

test('the server runs it when the clock gets there; what waits is answered once', async () => {
  const now = Date.parse((await json<{ now: string }>('clock')).now);
  // Into the day after lou's last and before the end of mia's, whatever the time is now.
  const noon = Date.parse(`${day(ends.lou + 1)}T12:00:00Z`);
  const hours = Math.ceil((noon - now) / 3_600_000);
  await json('clock', '--advance', `${hours}h`);
  type Run = { id: number; reason: string };
  let runs: Run[] = [];
  for (let i = 0; i < 50 && runs.length === 0; i += 1) runs = await json<Run[]>('runs');
  expect(runs).toMatchObject([{ id: 1, reason: 'run of the policy by the clock' }]);
  // Messages leave behind the run.
  const sent = join(folder, 'data/outbox');
  for (let i = 0; i < 50 && !existsSync(sent); i += 1) await json('outbox');
  const [message] = await json<object[]>('outbox');
  expect(message).toMatchObject({ to: 'mia@example.com', subject: 'gone: lou Moss (lou)' });
  expect(readdirSync(sent)).toHaveLength(1);
  const open = await tenure(folder, 'decide');
  expect(open.out).toMatch(/^1 .* task {2}it-desk {2}lou Moss \(lou\): laptop\n/);
  const yes = await tenure(folder, 'decide', '1', 'yes');
  expect(yes.err).toMatch(/decision 1 is answered with done or no\n$/);
  await json('decide', '1', 'done');
});

test('a run is taken back after a look, and a run that never was is named', async () => {
  const preview = await tenure(folder, 'undo', '1', '--preview');
  expect(preview.out).toMatch(/^run 1, run of the policy by the clock\n/);
  expect(preview.out).toContain('told mia@example.com: gone: lou Moss (lou)');
  expect(preview.out).toMatch(/0 values back, 0 conflicts; 1 message cannot be unsent\n$/);
  const asked = await tenure(folder, 'undo', '1');
  expect(asked.err).toMatch(/nobody is there to answer/);
  const none = await tenure(folder, 'undo', '99', '--yes');
  expect(none.err).toMatch(/there is no run 99\n$/);
});

test('without a server the folder is opened; what is due is done once', async () => {
  server.child.kill('SIGTERM');
  await server.exited;
  const plan = await tenure(folder, 'plan');
  expect(plan.out).toMatch(/^Nothing is due until /);
  const run = await tenure(folder, 'run', '--yes');
  expect(run.out).toBe('Nothing was to be done.\n');
  const verified = await json<{ problems: string[] }>('verify');
  expect(verified.problems).toEqual([]);
});
