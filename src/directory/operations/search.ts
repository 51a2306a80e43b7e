/**
 * A search of the tree as a run that is pulled: plan the candidates, then page through them in id
 * order, testing and projecting. Between pulls only numbers are kept: no statement, no snapshot, no
 * entry. A failure of any kind becomes the run's result.
 */
import type { SealedKind } from '../../credentials/index.js';
import { errorShape, LdapError } from '../../runtime/errors.js';
import type { Limits } from '../../runtime/limits.js';
import { mayReadTree, readRefused } from '../access/index.js';
import type { Identity } from '../model/identity.js';
import type { EntryRecord } from '../ports.js';
import type { Witness } from './audit/index.js';
import { mayBeShut } from './brownouts.js';
import { type Plan, planFilter } from './candidates.js';
import type { Compiler } from './compile.js';
import { ATTRIBUTE_RIGHTS, askedAbout, EffectiveRights, ENTRY_RIGHTS } from './effective/index.js';
import { Evaluator } from './evaluate.js';
import { always, type Node, TRUE } from './leaf.js';
import { assertMayGoOn, isBrownedOut, readingIdentity } from './lifecycle/index.js';
import type { Memberships } from './memberships.js';
import type { Names } from './names.js';
import { kindsShownTo, type NtHashTools, putNtHash } from './nt-hashes.js';
import { above, type Cookies } from './paging.js';
import { usabilityOf } from './policies/index.js';
import { newOutgoing, project, putAttribute } from './project.js';
import { accessOf, isDiscovered, isRestricted, known } from './reads/index.js';
import { remedy } from './remedy.js';
import { answerInTheirs, type Renames, renamesFor, requestInOurs } from './renamed.js';
import { findBase, inScope, makeScope, type Scope } from './scope.js';
import type { AccessMap } from './seen.js';
import type { Selection, Selections } from './selection.js';
import type { Context, EntrySink, SearchDone, SearchRequest, SearchRun } from './types.js';
import { type View, viewFor } from './view.js';

/** What every search of one thread shares. */
export interface SearchTools {
  readonly reader: View['reader'];
  readonly names: Names;
  readonly compiler: Compiler;
  readonly selections: Selections;
  readonly cookies: Cookies;
  readonly limits: Limits;
  /** A clock that never goes back, ms. */
  readonly monotonicMs: () => number;
  readonly nowMs: () => number;
  readonly ntHashes: NtHashTools;
  /** Hears of searches for one person; undefined where no access map is kept. */
  readonly accessMap: AccessMap | undefined;
  /** Hears of reads of secrets, and of refusals; undefined where there is no audit trail. */
  readonly witness?: Witness | undefined;
  /** Called with what was not meant to be thrown. */
  readonly onDefect: (error: unknown) => void;
}

const PAGE = 128;
/** Entries between two looks at the clock. */
const CLOCK_EVERY = 32;
const done: SearchDone = { code: 'success', text: '', matchedDn: '' };

/** Entries on their way out are written into this one: nothing keeps it over a sink's return. */
const outgoing = newOutgoing();

export class TreeSearch implements SearchRun {
  readonly #tools: SearchTools;
  readonly #request: SearchRequest;
  readonly #context: Context;
  /** Who asks, with what the policy lets them read. */
  readonly #identity: Identity;
  readonly #renames: Renames | undefined;
  #result: SearchDone | undefined;
  #scope: Scope | undefined;
  #node: Node = always;
  #selection: Selection | undefined;
  /** Kinds of NT hashes that are shown to whoever asks. */
  #kinds: readonly SealedKind[] | undefined;
  /** Whether one went out: that somebody's would have been shown is no trace of them. */
  #gaveHash = false;
  /** Candidates, ascending; undefined: a scan in id order. */
  #ids: readonly number[] | undefined;
  #exact = false;
  #exactFor: View['access'];
  #index = 0;
  #lastId = 0;
  #sent = 0;
  #deadlineMs = 0;
  #pageSize = 0;
  #memberships: Memberships | undefined;
  /** The application or machine that asks, 0 where it is none or nobody keeps count. */
  readonly #consumer: number;
  /** Groups that were shut, and would have had an answer. */
  #missed: Set<number> | undefined;

