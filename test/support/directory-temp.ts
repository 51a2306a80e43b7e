/**
 * A real directory in a temporary folder: the store's two handles, the write half and the directory
 * over them, as a server puts them together, but in one thread and with the time, the randomness
 * and the cost of hashes decided by the test. `close` verifies the database and takes it away.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import Database from 'better-sqlite3';
import type { AuditFlush } from '../../src/compose/audit-flush.js';
import { fillDirectory } from '../../src/compose/setup.js';
import { WriteHalf } from '../../src/compose/write-half.js';
import { Guard, VerifiedPasswords } from '../../src/credentials/guard/index.js';
import type { Argon2Params } from '../../src/credentials/index.js';
import { PasswordJudge } from '../../src/credentials/quality/index.js';
import type { Identity } from '../../src/directory/model/identity.js';
import type { Observed } from '../../src/directory/model/observed.js';
import {
  type AddRequest,
  type Context,
  createDirectory,
  type DeleteRequest,
  type Directory,
  exportLdif,
  forgetVerified,
  type Imported,
  Memberships,
  type ModifyRequest,
  Names,
  type PreparedWrite,
  type RenameRequest,
  type WriteControls,
  type WriteOutcome,
} from '../../src/directory/operations/index.js';
import { defaultConfig } from '../../src/runtime/config.js';
import { defaultLimits, type Limits } from '../../src/runtime/limits.js';
import {
  createDatabase,
  databasePath,
  openReader,
  type StoreReader,
} from '../../src/store/index.js';
import { alarmsInto } from './directory-alarms.js';
import { auditOf } from './directory-audit.js';
import { type Seen, seenOf } from './directory-entries.js';
import { CountedPool, type HandClock, handClock, seededRandom } from './directory-fakes.js';
import { type Answer, type DirectoryTestOptions, offered } from './directory-options.js';
import {
  type Ask,
  adminPassword,
  bytes,
  type Change,
  contextOf,
  origin,
  requestOf,
  suffix,
  type Values,
  valuesOf,
} from './directory-requests.js';
import { Template } from './directory-template.js';

export type { Answer, DirectoryTestOptions };

const rangeStarts = { uidNumber: 20_001, gidNumber: 20_001 };

/** Hashes that cost next to nothing. */
export const cheapArgon2: Argon2Params = { memoryKib: 64, passes: 1, lanes: 1 };

type Bare<Request> = Omit<Request, 'context' | 'reason' | 'controls'>;

export class TestDirectory {
  readonly dir = mkdtempSync(join(tmpdir(), 'tenure-directory-'));
  readonly clock: HandClock = handClock();
  readonly limits: Limits;
  readonly pool: CountedPool;
  readonly guard: Guard;
  readonly audit: AuditFlush;
  readonly verified: VerifiedPasswords | undefined;
  readonly half: WriteHalf;
  readonly reader: StoreReader;
  readonly names: Names;
  readonly directory: Directory;
  readonly defects: unknown[] = [];
  readonly judge: PasswordJudge | undefined;
  readonly #ownJudge: boolean;
  readonly #template: Template;
  /** Lines of the log about uses that alarm somebody. */
  readonly warned: (readonly unknown[])[] = [];
  /** What was handed to the writer, in order. */
  readonly written: PreparedWrite[] = [];
  /** The same of what was seen of binds. */
  readonly seen: Observed[] = [];
  /** As where the disk is full. */
  refuseObservations = false;
  #admin: Context | undefined;

