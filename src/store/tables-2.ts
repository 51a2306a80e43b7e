/**
 * The tables that version 2 adds to those of tables.ts. One constant for each thing they are about,
 * gathered at the end. Times are milliseconds since 1970 where a column ends in `_ms`, else seconds.
 */

/**
 * What was seen of binds. Never part of an entry, of the log, or of what a replay compares: rows
 * come up to a second late, and those of an entry go with it.
 */
const observations = `
-- The last bind of an entry that succeeded and the last that failed. service: the entry through
-- which it was done, 0 where nobody knows; from: the address.
CREATE TABLE last_use(
  owner INTEGER PRIMARY KEY,
  success_ms INTEGER, success_from TEXT, success_service INTEGER,
  failure_ms INTEGER, failure_from TEXT, failure_service INTEGER
);
-- The last use of a secret that is listed with it, such as an app password.
CREATE TABLE secret_use(
  secret INTEGER PRIMARY KEY, used_ms INTEGER NOT NULL, used_from TEXT NOT NULL,
  service INTEGER NOT NULL
);
-- Failures that still count, oldest first (a JSON array of milliseconds), and since when the entry
-- is locked. Who has none has no row.
CREATE TABLE lockout(owner INTEGER PRIMARY KEY, failures TEXT NOT NULL, locked_ms INTEGER);
-- The same for addresses, counted from the start of a window.
CREATE TABLE source_lockout(
  address TEXT PRIMARY KEY, failures INTEGER NOT NULL, since_ms INTEGER NOT NULL,
  locked_ms INTEGER, success_ms INTEGER
) WITHOUT ROWID;
CREATE TRIGGER entry_unseen AFTER DELETE ON entry BEGIN
  DELETE FROM last_use WHERE owner = OLD.id;
  DELETE FROM lockout WHERE owner = OLD.id;
END;
CREATE TRIGGER secret_unseen AFTER DELETE ON secret BEGIN
  DELETE FROM secret_use WHERE secret = OLD.id;
END;
`;

/** When SSH keys came and changed; not part of an entry, of the log, or of a replay. */
const sshKeys = `
CREATE TABLE ssh_key(
  owner INTEGER NOT NULL, print BLOB NOT NULL, added INTEGER NOT NULL, changed INTEGER NOT NULL,
  PRIMARY KEY(owner, print)
) WITHOUT ROWID;
CREATE TRIGGER entry_without_keys AFTER DELETE ON entry BEGIN
  DELETE FROM ssh_key WHERE owner = OLD.id;
END;
`;

export const tablesOfVersion2 = [observations, sshKeys].join('');
