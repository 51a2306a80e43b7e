/**
 * The write half of the directory over the store's one read-write handle: batches, imports, index
 * settings, idle work. Runs in the writer thread of a server, or in the process of a command that
 * holds the folder's lock. Synchronous but for imports that bring clear-text passwords.
 */
import type { ImportGuards, OnProgress } from '../admin/engine.js';
import {
  type Argon2Params,
  HashPool,
  hashPassword,
  type SecretBox,
  type SshKeyRules,
} from '../credentials/index.js';
import type { AccessNews } from '../directory/model/access.js';
import { bytesOf } from '../directory/model/bytes.js';
import type { Identity, Origin } from '../directory/model/identity.js';
import type { Observed } from '../directory/model/observed.js';
import {
  applyWrite,
  Compiler,
  type Imported,
  importRecords,
  Names,
  type PreparedWrite,
  prepareWrite,
  Selections,
  timelinesOf,
  type WriteOutcome,
  type WriteTools,
} from '../directory/operations/index.js';
import {
  assertTally,
  assertTheyMove,
  CLOSINGS_KEPT_SECONDS,
  ClosingTally,
  HeldWrite,
  policyOf,
} from '../directory/operations/lifecycle/index.js';
import {
  administratorsBefore,
  assertLeft,
  forgetAdministrators,
} from '../directory/operations/rights/index.js';
import { readLdif } from '../directory/text/index.js';
import type { Clock } from '../runtime/clock.js';
import { type Config, defaultConfig } from '../runtime/config.js';
import { errorFromShape, errorShape, LdapError } from '../runtime/errors.js';
import type { Limits } from '../runtime/limits.js';
import type { Random } from '../runtime/random.js';
import { type Committed, openWriter, type StoreWriter } from '../store/index.js';
import { messagesAbout } from './access-news.js';
import { chunksOf } from './file-chunks.js';
import { howToGoOn, waitingWrite } from './held-writes.js';
import type { Latecomer } from './messages.js';
import { keyFileOf, openBox } from './open-box.js';
import { type BoxReset, resetBox } from './reset-box.js';
import { Retention } from './retention.js';
import { type Rotated, rotateKeys } from './rotate-keys.js';

export interface WriteHalfOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: Limits;
  readonly argon2: Argon2Params;
  readonly sshKeys: SshKeyRules;
  /** Of the secret box; that in the folder unless given. */
  readonly keyFile?: string | undefined;
  /** Whether an access map is kept, and what is told of it; absent: it is left as it is. */
  readonly accessMap?: Config['accessMap'] | undefined;
  /** What was thrown and not meant to be. */
  readonly onDefect: (error: unknown) => void;
}

export interface Batch {
  /** False where nothing of it could be stored. */
  readonly durable: boolean;
  /** Of all requests, those that joined late behind the others. */
  readonly outcomes: readonly WriteOutcome[];
  readonly committed: Committed;
}

/** Entries between two reports of progress. */
const REPORT_EVERY = 500;
const importOrigin: Origin = { address: 'import', connection: 0, confidential: true };

export class WriteHalf {
  readonly store: StoreWriter;
  readonly names: Names;
  readonly #tools: WriteTools;
  readonly #options: WriteHalfOptions;
  #pool: HashPool | undefined;
  readonly #retention: Retention;
  #box: SecretBox | undefined;
  readonly keyFile: string;

  constructor(dir: string, options: WriteHalfOptions) {
    this.#options = options;
    this.keyFile = options.keyFile ?? keyFileOf(defaultConfig, dir);
    this.store = openWriter(dir, { ...options, timelinesOf });
    this.names = new Names(this.store);
    this.#retention = new Retention(this.store, options.clock);
    const compiler = new Compiler(this.store);
    const selections = new Selections(this.store, compiler);
    const { sshKeys } = options;
    const box = () => this.box();
    if (options.accessMap?.enabled === false) this.#forgetAccess();
    this.#tools = { writer: this.store, names: this.names, compiler, selections, sshKeys, box };
  }

