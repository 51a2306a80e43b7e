/**
 * The tables that version 3 adds: what is derived from facts about people. Nothing here is in the
 * log: it follows from entries, and is made with each write of one.
 */

/**
 * How the state of an entry changes (model/timeline.ts has the text); who is active for ever has no
 * row. An instant is a second in which some entry changes its appearance.
 */
const timelines = `
CREATE TABLE timeline(entry INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE instant(
  at INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY(at, entry)
) WITHOUT ROWID;
CREATE INDEX instant_entry ON instant(entry);
CREATE TRIGGER entry_without_timeline AFTER DELETE ON entry BEGIN
  DELETE FROM timeline WHERE entry = OLD.id;
  DELETE FROM instant WHERE entry = OLD.id;
END;
`;

/** What was done together, and can be undone together: change.run is the number as text. */
const runs = `
CREATE TABLE run(
  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor TEXT NOT NULL,
  reason TEXT NOT NULL, undoes INTEGER NOT NULL
);
CREATE INDEX change_run ON change(run, seq) WHERE run <> '';
`;

/** What stays of those who were purged; a digest is keyed, and empty where there was no number. */
const tombstones = `
CREATE TABLE tombstone(
  uuid TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, uid_number INTEGER NOT NULL,
  number_digest TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX tombstone_number ON tombstone(number_digest) WHERE number_digest <> '';
`;

/** What the policy engine keeps (model/records.ts). Not in the log, not in an export. */
const records = `
CREATE TABLE mark(
  entry INTEGER NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, run INTEGER NOT NULL,
  PRIMARY KEY(entry, key)
) WITHOUT ROWID;
CREATE TRIGGER entry_without_marks AFTER DELETE ON entry BEGIN
  DELETE FROM mark WHERE entry = OLD.id;
END;
CREATE TABLE decision(
  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL,
  key TEXT NOT NULL, who TEXT NOT NULL, actor TEXT NOT NULL, text TEXT NOT NULL,
  about INTEGER NOT NULL, detail TEXT NOT NULL, state TEXT NOT NULL, by TEXT NOT NULL,
  answered_at INTEGER NOT NULL, told_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX decision_open ON decision(key) WHERE state = 'open';
CREATE TABLE outbox(
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, run INTEGER NOT NULL,
  at INTEGER NOT NULL, channel TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL,
  body TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL, next_at INTEGER NOT NULL,
  error TEXT NOT NULL
);
CREATE INDEX outbox_waiting ON outbox(next_at) WHERE state = 'waiting';
CREATE INDEX outbox_run ON outbox(run);
-- Whom somebody has closed: rows older than a day go.
CREATE TABLE closing(at INTEGER NOT NULL, actor TEXT NOT NULL, entry INTEGER NOT NULL);
CREATE INDEX closing_actor ON closing(actor, at);
`;

/**
 * When edges hold (model/holder.ts has the text; null: always) and what is known of their holders.
 * An instant is a second in which an edge begins or ceases to hold.
 */
const timedEdges = `
ALTER TABLE edge ADD COLUMN spans TEXT;
ALTER TABLE edge ADD COLUMN note TEXT;
CREATE INDEX edge_timed ON edge(dst, src) WHERE spans IS NOT NULL;
CREATE TABLE edge_instant(
  at INTEGER NOT NULL, src INTEGER NOT NULL, attr INTEGER NOT NULL, dst INTEGER NOT NULL,
  source INTEGER NOT NULL, PRIMARY KEY(at, src, attr, dst, source)
) WITHOUT ROWID;
CREATE INDEX edge_instant_of ON edge_instant(src, attr, dst, source);
CREATE TRIGGER edge_without_instants AFTER DELETE ON edge WHEN OLD.spans IS NOT NULL BEGIN
  DELETE FROM edge_instant
    WHERE src = OLD.src AND attr = OLD.attr AND dst = OLD.dst AND source = OLD.source;
END;
`;

/** Departure cases (model/cases.ts). Not in the log, not in an export. */
const cases = `
CREATE TABLE departure_case(
  id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, login TEXT NOT NULL,
  opened INTEGER NOT NULL, actor TEXT NOT NULL, closed INTEGER NOT NULL, closed_by TEXT NOT NULL,
  closing TEXT NOT NULL
);
CREATE UNIQUE INDEX case_open ON departure_case(uuid) WHERE closed = 0;
CREATE TABLE case_item(
  "case" INTEGER NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, owner TEXT NOT NULL,
  due INTEGER NOT NULL, done INTEGER NOT NULL, by TEXT NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY("case", key)
) WITHOUT ROWID;
`;

/** Finds the versions of the policy in a long log: history.ts asks with the same words. */
const policyVersions = `
CREATE INDEX change_item_policy ON change_item(seq, n)
  WHERE instr(payload, 'tenurePolicyText') > 0;
`;

export const tablesOfVersion3 = [
  timelines,
  runs,
  tombstones,
  records,
  timedEdges,
  cases,
  policyVersions,
].join('');
