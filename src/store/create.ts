/** Making a directory's database: its tables, its keys and the first point to replay from. */
import { chmodSync, mkdirSync } from 'node:fs';
import { csnClock } from '../directory/model/csn.js';
import type { Clock } from '../runtime/clock.js';
import type { Random } from '../runtime/random.js';
import { exportDigest } from './canonical.js';
import { ChangeLog } from './change-log.js';
import { lockFolder } from './folder-lock.js';
import { IndexSettings } from './index-settings.js';
import { Interned } from './interning.js';
import { writeMeta } from './meta.js';
import { databasePath, openDatabase } from './open.js';
import { loadStoredSchema } from './schema-state.js';

export interface CreateOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** 0–4095; tells this server's changes from those of others. */
  readonly serverId?: number;
  /** First numbers of `uidNumber` and `gidNumber`. */
  readonly rangeStarts?: Readonly<Record<string, number>>;
}

const SECRET_KEY_BYTES = 32;

/**
 * Makes an empty directory in `dir`, which is made where it is missing.
 * @throws Error where there is one already, or somebody holds the folder.
 */
export function createDatabase(dir: string, options: CreateOptions): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(dir);
  try {
    const db = openDatabase(dir, 'create');
    chmodSync(databasePath(dir), 0o600);
    const serverId = options.serverId ?? 1;
    const fill = db.transaction(() => {
      writeMeta(db, 'server_id', serverId);
      writeMeta(db, 'stamped_to', Math.floor(options.clock.nowMs() / 1000));
      writeMeta(db, 'secret_key', options.random.bytes(SECRET_KEY_BYTES));
      const counter = db.prepare('INSERT INTO counter(name, value) VALUES (?, ?)');
      for (const [name, start] of Object.entries(options.rangeStarts ?? {})) {
        counter.run(name, start);
      }
      new IndexSettings(db, new Interned(db, loadStoredSchema([]))).reconcile();
      const csn = csnClock(serverId, '').next(options.clock.nowMs());
      new ChangeLog(db, options.random).appendBaseline(
        { csn, actor: '', reason: 'new directory' },
        exportDigest(new Map()),
        0,
      );
    });
    fill.immediate();
    db.close();
  } finally {
    lock.release();
  }
}
