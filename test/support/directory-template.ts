/**
 * Filled folders, kept in memory for the other tests of the same worker: to create a database and to
 * fill it takes longer than most of what is then done with it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { databasePath } from '../../src/store/index.js';
import type { SeededRandom } from './directory-fakes.js';

interface Kept {
  readonly files: ReadonlyMap<string, Buffer>;
  /** How far the randomness had been used. */
  readonly drawn: number;
}

/** Of those that were last asked for; half a megabyte each. */
const KEPT_MAX = 24;

/** By all that decides about what is in such a folder, in the order in which they were asked for. */
const kept = new Map<string, Kept>();

/** What the folder `dir` is made from, where one like it was kept. */
export class Template {
  readonly taken: boolean;
  readonly #found: Kept | undefined;
  readonly #key: string;
  readonly #dir: string;
  readonly #random: SeededRandom;

  constructor(dir: string, random: SeededRandom, ...decisive: readonly unknown[]) {
    this.#key = JSON.stringify(decisive);
    this.#dir = dir;
    this.#random = random;
    this.#found = kept.get(this.#key);
    this.taken = this.#found !== undefined;
    if (this.#found !== undefined) this.#hold(this.#found);
    for (const [name, bytes] of this.#found?.files ?? []) {
      writeFileSync(join(dir, name), bytes, { mode: 0o600 });
    }
  }

  /** Where it is `taken`: what is random goes on as after the filling. */
  resume(): void {
    if (this.#found !== undefined) this.#random.drawn = this.#found.drawn;
  }

  /** Keeps what is in the folder, which was just filled. */
  keep(): void {
    const dir = this.#dir;
    const files = new Map<string, Buffer>();
    const path = databasePath(dir);
    const db = new Database(path, { readonly: true });
    // What the log beside the database holds is part of it.
    files.set(basename(path), db.serialize());
    db.close();
    for (const name of readdirSync(dir)) {
      if (!join(dir, name).startsWith(path)) files.set(name, readFileSync(join(dir, name)));
    }
    this.#hold({ files, drawn: this.#random.drawn });
  }

  #hold(folder: Kept): void {
    kept.delete(this.#key);
    kept.set(this.#key, folder);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX) kept.delete(oldest!);
  }
}
