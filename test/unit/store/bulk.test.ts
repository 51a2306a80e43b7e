/** Imports: many entries in one transaction, a baseline instead of Changes, all or nothing. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
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
  writer.bulkFlush();
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
