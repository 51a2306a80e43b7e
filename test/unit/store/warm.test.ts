/** Warm caches: the same answers as cold ones, before and after writes. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Scene } from './support.js';

let scene: Scene;
let people: number;
let ids: number[];

beforeEach(() => {
  scene = new Scene();
  people = scene.write(() => scene.unit(scene.suffix(), 'people'));
  ids = scene.write(() => Array.from({ length: 150 }, (_, i) => scene.person(people, `u${i}`)));
});

afterEach(() => {
  expect(scene.writer.verify().problems).toEqual([]);
  scene.close();
});

function warm(): number {
  const { reader } = scene;
  let pages = 0;
  for (let after = reader.warmEntries(0, 40); after > 0; after = reader.warmEntries(after, 40)) {
    pages += 1;
  }
  const uid = scene.type('uid');
  let last: Buffer | undefined = Buffer.alloc(0);
  while (last !== undefined) last = reader.warmKeys(uid, last, 16);
  return pages;
}

function expectTruth(): void {
  const { reader, writer } = scene;
  for (let i = -1; i <= 150; i++) {
    const key = scene.key('uid', `u${i}`);
    const truth = writer.idsEqual(writer.schema().attribute('uid')!, key, 10);
    expect(reader.idsEqual(scene.type('uid'), key, 10)).toEqual(truth);
  }
  for (const id of ids) expect(reader.entry(id)).toEqual(writer.entry(id));
}

test('everything is read, once, and answers stay true', () => {
  expect(warm()).toBeGreaterThan(2);
  expectTruth();
});

test('what a commit changes is stale no longer', () => {
  warm();
  scene.write(() => scene.remove(ids[7]!));
  scene.write(() => scene.person(people, 'u7'));
  // The same key twice: two entries may share a value that is not their name.
  scene.write(() => scene.person(people, 'z8', { uid: ['z8', 'u8'] }));
  expectTruth();
  expect(scene.reader.idsEqual(scene.type('uid'), scene.key('uid', 'u7'), 10).ids).toHaveLength(1);
});

test('keys with several entries are left to a search', () => {
  scene.write(() => scene.person(people, 'twin', { sn: ['u3'] }));
  warm();
  const sn = scene.type('sn');
  let last: Buffer | undefined = Buffer.alloc(0);
  while (last !== undefined) last = scene.reader.warmKeys(sn, last, 16);
  const { ids: found } = scene.reader.idsEqual(sn, scene.key('sn', 'u3'), 10);
  expect(found).toHaveLength(2);
});
