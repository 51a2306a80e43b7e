/**
 * What one session may read, out of the grants that are for it. A grant is over every entry, or over
 * those of which a test holds; tests are few, so each is asked once an entry, and only for what no
 * other grant gives anyway. Pure: the tests come from whoever made the grants.
 *
 *   may('search', type, entry)   true, or false: such an assertion is then Undefined
 *   always('search', type)       of every entry: nothing has to be asked entry by entry
 *   never('search', type)        of none: a filter that names it is Undefined as it stands
 *   decide('read', entry, type)  the same with the rule that gave it
 *
 * An entry that may not be discovered is not there. What a type keeps for few (`readers`) and
 * secrets are decided elsewhere (rules.ts); here such a type is as any other.
 */
import type { EntryMeta } from '../model/change.js';
import type { AttributeType } from '../schema/index.js';

export type Operation =
  | 'discover'
  | 'search'
  | 'compare'
  | 'read'
  | 'write'
  | 'add'
  | 'delete'
  | 'rename';

/** An entry as tests see it. */
export type Asked = EntryMeta & { readonly id: number };

/** Whether a grant is over an entry; the same object in all grants that ask the same. */
export interface Test {
  holds(entry: Asked): boolean;
}

export interface Grant {
  /** Of the rule, with its line in the document; 0 where it is built in. */
  readonly rule: string;
  readonly line: number;
  readonly operations: ReadonlySet<Operation>;
  readonly covers: (type: AttributeType) => boolean;
  /** Undefined: over every entry. */
  readonly test: Test | undefined;
}

export interface Decision {
  readonly allowed: boolean;
  /** The grant that gives it. */
  readonly grant: Grant | undefined;
}

/** A test, and what it said of the entry that was asked about in a turn. */
class Answered {
  readonly test: Test;
  turn = 0;
  answer = false;

  constructor(test: Test) {
    this.test = test;
  }
}

const nothing: readonly Answered[] = [];

/** Fewer tests of which one holds just where one of these does. */
export type Merge = (tests: readonly Test[]) => readonly Test[];

export class ReadAccess {
  readonly #grants: readonly Grant[];
  /** Every entry may be discovered. */
  readonly discoversAll: boolean;
  readonly #discovering: readonly Grant[];
  readonly #discoveringTests: readonly Answered[];
  readonly #merge: Merge;
  /** By operation, then by type: true, or the tests of which one is enough. */
  readonly #known = new Map<Operation, (true | readonly Answered[] | undefined)[]>();
  /** One for each test, whoever asks for it. */
  readonly #answered = new Map<Test, Answered>();
  /** The entry that was asked about last, and how many were before it. */
  #entry: Asked | undefined;
  #turn = 0;

  constructor(grants: readonly Grant[], merge: Merge = (tests) => tests) {
    this.#grants = grants;
    this.#merge = merge;
    this.#discovering = grants.filter(({ operations }) => operations.has('discover'));
    this.discoversAll = this.#discovering.some(({ test }) => test === undefined);
    this.#discoveringTests = this.#testsOf(this.#discovering);
  }

  /** Whether anything at all is given. */
  get any(): boolean {
    return this.#discovering.length > 0;
  }

  /** Whether anything of that kind is given at all. */
  gives(operation: Operation): boolean {
    return this.#grants.some(({ operations }) => operations.has(operation));
  }

  /** Everything that gives the operation to anybody who asks through it. */
  giving(operation: Operation): readonly Grant[] {
    return this.#grants.filter(({ operations }) => operations.has(operation));
  }

  discovers(entry: Asked): boolean {
    return this.discoversAll || this.#any(this.#discoveringTests, entry);
  }

  may(operation: Operation, type: AttributeType, entry: Asked): boolean {
    const given = this.#given(operation, type);
    return given === true || this.#any(given, entry);
  }

  always(operation: Operation, type: AttributeType): boolean {
    return this.#given(operation, type) === true;
  }

  never(operation: Operation, type: AttributeType): boolean {
    return this.#given(operation, type) === nothing;
  }

  decide(operation: Operation, entry: Asked, type?: AttributeType): Decision {
    const fitting = this.#grants.filter(
      (grant) => grant.operations.has(operation) && (type === undefined || grant.covers(type)),
    );
    this.#turnTo(entry);
    const grant =
      fitting.find(({ test }) => test === undefined) ??
      fitting.find(({ test }) => test !== undefined && this.#holds(this.#of(test), entry));
    return { allowed: grant !== undefined, grant };
  }

  /** What was kept of an entry may have changed: call at the begin of each slice of work. */
  forget(): void {
    this.#entry = undefined;
  }

  #given(operation: Operation, type: AttributeType): true | readonly Answered[] {
    let types = this.#known.get(operation);
    if (types === undefined) {
      types = [];
      this.#known.set(operation, types);
    }
    let given = types[type.id];
    if (given === undefined) {
      const fitting = this.#grants.filter(
        ({ operations, covers }) => operations.has(operation) && covers(type),
      );
      if (fitting.some(({ test }) => test === undefined)) given = true;
      else given = fitting.length === 0 ? nothing : this.#testsOf(fitting);
      types[type.id] = given;
    }
    return given;
  }

  #testsOf(grants: readonly Grant[]): readonly Answered[] {
    const tests = this.#merge([...new Set(grants.flatMap(({ test }) => test ?? []))]);
    return tests.map((test) => this.#of(test));
  }

  #of(test: Test): Answered {
    let answered = this.#answered.get(test);
    if (answered === undefined) {
      answered = new Answered(test);
      this.#answered.set(test, answered);
    }
    return answered;
  }

  #any(tests: readonly Answered[], entry: Asked): boolean {
    if (tests.length === 0) return false;
    this.#turnTo(entry);
    for (const test of tests) if (this.#holds(test, entry)) return true;
    return false;
  }

  #turnTo(entry: Asked): void {
    if (this.#entry === entry) return;
    this.#entry = entry;
    this.#turn += 1;
  }

  #holds(answered: Answered, entry: Asked): boolean {
    if (answered.turn !== this.#turn) {
      answered.answer = answered.test.holds(entry);
      answered.turn = this.#turn;
    }
    return answered.answer;
  }
}
