/** What waits is told at once, again, and to the next in line: once a period, and to the right people. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { group, person, personValues } from '../../support/directory-people.js';
import { TestEngine } from '../../support/engine.js';
import { grant, HOUR } from '../../support/grants.js';

const at = eachDirectory();
let engine: TestEngine;
const DAY = 86_400;

const policy = `tenure: 1
company: {zone: UTC}
kinds:
  person: {who: everyone, journeys: [joining]}
journeys:
  joining:
    at start: [task it-desk laptop]
groups:
  prod: {members: by hand, longest: 8 hours, ask: group owner}
resources:
  github: {who has it: everyone, removed by: it-desk within 1 day}
roles:
  staff office: {who: group hr, may: [decide], over: everyone}
guards:
  people closed: {hold when more than: 1 an hour}
  when held: {yes from: staff office, tell again: every 4 hours}
`;

/** Messages that were not told before, without the addresses of nobody. */
let seen = 0;
function fresh(): string[] {
  const all = at().reader.records.messages(seen, 1_000);
  seen = all.at(-1)?.id ?? seen;
  return all
    .filter(({ to }) => to !== '')
    .map(({ to, subject }) => `${to.split('@')[0]}: ${subject}`);
}

beforeEach(async () => {
  seen = 0;
  const d = at();
  engine = new TestEngine(d);
  const objectClass = ['inetOrgPerson', 'lifecycleSubject'];
  const lifecycleEngagement = 'id=1 start=2020-01-01';
  const facts = { objectClass, lifecycleEngagement };
  for (const uid of ['boss', 'olga', 'hilda']) {
    d.seed({ [person(uid)]: personValues(uid, { mail: `${uid}@example.com` }) });
  }
  const ivan = { mail: 'ivan@example.com', manager: person('boss') };
  d.seed({ [person('ivan')]: personValues('ivan', ivan) });
  for (const uid of ['p0', 'p1']) d.seed({ [person(uid)]: personValues(uid, facts) });
  const made = async (cn: string, member: string, owner: string) => {
    const values = {
      objectClass: 'groupOfNames',
      cn,
      member: person(member),
      owner: person(owner),
    };
    await ok(d.add(group(cn), values));
  };
  await made('it-desk', 'ivan', 'boss');
  await made('hr', 'hilda', 'boss');
  await made('prod', 'boss', 'olga');
  await ok(
    d.modify(d.admin.identity.dn, [
      ['add', 'objectClass', 'extensibleObject'],
      ['add', 'mail', 'root@example.com'],
    ]),
  );
  await engine.install(policy);
  await engine.tick();
  fresh();
});

const end = (uid: string) =>
  at().modify(person(uid), [
    ['replace', 'lifecycleEngagement', 'id=1 start=2020-01-01 end=2026-01-04'],
  ]);

describe('what is held', () => {
  test('is told to those who have the role as soon as it waits, and again every four hours', async () => {
    await ok(end('p0'));
    await refused(end('p1'), 'unwillingToPerform');
    await engine.tick();
    const text = `${person('p1')} would be closed by ${at().admin.identity.dn}`;
    const first = [`hilda: waiting for a yes: ${text}`, `root: waiting for a yes: ${text}`];
    expect(fresh()).toEqual(first);
    await engine.advance(4 * HOUR - 1);
    expect(fresh()).toEqual([]);
    await engine.advance(2);
    const again = first.map((line) => line.replace('waiting', 'still waiting'));
    expect(fresh()).toEqual(again);
    await engine.tick();
    expect(fresh()).toEqual([]);
  });

  test('sets the timer to the next time at which it is told', async () => {
    await ok(end('p0'));
    await refused(end('p1'), 'unwillingToPerform');
    await engine.tick();
    at().clock.advance((4 * HOUR - 60) * 1000);
    await engine.tick();
    expect(engine.timer!.ms).toBeLessThanOrEqual(61_000);
  });

  test('for a group that asks its owner goes to the owner', async () => {
    await refused(grant(at(), 'p0', 'prod'), 'unwillingToPerform');
    await engine.tick();
    const subject = `waiting for a yes: ${person('p0')} in "prod" needs a yes of the group owner: on call`;
    expect(fresh()).toEqual([`olga: ${subject}`, `root: ${subject}`]);
  });
});

describe('what nobody has done', () => {
  test('a task goes to those who have it, then to their manager, then to the administrator', async () => {
    const soon = { lifecycleEngagement: 'id=1 start=2026-01-06' };
    const objectClass = ['inetOrgPerson', 'lifecycleSubject'];
    at().seed({ [person('nia')]: personValues('nia', { objectClass, ...soon }) });
    await engine.advance(DAY);
    expect(fresh()).toEqual(['ivan: laptop: nia tester (nia)']);
    const subject = 'still waiting for an answer: nia tester (nia): laptop';
    const weeks: string[][] = [];
    for (let i = 0; i < 4; i += 1) {
      await engine.advance(7 * DAY);
      weeks.push(fresh());
      await engine.tick();
      expect(fresh()).toEqual([]);
    }
    expect(weeks).toEqual(['ivan', 'boss', 'root', 'root'].map((name) => [`${name}: ${subject}`]));
  });

  test('an item of a case is told when it is overdue, and goes up the line each period', async () => {
    await ok(end('p0'));
    await engine.tick();
    fresh();
    await engine.advance(14 * HOUR);
    expect(fresh()).toEqual([]);
    const lines: string[] = [];
    await engine.advance(HOUR);
    lines.push(...fresh());
    for (let i = 0; i < 3; i += 1) {
      await engine.advance(4 * HOUR);
      await engine.tick();
      lines.push(...fresh());
    }
    const subject = 'overdue: p0: remove from github';
    expect(lines).toEqual(['ivan', 'boss', 'root', 'root'].map((name) => `${name}: ${subject}`));
  });
});
