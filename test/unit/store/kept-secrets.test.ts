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
