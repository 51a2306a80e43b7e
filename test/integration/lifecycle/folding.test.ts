/**
 * A new policy folds everybody anew. Of many people that is done in slices: whoever waits is shown as
 * before, and let in by both policies or not at all; whatever is cut off goes on.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { encodeNtSecret, ntHash } from '../../../src/credentials/index.js';
import { bytesOf } from '../../../src/directory/model/bytes.js';
import { openReader } from '../../../src/store/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { group, groupOfNames, person, personValues } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';

const at = eachDirectory();
const dn = `cn=policy,${suffix}`;
const MANY = 2_100;
/** In UTC the day of 2026-01-05 is not over; by `the first day without` it never began. */
const under = (means: string, more = '') =>
  `tenure: 1\ncompany: {zone: UTC, an end date means: ${means}}\n${more}`;
const whole = under('the whole of the last day');
const without = under('the first day without');
const noGuard = 'guards:\n  people closed: {hold when more than: 10000 an hour}\n';

const uidOf = (i: number) => `p${i}`;
const engagement = 'id=1 start=2020-01-01 end=2026-01-05';

async function fill(text = whole + noGuard): Promise<void> {
  const people = Array.from({ length: MANY }, (_, i) => {
    const end = i % 100 === 0 ? engagement : 'id=1 start=2020-01-01';
    return (
      `dn: ${person(uidOf(i))}\nobjectClass: inetOrgPerson\nobjectClass: lifecycleSubject\n` +
      `cn: ${uidOf(i)}\nsn: ${uidOf(i)}\nuid: ${uidOf(i)}\nlifecycleEngagement: ${end}\n` +
      (i % 700 === 0 ? 'userPassword: secret-trout-9\n' : '')
    );
  });
  await at().import(people.join('\n'));
  await ok(
    at().add(dn, { objectClass: 'tenureLifecyclePolicy', cn: 'policy', tenurePolicyText: text }),
  );
  at().maintain();
}

const install = (text: string) => at().modify(dn, [['replace', 'tenurePolicyText', text]]);
const state = (i: number) =>
  at()
    .entry(person(uidOf(i)))
    .texts('lifecycleState')
    .join();
const entries = () => at().reader.entryCount();
const bind = (i: number) => at().bind(person(uidOf(i)), 'secret-trout-9');
const slice = () => {
  const { committed, more } = at().half.maintain();
  at().reader.applyCommitted(committed);
  return more;
};
const foldedTo = () => at().reader.timelines.foldedTo;
const closed = () => at().found('(lifecycleState=offboarded)');

