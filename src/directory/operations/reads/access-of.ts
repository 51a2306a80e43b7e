/**
 * What a session may read by the policy in force. Administrators are above it and have no object
 * here. Who a rule is for is decided once for a session's account, address and strength, and anew
 * with each commit and each second, so that a change of rules, of groups or of states takes effect
 * at once, in searches that are under way as well. A document without `access:` means: who has bound
 * reads what is public, and what is personal is for the person, HR and whoever administers people.
 */
import { Judge, rolesOf, valuesAsked } from '../../../policy/core/conditions/index.js';
import type {
  AccessRule,
  AccessWho,
  Condition,
  Policy,
} from '../../../policy/core/language/index.js';
import { type Grant, isInSet, type Operation, ReadAccess, type Test } from '../../access/index.js';
import type { Identity, Origin } from '../../model/identity.js';
import { addressBytes, isIn } from '../../model/network.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import type { AttributeType, Schema } from '../../schema/index.js';
import { personOf, policyOf } from '../lifecycle/index.js';

interface Kept {
  second: number;
  policy: Policy;
  schema: object;
  readonly sessions: Map<string, ReadAccess>;
  /** The same by the very object: what a connection asks with again and again. */
  recent: WeakMap<Identity, { readonly origin: Origin; readonly access: ReadAccess }>;
}

function clear(mine: Kept): void {
  mine.sessions.clear();
  mine.recent = new WeakMap();
}

const kept = new WeakMap<DirectoryReader, Kept>();
const SESSIONS_MAX = 1_024;
/** Of so many others somebody is manager or owner at most; of more, each is asked about. */
const RELATED_MAX = 10_000;

/** Undefined for those who may read everything that anybody may. */
export function accessOf(
  identity: Identity,
  origin: Origin,
  reader: DirectoryReader,
  nowMs: number,
): ReadAccess | undefined {
  if (identity.role === 'administrator') return undefined;
  const second = Math.floor(nowMs / 1000);
  const { policy } = policyOf(reader);
  // What the writer reads may be taken back.
  if (reader.watch === undefined) return make(identity, origin, policy, reader, second);
  const schema = reader.schema();
  let mine = kept.get(reader);
  if (mine === undefined) {
    const fresh: Kept = { second, policy, schema, sessions: new Map(), recent: new WeakMap() };
    mine = fresh;
    kept.set(reader, fresh);
    reader.watch(() => clear(fresh));
  }
  if (mine.second !== second || mine.policy !== policy || mine.schema !== schema) {
    clear(mine);
    mine.second = second;
    mine.policy = policy;
    mine.schema = schema;
  }
  const last = mine.recent.get(identity);
  if (last !== undefined && last.origin === origin) return last.access;
  const key = `${identity.entryId} ${origin.confidential} ${identity.factor} ${origin.address}`;
  let access = mine.sessions.get(key);
  if (access === undefined) {
    access = make(identity, origin, policy, reader, second);
    if (mine.sessions.size >= SESSIONS_MAX) mine.sessions.clear();
    mine.sessions.set(key, access);
  }
  mine.recent.set(identity, { origin, access });
  return access;
}

const all: ReadonlySet<Operation> = new Set(['discover', 'search', 'compare', 'read']);
const personalRoles: ReadonlySet<string> = new Set(['hr', 'people admin']);
const builtIn = (rule: string) => ({ rule, line: 0, operations: all });

function make(
  identity: Identity,
  origin: Origin,
  policy: Policy,
  reader: DirectoryReader,
  second: number,
): ReadAccess {
  const tests = new Tests(identity, policy, reader, second);
  const grants =
    policy.access === undefined
      ? usual(identity, policy, reader, second, tests)
      : policy.access.flatMap((rule) => {
          if (!fits(rule, identity, origin) || !tests.concerns(rule.who)) return [];
          const covers = coverage(rule, reader);
          const operations: ReadonlySet<Operation> = new Set([...rule.may, ...rule.writes]);
          const test = tests.of(rule.who, rule.what);
          return [{ rule: rule.name, line: rule.at.line, operations, covers, test }];
        });
  return new ReadAccess(grants, (all) => tests.merged(all));
}

/** What holds where the document says nothing. */
function usual(
  identity: Identity,
  policy: Policy,
  reader: DirectoryReader,
  second: number,
  tests: Tests,
): Grant[] {
  const entry = reader.entry(identity.entryId);
  if (entry === undefined) return [];
  const isPublic = (type: AttributeType) => isInSet(type, 'public');
  const isPersonal = (type: AttributeType) => isInSet(type, 'personal');
  const test = tests.of({ is: 'self' }, { is: 'everyone' });
  const grants: Grant[] = [
    { ...builtIn('what is public'), covers: isPublic, test: undefined },
    { ...builtIn('the own record'), covers: isPersonal, test },
  ];
  if (policy.roles.length === 0) return grants;
  for (const { name, over, neverOver } of rolesOf(personOf(entry, reader), policy, second)) {
    if (!personalRoles.has(name.toLowerCase().replace(/[-_\s]+/g, ' '))) continue;
    const what: Condition =
      neverOver === undefined ? over : { is: 'and', of: [over, { is: 'not', of: neverOver }] };
    const those: AccessWho = { is: 'those', condition: { is: 'everyone' } };
    grants.push({ ...builtIn(`role ${name}`), covers: isPersonal, test: tests.of(those, what) });
  }
  return grants;
}

