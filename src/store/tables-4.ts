/** The table that version 4 adds: the access map (model/access.ts). Not in the log, not in an export. */
export const tablesOfVersion4 = `
CREATE TABLE access_map(
  person INTEGER NOT NULL, consumer INTEGER NOT NULL, address TEXT NOT NULL, method TEXT NOT NULL,
  first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(person, consumer, address, method)
) WITHOUT ROWID;
-- Moves only where a row comes or goes: most sightings are of rows that are there.
CREATE INDEX access_consumer ON access_map(consumer);
CREATE TRIGGER entry_without_access AFTER DELETE ON entry BEGIN
  DELETE FROM access_map WHERE person = OLD.id;
  DELETE FROM access_map WHERE consumer = OLD.id;
END;
`;