  private constructor(options: DirectoryTestOptions) {
    const { clock, dir } = this;
    const random = seededRandom(options.seed ?? 1);
    const argon2 = options.argon2 ?? cheapArgon2;
    const limits = { ...defaultLimits, ...options.limits };
    const onDefect = (error: unknown) => void this.defects.push(error);
    this.limits = limits;
    this.#template = new Template(dir, random, options.seed, argon2, options.limits);
    if (!this.#template.taken) createDatabase(dir, { clock, random, rangeStarts });
    const sshKeys = { ...defaultConfig.sshKeys, ...options.sshKeys };
    const accessMap = options.accessMap && { ...defaultConfig.accessMap, ...options.accessMap };
    this.half = new WriteHalf(dir, { clock, random, limits, argon2, sshKeys, accessMap, onDefect });
    this.half.box();
    this.reader = openReader(dir, { cacheBytes: 1024 * 1024, defer: (task) => setImmediate(task) });
    this.names = new Names(this.reader);
    this.pool = new CountedPool(random);
    const cache = options.cacheVerified !== false;
    this.verified = cache ? new VerifiedPasswords({ clock, random, limits }) : undefined;
    this.audit = auditOf(this);
    this.guard = new Guard({
      stored: this.reader.observed,
      clock,
      random,
      limits,
      observe: this.audit.observe,
      onMoved: (owner) => this.verified?.drop(owner),
      accessDays: accessMap?.enabled === true ? accessMap.days : undefined,
    });
    this.#ownJudge = options.judge === undefined && options.judged === true;
    this.judge = this.#ownJudge ? new PasswordJudge({ clock }) : options.judge;
    this.directory = createDirectory({
      judge: this.judge,
      reader: this.reader,
      box: () => this.half.box(),
      write: async (request) => this.apply([request])[0]!,
      pool: this.pool,
      guard: this.guard,
      audit: this.audit.book,
      verified: this.verified,
      argon2,
      rehashOnBind: options.rehashOnBind ?? true,
      certificateRules: options.certificateRules ?? [],
      ntSources: options.ntHash ?? defaultConfig.ntHash,
      limits,
      random,
      monotonicMs: () => clock.monotonicMs(),
      nowMs: () => clock.nowMs(),
      offered,
      onDefect,
      onAlarmingUse: alarmsInto(this),
    });
  }

  static async open(options: DirectoryTestOptions = {}): Promise<TestDirectory> {
    const made = new TestDirectory(options);
    made.#template.resume();
    if (made.#template.taken) return made;
    const plan = { suffix, adminPassword, sample: undefined };
    await fillDirectory(made.half, plan, options.argon2 ?? cheapArgon2);
    made.#template.keep();
    made.reader.applyCommitted(made.half.store.takeCommitted());
    return made;
  }

  /** The writer thread's part: one transaction, then the reader hears of it. */
  apply(requests: readonly PreparedWrite[]): readonly WriteOutcome[] {
    this.written.push(...requests);
    const { outcomes, committed } = this.half.batch(requests);
    this.#committed(committed);
    return outcomes;
  }

  #committed(committed: Parameters<StoreReader['applyCommitted']>[0]): void {
    this.reader.applyCommitted(committed);
    if (this.verified !== undefined) forgetVerified(this.verified, committed, this.reader);
  }

  /** The same for what was seen of binds. */
  observe(observed: Observed): boolean {
    if (this.refuseObservations) return false;
    this.seen.push(observed);
    const { durable, committed } = this.half.batch([], [observed]);
    this.#committed(committed);
    return durable;
  }

  /** Does everything that waits for a quiet moment; answers with the number of slices. */
  maintain(): number {
    for (let slices = 1; ; slices += 1) {
      const { more, committed } = this.half.maintain();
      this.#committed(committed);
      if (!more) return slices;
    }
  }

  get admin(): Context {
    this.#admin ??= contextOf(this.directory.administrator());
    return this.#admin;
  }

  /** Somebody who has bound, without a bind. */
  user(dn: string): Context {
    const entryId = this.names.resolve(this.names.parse(dn)).id;
    if (entryId === 0) throw new Error(`there is no ${dn}`);
    return contextOf({ role: 'user', dn, entryId });
  }

  bind(dn: string, password: string | Buffer): Promise<Identity> {
    const request = { dn, password: Buffer.from(password) };
    return (async () => (await this.directory.authenticate(request, origin)).identity)();
  }

  // ---- writes ---------------------------------------------------------------------------------

  add(dn: string, values: Values, controls?: WriteControls, as = this.admin) {
    const attributes = valuesOf(values);
    return this.#submit({ op: 'add', dn, attributes }, controls, as);
  }

  modify(dn: string, changes: readonly Change[], controls?: WriteControls, as = this.admin) {
    const list = changes.map(([op, attribute, ...values]) => {
      return { op, attribute, values: values.map(bytes) };
    });
    return this.#submit({ op: 'modify', dn, changes: list }, controls, as);
  }

  delete(dn: string, controls?: WriteControls, as = this.admin) {
    return this.#submit({ op: 'delete', dn }, controls, as);
  }

  rename(
    dn: string,
    newRdn: string,
    more: { readonly keepOld?: boolean; readonly newSuperior?: string } = {},
    controls?: WriteControls,
    as = this.admin,
  ) {
    const { keepOld, newSuperior } = more;
    const deleteOldRdn = keepOld !== true;
    return this.#submit({ op: 'rename', dn, newRdn, deleteOldRdn, newSuperior }, controls, as);
  }

  changePassword(dn: string, oldPassword?: string, newPassword?: string, as = this.admin) {
    return this.directory.submit({
      op: 'changePassword',
      context: as,
      reason: 'test',
      dn,
      oldPassword: oldPassword === undefined ? undefined : bytes(oldPassword),
      newPassword: newPassword === undefined ? undefined : bytes(newPassword),
    });
  }

  #submit(
    request: Bare<AddRequest> | Bare<ModifyRequest> | Bare<DeleteRequest> | Bare<RenameRequest>,
    controls: WriteControls | undefined,
    context: Context,
  ): Promise<WriteOutcome> {
    const base = { context, reason: 'test', ...(controls !== undefined && { controls }) };
    return this.directory.submit({ ...base, ...request });
  }