  constructor(tools: SearchTools, request: SearchRequest, context: Context) {
    this.#tools = tools;
    this.#renames = renamesFor(context.identity, tools.reader);
    this.#request = this.#renames ? requestInOurs(request, this.#renames) : request;
    this.#context = context;
    this.#consumer = tools.accessMap?.consumerOf(context.identity) ?? 0;
    const { identity, origin } = context;
    const access = accessOf(identity, origin, tools.reader, tools.nowMs());
    this.#identity = readingIdentity(known(identity, access), tools.reader, tools.nowMs);
  }

  get result(): SearchDone | undefined {
    return this.#result;
  }

  pull(sink: EntrySink, sliceEndsMonotonicMs: number): 'full' | 'slice' | 'done' {
    try {
      const view = this.#view();
      assertMayGoOn(this.#context.identity, view.reader, view.nowMs());
      if (this.#scope === undefined) this.#start(view);
      if (this.#result !== undefined) return 'done';
      const how = this.#run(view, sink, sliceEndsMonotonicMs);
      if (how === 'done') this.#tools.witness?.missed(this.#missed, 'search', this.#context);
      return how;
    } catch (error) {
      if (!(error instanceof LdapError)) this.#tools.onDefect(error);
      this.#result = errorShape(error);
      const { code, text } = this.#result;
      if (code === 'insufficientAccessRights') {
        this.#tools.witness?.refusedRead(this.#request, this.#context, text);
      }
      return 'done';
    }
  }

  /** What is remembered about memberships must not outlive the turn. */
  #view(): View {
    const { identity, origin } = this.#context;
    const { reader, nowMs } = this.#tools;
    const access = accessOf(identity, origin, reader, nowMs());
    const view = viewFor(this.#identity, this.#tools, access, this.#missing());
    // What an index says is the answer only for as long as the same rules hold.
    if (this.#exact && this.#exactFor !== access) this.#exact = !isRestricted(this.#node, view);
    this.#exactFor = access;
    this.#memberships = view.memberships;
    return view;
  }

  /** Undefined where no group is ever shut. */
  #missing(): View['missed'] {
    const { reader, witness } = this.#tools;
    if (witness === undefined || !mayBeShut(reader)) return undefined;
    this.#missed ??= new Set();
    const missed = this.#missed;
    return (group) => void missed.add(group);
  }

  #start(view: View): void {
    const request = this.#request;
    const identity = this.#identity;
    const tools = this.#tools;
    if (!mayReadTree(identity)) throw readRefused(identity);
    const base = findBase(request, view);
    this.#scope = makeScope(request, base, view);
    this.#checkAssertion(base, view);
    this.#node = tools.compiler.compile(request.filter, identity);
    this.#selection = tools.selections.select(request.attributes, request.typesOnly, identity);
    const { ntHashes } = tools;
    if (this.#selection.consumed.length > 0) {
      this.#kinds = kindsShownTo(this.#context, tools.reader, ntHashes);
    }
    this.#deadline();
    if (request.paged !== undefined) {
      if (request.paged.size === 0 && request.paged.cookie.length > 0) {
        // RFC 2696 §3: the client wants no more of it.
        this.#finish(0);
        return;
      }
      this.#lastId = tools.cookies.read(request.paged.cookie, request, identity);
      this.#pageSize = Math.min(request.paged.size, tools.limits.pageSizeMax);
      if (this.#pageSize === 0) this.#pageSize = tools.limits.pageSizeMax;
    }
    this.#plan(base, view);
  }

  #deadline(): void {
    const most = this.#tools.limits.timeLimitMaxSeconds;
    const asked = this.#request.timeLimit;
    const seconds = most > 0 && (asked === 0 || asked > most) ? most : asked;
    this.#deadlineMs = seconds === 0 ? Infinity : this.#tools.monotonicMs() + seconds * 1000;
  }

  /** RFC 4528 §3: the assertion is about the base object. */
  #checkAssertion(base: EntryRecord, view: View): void {
    const { assertion } = this.#request;
    if (assertion === undefined) return;
    const node = this.#tools.compiler.compile(assertion, this.#identity);
    if (new Evaluator(view).test(node, base) !== TRUE) {
      throw new LdapError('assertionFailed', 'the assertion does not hold for the base object');
    }
  }

  #plan(base: EntryRecord, view: View): void {
    const { reader } = view;
    const scope = this.#scope!;
    if (scope.kind === 'base') {
      this.#ids = [base.id];
      return;
    }
    const plan: Plan = planFilter(this.#node, view);
    this.#ids = plan.ids;
    this.#exact = plan.exact && !isRestricted(this.#node, view);
    if (scope.kind === 'one' && scope.single.length === 0) this.#planOneLevel(base.id, plan, view);
    else if (plan.ids === undefined) this.#planSubtree(scope, view);
    const count = this.#ids?.length ?? reader.entryCount();
    const most = this.#tools.limits.unindexedCandidatesMax;
    if (plan.unindexed !== undefined && count > most) {
      throw new LdapError(
        'unwillingToPerform',
        // How many there are is not for everybody to know.
        `the search would have to read more than ${most} entries because ${plan.unindexed} has no ` +
          `index for it; ${remedy(plan.unindexed, view)}`,
      );
    }
    if (this.#lastId > 0 && this.#ids !== undefined) this.#index = above(this.#ids, this.#lastId);
  }

  /** The children are candidates too; the smaller set wins. */
  #planOneLevel(base: number, plan: Plan, view: View): void {
    const children = view.reader.childCount(base);
    if (plan.ids !== undefined && plan.ids.length <= children) return;
    if (children > view.reader.entryCount() / 2) {
      this.#ids = undefined;
      this.#exact &&= plan.ids === undefined;
      return;
    }
    this.#ids = view.reader.childIds(base, 0, children + 1);
    this.#exact &&= plan.ids === undefined;
  }

  /** A small subtree is walked; a large one is most of the store, so the store is scanned. */
  #planSubtree(scope: Scope, view: View): void {
    const { reader } = view;
    const roots = scope.bases.every((base) => view.names.parentOf(base) === 0);
    if (roots && scope.bases.length === reader.suffixes().length) return;
    const ids: number[] = [];
    const most = Math.min(this.#tools.limits.unindexedCandidatesMax, reader.entryCount() / 4);
    const pending = [...scope.bases];
    const seen = new Set<number>();
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      ids.push(next);
      const children = reader.childCount(next);
      if (children === 0) continue;
      if (ids.length + pending.length + children > most) return;
      pending.push(...reader.childIds(next, 0, children + 1));
    }
    this.#ids = ids.sort((a, b) => a - b);
  }

