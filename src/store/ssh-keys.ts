/**
 * When each SSH key of an entry came, and when its line last changed, by the SHA-256 of the key.
 * Kept beside the entries and the log: a replay gives the keys, not these times. Keys that came
 * with an import have none.
 */
import type Database from 'better-sqlite3';
import type { SshKeyTimes } from '../directory/ports.js';

/** Reads the times of an entry's keys. */
export function sshKeyTimesIn(db: Database.Database): (owner: number) => SshKeyTimes[] {
  const of = db.prepare('SELECT print, added, changed FROM ssh_key WHERE owner = ?').raw();
  return (owner) => {
    const rows = of.all(owner) as [Buffer, number, number][];
    return rows.map(([print, addedAt, changedAt]) => ({ print, addedAt, changedAt }));
  };
}

export class SshKeyWrites {
  readonly #of: (owner: number) => SshKeyTimes[];
  readonly #add: Database.Statement;
  readonly #remove: Database.Statement;

  constructor(db: Database.Database) {
    this.#of = sshKeyTimesIn(db);
    this.#add = db.prepare(
      `INSERT INTO ssh_key(owner, print, added, changed) VALUES (?, ?, ?, ?)
         ON CONFLICT(owner, print) DO UPDATE SET changed = excluded.changed`,
    );
    this.#remove = db.prepare('DELETE FROM ssh_key WHERE owner = ? AND print = ?');
  }

  /** `prints` is all there is now, `changed` what of it was written by this change. */
  note(
    owner: number,
    prints: readonly Buffer[],
    changed: readonly Buffer[],
    nowSeconds: number,
  ): void {
    for (const { print } of this.#of(owner)) {
      if (!prints.some((other) => other.equals(print))) this.#remove.run(owner, print);
    }
    for (const print of changed) this.#add.run(owner, print, nowSeconds, nowSeconds);
  }
}
