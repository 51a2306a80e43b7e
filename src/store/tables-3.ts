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

export const tablesOfVersion3 = [timelines, runs, tombstones].join('');
