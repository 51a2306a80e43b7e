/** Secrets that a reader keeps: true again with every commit that touches them. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Scene } from './support.js';

let scene: Scene;
let ada: number;

beforeEach(() => {
  scene = new Scene();
  ada = scene.write(() => scene.person(scene.suffix(), 'ada'));
});

afterEach(() => scene.close());

const values = () => scene.reader.secrets(ada).map((secret) => secret.value.toString());

test('what was added, replaced, removed is seen at once', () => {
  expect(values()).toEqual([]);
  const { id } = scene.write(() => scene.writer.addSecret(ada, 'userPassword', Buffer.from('one')));
  expect(values()).toEqual(['one']);
  const { revision } = scene.reader.secrets(ada)[0]!;
  const moved = scene.write(() =>
    scene.writer.replaceSecretValue(id, revision, Buffer.from('two')),
  );
  expect(moved).toBe(true);
  expect(values()).toEqual(['two']);
  expect(scene.reader.secrets(ada)[0]!.revision).toBeGreaterThan(revision);
  scene.write(() => scene.writer.removeSecret(id));
  expect(values()).toEqual([]);
});

test('a stale revision replaces nothing, and what is kept stays', () => {
  const { id } = scene.write(() => scene.writer.addSecret(ada, 'userPassword', Buffer.from('one')));
  expect(values()).toEqual(['one']);
  const moved = scene.write(() => scene.writer.replaceSecretValue(id, 99, Buffer.from('two')));
  expect(moved).toBe(false);
  expect(values()).toEqual(['one']);
});

test('a failed write changes nothing that is kept', () => {
  scene.write(() => scene.writer.addSecret(ada, 'userPassword', Buffer.from('one')));
  expect(values()).toEqual(['one']);
  expect(() =>
    scene.write(() => {
      scene.writer.addSecret(ada, 'userPassword', Buffer.from('two'));
      throw new Error('refused');
    }),
  ).toThrow('refused');
  expect(values()).toEqual(['one']);
});

test('warmed page by page: everybody, whole, whatever the page', () => {
  const { writer, reader } = scene;
  const owners = scene.write(() =>
    Array.from({ length: 7 }, (_, i) => {
      const owner = scene.person(ada, `p${i}`);
      // More of one owner's than fit a page; octets of every kind.
      const count = i === 3 ? 6 : (i % 3) + 1;
      for (let n = 0; n < count; n++) {
        writer.addSecret(owner, 'userPassword', Buffer.from([n, 0, 32, 255, 10, i]));
      }
      return owner;
    }),
  );
  for (const limit of [1, 2, 4, 5, 50]) {
    let last = 0;
    for (let next = reader.warmSecrets(0, limit); next > 0; ) {
      expect(next).toBeGreaterThan(last);
      last = next;
      next = reader.warmSecrets(last, limit);
    }
    expect(last).toBe(owners.at(-1));
    for (const owner of owners) expect(reader.secrets(owner)).toEqual(writer.secrets(owner));
  }
});
