/**
 * Searches of cn=changelog as runs that are pulled: the numbers that the filter leaves in question
 * are walked page by page, in slices. For administrators and auditors alone; to all others there is
 * nothing of that name.
 */
import { errorShape, LdapError } from '../../../runtime/errors.js';
import { mayReadTree, readRefused } from '../../access/index.js';
import type { Filter } from '../../model/filter.js';
import type { Identity } from '../../model/identity.js';
import { normalizeDn } from '../../schema/index.js';
import { type Node, TRUE } from '../leaf.js';
import { assertMayGoOn } from '../lifecycle/index.js';
import { isAuditor } from '../rights/index.js';
import type { SearchTools } from '../search.js';
import { type StaticEntry, sendStatic, testStatic } from '../static-entry.js';
import type { Context, EntrySink, SearchDone, SearchRequest, SearchRun } from '../types.js';
import { CHANGELOG_DN, changelogEntry, changelogRoot } from './entry.js';

/** Lines that one statement reads. */
const PAGE = 128;
const noCookie = Buffer.alloc(0);
const done: SearchDone = { code: 'success', text: '', matchedDn: '' };

/** Whether a base is in this partition; costs one look at its end. */
export function isChangelog(base: string, tools: SearchTools): boolean {
  if (!base.toLowerCase().endsWith('changelog')) return false;
  return numberOf(base, tools) !== undefined;
}

/** 0 for the partition itself, the number of a line, or undefined. */
function numberOf(base: string, { reader }: SearchTools): number | undefined {
  const schema = reader.schema();
  const key = normalizeDn(schema, base)?.key;
  if (key === normalizeDn(schema, CHANGELOG_DN)?.key) return 0;
  const [, number] = /^\s*changenumber\s*=\s*(\d{1,15})\s*,/i.exec(base) ?? [];
  if (number === undefined || Number(number) === 0) return undefined;
  const whole = `changeNumber=${Number(number)},${CHANGELOG_DN}`;
  return key === normalizeDn(schema, whole)?.key ? Number(number) : undefined;
}

export class ChangelogSearch implements SearchRun {
  readonly #tools: SearchTools;
  readonly #request: SearchRequest;
  readonly #context: Context;
  #result: SearchDone | undefined;
  #node: Node | undefined;
  /** What is left to look at. */
  #next = 0;
  #last = 0;
  #root = false;
  #sent = 0;
  #pageSize = 0;
  #deadlineMs = Infinity;

  constructor(tools: SearchTools, request: SearchRequest, context: Context) {
    this.#tools = tools;
    this.#request = request;
    this.#context = context;
  }

  get result(): SearchDone | undefined {
    return this.#result;
  }

