/** Single facts about the database: rows of the table `meta`, by name. */
import type Database from 'better-sqlite3';

/** Every name in use, with the type of its value. */
export interface MetaValues {
  /** 0–4095, part of every change sequence number. */
  readonly server_id: number;
  /** Entry id of the administrator. */
  readonly administrator: number;
  /** 1 where the directory was made with sample people. */
  readonly playground: number;
  /** Second up to which passed instants are in the time stamps of entries. */
  readonly stamped_to: number;
  /** Entries up to this one are folded by the policy in force; absent: all of them. */
  readonly folded_to: number;
  /** Entries up to this one are in the groups of the policy in force; absent: all of them. */
  readonly placed_to: number;
  /** The run that the rest of that is part of. */
  readonly placed_by: number;
  /** Why the clock is not to be trusted, or empty. */
  readonly clock_suspicion: string;
  /** Commits up to here were made by a clock that was put right since, ms. */
  readonly clock_accepted: number;
  /** Head of the audit trail after its last batch. */
  readonly audit_head: Buffer;
  /** Where its chain begins, once batches are gone: JSON of [batch, head in hex, last event]. */
  readonly audit_start: string;
  /** The last number that a name of it had. */
  readonly audit_names: number;
  /** Key of the digests of secrets, 32 bytes. */
  readonly secret_key: Buffer;
  /** One value sealed with each key of the secret box that is in use: base64, spaces between. */
  readonly box_checks: string;
}

interface Statements {
  readonly read: Database.Statement;
  readonly write: Database.Statement;
  readonly remove: Database.Statement;
}

/** Every commit reads or writes one: to compile them each time costs more than to run them. */
const prepared = new WeakMap<Database.Database, Statements>();

function statements(db: Database.Database): Statements {
  let known = prepared.get(db);
  if (known === undefined) {
    known = {
      read: db.prepare('SELECT value FROM meta WHERE key = ?').pluck(),
      write: db.prepare('INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)'),
      remove: db.prepare('DELETE FROM meta WHERE key = ?'),
    };
    prepared.set(db, known);
  }
  return known;
}

export function readMeta<Name extends keyof MetaValues>(
  db: Database.Database,
  name: Name,
): MetaValues[Name] | undefined {
  return statements(db).read.get(name) as MetaValues[Name] | undefined;
}

export function removeMeta(db: Database.Database, name: keyof MetaValues): void {
  statements(db).remove.run(name);
}

export function writeMeta<Name extends keyof MetaValues>(
  db: Database.Database,
  name: Name,
  value: MetaValues[Name],
): void {
  statements(db).write.run(name, value);
}
