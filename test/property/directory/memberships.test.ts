/**
 * Memberships by hand, by grant and by rule over random histories: writes of people, of groups and
 * of the policy, moves of the clock with nothing running. At every moment whoever looks must see of
 * each person and group what the holders say: the hand, a grant that holds now, or the rule as it
 * answers in this second; and nothing of a group while it is browned out.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatTime } from '../../../src/directory/model/time.js';
import { personOf, policyOf, stateOf } from '../../../src/directory/operations/lifecycle/index.js';
import { holds } from '../../../src/policy/core/conditions/index.js';
import { ruledGroups } from '../../../src/policy/core/index.js';
import { ok } from '../../support/directory-expect.js';
import { group, groupOfNames, person, posixGroup } from '../../support/directory-people.js';
import { type Change, suffix, type Values } from '../../support/directory-requests.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { seed } from '../../support/seed.js';

const HOUR = 3_600;
const uids = ['ada', 'bob', 'eve'];
const cns = ['staff', 'guests', 'research', 'working', 'plain'];
const policyDn = `cn=policy,${suffix}`;

const head = 'tenure: 1\nwords: {type: employeeType, department: departmentNumber}\n';
const policies = [
  `${head}kinds:
  contractor: {who: type is contractor, gets: guests}
  employee: {who: everyone, gets: staff}
groups:
  research: {rule: department is R-1}
  working: {rule: state is active or leave}
`,
  `${head}kinds: {person: {who: everyone}}
groups:
  staff: {rule: department is R-1}
  research: {rule: department is not R-1}
`,
];

const step = fc.oneof(
  fc.record({ do: fc.constant('clock'), n: fc.integer({ min: 1, max: 30 }) }),
  fc.record({
    do: fc.constant('engage'),
    who: fc.constantFrom(...uids),
    kind: fc.constantFrom('contractor', 'employee'),
    department: fc.constantFrom('R-1', 'F-1'),
    from: fc.integer({ min: -20, max: 20 }),
    length: fc.integer({ min: 1, max: 40 }),
    id: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({
    do: fc.constant('write'),
    who: fc.constantFrom(...uids),
    attribute: fc.constantFrom('employeeType', 'departmentNumber'),
    value: fc.constantFrom('contractor', 'employee', 'R-1', 'F-1'),
  }),
  fc.record({
    do: fc.constant('grant'),
    who: fc.constantFrom(...uids),
    cn: fc.constantFrom(...cns),
    from: fc.integer({ min: 0, max: 10 }),
    length: fc.integer({ min: 1, max: 20 }),
  }),
  fc.record({
    do: fc.constantFrom('put', 'take', 'revoke'),
    who: fc.constantFrom(...uids),
    cn: fc.constantFrom(...cns),
  }),
  fc.record({
    do: fc.constant('shut'),
    cn: fc.constantFrom(...cns),
    from: fc.integer({ min: -2, max: 5 }),
    length: fc.integer({ min: 1, max: 20 }),
  }),
  fc.record({ do: fc.constant('policy'), n: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ do: fc.constantFrom('leave', 'back'), who: fc.constantFrom(...uids) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class History {
  readonly d: TestDirectory;
  readonly hands = new Set<string>();
  readonly grants = new Map<string, { readonly from: number; readonly until: number }>();

  readonly shut = new Map<string, { readonly from: number; readonly until: number }>();

  constructor(d: TestDirectory) {
    this.d = d;
    const people = uids.map((uid): [string, Values] => [
      person(uid),
      { objectClass: ['inetOrgPerson', 'lifecycleSubject'], uid, cn: uid, sn: uid },
    ]);
    const groups = cns.map((cn): [string, Values] => [
      group(cn),
      cn === 'guests' ? posixGroup(cn) : groupOfNames(cn),
    ]);
    d.seed(Object.fromEntries([...people, ...groups]));
  }

  get now(): number {
    return Math.floor(this.d.clock.nowMs() / 1000);
  }

  #at = (hours: number) => formatTime(this.now + hours * HOUR);

  async take(next: Step): Promise<void> {
    const { d } = this;
    switch (next.do) {
      case 'clock':
        d.clock.advance((next as { n: number }).n * HOUR * 1000);
        return;
      case 'policy':
        return this.#policy((next as { n: number }).n);
      case 'engage':
        return this.#engage(next as Extract<Step, { do: 'engage' }>);
      case 'shut': {
        const { cn, from, length } = next as { cn: string; from: number; length: number };
        const value = `from=${this.#at(from)} until=${this.#at(from + length)} by=cn=admin`;
        await ok(d.modify(group(cn), [['replace', 'tenureBrownout', value]]));
        const [begins, ends] = [from, from + length].map((hours) => this.now + hours * HOUR);
        this.shut.set(cn, { from: begins!, until: ends! });
        return;
      }
      case 'leave':
      case 'back': {
        const { who } = next as { who: string };
        const value = `kind=parental from=${this.#at(next.do === 'leave' ? -1 : 5)}`;
        // Facts that have begun are kept: some of these are refused.
        await d.modify(person(who), [['replace', 'lifecycleAbsence', value]]);
        return;
      }
      case 'write': {
        const { who, attribute, value } = next as { who: string; attribute: string; value: string };
        await ok(d.modify(person(who), [['replace', attribute, value]]));
        return;
      }
      default:
        return this.#member(next as Extract<Step, { do: 'grant' }>);
    }
  }

  async #policy(n: number): Promise<void> {
    const { d } = this;
    const there = d.search('(objectClass=tenureLifecyclePolicy)').entries.length > 0;
    const tenurePolicyText = policies[n];
    if (tenurePolicyText === undefined) {
      if (there) await ok(d.delete(policyDn));
    } else if (there) {
      await ok(d.modify(policyDn, [['replace', 'tenurePolicyText', tenurePolicyText]]));
    } else {
      const objectClass = 'tenureLifecyclePolicy';
      await ok(d.add(policyDn, { objectClass, cn: 'policy', tenurePolicyText }));
    }
  }

  async #engage(next: Extract<Step, { do: 'engage' }>): Promise<void> {
    const { who, kind, department, from, length, id } = next;
    const held = this.d.entry(person(who)).texts('lifecycleEngagement');
    const others = held.filter((value) => !value.startsWith(`id=${id} `));
    const value =
      `id=${id} kind=${kind} start=${this.#at(from)} end=${this.#at(from + length)} ` +
      `department=${department}`;
    const change: Change = ['replace', 'lifecycleEngagement', ...others, value];
    await this.d.modify(person(who), [change]);
  }

  /** What is refused (somebody has left, a member is one already) changes nothing. */
  async #member(next: Extract<Step, { do: 'grant' }>): Promise<void> {
    const { do: verb, who, cn, from, length } = next as typeof next & { do: string };
    const name = `${who} ${cn}`;
    const attribute = cn === 'guests' ? 'memberUid' : 'member';
    const value = attribute === 'memberUid' ? who : person(who);
    const entry = `kind=grant entry="${person(who)}"`;
    if (verb === 'grant') {
      const words = `${entry} when=${this.#at(from)}..${this.#at(from + length)} because=test`;
      const { ok: done } = await this.d.modify(group(cn), [['add', 'tenureHolder', words]]);
      const span = { from: this.now + from * HOUR, until: this.now + (from + length) * HOUR };
      if (done) this.grants.set(name, span);
    } else if (verb === 'revoke') {
      const { ok: done } = await this.d.modify(group(cn), [['delete', 'tenureHolder', entry]]);
      if (done) this.grants.delete(name);
    } else if (verb === 'put') {
      const { ok: done } = await this.d.modify(group(cn), [['add', attribute, value]]);
      if (done) this.hands.add(name);
    } else {
      const { ok: done } = await this.d.modify(group(cn), [['delete', attribute, value]]);
      if (!done) return;
      this.hands.delete(name);
      const granted = this.grants.get(name);
      if (granted !== undefined && granted.from <= this.now) this.grants.delete(name);
    }
  }

  /** Whether the person is to be seen in the group in this second. */
  #expected(uid: string, cn: string): boolean {
    const { d, now } = this;
    const { reader } = d;
    const entry = reader.entry(d.names.idOf(person(uid)))!;
    if (stateOf(entry.id, reader, now) !== 'active') return false;
    const shut = this.shut.get(cn);
    if (shut !== undefined && shut.from <= now && now < shut.until) return false;
    const name = `${uid} ${cn}`;
    const granted = this.grants.get(name);
    if (this.hands.has(name)) return true;
    if (granted !== undefined && granted.from <= now && now < granted.until) return true;
    const { policy } = policyOf(reader);
    const rule = ruledGroups(policy).find((one) => one.name === cn);
    return rule !== undefined && holds(rule.condition, personOf(entry, reader), policy, now);
  }

  compare(): void {
    const { d } = this;
    for (const cn of cns) {
      const seen = d.entry(group(cn));
      const byLogin = cn === 'guests';
      const members = byLogin ? seen.texts('memberUid') : seen.texts('member');
      const expected = uids.filter((uid) => this.#expected(uid, cn));
      const names = byLogin ? expected : expected.map(person);
      expect([cn, ...[...members].sort()]).toEqual([cn, ...names.sort()]);
      const found = d.foundNames(`(&(uid=*)(memberOf=${group(cn)}))`);
      expect([cn, ...found]).toEqual([cn, ...expected.sort()]);
    }
  }
}

test('every holder counts to the second, and none beyond', async () => {
  const chosenSeed = seed();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const history = new History(await TestDirectory.open());
      try {
        for (const next of steps) {
          await history.take(next);
          history.compare();
        }
      } finally {
        await history.d.close();
      }
    }),
    { seed: chosenSeed, numRuns: 12 },
  );
}, 120_000);