/** Whether the session is as the rule wants it. */
function fits(rule: AccessRule, identity: Identity, origin: Origin): boolean {
  if (rule.with.includes('tls') && !origin.confidential) return false;
  if (rule.with.includes('second factor') && identity.factor !== true) return false;
  if (rule.from === undefined) return true;
  const peer = addressBytes(origin.address);
  return peer !== undefined && rule.from.some((network) => isIn(network, peer));
}

interface Covered {
  readonly schema: Schema;
  /** By type: 1 = the rule is about it. */
  readonly types: Uint8Array;
}

const covered = new WeakMap<AccessRule, Covered>();

/** Which attributes a rule is about: worked out once for all sessions. */
function coverage(rule: AccessRule, reader: DirectoryReader): Grant['covers'] {
  const schema = reader.schema();
  let found = covered.get(rule);
  if (found === undefined || found.schema !== schema) {
    const types = new Uint8Array(schema.attributes.length);
    for (const name of rule.attributes) {
      const type = schema.attribute(name);
      if (type !== undefined) for (const one of [type, ...type.subtypes]) types[one.id] = 1;
    }
    for (const type of schema.attributes) {
      if (rule.sets.some((set) => isInSet(type, set))) types[type.id] = 1;
    }
    found = { schema, types };
    covered.set(rule, found);
  }
  const { types } = found;
  return (type) => types[type.id] === 1;
}

const texts = new WeakMap<Condition, string>();

/** Equal for conditions that ask the same. */
function textOf(condition: Condition): string {
  let text = texts.get(condition);
  if (text === undefined) {
    text = JSON.stringify(condition);
    texts.set(condition, text);
  }
  return text;
}

/** Tests of entries for one session; those that ask the same are one. */
class Tests {
  readonly #identity: Identity;
  readonly #policy: Policy;
  readonly #reader: DirectoryReader;
  readonly #second: number;
  readonly #made = new Map<string, Test | undefined>();
  /** What is asked of an entry, by tests that ask nothing else. */
  readonly #conditions = new Map<Test, Condition>();
  readonly #whether = new Map<string, boolean>();
  /** Whom the session manages, and what it owns. */
  readonly #related = new Map<string, ReadonlySet<number> | undefined>();
  /** The entry that was looked at last: many tests are asked of one. */
  #entry: EntryRecord | undefined;
  #judge: Judge | undefined;

  constructor(identity: Identity, policy: Policy, reader: DirectoryReader, second: number) {
    this.#identity = identity;
    this.#policy = policy;
    this.#reader = reader;
    this.#second = second;
  }

  /** Whether the rule can be for whoever asks. */
  concerns(who: AccessWho): boolean {
    if (who.is === 'anyone') return true;
    const { entryId } = this.#identity;
    if (entryId === 0 || who.is !== 'those') return entryId !== 0;
    const key = textOf(who.condition);
    let is = this.#whether.get(key);
    if (is === undefined) {
      is = this.#holds(who.condition, entryId);
      this.#whether.set(key, is);
    }
    return is;
  }

  of(who: AccessWho, what: Condition): Test | undefined {
    const relation = who.is === 'self' || who.is === 'manager' || who.is === 'owner';
    const is = relation ? who.is : undefined;
    if (is === undefined && what.is === 'everyone') return undefined;
    const key = `${is} ${textOf(what)}`;
    let test = this.#made.get(key);
    if (test === undefined) {
      const of = what.is === 'everyone' ? undefined : what;
      test = {
        holds: ({ id }) =>
          (is === undefined || this.#isRelated(is, id)) &&
          (of === undefined || this.#holds(of, id)),
      };
      if (is === undefined && of !== undefined) this.#conditions.set(test, of);
      this.#made.set(key, test);
    }
    return test;
  }

  /** Tests for values become one, however many there are: a look for each attribute they ask. */
  merged(tests: readonly Test[]): readonly Test[] {
    const asked = new Map<string, Set<string>>();
    const others: Test[] = [];
    for (const test of tests) {
      const condition = this.#conditions.get(test);
      const values = condition && valuesAsked(condition);
      if (values === undefined) others.push(test);
      for (const [attribute, wanted] of values ?? []) {
        const all = asked.get(attribute) ?? new Set();
        asked.set(attribute, all);
        for (const value of wanted) all.add(value);
      }
    }
    if (asked.size === 0) return others;
    const all = Array.from(asked, ([attribute, values]) => ({ attribute, values }));
    const either: Test = {
      holds: ({ id }) => {
        const judge = this.#judgeOf(id);
        if (judge === undefined) return false;
        return all.some(({ attribute, values }) => judge.hasOneOf(attribute, values));
      },
    };
    return [either, ...others];
  }

  #isRelated(is: 'self' | 'manager' | 'owner', id: number): boolean {
    const { entryId } = this.#identity;
    if (is === 'self') return id === entryId;
    const type = this.#reader.schema().attribute(is);
    if (type === undefined) return false;
    if (!this.#related.has(is)) {
      const ids = this.#reader.sourcesOf(entryId, [type]);
      this.#related.set(is, ids.length > RELATED_MAX ? undefined : new Set(ids));
    }
    const those = this.#related.get(is);
    return those === undefined ? this.#reader.hasEdge(id, type, entryId, '') : those.has(id);
  }

  #holds(condition: Condition, id: number): boolean {
    return this.#judgeOf(id)?.holds(condition) === true;
  }

  #judgeOf(id: number): Judge | undefined {
    const entry = this.#reader.entry(id);
    if (entry === undefined) return undefined;
    if (this.#judge === undefined || this.#entry !== entry) {
      this.#entry = entry;
      this.#judge = new Judge(personOf(entry, this.#reader), this.#policy, this.#second);
    }
    return this.#judge;
  }
}
