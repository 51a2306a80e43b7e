/** Entries, indexes, edges, secrets and numbers through both handles. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SubstringPieces } from '../../../src/directory/ports.js';
import { personValues, Scene } from './support.js';

let scene: Scene;
let root: number;
let people: number;

beforeEach(() => {
  scene = new Scene();
  [root, people] = scene.write(() => {
    const suffix = scene.suffix();
    return [suffix, scene.unit(suffix, 'people')];
  });
});

afterEach(() => {
  const report = scene.writer.verify();
  scene.close();
  expect(report.problems).toEqual([]);
});

const all = 1_000;

function pieces(text: string): SubstringPieces {
  const parts = text.split('*').map((part) => (part === '' ? undefined : Buffer.from(part)));
  return {
    initial: parts[0],
    any: parts.slice(1, -1).filter((part) => part !== undefined),
    final: parts.at(-1),
  };
}

describe('entries', () => {
  test('are found by place, id and UUID, and read back as written', () => {
    const id = scene.write(() => scene.person(people, 'ada', { 'cn;lang-de': ['Ada L'] }));
    const { reader } = scene;
    expect(reader.childId(people, 'uid=ada')).toBe(id);
    const entry = reader.entry(id);
    expect(entry).toMatchObject({ id, parentId: people, rdn: 'uid=ada', hasEdges: false });
    expect(entry?.kind.structural.name).toBe('inetOrgPerson');
    expect(entry && scene.values(entry)).toEqual({
      ...personValues('ada'),
      'cn;lang-de': ['Ada L'],
    });
    expect(reader.idByUuid(entry!.uuid)).toBe(id);
    expect(reader.idByUuid('00000000-0000-4000-8000-000000000000')).toBe(0);
    expect(reader.entries([id, 999, root]).map((e) => e.id)).toEqual([id, root]);
  });

  test('count themselves, their children and their kinds', () => {
    const ids = scene.write(() => ['a', 'b', 'c'].map((uid) => scene.person(people, uid)));
    const { reader } = scene;
    expect(reader.entryCount()).toBe(5);
    expect(reader.childCount(people)).toBe(3);
    expect(reader.childIds(people, ids[0]!, 10)).toEqual(ids.slice(1));
    expect(reader.entriesAfter(people, 2).map((e) => e.id)).toEqual(ids.slice(0, 2));
    const person = reader.entry(ids[0]!)!.kind;
    expect(reader.idsOfKinds([person], all)).toEqual({ ids, complete: true, exact: true });
    expect(reader.idsOfKinds([person], 2).complete).toBe(false);
    scene.write(() => scene.remove(ids[1]!));
    expect(reader.entryCount()).toBe(4);
    expect(reader.childIds(people, 0, 10)).toEqual([ids[0], ids[2]]);
    expect(reader.entry(ids[1]!)).toBeUndefined();
    expect(reader.childId(people, 'uid=b')).toBe(0);
  });

  test('move with everything below them, and names are known to be stale', () => {
    const id = scene.write(() => scene.person(people, 'ada'));
    const { reader } = scene;
    const generation = reader.treeGeneration();
    expect(reader.childId(root, 'ou=people')).toBe(people);
    scene.write(() =>
      scene.move(people, root, 'ou=staff', { objectClass: ['organizationalUnit'], ou: ['staff'] }),
    );
    expect(reader.treeGeneration()).not.toBe(generation);
    expect(reader.childId(root, 'ou=people')).toBe(0);
    expect(reader.childId(root, 'ou=staff')).toBe(people);
    expect(reader.childId(people, 'uid=ada')).toBe(id);
  });

  test('several suffixes stand side by side', () => {
    const other = scene.write(() => scene.suffix('dc=other,dc=net'));
    const suffixes = scene.reader.suffixes();
    expect(suffixes.map(({ id, dn }) => [id, dn])).toEqual([
      [root, 'dc=example,dc=org'],
      [other, 'dc=other,dc=net'],
    ]);
    expect(scene.reader.childId(0, suffixes[1]!.key)).toBe(other);
  });

  test('a taken place or UUID is refused and nothing of the entry stays', () => {
    scene.write(() => scene.person(people, 'ada'));
    expect(() => scene.write(() => scene.person(people, 'ADA', { mail: ['x@y.z'] }))).toThrow(
      expect.objectContaining({ code: 'entryAlreadyExists' }),
    );
    expect(scene.reader.idsEqual(scene.type('mail'), scene.key('mail', 'x@y.z'), all).ids).toEqual(
      [],
    );
  });

  test('ids are never used again, not even after the newest entry went and a restart', () => {
    const id = scene.write(() => scene.person(people, 'gone'));
    scene.write(() => scene.remove(id));
    scene.reopen();
    expect(scene.write(() => scene.person(people, 'new'))).toBeGreaterThan(id);
  });

  test('an entry that others hang on does not go', () => {
    const id = scene.write(() => scene.person(people, 'ada'));
    const group = scene.write(() => scene.group(root, 'g'));
    scene.write(() => scene.addEdge(group, scene.edge('member', id)));
    expect(() => scene.write(() => scene.remove(people))).toThrow('still has children');
    expect(() => scene.write(() => scene.remove(id))).toThrow('still named by others');
  });
});

describe('indexes', () => {
  test('equality follows every change, options included', () => {
    const id = scene.write(() => scene.person(people, 'ada', { 'cn;lang-de': ['Gräfin'] }));
    const find = (name: string, value: string) =>
      scene.reader.idsEqual(scene.type(name), scene.key(name, value), all).ids;
    expect(find('cn', 'PERSON  ADA')).toEqual([id]);
    expect(find('cn', 'gräfin')).toEqual([id]);
    scene.write(() => scene.modify(id, personValues('ada', { cn: ['Other'] })));
    expect(find('cn', 'person ada')).toEqual([]);
    expect(find('cn', 'gräfin')).toEqual([]);
    expect(find('cn', 'other')).toEqual([id]);
    expect(find('mail', 'ada@example.org')).toEqual([id]);
    scene.write(() => scene.remove(id));
    expect(find('cn', 'other')).toEqual([]);
  });

  test('a value of a thousand bytes is found exactly', () => {
    const long = 'x'.repeat(1_000);
    const [a, b] = scene.write(() => [
      scene.person(people, 'a', { cn: [`${long}1`] }),
      scene.person(people, 'b', { cn: [`${long}2`] }),
    ]);
    const cn = scene.type('cn');
    const equal = scene.reader.idsEqual(cn, scene.key('cn', `${long}1`), all);
    expect(equal).toEqual({ ids: [a], complete: true, exact: true });
    const prefix = scene.reader.idsSubstring(
      cn,
      { initial: scene.key('cn', long), any: [], final: undefined },
      all,
    );
    expect(prefix).toEqual({ ids: [a, b], complete: true, exact: false });
  });

  test('ranges, presence and limits', () => {
    const ids = scene.write(() => ['a', 'b', 'c', 'd'].map((uid) => scene.person(people, uid)));
    const uid = scene.type('uid');
    const { reader } = scene;
    const between = reader.idsBetween(uid, Buffer.from('b'), Buffer.from('d'), all);
    expect(between).toEqual({ ids: ids.slice(1, 3), complete: true, exact: true });
    expect(reader.idsBetween(uid, Buffer.from('c'), undefined, all).ids).toEqual(ids.slice(2));
    expect(reader.idsBetween(uid, undefined, Buffer.from('b'), all).ids).toEqual(ids.slice(0, 1));
    expect(reader.idsPresent(uid, all).ids).toEqual(ids);
    expect(reader.idsPresent(uid, 4).complete).toBe(true);
    expect(reader.idsPresent(uid, 3)).toEqual({ ids: [], complete: false, exact: false });
    const [first] = reader.entries(ids);
    const { modifiedAt } = first!;
    expect(reader.idsByTime('modifiedAt', modifiedAt, modifiedAt, all).ids).toEqual([ids[0]]);
    expect(reader.idsByTime('createdAt', 0, modifiedAt - 1, all).ids).toEqual([root, people]);
  });

  test.each([
    ['ada*', ['ada', 'adam']],
    ['*dam', ['adam']],
    ['*dam*', ['adam']],
    ['*ovela*ce', ['lovelace']],
    ['lo*ace', ['lovelace']],
    ['*z', ['zz']],
    ['*el*', ['lovelace']],
    ['*nobody*', []],
    ['*gräf*', ['gräfin']],
  ])('substring %s, before and after the index is brought up to date', (text, expected) => {
    const names = ['ada', 'adam', 'lovelace', 'zz', 'gräfin'];
    const ids = scene.write(() =>
      names.map((cn, i) => scene.person(people, `u${i}`, { cn: [cn] })),
    );
    const search = () => {
      const found = scene.reader.idsSubstring(scene.type('cn'), pieces(text), all);
      expect(found.complete).toBe(true);
      return found.ids.map((id) => names[ids.indexOf(id)]);
    };
    expect(search()).toEqual(expected);
    while (scene.writer.maintain());
    scene.reader.applyCommitted(scene.writer.takeCommitted());
    expect(search()).toEqual(expected);
  });

  test('a changed entry is found by its new text, and no longer by its old', () => {
    const id = scene.write(() => scene.person(people, 'u', { cn: ['Margarete'] }));
    while (scene.writer.maintain());
    const search = (text: string) => {
      scene.reader.applyCommitted(scene.writer.takeCommitted());
      return scene.reader.idsSubstring(scene.type('cn'), pieces(text), all).ids;
    };
    scene.write(() => scene.modify(id, personValues('u', { cn: ['Wilhelmine'] })));
    expect(search('*helmi*')).toEqual([id]);
    while (scene.writer.maintain());
    expect(search('*helmi*')).toEqual([id]);
    expect(search('*garet*')).toEqual([]);
  });
});

describe('edges', () => {
  test('lead both ways and are there once', () => {
    const [ada, bob, group] = scene.write(() => [
      scene.person(people, 'ada'),
      scene.person(people, 'bob'),
      scene.group(root, 'g'),
    ]);
    const member = scene.type('member');
    const { reader } = scene;
    expect(reader.groupsOf([ada!]).get(ada!)).toEqual([]);
    scene.write(() => {
      expect(scene.addEdge(group!, scene.edge('member', ada!))).toBe(true);
      expect(scene.addEdge(group!, scene.edge('member', ada!))).toBe(false);
      expect(scene.addEdge(group!, scene.edge('member', bob!))).toBe(true);
    });
    expect(reader.entry(group!)?.hasEdges).toBe(true);
    expect(reader.edgesFrom(group!).map((edge) => edge.target)).toEqual([ada, bob]);
    expect(reader.edgeCount(group!, member)).toBe(2);
    expect(reader.sourcesOf(ada!, [member])).toEqual([group]);
    expect(reader.sourcesOfSubtree(people)).toEqual([group]);
    expect(reader.groupsOf([ada!, bob!])).toEqual(
      new Map([
        [ada, [group]],
        [bob, [group]],
      ]),
    );
    expect(reader.hasEdge(group!, member, ada!, '')).toBe(true);
    scene.write(() => scene.removeEdge(group!, scene.edge('member', ada!)));
    expect(reader.groupsOf([ada!]).get(ada!)).toEqual([]);
    expect(reader.hasEdge(group!, member, ada!, '')).toBe(false);
    expect(scene.write(() => scene.removeEdge(group!, scene.edge('member', ada!)))).toBe(false);
    scene.write(() => scene.removeEdge(group!, scene.edge('member', bob!)));
    expect(reader.entry(group!)?.hasEdges).toBe(false);
  });

  test('many members at once, close together', () => {
    const [ids, group] = scene.write(() => [
      Array.from({ length: 20 }, (_, i) => scene.person(people, `u${i}`)),
      scene.group(root, 'g'),
    ]);
    scene.write(() => {
      for (const id of ids.slice(5, 15)) scene.addEdge(group, scene.edge('member', id));
    });
    const groups = scene.reader.groupsOf(ids);
    expect(ids.map((id) => groups.get(id)?.length)).toEqual(
      ids.map((_, i) => (i >= 5 && i < 15 ? 1 : 0)),
    );
  });

  test('a name outside the tree is kept as text', () => {
    const group = scene.write(() => scene.group(root, 'g'));
    const edge = scene.edge('member', 0, 'CN=Nobody,DC=else');
    scene.write(() => scene.addEdge(group, edge));
    const member = scene.type('member');
    expect(scene.reader.edgesFrom(group)).toEqual([
      { source: group, attribute: member, target: 0, text: 'CN=Nobody,DC=else' },
    ]);
    expect(scene.reader.sourcesOfText(edge.textKey, [member])).toEqual([group]);
    expect(scene.reader.hasEdge(group, member, 0, edge.textKey)).toBe(true);
  });
});

describe('secrets', () => {
  test('are read by owner; a rehash moves the revision and keeps the digest', () => {
    const id = scene.write(() => scene.person(people, 'ada'));
    const secret = scene.write(() => scene.addSecret(id, 'userPassword', 'one'));
    expect(scene.reader.secrets(id)).toEqual([
      { id: secret, owner: id, kind: 'userPassword', value: Buffer.from('one'), revision: 1 },
    ]);
    scene.write(() => {
      const digest = scene.writer.secretDigest(secret);
      expect(scene.writer.replaceSecretValue(secret, 1, Buffer.from('two'))).toBe(true);
      expect(scene.writer.replaceSecretValue(secret, 1, Buffer.from('three'))).toBe(false);
      expect(scene.writer.secretDigest(secret)).toBe(digest);
    });
    expect(scene.reader.secrets(id)).toMatchObject([{ value: Buffer.from('two'), revision: 2 }]);
    scene.write(() => scene.removeSecret(id, secret));
    expect(scene.reader.secrets(id)).toEqual([]);
    expect(scene.write(() => scene.addSecret(id, 'userPassword', 'four'))).toBeGreaterThan(secret);
  });

  test('go with their entry', () => {
    const id = scene.write(() => scene.person(people, 'ada'));
    scene.write(() => scene.addSecret(id, 'userPassword', 'one'));
    scene.write(() => scene.remove(id));
    expect(scene.reader.secrets(id)).toEqual([]);
  });
});

describe('numbers', () => {
  const posix = (uid: string, number: number) => ({
    objectClass: ['inetOrgPerson', 'posixAccount'],
    uidNumber: [String(number)],
    gidNumber: ['100'],
    homeDirectory: [`/home/${uid}`],
  });

  test('are given once, never one that somebody has or had', () => {
    scene.write(() => {
      expect(scene.writer.nextNumber('uidNumber')).toBe(10_000);
      scene.person(people, 'ada', posix('ada', 10_001));
      scene.writer.retireNumber('uidNumber', 10_002, 'bob');
      expect(scene.writer.nextNumber('uidNumber')).toBe(10_003);
      expect(scene.writer.retiredHolder('uidNumber', 10_002)).toBe('bob');
      expect(scene.writer.retiredHolder('uidNumber', 10_003)).toBeUndefined();
    });
  });

  test('a failed write gives its number back', () => {
    const failing = () =>
      scene.write(() => {
        scene.writer.nextNumber('uidNumber');
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect(scene.write(() => scene.writer.nextNumber('uidNumber'))).toBe(10_000);
  });
});

describe('single facts', () => {
  test('the administrator and what the setup made', () => {
    const id = scene.write(() => {
      const admin = scene.person(people, 'admin');
      scene.writer.setAdministrator(admin);
      scene.writer.setInitial([admin]);
      return admin;
    });
    expect(scene.reader.administratorId()).toBe(id);
    expect(scene.writer.isInitial(scene.writer.entry(id)!)).toBe(true);
    scene.write(() => scene.modify(id, personValues('admin', { cn: ['Changed'] })));
    expect(scene.writer.isInitial(scene.writer.entry(id)!)).toBe(false);
    expect(scene.writer.isInitial(scene.writer.entry(people)!)).toBe(false);
  });

  test('contextCSN is that of the last change', () => {
    const before = scene.reader.contextCsn();
    const id = scene.write(() => scene.person(people, 'ada'));
    expect(scene.reader.contextCsn()).toBe(scene.reader.entry(id)?.csn);
    expect(scene.reader.contextCsn() > before).toBe(true);
  });
});
