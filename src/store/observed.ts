/**
 * The tables of what was seen of binds (tables-2.ts). Rows of an entry or a secret that is gone by
 * the time its flush arrives are not made; those of one that goes later go with it, by triggers.
 */
import type Database from 'better-sqlite3';
import type { AccessNews } from '../directory/model/access.js';
import {
  type LastUse,
  type Lockout,
  type Observed,
  type ObservedReader,
  type ObservedWriter,
  type Sighting,
  type SourceRecord,
  sightingsIn,
} from '../directory/model/observed.js';
import { AccessReads, AccessWrites } from './access-map.js';

type Nullable = number | null;
type UseRow = [Nullable, string | null, Nullable, Nullable, string | null, Nullable];

const neverUsed: LastUse = { success: undefined, failure: undefined };

export class ObservedReads implements ObservedReader {
  readonly access: AccessReads;
  readonly #lastUse: Database.Statement;
  readonly #secretUse: Database.Statement;
  readonly #lockouts: Database.Statement;
  readonly #sources: Database.Statement;

  constructor(db: Database.Database) {
    this.access = new AccessReads(db);
    this.#lastUse = db
      .prepare(
        `SELECT success_ms, success_from, success_service, failure_ms, failure_from, failure_service
           FROM last_use WHERE owner = ?`,
      )
      .raw();
    this.#secretUse = db
      .prepare('SELECT used_ms, used_from, service FROM secret_use WHERE secret = ?')
      .raw();
    this.#lockouts = db.prepare('SELECT owner, failures, locked_ms FROM lockout').raw();
    this.#sources = db
      .prepare('SELECT address, failures, since_ms, locked_ms, success_ms FROM source_lockout')
      .raw();
  }

  lastUse(owner: number): LastUse {
    const row = this.#lastUse.get(owner) as UseRow | undefined;
    if (row === undefined) return neverUsed;
    return {
      success: sighting(row[0], row[1], row[2]),
      failure: sighting(row[3], row[4], row[5]),
    };
  }

  secretUse(secret: number): Sighting | undefined {
    const row = this.#secretUse.get(secret) as [number, string, number] | undefined;
    return row && sighting(...row);
  }

  lockouts(): ReadonlyMap<number, Lockout> {
    const rows = this.#lockouts.all() as [number, string, Nullable][];
    return new Map(
      rows.map(([owner, failures, lockedMs]) => [
        owner,
        { failures: JSON.parse(failures) as number[], lockedMs: lockedMs ?? undefined },
      ]),
    );
  }

  sources(): ReadonlyMap<string, SourceRecord> {
    const rows = this.#sources.all() as [string, number, number, Nullable, Nullable][];
    return new Map(
      rows.map(([address, failures, sinceMs, lockedMs, successMs]) => [
        address,
        { failures, sinceMs, lockedMs: lockedMs ?? undefined, successMs: successMs ?? undefined },
      ]),
    );
  }
}

function sighting(atMs: Nullable, from: string | null, service: Nullable): Sighting | undefined {
  return atMs === null ? undefined : { atMs, from: from ?? '', service: service ?? 0 };
}

/** Far more than can be deleted between a bind and its flush. */
const DELETED_MAX = 65_536;

export class ObservedWrites implements ObservedWriter {
  readonly access: AccessWrites;
  readonly #success: Database.Statement;
  readonly #failure: Database.Statement;
  readonly #exists: Database.Statement;
  /** Entries that were deleted lately, unless that was taken back: a flush may still name them. */
  readonly #deleted = new Set<number>();
  readonly #secret: Database.Statement;
  readonly #lockout: Database.Statement;
  readonly #unlock: Database.Statement;
  readonly #source: Database.Statement;
  readonly #forgetSources: Database.Statement;

  constructor(db: Database.Database) {
    this.access = new AccessWrites(db);
    this.#success = db.prepare(upsertOf('success'));
    this.#failure = db.prepare(upsertOf('failure'));
    this.#exists = db.prepare('SELECT 1 FROM entry WHERE id = ?').pluck();
    this.#secret = db.prepare(
      `INSERT INTO secret_use(secret, used_ms, used_from, service)
         SELECT id, ?, ?, ? FROM secret WHERE id = ?
         ON CONFLICT(secret) DO UPDATE SET used_ms = excluded.used_ms,
           used_from = excluded.used_from, service = excluded.service`,
    );
    this.#lockout = db.prepare(
      `INSERT INTO lockout(owner, failures, locked_ms) SELECT id, ?, ? FROM entry WHERE id = ?
         ON CONFLICT(owner) DO UPDATE SET failures = excluded.failures,
           locked_ms = excluded.locked_ms`,
    );
    this.#unlock = db.prepare('DELETE FROM lockout WHERE owner = ?');
    this.#source = db.prepare(
      `INSERT OR REPLACE INTO source_lockout(address, failures, since_ms, locked_ms, success_ms)
         VALUES (?, ?, ?, ?, ?)`,
    );
    this.#forgetSources = db.prepare('DELETE FROM source_lockout WHERE address = ?');
  }

  write({ successes, failures, secrets, lockouts, sources, access }: Observed): AccessNews[] {
    for (const seen of sightingsIn(successes)) this.#used(this.#success, seen.owner, seen);
    for (const seen of sightingsIn(failures)) this.#used(this.#failure, seen.owner, seen);
    for (const { secret, used } of secrets) {
      this.#secret.run(used.atMs, used.from, used.service, secret);
    }
    for (const { owner, lockout } of lockouts) {
      if (lockout === undefined) this.unlock(owner);
      else this.#lockout.run(JSON.stringify(lockout.failures), lockout.lockedMs ?? null, owner);
    }
    for (const { address, record } of sources) this.#writeSource(address, record);
    return access === undefined ? [] : this.access.write(access, (id) => this.#isThere(id));
  }

  #isThere(id: number): boolean {
    return !this.#deleted.has(id) || this.#exists.get(id) !== undefined;
  }

  /** To look for each entry would touch a page of the largest table for each. */
  #used(upsert: Database.Statement, owner: number, { atMs, from, service }: Sighting): void {
    if (!this.#isThere(owner)) return;
    upsert.run(owner, atMs, from, service);
  }

  /** The entry is being deleted: what was seen of it and is still on its way comes too late. */
  entryDeleted(id: number): void {
    if (this.#deleted.size >= DELETED_MAX) {
      const [oldest] = this.#deleted;
      this.#deleted.delete(oldest!);
    }
    this.#deleted.add(id);
  }

  /** An address of which nothing is known any more has no row. */
  #writeSource(address: string, record: SourceRecord): void {
    const { failures, sinceMs, lockedMs, successMs } = record;
    if (failures === 0 && lockedMs === undefined && successMs === undefined) {
      this.#forgetSources.run(address);
    } else {
      this.#source.run(address, failures, sinceMs, lockedMs ?? null, successMs ?? null);
    }
  }

  unlock(owner: number): boolean {
    return this.#unlock.run(owner).changes > 0;
  }
}

function upsertOf(what: 'success' | 'failure'): string {
  const columns = [`${what}_ms`, `${what}_from`, `${what}_service`];
  const newer = columns.map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO last_use(owner, ${columns.join(', ')}) VALUES (?, ?, ?, ?)
            ON CONFLICT(owner) DO UPDATE SET ${newer.join(', ')}`;
}
