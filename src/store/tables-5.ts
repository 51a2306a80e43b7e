/**
 * Tables of version 5: the audit trail (audit.ts) and the numbers of cn=changelog.
 *
 * A batch is what one commit brought of one sort; its digest covers its events and the digests of
 * the names that it was the first to use, its head also the head before. Names are apart, so that
 * one can be forgotten; so are events, of which a batch that was forgotten keeps the digest alone.
 */
const trail = `
CREATE TABLE audit_batch(
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, sort INTEGER NOT NULL, first INTEGER NOT NULL,
  last INTEGER NOT NULL, salt BLOB, digest BLOB NOT NULL, head BLOB NOT NULL
);
CREATE INDEX audit_batch_at ON audit_batch(at);
CREATE INDEX audit_batch_kept ON audit_batch(sort, seq) WHERE salt IS NOT NULL;
CREATE TABLE audit_event(
  id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL,
  count INTEGER NOT NULL, who INTEGER NOT NULL, by INTEGER NOT NULL, origin INTEGER NOT NULL,
  through INTEGER NOT NULL, what INTEGER NOT NULL, why INTEGER NOT NULL, change INTEGER NOT NULL,
  run INTEGER NOT NULL
);
CREATE INDEX audit_event_who ON audit_event(who, id);
CREATE TABLE audit_name(
  id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, sort INTEGER NOT NULL, uuid TEXT NOT NULL,
  salt BLOB, digest BLOB NOT NULL, text TEXT
);
CREATE INDEX audit_name_batch ON audit_name(batch);
CREATE INDEX audit_name_uuid ON audit_name(uuid) WHERE uuid <> '';
`;

/** What only moved a time stamp has no number. */
const numbers = `
CREATE TABLE changelog(number INTEGER PRIMARY KEY, seq INTEGER NOT NULL, n INTEGER NOT NULL);
INSERT INTO changelog(seq, n)
  SELECT seq, n FROM change_item JOIN change USING (seq)
    WHERE format = 1 AND (payload IS NULL OR json_extract(payload, '$.op') <> 'touch')
    ORDER BY seq, n;
`;

export const tablesOfVersion5 = trail + numbers;