  /** Nobody keeps an access map any more: what there was of one goes. */
  #forgetAccess(): void {
    this.store.begin();
    this.store.observations.access.clear();
    this.store.commit();
  }

  /**
   * The secret box, opened when it is first needed and outside a transaction: much can be done
   * without the key file.
   * @throws KeyFileError
   */
  box(): SecretBox {
    this.#box ??= openBox(this.store, this.keyFile, this.#options.random);
    return this.#box;
  }

  /** Its key file is made, where there never was one, before a transaction that may seal. */
  #makeBox(): void {
    if (this.#box === undefined && this.store.sealed.checks().length === 0) this.box();
  }

  /** Begins anew without what cannot be opened. @throws KeyFileError, LdapError */
  resetBox(): BoxReset {
    const reset = resetBox(this);
    this.#box = undefined;
    return reset;
  }

  get random(): Random {
    return this.#options.random;
  }

  /** Changes the key of the secret box: each turn is one commit. @throws KeyFileError */
  rotateKeys(): Generator<number, Rotated> {
    return rotateKeys(this.store, this.box(), this.keyFile, this.#options.random);
  }

  /**
   * One transaction, a savepoint each, one fsync; what is refused leaves its neighbours alone. What
   * was seen of binds before the requests were made comes first. `late` is asked for more until it
   * has none: who comes before the commit need not wait for the next one.
   */
  batch(
    requests: readonly PreparedWrite[],
    seen: readonly Observed[] = [],
    late?: () => Latecomer | undefined,
  ): Batch {
    const { store } = this;
    this.#makeBox();
    store.begin();
    for (const observed of seen) this.#observe(observed);
    const outcomes = requests.map((request) => this.#one(request));
    for (let more = late?.(); more !== undefined; more = late?.()) {
      if (more.observed !== undefined) this.#observe(more.observed);
      for (const request of more.requests ?? []) outcomes.push(this.#one(request));
    }
    try {
      store.commit();
    } catch (error) {
      forgetAdministrators(store);
      this.#options.onDefect(error);
      const text = 'the change could not be stored; the server log has the reason';
      const refused: WriteOutcome = {
        ok: false,
        error: { code: 'unavailable', text, matchedDn: '' },
      };
      const all = outcomes.map(() => refused);
      return { durable: false, outcomes: all, committed: store.takeCommitted() };
    }
    return { durable: true, outcomes, committed: store.takeCommitted() };
  }

  #observe(observed: Observed): void {
    try {
      this.store.savepoint(() => {
        this.#told(this.store.observations.write(observed));
        for (const event of observed.audit ?? []) this.store.audit.note(event);
      });
    } catch (error) {
      this.#options.onDefect(error);
    }
  }

  #told(news: readonly AccessNews[]): void {
    const { store, names } = this;
    const tellPeople = this.#options.accessMap?.tellPeople === true;
    for (const one of news) {
      for (const message of messagesAbout(one, { reader: store, names, tellPeople })) {
        store.records.send(message, one.row.person);
      }
    }
  }

  #one(request: PreparedWrite): WriteOutcome {
    try {
      return this.store.savepoint(() => applyOrThrow(request, this.#tools));
    } catch (error) {
      forgetAdministrators(this.store);
      if (error instanceof Refused) return error.outcome;
      if (error instanceof HeldWrite) return this.#hold(error, request);
      if (!(error instanceof LdapError)) this.#options.onDefect(error);
      return { ok: false, error: errorShape(error) };
    }
  }

  /** A write that the guard has stopped waits as a decision, where it may be kept. */
  #hold(held: HeldWrite, request: PreparedWrite): WriteOutcome {
    const { store } = this;
    const { code, message: text, matchedDn } = held;
    const refused = (more: string) =>
      ({ ok: false, error: { code, text: `${text}; ${more}`, matchedDn } }) as const;
    const detail = waitingWrite(request, store);
    if (detail === undefined) return refused(howToGoOn(request));
    const at = Math.floor(store.nextCsn().nowMs / 1000);
    const id = store.savepoint(() => store.records.decide({ ...held.decision, at, detail }));
    return refused(`to go on: tenure decide ${id} yes`);
  }

  /**
   * Work for when nothing waits: a slice of what a new policy means for states, then for groups, else
   * the store's own.
   * True where more is left.
   */
  maintain(): { readonly more: boolean; readonly committed: Committed } {
    const { store } = this;
    if (this.folding) return this.#slice('foldPeople', 'states of the new policy');
    if (store.placedTo === undefined) {
      const more = this.#retention.step() || store.maintain();
      return { more, committed: store.takeCommitted() };
    }
    return this.#slice('placeMembers', 'groups of the new policy', store.placedBy);
  }

  /** Whether people wait to be folded by a policy that is new. */
  get folding(): boolean {
    return this.store.timelines.foldedTo !== undefined;
  }

  /** One write where nobody else is served: nobody waits for what comes behind it either. */
  alone(request: PreparedWrite): WriteOutcome {
    const [outcome] = this.batch([request]).outcomes;
    this.finishFolding();
    return outcome!;
  }

  finishFolding(): void {
    while (this.folding && this.maintain().more);
  }

  #slice(op: 'foldPeople' | 'placeMembers', reason: string, by?: number) {
    const origin = { address: 'server', connection: 0, confidential: true };
    const context = { identity: this.administrator(), origin };
    const slice = { op, context, reason, ...(by !== undefined && { run: by }) };
    const { durable, outcomes, committed } = this.batch([slice]);
    return { more: durable && outcomes[0]?.ok === true, committed };
  }

  get tools(): WriteTools {
    return this.#tools;
  }

  get pool(): HashPool {
    const { clock, random, limits } = this.#options;
    this.#pool ??= new HashPool({ clock, random, limits: { ...limits, hashWaitMaxMs: 600_000 } });
    return this.#pool;
  }

  administrator(): Identity {
    const entry = this.store.entry(this.store.administratorId());
    const dn = entry === undefined ? '' : this.names.text(entry);
    return { role: 'administrator', dn, entryId: entry?.id ?? 0 };
  }

  /** All or nothing. Rejects with LdifError, or the system's error for an unreadable file. */
  async importFile(
    path: string,
    by: string,
    onProgress: OnProgress,
    { expect, asMoves }: ImportGuards = {},
  ): Promise<Imported> {
    const { store } = this;
    this.#makeBox();
    store.begin();
    try {
      const tally = new ClosingTally();
      forgetAdministrators(store);
      const startedAt = Math.floor(store.nextCsn().nowMs / 1000);
      const administrators = administratorsBefore(store, this.names, startedAt);
      const chunks = chunksOf(path, onProgress);
      const imported = await this.importInTransaction(chunks, by, onProgress, tally);
      const now = Math.floor(store.nextCsn().nowMs / 1000);
      const { dn } = this.administrator();
      assertTheyMove(tally.moves.reorganisations(policyOf(store).policy), asMoves);
      assertTally(tally, expect, dn, now, store);
      assertLeft(administrators, this.#tools, now, { role: 'administrator' });
      if (expect === undefined) {
        for (const id of tally.closed.keys()) {
          store.records.close(id, dn, now, now - CLOSINGS_KEPT_SECONDS);
        }
      }
      onProgress({ phase: 'writing', done: 0, total: 0 });
      store.commit();
      return imported;
    } catch (error) {
      forgetAdministrators(store);
      store.rollback();
      throw error;
    }
  }

  /** The same inside the caller's transaction. */
  importInTransaction(
    chunks: Iterable<Buffer>,
    reason: string,
    onProgress: OnProgress,
    tally = new ClosingTally(),
  ): Promise<Imported> {
    const { argon2, limits, clock } = this.#options;
    const tools = { ...this.#tools, tally };
    const context = { identity: this.administrator(), origin: importOrigin };
    return importRecords(readLdif(chunks, limits, 'shared'), {
      ...tools,
      writer: this.store,
      context,
      reason,
      hash: async (clear) => bytesOf(Buffer.from(await hashPassword(this.pool, clear, argon2))),
      prepare: async (request) => {
        const { store: reader, names, pool } = this;
        const nowMs = () => clock.nowMs();
        return (await prepareWrite(request, { reader, names, pool, argon2, nowMs })).request;
      },
      apply: (request) => {
        this.store.savepoint(() => applyOrThrow(request, tools));
      },
      onEntry(entries) {
        if (entries % REPORT_EVERY === 0) {
          onProgress({ phase: 'entries', done: entries, total: 0 });
        }
      },
    });
  }

  /** Index words for an attribute; the building itself is `maintain`. @throws LdapError */
  setIndex(attribute: string, words: readonly string[]): void {
    const { store } = this;
    const type = store.schema().attribute(attribute);
    if (type === undefined) {
      throw new LdapError('undefinedAttributeType', `"${attribute}" is not an attribute`);
    }
    if (type.storage !== 'body') {
      throw new LdapError('unwillingToPerform', `${type.name} has its own way of being found`);
    }
    const others = store
      .schemaExtensions()
      .filter((extension) => extension.kind !== 'index' || extension.id !== type.name);
    const setting = { kind: 'index', id: type.name, text: words.join(' ') } as const;
    store.begin();
    try {
      store.setSchemaExtensions([...others, setting]);
      store.commit();
    } catch (error) {
      store.rollback();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pool?.close();
    this.store.close();
  }
}

/** Carries an outcome out of a savepoint that has to be taken back. */
class Refused extends Error {
  readonly outcome: WriteOutcome;

  constructor(outcome: WriteOutcome) {
    super(outcome.ok ? 'a rehearsal' : outcome.error.text);
    this.outcome = outcome;
  }
}

function applyOrThrow(request: PreparedWrite, tools: WriteTools): WriteOutcome {
  const outcome = applyWrite(request, tools);
  if (outcome.ok && outcome.rehearsed === true) throw new Refused(outcome);
  if (outcome.ok) return outcome;
  if (outcome.retry === true) throw new Refused(outcome);
  throw errorFromShape(outcome.error);
}
