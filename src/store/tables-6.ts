/**
 * The table that version 6 adds: from when until when somebody is employed, as far as all their
 * engagements say so. Made with the timeline (model/timeline.ts), which has the same two seconds; a
 * directory that has timelines already folds everybody anew for it.
 */
export const tablesOfVersion6 = `
CREATE TABLE employment(entry INTEGER PRIMARY KEY, start INTEGER, until INTEGER);
CREATE INDEX employment_start ON employment(start) WHERE start IS NOT NULL;
CREATE INDEX employment_until ON employment(until) WHERE until IS NOT NULL;
CREATE TRIGGER entry_without_employment AFTER DELETE ON entry BEGIN
  DELETE FROM employment WHERE entry = OLD.id;
END;
INSERT OR REPLACE INTO meta(key, value)
  SELECT 'folded_to', 0 WHERE EXISTS (SELECT 1 FROM timeline);
`;
