/**
 * Which password policy holds for whom: the one that the person's entry names, else the first whose
 * filter matches, else the first without a filter. What was found is kept by entry until a commit
 * touches that entry or any policy, so that a bind asks the database nothing.
 */
import { type Bytes, bufferOf, textOfBytes } from '../../model/bytes.js';
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import {
  noPolicy,
  noState,
  type PasswordPolicy,
  type PasswordState,
  readPolicy,
  readState,
} from '../../ppolicy/index.js';
import { type AttributeType, type Kind, normalizeDn, type Schema } from '../../schema/index.js';
import { parseFilter } from '../../text/index.js';
import { Compiler } from '../compile.js';
import { Evaluator } from '../evaluate.js';
import { type Node, TRUE, undecidable } from '../leaf.js';
import { policyOf, type Texts } from '../lifecycle/index.js';
import { Memberships } from '../memberships.js';
import { Names } from '../names.js';
import { type StaticEntry, testStatic } from '../static-entry.js';
import { textsOf } from '../texts-of.js';
import { documentRuleOf, tightened } from './document-rules.js';
import { leavesOf } from './leaves.js';
import { StateMarks } from './state-marks.js';

/** Why a policy holds. */
export type PolicyReason =
  | { readonly kind: 'explicit' }
  | { readonly kind: 'filter'; readonly filter: string }
  | { readonly kind: 'default' };

export interface FoundPolicy {
  readonly entryId: number;
  readonly policy: PasswordPolicy;
  readonly reason: PolicyReason;
}

/** The policy and the state of one person's password. */
export interface Standing {
  /** Undefined where no policy holds. */
  readonly found: FoundPolicy | undefined;
  /** Of `found`, or the one that asks nothing. */
  readonly policy: PasswordPolicy;
  readonly state: PasswordState;
}

interface Listed {
  readonly id: number;
  readonly order: number;
  readonly filter: string | undefined;
  readonly node: Node | undefined;
}

/** Of somebody under no policy, of whom nothing is recorded. */
export const noStanding: Standing = { found: undefined, policy: noPolicy, state: noState };

/** The class of policies that find their people themselves. */
export const FINDING_CLASS = 'tenurePasswordPolicy';
const SUBENTRY = 'pwdPolicySubentry';
const POLICIES_MAX = 1_000;
/** People of whom it is kept which policy holds; past it all are forgotten and found again. */
const STANDINGS_MAX = 262_144;
/** Filters of policies see everything that is stored. */
const seesAll: Identity = { role: 'administrator', dn: '', entryId: 0 };

export class Policies {
  readonly #reader: DirectoryReader;
  readonly #names: Names;
  readonly #compiler: Compiler;
  /** False in the writer thread, where every look is a fresh one. */
  readonly #keeps: boolean;
  /** By entry. */
  #standings = new Map<number, Standing>();
  /** Of those of whom nothing is recorded, by policy (0: none). */
  #plain = new Map<number, Standing>();
  #byId = new Map<number, PasswordPolicy | undefined>();
  #byKind = new Map<Kind, Standing>();
  readonly #marks: StateMarks;
  #classesOnly: boolean | undefined;
  #list: readonly Listed[] | undefined;
  #listStale = false;
  #descriptions: unknown;
  #company: unknown;