describe('where people are many', () => {
  beforeEach(() => fill());

  test('they are folded in slices: shown as before, let in by both policies', async () => {
    await bind(700);
    await ok(install(without + noGuard));
    expect([foldedTo(), state(700), closed()]).toEqual([0, 'active', []]);
    for (const i of [0, 700, 1_400]) await expect(bind(i)).rejects.toThrow();
    let slices = 0;
    while (foldedTo() !== undefined) {
      slice();
      slices += 1;
      // What is shown and what is found is the same for everybody in every second.
      const left = new Set(closed());
      for (let i = 0; i < MANY; i += 100) {
        expect(left.has(person(uidOf(i)))).toBe(state(i) === 'offboarded');
      }
      await expect(bind(1_400)).rejects.toThrow();
    }
    expect(slices).toBeGreaterThan(5);
    expect(closed()).toHaveLength(MANY / 100);
    // No slice is a change of anybody, and nothing is written twice.
    expect(entries()).toBeGreaterThan(MANY);
  });

  test('no hash for Wi-Fi of whom the new policy keeps out', async () => {
    const d = at();
    const radius = `cn=radius,${suffix}`;
    const role = { objectClass: ['device', 'tenureService'], cn: 'radius', tenureRole: 'radius' };
    d.seed({ [radius]: role });
    const value = bytesOf(encodeNtSecret({ hash: ntHash('over the air'), madeMs: 0 }));
    const owner = d.names.idOf(person('p700'));
    const base = { op: 'credentials', context: d.admin, reason: 'test' } as const;
    d.apply([{ ...base, owner, remove: [], add: [{ kind: 'wifiHash', value }] }]);
    const seen = () => {
      const name = 'sambaNTPassword';
      return d.entry(person('p700'), [name], d.user(radius)).texts(name).length;
    };
    expect(seen()).toBe(1);
    await ok(install(without + noGuard));
    expect(state(700)).toBe('active');
    expect(seen()).toBe(0);
    d.maintain();
  });

  test('whom the policy before kept out comes in with the slice, not sooner', async () => {
    await ok(install(without + noGuard));
    slice();
    await ok(install(without + noGuard.replace('10000', '9999')));
    expect(foldedTo()).toBeGreaterThan(0);
    at().maintain();
    await ok(install(whole + noGuard));
    expect(foldedTo()).toBe(0);
    await expect(bind(1_400)).rejects.toThrow();
    at().maintain();
    await bind(1_400);
  });

  test('a start in between goes on, and verify knows who waits', async () => {
    await ok(install(without + noGuard));
    slice();
    const to = foldedTo()!;
    expect(to).toBeGreaterThan(0);
    const again = openReader(at().dir, { cacheBytes: 1024, defer: () => undefined });
    expect(again.timelines.foldedTo).toBe(to);
    again.close();
    at().verify();
    at().maintain();
    expect([foldedTo(), closed().length]).toEqual([undefined, MANY / 100]);
  });

  test('one who is written meanwhile is folded, and nobody who writes is blamed', async () => {
    await ok(install(without));
    await ok(at().modify(person(uidOf(2_000)), [['replace', 'title', 'cook']]));
    expect([state(2_000), state(1_900)]).toEqual(['offboarded', 'active']);
    expect(at().reader.records.closings(at().admin.identity.dn, 0, 0)).toBe(0);
    at().maintain();
  });

  test('administrators are folded at once: a policy that leaves too few is refused', async () => {
    const admins = groupOfNames('admins', person('p700'), person('p1400'));
    at().seed({ [group('admins')]: admins });
    const roles = 'roles:\n  administrator: {who: group admins}\n';
    await ok(install(whole + noGuard + roles));
    at().maintain();
    await refused(install(without + noGuard + roles), 'unwillingToPerform');
    expect([foldedTo(), state(700)]).toEqual([undefined, 'active']);
  });

  test('the policy does nothing by states of before', async () => {
    const engine = new TestEngine(at());
    await ok(install(without + noGuard));
    await expect(engine.scheduler.runNow({ by: 'root' })).rejects.toThrow(
      /say it again in a moment/,
    );
    await engine.tick();
    expect([engine.runs, engine.timer?.ms]).toEqual([[], 500]);
    at().maintain();
    await engine.scheduler.runNow({ by: 'root' });
  });
});

describe('whom it would shut out', () => {
  test('is counted before it is written, and refused with the number', async () => {
    await fill(whole);
    const text = await refused(install(without), 'unwillingToPerform');
    expect(text).toMatch(/shut out 21 people at once .* no more than 5 may be; .*--expect 21/);
    expect([foldedTo(), closed()]).toEqual([undefined, []]);
    const written = at().written.at(-1)!;
    expect(written.shutsOut).toMatchObject({ count: 21 });
  });

  test('of a few people in the write itself', async () => {
    const values = {
      objectClass: ['inetOrgPerson', 'lifecycleSubject'],
      lifecycleEngagement: engagement,
    };
    at().seed({ [person('p0')]: personValues('p0', values) });
    await ok(
      at().add(dn, {
        objectClass: 'tenureLifecyclePolicy',
        cn: 'policy',
        tenurePolicyText: without,
      }),
    );
    expect([foldedTo(), state(0)]).toEqual([undefined, 'offboarded']);
  });
});