  #run(view: View, sink: EntrySink, sliceEndsMs: number): 'full' | 'slice' | 'done' {
    // A sink that is full after each entry must not put the deadline off for ever.
    if (this.#deadlineMs !== Infinity && this.#tools.monotonicMs() > this.#deadlineMs) {
      return this.#stop('timeLimitExceeded');
    }
    const evaluator = new Evaluator(view);
    const rights = this.#rights(view);
    for (let tested = 0; ; ) {
      const page = this.#nextPage(view);
      if (page.length === 0) return this.#finish(0);
      if (page.length > 1 && this.#selection!.wantsGroups) {
        this.#memberships!.load(page.map((entry) => entry.id));
      }
      for (const entry of page) {
        tested += 1;
        // Rights are many questions an entry.
        if (tested % CLOCK_EVERY === 0 || (rights !== undefined && tested > 1)) {
          const now = this.#tools.monotonicMs();
          if (now > this.#deadlineMs) return this.#stop('timeLimitExceeded');
          if (now > sliceEndsMs) return 'slice';
        }
        if (!inScope(this.#scope!, entry, view) || !this.#matches(evaluator, entry, view)) {
          this.#passed(entry);
          continue;
        }
        if (this.#pageSize > 0 && this.#sent === this.#pageSize) {
          return this.#finish(this.#lastId);
        }
        if (this.#tooMany()) return this.#stop('sizeLimitExceeded');
        project(entry, this.#selection!, view, outgoing);
        if (this.#kinds !== undefined) this.#putHash(entry, this.#kinds);
        if (rights !== undefined) this.#putRights(entry, rights);
        if (this.#renames !== undefined) answerInTheirs(outgoing, this.#renames);
        outgoing.usability =
          this.#request.usability === true ? usabilityOf(entry, view) : undefined;
        this.#sent += 1;
        this.#passed(entry);
        if (!sink(outgoing)) return 'full';
      }
      if (this.#ids !== undefined && this.#index >= this.#ids.length) {
        return this.#finish(0);
      }
    }
  }

  #matches(evaluator: Evaluator, entry: EntryRecord, view: View): boolean {
    if (!this.#exact && evaluator.test(this.#node, entry) !== TRUE) return false;
    return view.withheld?.hidesEntry(entry.id) !== true && isDiscovered(entry, view);
  }

  #passed(entry: EntryRecord): void {
    this.#lastId = entry.id;
    if (this.#ids !== undefined) {
      while (this.#index < this.#ids.length && this.#ids[this.#index]! <= entry.id) this.#index++;
    }
  }

  #nextPage(view: View): readonly EntryRecord[] {
    const ids = this.#ids;
    if (ids === undefined) return view.reader.entriesAfter(this.#lastId, PAGE);
    while (this.#index < ids.length) {
      if (ids.length === 1) {
        const entry = view.reader.entry(ids[0]!);
        return entry === undefined ? [] : [entry];
      }
      const page = ids.slice(this.#index, this.#index + PAGE);
      const entries = view.reader.entries(page);
      // Entries that went since the plan was made leave nothing behind; look at the next page.
      if (entries.length > 0) return entries;
      this.#index += page.length;
    }
    return [];
  }

  /** What somebody may do, where the search asks for it: anew in each slice. */
  #rights(view: View): EffectiveRights | undefined {
    const { rightsOf, attributes } = this.#request;
    if (rightsOf === undefined) return undefined;
    const { identity, origin } = this.#context;
    const asked = askedAbout(rightsOf, identity, origin, this.#tools);
    return new EffectiveRights(asked, attributes, view);
  }

  #putRights(entry: EntryRecord, rights: EffectiveRights): void {
    const { entry: letters, attributes } = rights.of(entry, outgoing);
    const { typesOnly } = this.#request;
    putAttribute(outgoing, ENTRY_RIGHTS, [Buffer.from(letters)], typesOnly);
    putAttribute(outgoing, ATTRIBUTE_RIGHTS, [Buffer.from(attributes)], typesOnly);
  }

  #putHash(entry: EntryRecord, kinds: readonly SealedKind[]): void {
    const { consumed: names, typesOnly } = this.#selection!;
    const { reader, ntHashes } = this.#tools;
    let shown = false;
    putNtHash(entry, { names, kinds }, reader, ntHashes, (name, values) => {
      putAttribute(outgoing, name, values, typesOnly);
      shown = true;
    });
    if (!shown) return;
    this.#gaveHash = true;
    this.#tools.witness?.readSecret(entry.id, this.#context);
  }

  /** At the end of a search of an application or a machine: it may have been for one person. */
  #wasSeen(): void {
    const candidates = this.#ids;
    if (candidates === undefined || candidates.length > 1) return;
    const found = { candidates, hashes: this.#gaveHash };
    const { accessMap, witness, reader, nowMs } = this.#tools;
    const person = accessMap?.searched(this.#consumer, this.#request, this.#context, found);
    if (person === undefined || !isBrownedOut(person, reader, nowMs())) return;
    witness?.askedFor(person, this.#context);
  }

  #tooMany(): boolean {
    const most = this.#tools.limits.sizeLimitMax;
    const asked = this.#request.sizeLimit;
    const limit = most > 0 && (asked === 0 || asked > most) ? most : asked;
    return limit > 0 && this.#sent >= limit;
  }

  #stop(code: 'sizeLimitExceeded' | 'timeLimitExceeded'): 'done' {
    const text = `stopped after ${this.#sent} entries`;
    this.#result = { code, text, matchedDn: '' };
    return 'done';
  }

  /** `more` is the id behind which the next page starts, 0 where there is none. */
  #finish(more: number): 'done' {
    if (this.#consumer !== 0) this.#wasSeen();
    const { paged } = this.#request;
    if (paged === undefined) {
      this.#result = done;
      return 'done';
    }
    const cookie =
      more === 0
        ? Buffer.alloc(0)
        : this.#tools.cookies.make(more, this.#request, this.#context.identity);
    this.#result = { ...done, paged: { cookie, estimate: 0 } };
    return 'done';
  }
}
