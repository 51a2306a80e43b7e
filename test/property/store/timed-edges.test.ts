/**
 * Holders of references against a model of lists: members held by hand, by rule and by grants with
 * random spans, in batches of which some are taken back, with restarts between. At any second the
 * reader must say of each membership what the holders say; replay must keep the holders apart.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Holder,
  holderKinds,
  holdsAt,
  instantsOf,
  type Span,
  sameHolder,
} from '../../../src/directory/model/holder.js';
import { seed } from '../../support/seed.js';
import { Scene } from '../../unit/store/support.js';

const LAST = 12;

const spans = fc
  .uniqueArray(fc.nat({ max: LAST - 1 }), { maxLength: 4 })
  .map((drawn): readonly Span[] => {
    const ends = [...drawn].sort((a, b) => a - b);
    const list: Span[] = [];
    for (let i = 0; i < ends.length; i += 2) {
      list.push({ from: ends[i]!, until: ends[i + 1] ?? Infinity });
    }
    return list;
  });

const step = fc.record({
  verb: fc.constantFrom('hold', 'hold', 'hold', 'let go', 'clear', 'delete member'),
  group: fc.nat({ max: 2 }),
  member: fc.nat({ max: 3 }),
  kind: fc.constantFrom(...holderKinds),
  spans,
  note: fc.constantFrom('', 'because="on call"'),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const batch = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
  ending: fc.constantFrom('commit', 'commit', 'commit', 'rollback', 'restart', 'savepoint fails'),
});

/** Holders by `group member`. */
type Model = Map<string, Holder[]>;

class Play {
  readonly scene = new Scene();
  readonly groups: number[] = [];
  readonly members: number[] = [];
  model: Model = new Map();
  #names = 0;
  #people = 0;

  constructor() {
    const { scene } = this;
    scene.write(() => {
      const root = scene.suffix();
      this.#people = scene.unit(root, 'people');
      for (let i = 0; i < 3; i += 1) this.groups.push(scene.group(root, `g${i}`));
      for (let i = 0; i < 4; i += 1) this.members.push(this.#person());
    });
  }

  #person(): number {
    this.#names += 1;
    return this.scene.person(this.#people, `p${this.#names}`);
  }

  take(next: Step): void {
    const { scene, model } = this;
    const group = this.groups[next.group]!;
    const member = this.members[next.member]!;
    const name = `${group} ${member}`;
    const held = model.get(name) ?? [];
    // By hand is always: clients say no times.
    const holder: Holder = {
      kind: next.kind,
      spans: next.kind === 'hand' ? [] : next.spans,
      note: next.kind === 'hand' ? '' : next.note,
    };
    const edge = { ...scene.edge('member', member), holder };
    const others = held.filter(({ kind }) => kind !== next.kind);
    switch (next.verb) {
      case 'hold':
        expect(scene.addEdge(group, edge)).toBe(others.length === held.length);
        if (others.length === held.length) model.set(name, [...held, holder]);
        return;
      case 'let go':
        expect(scene.removeEdge(group, edge)).toBe(others.length < held.length);
        model.set(name, others);
        return;
      case 'clear':
        for (const other of this.members) this.#letGo(group, other);
        return;
      default:
        for (const other of this.groups) this.#letGo(other, member);
        scene.remove(member);
        this.members[next.member] = this.#person();
    }
  }

  #letGo(group: number, member: number): void {
    for (const holder of this.model.get(`${group} ${member}`) ?? []) {
      this.scene.removeEdge(group, { ...this.scene.edge('member', member), holder });
    }
    this.model.delete(`${group} ${member}`);
  }

  compare(): void {
    const { reader } = this.scene;
    const member = this.scene.type('member');
    let timed = false;
    const moments = new Map<number, Set<string>>();
    for (const source of this.groups) {
      for (const target of this.members) {
        const holders = this.model.get(`${source} ${target}`) ?? [];
        const stored = reader.holdersOf(source, member, target, '');
        expect(stored).toHaveLength(holders.length);
        for (const holder of holders) {
          expect(stored.some((other) => sameHolder(other, holder))).toBe(true);
          for (const at of instantsOf(holder.spans)) {
            if (!moments.has(at)) moments.set(at, new Set());
            moments.get(at)!.add(`${source} ${target}`);
          }
        }
        expect(reader.hasEdge(source, member, target, '')).toBe(holders.length > 0);
        const known = reader.timedEdges.spansOf(source, member, target);
        timed ||= known !== undefined;
        expect(reader.timedEdges.membership(source, target)).toEqual(known);
        for (let now = -1; holders.length > 0 && now <= LAST; now += 1) {
          const expected = holders.some((holder) => holdsAt(holder.spans, now));
          expect(known === undefined || holdsAt(known, now)).toBe(expected);
        }
        if (known !== undefined) {
          expect(reader.timedEdges.isNamed(target)).toBe(true);
          expect(reader.timedEdges.names(source)).toBe(true);
        }
      }
    }
    expect(reader.timedEdges.any).toBe(timed);
    this.#compareMoments(moments);
  }

  #compareMoments(moments: ReadonlyMap<number, ReadonlySet<string>>): void {
    const { timedEdges } = this.scene.reader;
    const instants = [...moments.keys()].sort((a, b) => a - b);
    for (let now = -1; now <= LAST; now += 1) {
      expect(timedEdges.next(now)).toBe(instants.find((at) => at > now));
      const changing = timedEdges.between(now, now, 100);
      const names = changing.map(({ source, target }) => `${source} ${target}`);
      expect(new Set(names)).toEqual(moments.get(now) ?? new Set());
      expect(names).toHaveLength(moments.get(now)?.size ?? 0);
    }
  }

  run({ steps, ending }: { readonly steps: readonly Step[]; readonly ending: string }): void {
    const { scene } = this;
    const before = { model: new Map(this.model), members: [...this.members] };
    const takeBack = () => {
      this.model = before.model;
      this.members.splice(0, before.members.length, ...before.members);
    };
    scene.writer.begin();
    try {
      scene.writer.savepoint(() => {
        for (const next of steps) this.take(next);
        if (ending === 'savepoint fails') throw new Error('refused');
      });
    } catch (error) {
      if ((error as Error).message !== 'refused') throw error;
      takeBack();
    }
    if (ending === 'rollback') {
      scene.writer.rollback();
      takeBack();
    } else scene.commit();
    if (ending === 'restart') scene.reopen();
    this.compare();
  }
}

test('a membership is there while any of its holders holds', () => {
  const chosenSeed = seed();
  fc.assert(
    fc.property(fc.array(batch, { minLength: 1, maxLength: 10 }), (batches) => {
      const play = new Play();
      try {
        for (const next of batches) play.run(next);
        expect(play.scene.writer.verify().problems).toEqual([]);
      } finally {
        play.scene.close();
      }
    }),
    { seed: chosenSeed, numRuns: 40 },
  );
});