  /** Adds that have to succeed, in one transaction. */
  seed(entries: Readonly<Record<string, Values>>): void {
    const requests = Object.entries(entries).map(([dn, values]): PreparedWrite => {
      const attributes = valuesOf(values);
      return { op: 'add', context: this.admin, reason: 'seed', dn, attributes };
    });
    for (const [i, outcome] of this.apply(requests).entries()) {
      if (!outcome.ok) {
        throw new Error(`${Object.keys(entries)[i]}: ${outcome.error.code} ${outcome.error.text}`);
      }
    }
  }

  // ---- reads ----------------------------------------------------------------------------------

  search(filter: string, ask: Ask = {}): Answer {
    const run = this.directory.search(requestOf(filter, ask), ask.as ?? this.admin);
    const entries: Seen[] = [];
    const sink = (out: Parameters<Parameters<typeof run.pull>[0]>[0]) => {
      const entry = seenOf(out);
      entries.push(entry);
      return ask.onEntry?.(entry) ?? true;
    };
    while (run.pull(sink, Number.POSITIVE_INFINITY) !== 'done');
    return { entries, done: run.result! };
  }

  /** The names found, sorted; the search has to succeed. */
  found(filter: string, ask: Ask = {}): string[] {
    const { entries, done } = this.search(filter, { attributes: ['1.1'], ...ask });
    if (done.code !== 'success') throw new Error(`${filter}: ${done.code} ${done.text}`);
    return entries.map((entry) => entry.dn).sort();
  }

  /** The leaf names found, without type: `cn=a,ou=groups,…` is `a`. */
  foundNames(filter: string, ask: Ask = {}): string[] {
    const dns = this.found(filter, ask);
    return dns.map((dn) => /^[^=]+=([^,]+)/.exec(dn)![1]!).sort();
  }

  /** One entry that has to be there. */
  entry(dn: string, attributes: readonly string[] = ['*', '+'], as = this.admin): Seen {
    const { entries, done } = this.search('(objectClass=*)', {
      base: dn,
      scope: 'base',
      attributes,
      as,
    });
    if (entries.length !== 1) throw new Error(`${dn}: ${done.code} ${done.text}`);
    return entries[0]!;
  }

  compare(dn: string, attribute: string, value: string, as = this.admin): boolean {
    return this.directory.compare({ dn, attribute, value: Buffer.from(value) }, as);
  }

  // ---- files ----------------------------------------------------------------------------------

  async import(ldif: string | Buffer, name = 'import.ldif'): Promise<Imported> {
    const path = join(this.dir, name);
    writeFileSync(path, ldif);
    try {
      return await this.half.importFile(path, 'test', () => undefined);
    } finally {
      this.#committed(this.half.store.takeCommitted());
    }
  }

  export(base?: string): string {
    const view = () => ({
      reader: this.reader,
      names: this.names,
      memberships: new Memberships(this.reader, () => this.clock.nowMs()),
      identity: this.admin.identity,
      nowMs: () => this.clock.nowMs(),
    });
    let text = '';
    for (const piece of exportLdif(base, view)) text += piece.text;
    return text;
  }

  // ---- the database itself --------------------------------------------------------------------

  /** Rows of a statement on a handle of its own, read-only. */
  sql(statement: string, ...values: unknown[]): readonly unknown[][] {
    const db = new Database(databasePath(this.dir), { readonly: true });
    try {
      const rows = db.prepare(statement).raw();
      return rows.all(...values) as unknown[][];
    } finally {
      db.close();
    }
  }

  /** The items of the log after a change, as they are stored. */
  logged(afterSeq: number): string[] {
    const of = 'SELECT payload FROM change_item WHERE seq > ? ORDER BY seq, n';
    const rows = this.sql(of, afterSeq);
    return rows.map(([payload]) => String(payload));
  }

  // ---- the end --------------------------------------------------------------------------------

  /** Nothing is wrong with the database, and nothing was thrown that was not meant to be. */
  verify(): void {
    expect(this.defects).toEqual([]);
    expect(this.half.store.verify().problems).toEqual([]);
    this.reader.applyCommitted(this.half.store.takeCommitted());
  }

  /** Waits for the rehash that nobody waits for. */
  async settle(): Promise<void> {
    do await new Promise(setImmediate);
    while (this.pool.inFlight + this.pool.queued > 0);
    await new Promise(setImmediate);
  }

  async close(): Promise<void> {
    try {
      await this.settle();
      await this.guard.stop();
      await this.audit.stop();
      this.verify();
    } finally {
      if (this.#ownJudge) await this.judge?.close();
      await this.pool.close();
      this.reader.close();
      await this.half.close();
      rmSync(this.dir, { recursive: true });
    }
  }
}