  pull(sink: EntrySink, sliceEndsMs: number): 'full' | 'slice' | 'done' {
    try {
      const { reader, nowMs } = this.#tools;
      assertMayGoOn(this.#context.identity, reader, nowMs());
      if (this.#node === undefined) this.#start();
      return this.#run(sink, sliceEndsMs);
    } catch (error) {
      if (!(error instanceof LdapError)) this.#tools.onDefect(error);
      return this.#end(errorShape(error));
    }
  }

  #start(): void {
    const { identity } = this.#context;
    const { reader, compiler, nowMs, limits, monotonicMs, cookies } = this.#tools;
    const request = this.#request;
    if (!mayReadTree(identity)) throw readRefused(identity);
    if (!isAuditor(identity, reader, Math.floor(nowMs() / 1000))) throw noSuchBase(request.base);
    const number = numberOf(request.base, this.#tools)!;
    // Whoever may read the log may read all of it: nothing is hidden line by line.
    const reading: Identity = { role: 'administrator', dn: '', entryId: 0 };
    this.#node = compiler.compile(request.filter, reading);
    const range = rangeOf(request.filter);
    const kept = reader.audit.numbers();
    if (number > 0) {
      if (kept === undefined || reader.audit.numbered(number, number, 1).length === 0) {
        throw noSuchBase(request.base);
      }
      const isIn = request.scope !== 'one';
      [this.#next, this.#last] = isIn ? [number, number] : [1, 0];
    } else {
      this.#root = request.scope !== 'one';
      const below = request.scope !== 'base' && kept !== undefined;
      this.#next = below ? Math.max(range.from, kept.first) : 1;
      this.#last = below ? Math.min(range.until, kept.last) : 0;
    }
    const { timeLimitMaxSeconds: most } = limits;
    const asked = request.timeLimit;
    const seconds = most > 0 && (asked === 0 || asked > most) ? most : asked;
    if (seconds > 0) this.#deadlineMs = monotonicMs() + seconds * 1000;
    if (request.paged !== undefined)
      this.#startPage(cookies.read(request.paged.cookie, request, identity));
  }

  #startPage(lastId: number): void {
    const { size, cookie } = this.#request.paged!;
    const { pageSizeMax } = this.#tools.limits;
    this.#pageSize = Math.min(size === 0 ? pageSizeMax : size, pageSizeMax);
    if (cookie.length > 0) {
      this.#root = false;
      // RFC 2696 §3: of size 0 the client wants no more of it.
      this.#next = size === 0 ? this.#last + 1 : Math.max(this.#next, lastId);
    }
  }

  #run(sink: EntrySink, sliceEndsMs: number): 'full' | 'slice' | 'done' {
    const { reader, names, monotonicMs } = this.#tools;
    if (this.#root) {
      this.#root = false;
      const taken = this.#offer(changelogRoot(reader), sink);
      if (taken === 'full') return 'full';
    }
    while (this.#next <= this.#last) {
      const page = reader.audit.numbered(this.#next, this.#last, PAGE);
      for (const item of page) {
        if (this.#pageSize > 0 && this.#sent === this.#pageSize) return this.#endPage(item.number);
        const { sizeLimit } = this.#request;
        if (sizeLimit > 0 && this.#sent >= sizeLimit) return this.#stop('sizeLimitExceeded');
        this.#next = item.number + 1;
        if (this.#offer(changelogEntry(item, reader, names), sink) === 'full') return 'full';
        const now = monotonicMs();
        if (now > this.#deadlineMs) return this.#stop('timeLimitExceeded');
        if (now > sliceEndsMs) return 'slice';
      }
      if (page.length < PAGE) this.#next = this.#last + 1;
    }
    return this.#endPage(0);
  }

  #offer(entry: StaticEntry, sink: EntrySink): 'full' | 'more' {
    const schema = this.#tools.reader.schema();
    if (testStatic(this.#node!, entry, schema) !== TRUE) return 'more';
    this.#sent += 1;
    return sendStatic(entry, this.#request, schema, sink) ? 'more' : 'full';
  }

  #end(result: SearchDone): 'done' {
    this.#result = result;
    return 'done';
  }

  #stop(code: 'sizeLimitExceeded' | 'timeLimitExceeded'): 'done' {
    return this.#end({ code, text: `stopped after ${this.#sent} entries`, matchedDn: '' });
  }

  /** `next` is the number with which the next page begins, 0 where there is none. */
  #endPage(next: number): 'done' {
    const request = this.#request;
    if (request.paged === undefined) return this.#end(done);
    const { cookies } = this.#tools;
    const cookie = next === 0 ? noCookie : cookies.make(next, request, this.#context.identity);
    return this.#end({ ...done, paged: { cookie, estimate: 0 } });
  }
}

function noSuchBase(base: string): LdapError {
  return new LdapError('noSuchObject', `there is no entry ${base.slice(0, 200)}`);
}

/** The numbers that a filter leaves in question: what is joined by "and" narrows them. */
function rangeOf(filter: Filter): { readonly from: number; readonly until: number } {
  const all = { from: 1, until: Number.MAX_SAFE_INTEGER };
  if (filter.kind === 'and') {
    return filter.filters
      .map(rangeOf)
      .reduce(
        (a, b) => ({ from: Math.max(a.from, b.from), until: Math.min(a.until, b.until) }),
        all,
      );
  }
  if (!('value' in filter) || filter.kind === 'extensible' || filter.kind === 'approx') return all;
  if (filter.attribute.toLowerCase() !== 'changenumber') return all;
  const text = filter.value.toString('latin1');
  if (!/^\d{1,15}$/.test(text)) return all;
  const number = Number(text);
  if (filter.kind === 'greaterOrEqual') return { ...all, from: number };
  if (filter.kind === 'lessOrEqual') return { ...all, until: number };
  return { from: number, until: number };
}
