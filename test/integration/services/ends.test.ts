/** The end of a service: who is in use is not cut off by a date alone, and nothing has to run for that. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RunsEngine } from '../../../src/admin/runs.js';
import type { ServicesEngine } from '../../../src/admin/services.js';
import { runsEngine } from '../../../src/compose/engine-runs.js';
import { manyPeople, person } from '../../support/directory-people.js';
import { origin } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';
import { eachServed } from '../../support/served-directory.js';
import { by, service, servicesOf, wiki } from '../../support/services.js';
import { bindOp, compareOp, modifyOp, searchOp } from '../../support/wire-client.js';

const DAY = 86_400_000;
const [OK, INVALID] = [0, 49];
const served = eachServed();
const d = () => served().directory;
const dn = service('wiki');
let services: ServicesEngine;
let credential = '';

const bind = () => served().bind(dn, credential);
const days = (n: number) => served().advance(n * DAY);
const state = () => d().entry(dn).texts('lifecycleState').join();
const shown = () => services.show({ name: 'wiki' });

beforeEach(async () => {
  d().seed({
    ...manyPeople(['ada'], { mail: 'ada@example.com' }),
    ...manyPeople(['bob'], { mail: 'bob@example.com' }),
  });
  services = servicesOf(d());
  // The test's clock starts on the 5th: it ends when the 15th does.
  ({ credential } = await services.add({ ...wiki, until: '2026-01-15' }));
});

describe('with nothing running at all', () => {
  test('one that nobody uses is shut by its end, to the second', async () => {
    expect(await bind()).toBe(OK);
    served().advance(10 * DAY + 15 * 3_600_000 - 1000);
    expect(state()).toBe('active');
    served().advance(1000);
    expect(state()).toBe('offboarded');
    expect(await bind()).toBe(INVALID);
    expect(d().found('(uid=wiki)', { as: d().user(person('ada')) })).toEqual([]);
  });

  test('one that is in use goes on for two weeks, and no longer', async () => {
    days(8);
    expect(await bind()).toBe(OK);
    days(3);
    expect(state()).toBe('active');
    expect(await bind()).toBe(OK);
    expect(await shown()).toMatchObject({
      health: 'red',
      ends: '2026-01-16T00:00:00.000Z',
      shutAt: '2026-01-30T00:00:00.000Z',
      concerns: ['it has ended and is in use: shut in 14 days, or tenure service renew wiki'],
    });
    const session = await served().connect();
    expect(await session.code(bindOp(dn, credential))).toBe(OK);
    served().advance(13 * DAY + 15 * 3_600_000 - 1000);
    expect(state()).toBe('active');
    expect(served().sessionsOf(d().names.idOf(dn))).toBe(1);
    served().advance(1000);
    expect(state()).toBe('offboarded');
    expect(await bind()).toBe(INVALID);
    expect(served().sessionsOf(d().names.idOf(dn))).toBe(0);
    expect(d().found('(&(uid=wiki)(nsAccountLock=TRUE))')).toHaveLength(1);
  });

  test('one that logged in once and goes on asking is in use, too', async () => {
    const asking = await served().connect();
    expect(await asking.bind(dn, credential)).toBe(OK);
    days(8);
    await asking.ask(searchOp(dn));
    days(3);
    expect(state()).toBe('active');
    expect(await asking.code(searchOp(dn))).toBe(OK);
    days(14);
    expect(state()).toBe('offboarded');
  });

  test.each([
    ['a search', searchOp(dn)],
    ['a comparison', compareOp(dn, 'uid', 'wiki')],
    ['an update, also one that is refused', modifyOp(dn, 'title', 'x')],
  ])('%s is such a use', async (_, op) => {
    const client = await served().connect();
    expect(await client.bind(dn, credential)).toBe(OK);
    days(8);
    await client.ask(op);
    days(3);
    expect(state()).toBe('active');
  });

  test('whether it is in use survives a restart', async () => {
    days(8);
    expect(await bind()).toBe(OK);
    await d().guard.flush();
    days(3);
    // What the disk knows, without the memory of the guard.
    const seen = d().reader.observed.lastUse(d().names.idOf(dn)).success;
    expect(seen?.atMs).toBe(Date.UTC(2026, 0, 13, 9));
    expect(state()).toBe('active');
  });

  test('a new end brings back what has ended, with the same credential', async () => {
    days(20);
    expect(await bind()).toBe(INVALID);
    expect((await shown()).concerns[0]).toMatch(/has ended: tenure service renew wiki/);
    const renewed = await services.renew({ name: 'wiki', until: '2026-12-31', by, because: '' });
    expect(renewed).toMatchObject({ ends: '2027-01-01T00:00:00.000Z', health: 'green' });
    expect(await bind()).toBe(OK);
    await expect(
      services.renew({ name: 'wiki', until: '2025-12-31', by, because: '' }),
    ).rejects.toThrow(/is past/);
  });

  test('a policy that offboards at the end means it', async () => {
    const engine = new TestEngine(d());
    await engine.install(
      'tenure: 1\nkinds: {service: {who: below ou=services, journeys: departure}, person: {who: everyone}}\n' +
        'journeys: {departure: {at end: offboard}}\n',
    );
    days(8);
    expect(await bind()).toBe(OK);
    days(3);
    expect(state()).toBe('offboarded');
  });
});

describe('the engine', () => {
  let engine: TestEngine;
  let runs: RunsEngine;

  beforeEach(() => {
    engine = new TestEngine(d());
    const { reader, admin } = d();
    const { write } = engine.tools;
    const { scheduler } = engine;
    const administrator = () => admin.identity;
    runs = runsEngine({ reader, write }, { scheduler, administrator, origin });
  });

  const tick = async (n: number) => {
    for (let i = 0; i < n; i += 1) {
      days(1);
      await engine.tick();
    }
  };
  const told = () => engine.sent.map(({ to, subject }) => `${subject} → ${to}`);
  const waiting = async () => (await runs.decisions({})).map(({ id, text }) => ({ id, text }));

  test('tells owner and deputy ahead of an end', async () => {
    await services.renew({ name: 'wiki', until: '2026-02-10', by, because: '' });
    await tick(36);
    const ahead = told().filter(
      (line) => line.includes('ending') && line.endsWith('ada@example.com'),
    );
    expect(ahead).toHaveLength(4);
    expect(ahead.at(-1)).toMatch(/^IMPORTANT/);
  });

  test('asks about one that is in use, and a yes shuts it', async () => {
    await tick(8);
    expect(await bind()).toBe(OK);
    await tick(3);
    const [asked, ...others] = await waiting();
    expect(others).toEqual([]);
    expect(asked!.text).toMatch(
      /^wiki has ended \(2026-01-16 00:00\) and is in use: shut it now\?/,
    );
    expect(told()).toContain('IMPORTANT: wiki has ended and is in use → ada@example.com');
    expect(told()).toContain('IMPORTANT: wiki has ended and is in use → bob@example.com');
    expect(await bind()).toBe(OK);
    await runs.decide({ id: asked!.id, answer: 'yes', by: 'root', because: 'nobody needs it' });
    expect(await bind()).toBe(INVALID);
    await tick(1);
    expect(await waiting()).toEqual([]);
    await services.renew({ name: 'wiki', until: '2026-12-31', by, because: '' });
    expect(await bind()).toBe(OK);
  });

  test('a no leaves it until its time is over; a new end ends the question', async () => {
    await tick(8);
    expect(await bind()).toBe(OK);
    await tick(3);
    const [asked] = await waiting();
    await runs.decide({ id: asked!.id, answer: 'no', by: 'root', because: '' });
    await tick(1);
    expect(await waiting()).toEqual([]);
    expect(await bind()).toBe(OK);
    await services.renew({ name: 'wiki', until: '2026-01-20', by, because: '' });
    await tick(5);
    expect(await waiting()).toHaveLength(1);
    await services.renew({ name: 'wiki', until: '2026-12-31', by, because: '' });
    expect(await waiting()).toEqual([]);
  });
});
