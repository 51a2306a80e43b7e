/**
 * A new policy folds everybody anew. Of many people that is done in slices: whoever waits is shown as
 * before, and let in by both policies or not at all; whatever is cut off goes on.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { whyPerson } from '../../../src/compose/people/index.js';
import { encodeNtSecret, ntHash } from '../../../src/credentials/index.js';
import { bytesOf } from '../../../src/directory/model/bytes.js';
import { openReader } from '../../../src/store/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import {
  group,
  groupOfNames,
  manyPeople,
  person,
  personValues,
} from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';
import { partsOf } from '../../support/people-engine.js';

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

  test('why says what a bind does, of those who wait and of those who wait no more', async () => {
    const d = at();
    const second = person('p700-admin');
    d.seed({
      [second]: personValues('p700-admin', {
        objectClass: ['inetOrgPerson', 'lifecycleSubject'],
        lifecyclePrincipal: person('p700'),
        userPassword: 'secret-trout-9',
      }),
    });
    const why = (name: string, when?: string) =>
      whyPerson(
        { name, ...(when !== undefined && { at: when }) },
        { ...partsOf(d), box: () => d.half.box() },
      );
    const agrees = async (can: boolean) => {
      for (const name of ['p700', 'p700-admin', 'p1400']) {
        const opens = d.bind(person(name), 'secret-trout-9').then(
          () => true,
          () => false,
        );
        expect([name, why(name).can, await opens]).toEqual([name, can, can]);
      }
    };
    await agrees(true);
    await ok(install(without + noGuard));
    await agrees(false);
    slice();
    await agrees(false);
    d.maintain();
    await agrees(false);
    await ok(install(whole + noGuard));
    await agrees(false);
    const { because, state: shown } = why('p700');
    expect(shown).toBe('offboarded');
    expect(because[0]).toBe('offboarded by the policy before, until the new one is worked out');
    // Foretold is what holds when it is.
    expect([why('p700', 'in 5 minutes').can, why('p700-admin', 'in 5 minutes').can]).toEqual([
      true,
      true,
    ]);
    d.maintain();
    await agrees(true);
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

  test('who asks for what has changed since finds whom it turned, and who shows them', async () => {
    at().seed({ [group('team')]: groupOfNames('team', person('p700'), person('p701')) });
    at().clock.advance(60_000);
    const since = '20260105090100Z';
    const changed = () => at().foundNames(`(modifyTimestamp>=${since})`);
    await ok(install(without + noGuard));
    expect(changed()).toEqual(['policy']);
    at().maintain();
    const turned = Array.from({ length: MANY / 100 }, (_, i) => `p${i * 100}`);
    expect(changed()).toEqual([...turned, 'policy', 'team'].sort());
    const { csn, modifiedBy } = at().reader.entry(at().names.idOf(person('p700')))!;
    expect(modifiedBy).toBe(at().admin.identity.dn);
    expect(csn > at().reader.entry(at().names.idOf(person('p701')))!.csn).toBe(true);
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

describe('where the policy goes', () => {
  test('those whom it kept in are folded in slices, by what holds without one', async () => {
    await fill();
    await ok(install(without + noGuard));
    at().maintain();
    expect(closed()).toHaveLength(MANY / 100);
    await ok(at().delete(dn));
    expect(foldedTo()).toBe(0);
    await expect(bind(1_400)).rejects.toThrow();
    slice();
    at().verify();
    at().maintain();
    expect([foldedTo(), closed()]).toEqual([undefined, []]);
    await bind(1_400);
  });

  test('whom that shuts out is counted before it is written, and refused with the number', async () => {
    const more = 'guards:\n  people closed: {hold when more than: 7 an hour}\n';
    await fill(under('the whole of the last day', more).replace('UTC', 'Pacific/Pago_Pago'));
    // It is over in UTC, and not yet in Samoa.
    at().clock.advance(16 * 3_600_000);
    const text = await refused(at().delete(dn), 'unwillingToPerform');
    expect(text).toMatch(
      /^what holds without a policy would shut out 21 people .* than 7 may be; .*built-in.*--expect 21/,
    );
    expect([foldedTo(), closed()]).toEqual([undefined, []]);
    expect(at().written.at(-1)!.shutsOut).toMatchObject({ count: 21 });
  });
});

describe('a container that is moved', () => {
  const elsewhere = `ou=intake,${suffix}`;
  const places = (guard: string) =>
    `tenure: 1\ncompany: {zone: UTC, new entries: {below ou=staged: staged}}\n${guard}`;
  const moved = (uid: string, ou: string) => `uid=${uid},ou=${ou},${suffix}`;
  const stateAt = (name: string) => at().entry(name).texts('lifecycleState').join();

  async function fillPlace(count: number, guard = noGuard): Promise<void> {
    const people = Array.from(
      { length: count },
      (_, i) =>
        `dn: uid=n${i},${elsewhere}\nobjectClass: inetOrgPerson\nobjectClass: lifecycleSubject\n` +
        `cn: n${i}\nsn: n${i}\nuid: n${i}\n${i === 7 ? 'userPassword: secret-trout-9\n' : ''}`,
    );
    const top = `dn: ${elsewhere}\nobjectClass: organizationalUnit\nou: intake\n`;
    await at().import([top, ...people].join('\n'));
    await ok(
      at().add(dn, {
        objectClass: 'tenureLifecyclePolicy',
        cn: 'policy',
        tenurePolicyText: places(guard),
      }),
    );
    at().maintain();
  }

  test('with many below it is folded in slices: let in by both places', async () => {
    await fillPlace(MANY);
    await at().bind(moved('n7', 'intake'), 'secret-trout-9');
    await ok(at().rename(elsewhere, 'ou=staged'));
    expect([foldedTo(), stateAt(moved('n7', 'staged'))]).toEqual([0, 'active']);
    await expect(at().bind(moved('n7', 'staged'), 'secret-trout-9')).rejects.toThrow();
    at().maintain();
    expect(at().found('(lifecycleState=staged)')).toHaveLength(MANY);
    await ok(at().rename(`ou=staged,${suffix}`, 'ou=intake'));
    await expect(at().bind(moved('n7', 'intake'), 'secret-trout-9')).rejects.toThrow();
    at().maintain();
    expect(at().found('(lifecycleState=staged)')).toEqual([]);
    await at().bind(moved('n7', 'intake'), 'secret-trout-9');
  });

  test('whom that shuts out is counted in the place where they would be, before it is written', async () => {
    await fillPlace(MANY, noGuard.replace('10000', '7'));
    const text = await refused(at().rename(elsewhere, 'ou=staged'), 'unwillingToPerform');
    expect(text).toMatch(/^the move would shut out 2100 people at once \(uid=n\d+,/);
    expect(at().written.at(-1)!.shutsOut).toMatchObject({ count: MANY });
    expect([foldedTo(), stateAt(moved('n7', 'intake'))]).toEqual([undefined, 'active']);
    await ok(at().rename(elsewhere, 'ou=elsewhere'));
  });

  test('with few below it is folded in the same write', async () => {
    await fillPlace(8);
    await ok(at().rename(elsewhere, 'ou=staged'));
    expect([foldedTo(), stateAt(moved('n7', 'staged'))]).toEqual([undefined, 'staged']);
  });
});

describe('a policy that comes in a file', () => {
  const file = (text: string) =>
    `dn: ${dn}\nobjectClass: tenureLifecyclePolicy\ncn: policy\n` +
    `tenurePolicyText:: ${Buffer.from(text).toString('base64')}\n`;
  const ada = person('p0');

  beforeEach(() => {
    const values = {
      objectClass: ['inetOrgPerson', 'lifecycleSubject'],
      lifecycleEngagement: engagement,
    };
    const uids = Array.from({ length: 12 }, (_, i) => uidOf(i));
    at().seed(manyPeople(uids, values));
  });

  test('is about those who were there as well as about those who come with it', async () => {
    const last = person('p1');
    for (let i = 2; i < 12; i += 1) await ok(at().delete(person(uidOf(i))));
    const eve =
      `dn: ${person('eve')}\nobjectClass: inetOrgPerson\nobjectClass: lifecycleSubject\n` +
      `cn: eve\nsn: eve\nuid: eve\nlifecycleEngagement: ${engagement}\n`;
    await at().import(`${file(without)}\n${eve}`);
    for (const name of [ada, last, person('eve')]) {
      expect(at().entry(name).texts('lifecycleState')).toEqual(['offboarded']);
    }
  });

  test('is held where it shuts out too many, and nothing of the file is there', async () => {
    await expect(at().import(file(without))).rejects.toThrow(
      /the policy would shut out 12 people at once .* than 10 may be/,
    );
    expect(at().found('(objectClass=tenureLifecyclePolicy)')).toEqual([]);
    expect(at().entry(ada).texts('lifecycleState')).toEqual(['active']);
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
