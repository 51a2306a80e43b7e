/**
 * Those who were purged: what stays of them for ever, so that nobody else gets their login or their
 * number, and so that they can be known again. An employee number is kept as a keyed digest only.
 * And forgetting: the payloads of the log that are about them go, the chain stays whole.
 */
import type Database from 'better-sqlite3';
import type { Tombstone, TombstoneReader } from '../directory/ports.js';
import { readMeta } from './meta.js';
import { keyedDigest } from './secrets.js';

const KIND = 'employeeNumber';
const COLUMNS = 'uuid, login, uid_number AS uidNumber, at';
/** A UUID as it stands in payloads. */
const uuidPattern = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function digestOf(db: Database.Database, number: string): string {
  return keyedDigest(readMeta(db, 'secret_key')!, KIND, Buffer.from(number.trim(), 'utf8'));
}

export class TombstoneReads implements TombstoneReader {
  readonly #db: Database.Database;
  readonly #byLogin: Database.Statement;
  readonly #byNumber: Database.Statement;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#byLogin = db.prepare(`SELECT ${COLUMNS} FROM tombstone WHERE login = ?`);
    this.#byNumber = db.prepare(`SELECT ${COLUMNS} FROM tombstone WHERE number_digest = ?`);
  }

  byLogin(login: string): Tombstone | undefined {
    return this.#byLogin.get(login.trim().toLowerCase()) as Tombstone | undefined;
  }

  byEmployeeNumber(number: string): readonly Tombstone[] {
    return this.#byNumber.all(digestOf(this.#db, number)) as Tombstone[];
  }
}

export class TombstoneWrites {
  readonly #db: Database.Database;
  readonly #put: Database.Statement;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO tombstone(uuid, login, uid_number, number_digest, at)
         VALUES (?, ?, ?, ?, ?)`,
    );
  }

  put({ uuid, login, uidNumber, at }: Tombstone, employeeNumber: string | undefined): void {
    const digest = employeeNumber === undefined ? '' : digestOf(this.#db, employeeNumber);
    this.#put.run(uuid, login.trim().toLowerCase(), uidNumber, digest, at);
  }

  /** One pass over the log: each payload that names one of the entries is wiped with its salt. */
  wipe(uuids: ReadonlySet<string>): number {
    const wipe = this.#db.prepare(
      'UPDATE change_item SET payload = NULL, salt = NULL WHERE seq = ? AND n = ?',
    );
    const all = this.#db
      .prepare('SELECT seq, n, payload FROM change_item WHERE payload IS NOT NULL')
      .raw();
    const about: [number, number][] = [];
    for (const row of all.iterate()) {
      const [seq, n, payload] = row as [number, number, string];
      const named = payload.match(uuidPattern) ?? [];
      if (named.some((uuid) => uuids.has(uuid))) about.push([seq, n]);
    }
    for (const [seq, n] of about) wipe.run(seq, n);
    return about.length;
  }
}