  constructor(reader: DirectoryReader, names: Names) {
    this.#reader = reader;
    this.#names = names;
    this.#compiler = new Compiler(reader);
    this.#marks = new StateMarks(reader);
    this.#keeps = reader.watch !== undefined;
    reader.watch?.(({ entries, population, schema, all }) => {
      if (all || schema || entries.some((id) => this.#byId.has(id))) this.#forget();
      else if (population) this.#listStale = true;
      for (const id of entries) this.#standings.delete(id);
    });
  }

  #forget(): void {
    this.#standings = new Map();
    this.#plain = new Map();
    this.#byId = new Map();
    this.#byKind = new Map();
    this.#classesOnly = undefined;
    this.#list = undefined;
    this.#listStale = false;
  }

  of(entry: EntryRecord): Standing {
    return tightened(this.#pwdPolicy(entry), documentRuleOf(entry, this.#reader));
  }

  /** What the password policies say, whatever the lifecycle policy says. */
  #pwdPolicy(entry: EntryRecord): Standing {
    if (!this.#keeps) this.#forget();
    if (this.#listStale) this.#checkList();
    this.#checkCalendar();
    let standing = this.#plainOf(entry) ?? this.#standings.get(entry.id);
    if (standing === undefined) {
      standing = this.#shared(this.#find(entry), this.#state(entry));
      if (this.#standings.size >= STANDINGS_MAX) this.#standings.clear();
      this.#standings.set(entry.id, standing);
    }
    return standing;
  }

  /** Leaves are dates in a zone, and what an end date means is the lifecycle policy's to say. */
  #checkCalendar(): void {
    const { company } = policyOf(this.#reader).policy;
    if (this.#company === company) return;
    this.#company = company;
    this.#standings = new Map();
  }

  /**
   * Of whom nothing is recorded, where policies tell people apart by their classes if at all:
   * nothing has to be kept of each.
   */
  #plainOf(entry: EntryRecord): Standing | undefined {
    if (entry.hasEdges || !this.#byClass() || !this.#marks.none(entry.body)) return undefined;
    if (entry.id === this.#reader.administratorId()) return undefined;
    let standing = this.#byKind.get(entry.kind);
    if (standing === undefined) {
      standing = this.#shared(this.#find(entry), noState);
      this.#byKind.set(entry.kind, standing);
    }
    return standing;
  }

  /** Whether no policy asks for anything but classes. */
  #byClass(): boolean {
    const policies = this.#policies();
    if (this.#classesOnly === undefined) {
      this.#classesOnly = policies.every(({ node }) => node === undefined || asksClasses(node));
    }
    return this.#classesOnly;
  }

  /** Most people under a policy have nothing recorded: one object stands for all of them. */
  #shared(found: FoundPolicy | undefined, state: PasswordState): Standing {
    const policy = found?.policy ?? noPolicy;
    if (state !== noState || found?.reason.kind === 'explicit') return { found, policy, state };
    const id = found?.entryId ?? 0;
    let plain = this.#plain.get(id);
    if (plain === undefined) {
      plain = { found, policy, state };
      this.#plain.set(id, plain);
    }
    return plain;
  }

  /** The policy for an entry that is about to be added: its filters see what is given. */
  ofNew(given: NewAttributes): Standing {
    if (!this.#keeps) this.#forget();
    if (this.#listStale) this.#checkList();
    const id = this.#namedIn(given) ?? this.#firstFor(newEntry(given, this.#reader.schema()));
    const policy = id === undefined ? undefined : this.#policyAt(id);
    const standing = policy === undefined ? noStanding : { ...noStanding, policy };
    return tightened(standing, documentRuleOf(nowhere, this.#reader, textsOfNew(given)));
  }

  #namedIn(given: NewAttributes): number | undefined {
    const named = given.find(({ attribute }) => attribute.toLowerCase() === SUBENTRY.toLowerCase());
    const dn = named?.values[0] && normalizeDn(this.#reader.schema(), textOfBytes(named.values[0]));
    const id = dn ? this.#names.resolve(dn).id : 0;
    return id === 0 || this.#policyAt(id) === undefined ? undefined : id;
  }

  #firstFor(entry: StaticEntry): number | undefined {
    const schema = this.#reader.schema();
    const fits = ({ node }: Listed) =>
      node === undefined || testStatic(node, entry, schema) === TRUE;
    return this.#policies().find(fits)?.id;
  }

  #find(entry: EntryRecord): FoundPolicy | undefined {
    const explicit = this.#explicit(entry);
    if (explicit !== undefined) return explicit;
    // Nothing but what its entry names binds the administrator, who would help himself anyway.
    if (entry.id === this.#reader.administratorId()) return undefined;
    for (const { id, filter, node } of this.#policies()) {
      const policy = this.#policyAt(id);
      if (policy === undefined) continue;
      if (node === undefined) return { entryId: id, policy, reason: { kind: 'default' } };
      if (this.#evaluator().test(node, entry) !== TRUE) continue;
      return { entryId: id, policy, reason: { kind: 'filter', filter: filter! } };
    }
    return undefined;
  }

  #explicit(entry: EntryRecord): FoundPolicy | undefined {
    const type = entry.hasEdges ? this.#reader.schema().attribute(SUBENTRY) : undefined;
    if (type === undefined) return undefined;
    const id = this.#reader.edgesFrom(entry.id, type)[0]?.target ?? 0;
    const policy = id === 0 ? undefined : this.#policyAt(id);
    return policy && { entryId: id, policy, reason: { kind: 'explicit' } };
  }

  #policyAt(id: number): PasswordPolicy | undefined {
    if (this.#byId.has(id)) return this.#byId.get(id);
    const entry = this.#reader.entry(id);
    const cls = this.#reader.schema().objectClass('pwdPolicy');
    const is = entry !== undefined && cls !== undefined && entry.kind.has(cls);
    const policy = is ? readPolicy((name) => textsOf(entry, name, this.#reader)[0]) : undefined;
    this.#byId.set(id, policy);
    return policy;
  }

  #state(entry: EntryRecord): PasswordState {
    const state = readState((name) => textsOf(entry, name, this.#reader));
    const nothing = (Object.keys(noState) as (keyof PasswordState)[]).every(
      (key) => state[key] === noState[key],
    );
    const away = leavesOf(entry, this.#reader);
    if (away !== undefined) return { ...state, away };
    return nothing ? noState : state;
  }

  #evaluator(): Evaluator {
    const reader = this.#reader;
    // No filter of a policy asks for anything that depends on the time.
    const nowMs = () => 0;
    const memberships = new Memberships(reader, nowMs);
    return new Evaluator({ reader, names: this.#names, memberships, identity: seesAll, nowMs });
  }

  // ---- the list -----------------------------------------------------------------------------------

  /** In the order in which they are asked. */
  #policies(): readonly Listed[] {
    const descriptions = this.#reader.descriptions();
    // Compiled filters name attributes by number: a new one makes them stale.
    if (this.#list === undefined || descriptions !== this.#descriptions) {
      this.#descriptions = descriptions;
      this.#classesOnly = undefined;
      this.#list = this.#ids()
        .map((id) => this.#listed(id))
        .sort((a, b) => rank(a) - rank(b) || a.order - b.order || a.id - b.id);
    }
    return this.#list;
  }

  #ids(): readonly number[] {
    const cls = this.#reader.schema().objectClass(FINDING_CLASS);
    const kinds = this.#reader.kinds().filter((kind) => cls !== undefined && kind.has(cls));
    return kinds.length === 0 ? [] : this.#reader.idsOfKinds(kinds, POLICIES_MAX).ids;
  }

  #listed(id: number): Listed {
    const entry = this.#reader.entry(id);
    const first = (name: string) => entry && textsOf(entry, name, this.#reader)[0];
    const filter = first('tenurePolicyFilter');
    const order = Number(first('tenurePolicyOrder') ?? 0);
    return { id, order, filter, node: filter === undefined ? undefined : this.#compile(filter) };
  }

  /** The write hook let sound filters pass only; a schema that changed since makes one match nobody. */
  #compile(filter: string): Node {
    try {
      return this.#compiler.compile(parseFilter(filter), seesAll);
    } catch {
      return undecidable;
    }
  }

  /** Entries came or went somewhere: most of the time none of them is a policy. */
  #checkList(): void {
    this.#listStale = false;
    if (this.#list === undefined) return;
    const known = new Set(this.#list.map(({ id }) => id));
    const now = this.#ids();
    if (now.length !== known.size || now.some((id) => !known.has(id))) this.#forget();
  }
}

/** The attributes of an add, as they were sent. */
export type NewAttributes = readonly {
  readonly attribute: string;
  readonly values: readonly Bytes[];
}[];

/** One that is being added: in no place and no group yet. */
const nowhere = { id: 0, parentId: 0 };

const textsOfNew =
  (given: NewAttributes): Texts =>
  (key) =>
    given
      .filter(({ attribute }) => attribute.toLowerCase() === key)
      .flatMap(({ values }) => values.map(textOfBytes));

function newEntry(given: NewAttributes, schema: Schema): StaticEntry {
  const values = new Map<AttributeType, readonly Buffer[]>();
  const classes: string[] = [];
  for (const { attribute, values: bytes } of given) {
    const type = schema.describe(attribute)?.type;
    if (type === undefined) continue;
    if (type.name === 'objectClass') {
      for (const name of bytes.map(textOfBytes)) {
        const cls = schema.objectClass(name);
        if (cls !== undefined) classes.push(...[cls, ...cls.superclasses].map((c) => c.name));
      }
    }
    values.set(type, bytes.map(bufferOf));
  }
  return { dn: '', values, classes };
}

/** Whether entries of one kind are all alike to the filter. */
function asksClasses(node: Node): boolean {
  switch (node.node) {
    case 'constant':
    case 'class':
      return true;
    case 'not':
      return asksClasses(node.child);
    case 'and':
    case 'or':
      return node.children.every(asksClasses);
    default:
      return false;
  }
}

/** One without a filter is asked last, whatever its order. */
const rank = ({ filter }: Listed): number => (filter === undefined ? 1 : 0);

const byReader = new WeakMap<DirectoryReader, Policies>();

/** The policies as this reader sees them: one object for all who ask. */
export function policiesOf(reader: DirectoryReader): Policies {
  let policies = byReader.get(reader);
  if (policies === undefined) {
    policies = new Policies(reader, new Names(reader));
    byReader.set(reader, policies);
  }
  return policies;
}
