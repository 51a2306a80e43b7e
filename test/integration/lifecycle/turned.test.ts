/** Who is not active is made ready a slice at a time after a start: the same answer as at once. */
import { expect, test } from '@jest/globals';
import { turnedAt, warmTurned } from '../../../src/directory/operations/lifecycle/index.js';
import { openReader } from '../../../src/store/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { person, personValues } from '../../support/directory-people.js';

const at = eachDirectory();
const now = () => Math.floor(at().clock.nowMs() / 1000);
const opened = () => openReader(at().dir, { cacheBytes: 1024, defer: () => undefined });
const engagement = (end: string) => `id=1 start=2020-01-01 end=${end}`;

function seedPeople(): void {
  for (let i = 0; i < 30; i += 1) {
    const end = i % 3 === 0 ? '2026-01-01' : i % 3 === 1 ? '2026-01-05T10:00' : '2027-01-01';
    const values = {
      objectClass: ['inetOrgPerson', 'lifecycleSubject'],
      lifecycleEngagement: engagement(end),
    };
    at().seed({ [person(`p${i}`)]: personValues(`p${i}`, values) });
  }
}

test('a slice is as many as were asked for, and the rest is not looked at', () => {
  seedPeople();
  const { reader } = at();
  let slices = 1;
  while (warmTurned(reader, now(), 7)) slices += 1;
  expect(slices).toBe(5);
  expect(warmTurned(reader, now(), 7)).toBe(false);
  expect(turnedAt(reader, now())).toEqual(turnedAt(opened(), now()));
  expect(turnedAt(reader, now()).closed).toHaveLength(10);
});

test('commits, instants and questions in between are in the answer', async () => {
  seedPeople();
  const { reader } = at();
  warmTurned(reader, now(), 7);
  // One behind and one before the place that it has come to.
  for (const uid of ['p0', 'p29']) {
    const end = engagement(uid === 'p0' ? '2027-01-01' : '2026-01-02');
    await ok(at().modify(person(uid), [['replace', 'lifecycleEngagement', end]]));
  }
  warmTurned(reader, now(), 7);
  at().clock.advance(2 * 3_600_000);
  const all = turnedAt(reader, now());
  expect(all).toEqual(turnedAt(opened(), now()));
  expect(all.closed).toHaveLength(20);
  expect(warmTurned(reader, now(), 7)).toBe(false);
});

test('an import begins it anew', async () => {
  seedPeople();
  const { reader } = at();
  while (warmTurned(reader, now(), 100));
  await at().import(
    `dn: ${person('new')}\nobjectClass: inetOrgPerson\nobjectClass: lifecycleSubject\ncn: new\n` +
      `sn: new\nlifecycleEngagement: ${engagement('2026-01-01')}\n`,
  );
  expect(warmTurned(reader, now(), 1)).toBe(true);
  expect(turnedAt(reader, now()).closed).toHaveLength(11);
});
