/** Imports: many entries in one transaction, a baseline instead of Changes, all or nothing. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { EntryExport } from '../../../src/store/export.js';
import { personValues, Scene } from './support.js';

let scene: Scene;
let people: number;

beforeEach(() => {
  scene = new Scene();
  people = scene.write(() => scene.unit(scene.suffix(), 'people'));
});

afterEach(() => scene.close());

function load(count: number): number[] {
  const { writer } = scene;
  writer.bulkBegin();
  const ids = Array.from({ length: count }, (_, i) => scene.person(people, `u${i}`));
  expect(writer.childCount(people)).toBe(count);
  const group = scene.group(people, 'g');
  for (const id of ids.slice(0, 10)) scene.addEdge(group, scene.edge('member', id));
  expect(writer.childCount(people)).toBe(count + 1);
  writer.bulkEnd();
  const baseline = writer.writeBaseline({ csn: writer.nextCsn().csn, actor: '', reason: 'import' });
  expect(baseline.entries).toBe(count + 3);
  return ids;
}

test('everything is in place after the commit, for readers as well', () => {
  expect(scene.reader.childCount(people)).toBe(0);
  scene.writer.begin();
  const ids = load(300);
  scene.commit();
  const { reader } = scene;
  expect(reader.childCount(people)).toBe(301);
  expect(reader.entryCount()).toBe(303);
  const pieces = { initial: undefined, any: [Buffer.from('u299')], final: undefined };
  expect(reader.idsSubstring(scene.type('cn'), pieces, 10).ids).toEqual([ids[299]]);
  expect(scene.writer.verify().problems).toEqual([]);
  // Ordinary writes go on from the baseline.
  scene.write(() => scene.remove(ids[299]!));
  expect(scene.writer.verify().problems).toEqual([]);
});

test('a failure leaves nothing, and the next write is an ordinary one', () => {
  const before = scene.reader.contextCsn();
  scene.writer.begin();
  load(50);
  scene.writer.rollback();
  expect(scene.writer.entryCount()).toBe(2);
  expect(scene.writer.childCount(people)).toBe(0);
  expect(scene.writer.contextCsn()).toBe(before);
  scene.write(() => scene.person(people, 'ada'));
  expect(scene.reader.childIds(people, 0, 10)).toHaveLength(1);
  expect(scene.writer.verify().problems).toEqual([]);
});

test('what an import added may be changed and removed by the same import', () => {
  const { writer } = scene;
  writer.begin();
  writer.bulkBegin();
  const [ada, bob] = [scene.person(people, 'ada'), scene.person(people, 'bob')];
  expect(writer.idsEqual(scene.type('uid'), Buffer.from('ada'), 10).ids).toEqual([ada]);
  scene.modify(ada, personValues('ada', { cn: ['Changed'] }));
  scene.remove(bob);
  writer.bulkEnd();
  scene.commit();
  const found = scene.reader.idsEqual(scene.type('cn'), Buffer.from('changed'), 10);
  expect(found.ids).toEqual([ada]);
  expect(scene.writer.verify().problems).toEqual([]);
});

test('a commit ends an import that nobody ended', () => {
  scene.writer.begin();
  scene.writer.bulkBegin();
  scene.writer.savepoint(() => scene.person(people, 'ada'));
  expect(() =>
    scene.writer.savepoint(() => {
      scene.person(people, 'bob');
      throw new Error('no');
    }),
  ).toThrow('no');
  scene.commit();
  expect(scene.reader.childCount(people)).toBe(1);
  expect(scene.writer.verify().problems).toEqual([]);
});

test('a place and a UUID belong to one entry during an import as well', () => {
  const { writer } = scene;
  writer.begin();
  writer.bulkBegin();
  const ada = scene.person(people, 'ada');
  const { uuid } = writer.entry(ada)!;
  expect(() => scene.person(people, 'ada')).toThrow('in the place of "uid=ada" already');
  const bob = scene.person(people, 'bob');
  expect(writer.idByUuid(uuid)).toBe(ada);
  expect(writer.idByUuid(uuid.replace(/./g, '0'))).toBe(0);
  const entry = writer.entry(bob)!;
  const meta = { ...entry };
  expect(() => writer.updateEntry(entry, { meta, uuid })).toThrow('already');
  const place = { parentId: people, rdn: 'uid=ada', rdnKey: 'uid=ada' };
  expect(() => writer.updateEntry(entry, { meta, ...place })).toThrow('already');
  scene.move(bob, people, 'uid=eve', personValues('eve'));
  expect([writer.childId(people, 'uid=bob'), writer.childId(people, 'uid=eve')]).toEqual([0, bob]);
  const again = scene.person(people, 'bob');
  expect(writer.childId(people, 'uid=bob')).toBe(again);
  // An entry of before the import is known, too.
  expect(writer.childId(writer.suffixes()[0]!.id, 'ou=people')).toBe(people);
  writer.bulkEnd();
  writer.writeBaseline({ csn: writer.nextCsn().csn, actor: '', reason: 'import' });
  scene.commit();
  expect(writer.verify().problems).toEqual([]);
});

test('the digest of an import follows what happens to entries after they were added', () => {
  const { writer } = scene;
  for (const upset of [false, true]) {
    writer.begin();
    writer.bulkBegin();
    const [ada, bob] = [scene.person(people, `ada${upset}`), scene.person(people, `bob${upset}`)];
    writer.addSecret(bob, 'userPassword', Buffer.from('{SSHA}x'));
    scene.person(people, `cy${upset}`);
    const late = writer.addSecret(ada, 'userPassword', Buffer.from('{SSHA}y'));
    writer.addSecret(ada, 'userPassword', Buffer.from('{SSHA}z'));
    writer.removeSecret(late.id);
    scene.addEdge(ada, scene.edge('manager', bob));
    scene.modify(bob, personValues(`bob${upset}`, { cn: ['Other'] }));
    if (upset) scene.remove(scene.person(people, 'gone'));
    writer.bulkEnd();
    writer.writeBaseline({ csn: writer.nextCsn().csn, actor: '', reason: 'import' });
    scene.commit();
    expect(writer.verify().problems).toEqual([]);
  }
});

test('entries that nothing happened to are not read again for the digest', () => {
  const visit = jest.spyOn(EntryExport.prototype, 'visitIds');
  scene.writer.begin();
  const ids = load(300);
  scene.commit();
  const group = scene.reader.childId(people, 'cn=g');
  expect(group).toBeGreaterThan(ids.at(-1)!);
  expect(visit.mock.calls.map(([chosen]) => chosen)).toEqual([[group]]);
  visit.mockRestore();
  expect(scene.writer.verify().problems).toEqual([]);
});
