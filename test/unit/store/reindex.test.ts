/** Indexes that come and go while the directory works, and online changes of the schema. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SchemaExtension } from '../../../src/directory/ports.js';
import { personValues, Scene } from './support.js';

let scene: Scene;
let people: number;

beforeEach(() => {
  scene = new Scene();
  people = scene.write(() => scene.unit(scene.suffix(), 'people'));
});

afterEach(() => {
  const report = scene.writer.verify();
  scene.close();
  expect(report.problems).toEqual([]);
});

const index = (id: string, text: string): SchemaExtension => ({ kind: 'index', id, text });
const set = (...extensions: SchemaExtension[]) =>
  scene.write(() => scene.writer.setSchemaExtensions(extensions));

function maintainOnce(): boolean {
  const more = scene.writer.maintain();
  scene.reader.applyCommitted(scene.writer.takeCommitted());
  return more;
}

const title = (text: string) => ({ title: [text] });
const findTitle = (text: string) =>
  scene.reader.idsEqual(scene.type('title'), scene.key('title', text), 1_000);

test('an index is built in slices, kept up meanwhile, and used when it is ready', () => {
  const ids = scene.write(() =>
    Array.from({ length: 1_500 }, (_, i) => scene.person(people, `u${i}`, title(`t${i % 3}`))),
  );
  expect(scene.reader.canUse(scene.type('title'), 'equality')).toBe(false);
  expect(findTitle('t1').complete).toBe(false);
  set(index('title', 'eq sub'));
  expect(scene.reader.canUse(scene.type('title'), 'equality')).toBe(false);
  expect(maintainOnce()).toBe(true);
  // Behind and before the cursor: both must be right when it is done.
  scene.write(() => scene.modify(ids[0]!, personValues('u0', title('changed'))));
  scene.write(() => scene.modify(ids[1_400]!, personValues('u1400', title('changed'))));
  scene.write(() => scene.remove(ids[1_401]!));
  expect(scene.writer.verify().problems).toEqual([]);
  // A restart goes on from where it was.
  scene.reopen();
  while (maintainOnce());
  expect(scene.reader.canUse(scene.type('title'), 'equality')).toBe(true);
  expect(scene.reader.canUse(scene.type('title'), 'substring')).toBe(true);
  expect(findTitle('changed').ids).toEqual([ids[0], ids[1_400]]);
  expect(findTitle('t1').ids).toHaveLength(500);
  const chang = { initial: undefined, any: [Buffer.from('hang')], final: undefined };
  expect(scene.reader.idsSubstring(scene.type('title'), chang, 100).ids).toEqual([
    ids[0],
    ids[1_400],
  ]);
});

test('an index that is dropped is used no more and leaves nothing', () => {
  const id = scene.write(() => scene.person(people, 'ada'));
  set(index('mail', ''));
  expect(scene.reader.canUse(scene.type('mail'), 'equality')).toBe(false);
  scene.write(() => scene.modify(id, personValues('ada', { mail: ['other@example.org'] })));
  while (maintainOnce());
  expect(scene.writer.verify().problems).toEqual([]);
  set();
  while (maintainOnce());
  const found = scene.reader.idsEqual(scene.type('mail'), Buffer.from('other@example.org'), 10);
  expect(found.ids).toEqual([id]);
});

const oid = '1.3.6.1.4.1.99999.1';
const shoe: SchemaExtension = {
  kind: 'attributeTypes',
  id: oid,
  text: `( ${oid}.1 NAME 'shoeSize' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 X-TENURE-INDEX 'eq' )`,
};
const walker: SchemaExtension = {
  kind: 'objectClasses',
  id: `${oid}.2`,
  text: `( ${oid}.2 NAME 'walker' SUP top AUXILIARY MAY shoeSize )`,
};
const walking = {
  objectClass: ['inetOrgPerson', 'walker'],
  shoeSize: ['42'],
};

test('definitions added online are there for both handles and after a restart', () => {
  set(shoe, walker);
  while (maintainOnce());
  const id = scene.write(() => scene.person(people, 'ada', walking));
  const find = () => scene.reader.idsEqual(scene.type('shoeSize'), scene.key('shoeSize', '42'), 10);
  expect(scene.reader.schema().attribute('SHOESIZE')?.name).toBe('shoeSize');
  expect(find().ids).toEqual([id]);
  scene.reopen();
  expect(scene.writer.schemaExtensions()).toEqual([shoe, walker]);
  expect(find().ids).toEqual([id]);
  expect(scene.reader.entry(id)?.kind.classes.map(({ name }) => name)).toContain('walker');
});

test('definitions in use do not go; unused ones do', () => {
  set(shoe, walker);
  const id = scene.write(() => scene.person(people, 'ada', walking));
  expect(() => set(shoe)).toThrow('object class "walker" cannot go');
  expect(() => set()).toThrow('cannot go: entries still have');
  expect(scene.writer.schema().attribute('shoeSize')).toBeDefined();
  scene.write(() => scene.remove(id));
  set();
  expect(scene.reader.schema().attribute('shoeSize')).toBeUndefined();
  while (maintainOnce());
});

test('a wrong definition changes nothing', () => {
  const wrong = { ...shoe, text: `( ${oid}.1 NAME 'shoeSize' EQUALITY noSuchMatch )` };
  expect(() => set(wrong)).toThrow();
  expect(scene.writer.schemaExtensions()).toEqual([]);
});
