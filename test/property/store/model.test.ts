/**
 * The store against a model of maps: random operations, some of which fail half-way, in random
 * batches, some of which are taken back, with restarts between. After each batch the reader must
 * agree with the model in everything; at the end verify must find nothing.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seed } from '../../support/seed.js';
import { personValues, Scene, type Values } from '../../unit/store/support.js';

interface ModelEntry {
  parent: number;
  rdn: string;
  values: Values;
  /** Target ids and, for names outside, texts. */
  edges: Set<number | string>;
  secrets: Set<number>;
}

type Model = Map<number, ModelEntry>;

const words = ['anna', 'Berta', 'gräfin', 'x', 'Christa B', 'long'.repeat(80)];
const pick = fc.nat({ max: 1_000 });

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('person'), a: pick, b: pick, c: pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unit'), a: pick, b: pick, c: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('group'), a: pick, b: pick, c: pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('modify'), a: pick, b: pick, c: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move'), a: pick, b: pick, c: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove'), a: pick, b: pick, c: pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('edge'), a: pick, b: pick, c: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unedge'), a: pick, b: pick, c: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('secret'), a: pick, b: pick, c: pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unsecret'), a: pick, b: pick, c: pick }) },
);

const batch = fc.record({
  steps: fc.array(fc.record({ step, fails: fc.nat({ max: 9 }) }), { minLength: 1, maxLength: 8 }),
  ending: fc.constantFrom('commit', 'commit', 'commit', 'rollback', 'restart', 'maintain'),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const chosen = <T>(list: readonly T[], n: number): T | undefined => list[n % list.length];
const isGroup = (entry: ModelEntry) => entry.values['objectClass']?.[0] === 'groupOfNames';

function take(scene: Scene, model: Model, { do: verb, a, b, c }: Step): void {
  const ids = [...model.keys()];
  const places = ids.filter((id) => model.get(id)?.values['objectClass']?.[0] !== 'inetOrgPerson');
  const target = chosen(ids, a)!;
  const entry = model.get(target)!;
  const word = words[c % words.length]!;
  switch (verb) {
    case 'person':
    case 'unit':
    case 'group': {
      const parent = chosen(places, a)!;
      const [rdn, values] = sample(verb, b, word);
      if (isTaken(model, parent, rdn)) return;
      const id = scene.add(parent, rdn, values);
      model.set(id, { parent, rdn, values, edges: new Set(), secrets: new Set() });
      return;
    }
    case 'modify': {
      if (entry.parent === 0) return;
      const values = {
        ...entry.values,
        description: [word, `${word} ${b}`],
        'title;lang-de': [word],
      };
      scene.modify(target, b % 3 === 0 ? withoutExtras(values) : values);
      entry.values = b % 3 === 0 ? withoutExtras(values) : values;
      return;
    }
    case 'move': {
      const parent = chosen(places, b)!;
      if (
        entry.parent === 0 ||
        isTaken(model, parent, entry.rdn) ||
        isBelow(model, parent, target)
      ) {
        return;
      }
      scene.move(target, parent, entry.rdn);
      entry.parent = parent;
      return;
    }
    case 'remove': {
      const used = [...model.values()].some((e) => e.parent === target || e.edges.has(target));
      if (used || entry.parent === 0) return;
      scene.remove(target);
      model.delete(target);
      return;
    }
    case 'edge':
    case 'unedge': {
      const group = chosen(
        ids.filter((id) => isGroup(model.get(id)!)),
        b,
      );
      if (group === undefined) return;
      const outside = c % 4 === 0;
      const edge = outside
        ? scene.edge('member', 0, `cn=${a % 5},dc=else`)
        : scene.edge('member', target);
      const { edges } = model.get(group)!;
      const value = outside ? edge.text : target;
      if (verb === 'edge') {
        expect(scene.addEdge(group, edge)).toBe(!edges.has(value));
        edges.add(value);
      } else expect(scene.removeEdge(group, edge)).toBe(edges.delete(value));
      return;
    }
    case 'secret':
      entry.secrets.add(scene.addSecret(target, 'userPassword', word));
      return;
    case 'unsecret': {
      const secret = chosen([...entry.secrets], b);
      if (secret === undefined) return;
      scene.removeSecret(target, secret);
      entry.secrets.delete(secret);
    }
  }
}

function sample(verb: string, n: number, word: string): [string, Values] {
  if (verb === 'unit')
    return [`ou=o${n % 20}`, { objectClass: ['organizationalUnit'], ou: [`o${n % 20}`] }];
  if (verb === 'group')
    return [`cn=g${n % 20}`, { objectClass: ['groupOfNames'], cn: [`g${n % 20}`] }];
  return [`uid=p${n}`, personValues(`p${n}`, { sn: [word], givenName: [`${word} ${n % 10}`] })];
}

function withoutExtras({ description: _, 'title;lang-de': __, ...values }: Values): Values {
  return values;
}

const isTaken = (model: Model, parent: number, rdn: string) =>
  [...model.values()].some((e) => e.parent === parent && e.rdn === rdn);

function isBelow(model: Model, id: number, root: number): boolean {
  for (let at = id; at !== 0; at = model.get(at)?.parent ?? 0) if (at === root) return true;
  return false;
}

function clone(model: Model): Model {
  return new Map(
    [...model].map(([id, e]) => [
      id,
      { ...e, edges: new Set(e.edges), secrets: new Set(e.secrets) },
    ]),
  );
}

/** Everything that the reader says must be what the model says. */
function compare(scene: Scene, model: Model): void {
  const { reader } = scene;
  const ids = [...model.keys()].sort((x, y) => x - y);
  expect(reader.entryCount()).toBe(ids.length);
  expect(reader.entriesAfter(0, 10_000).map(({ id }) => id)).toEqual(ids);
  for (const [id, entry] of model) {
    const stored = reader.entry(id)!;
    expect(stored).toMatchObject({ parentId: entry.parent, rdn: entry.rdn });
    expect(stored.hasEdges).toBe(entry.edges.size > 0);
    expect(scene.values(stored)).toEqual(entry.values);
    const children = ids.filter((other) => model.get(other)!.parent === id);
    expect(reader.childIds(id, 0, 10_000)).toEqual(children);
    expect(reader.childCount(id)).toBe(children.length);
    const edges = reader.edgesFrom(id).map(({ target, text }) => (target === 0 ? text : target));
    expect(new Set(edges)).toEqual(entry.edges);
    expect(reader.secrets(id).map((secret) => secret.id)).toEqual([...entry.secrets]);
    const groups = ids.filter((other) => model.get(other)!.edges.has(id));
    expect(reader.groupsOf([id]).get(id)).toEqual(groups);
    expect(reader.sourcesOf(id, [scene.type('member')])).toEqual(groups);
  }
  compareIndexes(scene, model, ids);
}

/** Index answers must be those of a scan of the model. */
function compareIndexes(scene: Scene, model: Model, ids: readonly number[]): void {
  const { reader } = scene;
  const scan = (name: string, test: (key: Buffer) => boolean) =>
    ids.filter((id) => (model.get(id)!.values[name] ?? []).some((v) => test(scene.key(name, v))));
  for (const name of ['sn', 'givenName', 'uid', 'mail']) {
    const type = scene.type(name);
    for (const text of [...words, 'anna 3', 'p7', 'p7@example.org']) {
      const key = type.equality?.normalize(Buffer.from(text));
      // Not every word can be a value of every attribute.
      if (key === undefined) continue;
      expect(reader.idsEqual(type, key, 10_000).ids).toEqual(scan(name, (k) => k.equals(key)));
      const piece = key.subarray(1, 5);
      const found = reader.idsSubstring(
        type,
        { initial: undefined, any: [piece], final: undefined },
        10_000,
      );
      expect(found.complete).toBe(true);
      expect(found.ids).toEqual(expect.arrayContaining(scan(name, (k) => k.includes(piece))));
      const starts = reader.idsSubstring(type, { initial: key, any: [], final: undefined }, 10_000);
      const prefix = scan(name, (k) => k.subarray(0, key.length).equals(key));
      expect(starts.ids).toEqual(starts.exact ? prefix : expect.arrayContaining(prefix));
      const from = reader.idsBetween(type, key, undefined, 10_000);
      const after = scan(name, (k) => Buffer.compare(k, key) >= 0);
      expect(from.ids).toEqual(from.exact ? after : expect.arrayContaining(after));
    }
    expect(reader.idsPresent(type, 10_000).ids).toEqual(scan(name, () => true));
  }
  for (const kind of reader.kinds()) {
    const expected = ids.filter((id) => reader.entry(id)!.kind === kind);
    expect(reader.idsOfKinds([kind], 10_000).ids).toEqual(expected);
  }
}

class Refused extends Error {}

function run(
  scene: Scene,
  batches: readonly { steps: { step: Step; fails: number }[]; ending: string }[],
): void {
  let model: Model = new Map();
  scene.write(() => {
    const values = { objectClass: ['domain'], dc: ['example'] };
    const id = scene.add(0, 'dc=example', values);
    model.set(id, { parent: 0, rdn: 'dc=example', values, edges: new Set(), secrets: new Set() });
  });
  for (const { steps, ending } of batches) {
    let working = clone(model);
    scene.writer.begin();
    for (const { step: next, fails } of steps) {
      const before = clone(working);
      try {
        scene.writer.savepoint(() => {
          take(scene, working, next);
          if (fails === 0) throw new Refused();
        });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        working = before;
      }
    }
    if (ending === 'rollback') scene.writer.rollback();
    else {
      model = working;
      scene.commit();
    }
    if (ending === 'restart') scene.reopen();
    if (ending === 'maintain') {
      scene.writer.maintain();
      scene.reader.applyCommitted(scene.writer.takeCommitted());
    }
    compare(scene, model);
  }
  expect(scene.writer.verify().problems).toEqual([]);
}

test('the store agrees with the model', () => {
  const chosenSeed = seed();
  fc.assert(
    fc.property(fc.array(batch, { minLength: 1, maxLength: 12 }), (batches) => {
      const scene = new Scene();
      try {
        run(scene, batches);
      } finally {
        scene.close();
      }
    }),
    { seed: chosenSeed, numRuns: 25 },
  );
});
