/**
 * What stands beside the entries in the database, each with its own reads: what was seen of binds,
 * times of SSH keys, timelines, secrets, the log read back. A reader adds the entries to it.
 */
import type Database from 'better-sqlite3';
import type { DirectoryReader } from '../directory/ports.js';
import { AuditReads } from './audit-reads.js';
import { CaseReads } from './cases.js';
import { HistoryReads } from './history.js';
import { ObservedReads } from './observed.js';
import { RecordReads } from './records.js';
import { SecretReads } from './secrets.js';
import { sshKeyTimesIn } from './ssh-keys.js';
import { TimelineReads } from './timelines.js';
import { TombstoneReads } from './tombstones.js';

export abstract class Beside {
  protected readonly db: Database.Database;
  readonly observed: ObservedReads;
  readonly secretRows: SecretReads;
  readonly timelines: TimelineReads;
  readonly history: HistoryReads;
  readonly tombstones: TombstoneReads;
  readonly records: RecordReads;
  readonly cases: CaseReads;
  readonly audit: AuditReads;
  readonly sshKeyTimes: DirectoryReader['sshKeyTimes'];

  constructor(db: Database.Database) {
    this.db = db;
    this.observed = new ObservedReads(db);
    this.secretRows = new SecretReads(db);
    this.timelines = new TimelineReads(db);
    this.history = new HistoryReads(db);
    this.tombstones = new TombstoneReads(db);
    this.records = this.recordsOf(db);
    this.cases = this.casesOf(db);
    this.audit = new AuditReads(db);
    this.sshKeyTimes = sshKeyTimesIn(db);
  }

  /** The writer's can write. */
  protected recordsOf(db: Database.Database): RecordReads {
    return new RecordReads(db);
  }

  protected casesOf(db: Database.Database): CaseReads {
    return new CaseReads(db);
  }
}
