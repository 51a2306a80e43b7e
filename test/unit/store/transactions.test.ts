/** Savepoints, rollbacks, and what readers see when. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LdapError } from '../../../src/runtime/errors.js';
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

const find = (name: string, value: string) =>
  scene.writer.idsEqual(scene.type(name), scene.key(name, value), 100).ids;

describe('a savepoint that fails', () => {
  test('takes back itself and leaves its neighbours', () => {
    const { writer } = scene;
    writer.begin();
    const before = writer.savepoint(() => scene.person(people, 'before'));
    expect(() =>
      writer.savepoint(() => {
        const id = scene.person(people, 'broken');
        scene.addSecret(id, 'userPassword', 'x');
        scene.modify(before, personValues('before', { cn: ['Wrong'] }));
        throw new Error('refused');
      }),
    ).toThrow('refused');
    const after = writer.savepoint(() => scene.person(people, 'after'));
    scene.commit();
    expect(scene.reader.childIds(people, 0, 10)).toEqual([before, after]);
    expect(scene.reader.childCount(people)).toBe(2);
    expect(scene.reader.entryCount()).toBe(4);
    expect(find('cn', 'wrong')).toEqual([]);
    expect(find('cn', 'Person before')).toEqual([before]);
  });

  test('leaves nothing of it in memory: rows, places, memberships, kinds, descriptions', () => {
    const { writer } = scene;
    const group = scene.write(() => scene.group(people, 'g'));
    const ada = scene.write(() => scene.person(people, 'ada'));
    expect(writer.groupsOf([ada]).get(ada)).toEqual([]);
    const kinds = writer.kinds().length;
    writer.begin();
    expect(() =>
      writer.savepoint(() => {
        scene.addEdge(group, scene.edge('member', ada));
        expect(writer.groupsOf([ada]).get(ada)).toEqual([group]);
        scene.modify(ada, personValues('ada', { 'cn;lang-fr': ['Ada'], cn: ['Changed'] }));
        expect(writer.entry(ada)?.body.toString('latin1')).toContain('Changed');
        scene.add(people, 'cn=r', { objectClass: ['device'], cn: ['r'] });
        scene.move(ada, people, 'uid=lovelace');
        expect(writer.childId(people, 'uid=lovelace')).toBe(ada);
        throw new Error('refused');
      }),
    ).toThrow('refused');
    expect(writer.groupsOf([ada]).get(ada)).toEqual([]);
    expect(writer.entry(ada)?.body.toString('latin1')).not.toContain('Changed');
    expect(writer.entry(group)?.hasEdges).toBe(false);
    expect(writer.attributeNumber('cn;lang-fr')).toBe(0);
    expect(writer.descriptions().some((d) => d?.key === 'cn;lang-fr')).toBe(false);
    expect(writer.kinds()).toHaveLength(kinds);
    expect(writer.childId(people, 'uid=lovelace')).toBe(0);
    expect(writer.childId(people, 'uid=ada')).toBe(ada);
    // The same things again, for good: their numbers must not be remembered wrongly.
    scene.modify(ada, personValues('ada', { 'cn;lang-fr': ['Ada'] }));
    scene.add(people, 'cn=r', { objectClass: ['device'], cn: ['r'] });
    scene.commit();
    expect(scene.reader.descriptions().filter((d) => d?.key === 'cn;lang-fr')).toHaveLength(1);
  });

  test('may be inside another', () => {
    const { writer } = scene;
    scene.write(() => {
      scene.person(people, 'outer');
      expect(() =>
        writer.savepoint(() => {
          scene.person(people, 'inner');
          throw new Error('no');
        }),
      ).toThrow('no');
    });
    expect(scene.reader.childCount(people)).toBe(1);
  });

  test('an operation that waits is a defect and is taken back', () => {
    scene.writer.begin();
    expect(() =>
      scene.writer.savepoint(async () => {
        scene.person(people, 'late');
      }),
    ).toThrow('cannot wait');
    scene.commit();
    expect(scene.reader.childCount(people)).toBe(0);
  });

  test('the schema goes back too', () => {
    const { writer } = scene;
    const definition =
      "( 1.3.6.1.4.1.99999.1 NAME 'shoeSize' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )";
    writer.begin();
    expect(() =>
      writer.savepoint(() => {
        writer.setSchemaExtensions([
          { kind: 'attributeTypes', id: '1.3.6.1.4.1.99999.1', text: definition },
        ]);
        expect(writer.schema().attribute('shoeSize')).toBeDefined();
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(writer.schema().attribute('shoeSize')).toBeUndefined();
    expect(writer.schemaExtensions()).toEqual([]);
    scene.commit();
  });
});

test('a rollback takes the batch back, in memory as well', () => {
  const { writer } = scene;
  const ada = scene.write(() => scene.person(people, 'ada'));
  writer.begin();
  writer.savepoint(() => scene.modify(ada, personValues('ada', { title: ['x'] })));
  writer.savepoint(() => scene.person(people, 'bob'));
  writer.rollback();
  expect(writer.childCount(people)).toBe(1);
  expect(writer.entryCount()).toBe(3);
  expect(writer.contextCsn()).toBe(writer.entry(ada)?.csn);
  expect(writer.entry(ada)?.body.toString('latin1')).not.toContain('title');
  expect(writer.takeCommitted().entries).toEqual([]);
  scene.write(() => scene.person(people, 'bob'));
});

test('a reader keeps its snapshot for the turn and sees a commit when it is told', () => {
  const ada = scene.write(() => scene.person(people, 'ada'));
  const { reader, writer } = scene;
  expect(reader.entryCount()).toBe(3);
  writer.begin();
  writer.savepoint(() => scene.modify(ada, personValues('ada', { cn: ['New'] })));
  const cn = scene.type('cn');
  expect(reader.idsEqual(cn, scene.key('cn', 'new'), 10).ids).toEqual([]);
  writer.commit();
  // Still the turn that began before the commit.
  expect(reader.idsEqual(cn, scene.key('cn', 'new'), 10).ids).toEqual([]);
  expect(reader.entry(ada)?.body.toString('latin1')).toContain('Person ada');
  reader.applyCommitted(writer.takeCommitted());
  expect(reader.idsEqual(cn, scene.key('cn', 'new'), 10).ids).toEqual([ada]);
  expect(reader.entry(ada)?.body.toString('latin1')).toContain('New');
});

test('what a commit changed is told once, as values that can be cloned', () => {
  const ada = scene.write(() => scene.person(people, 'ada'));
  const group = scene.write(() => scene.group(people, 'g'));
  const { writer } = scene;
  writer.begin();
  writer.savepoint(() => scene.addEdge(group, scene.edge('member', ada)));
  writer.commit();
  const committed = writer.takeCommitted();
  expect(structuredClone(committed)).toEqual(committed);
  expect(committed).toMatchObject({
    entries: [group],
    edgeTargets: [ada],
    tree: false,
    all: false,
  });
  expect(writer.takeCommitted()).toMatchObject({ entries: [], edgeTargets: [] });
  scene.reader.applyCommitted(committed);
});

test('a duplicate is an LdapError, and the batch goes on', () => {
  const { writer } = scene;
  writer.begin();
  writer.savepoint(() => scene.person(people, 'ada'));
  expect(() => writer.savepoint(() => scene.person(people, 'ada'))).toThrow(LdapError);
  scene.commit();
  expect(scene.reader.childCount(people)).toBe(1);
});
