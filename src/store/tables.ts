/**
 * The tables of version 1, as they were released. Later versions add steps in migrations.ts and
 * leave this text alone. Times are whole seconds since 1970; ids are never reused.
 */
const substringColumns = Array.from({ length: 24 }, (_, i) => `c${i}`).join(', ');

/** Indexes of the entry table that nothing needs while an import runs. */
export const createEntryIndexes = `CREATE INDEX entry_parent ON entry(parent);
CREATE INDEX entry_kind ON entry(kind);
CREATE INDEX entry_modified ON entry(modified_at);
CREATE INDEX entry_created ON entry(created_at);`;

/** Takes the same away again. */
export const dropEntryIndexes = `DROP INDEX entry_parent;
DROP INDEX entry_kind;
DROP INDEX entry_modified;
DROP INDEX entry_created;`;

/** Unique indexes of the entry table: an import stands in for them itself (bulk-places.ts). */
export const createUniqueIndexes = `CREATE UNIQUE INDEX entry_place ON entry(parent, rdn_key);
CREATE UNIQUE INDEX entry_uuid ON entry(uuid);`;

/** Takes the same away again. */
export const dropUniqueIndexes = `DROP INDEX entry_place;
DROP INDEX entry_uuid;`;

export const tablesOfVersion1 = `
-- Single facts: server id, administrator, key of the digests of secrets.
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- The store's own numbers of attribute descriptions, of actors' names, of kinds of entries.
CREATE TABLE attribute_name(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, text TEXT NOT NULL);
CREATE TABLE name(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE kind(
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, classes TEXT NOT NULL,
  entries INTEGER NOT NULL DEFAULT 0
);

-- rdn_key: the normal form, one character a byte; of a suffix the key of its whole name.
CREATE TABLE entry(
  id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, rdn_key TEXT NOT NULL, rdn TEXT NOT NULL,
  uuid TEXT NOT NULL, csn TEXT NOT NULL, created_at INTEGER NOT NULL, created_by INTEGER NOT NULL,
  modified_at INTEGER NOT NULL, modified_by INTEGER NOT NULL, kind INTEGER NOT NULL,
  has_edges INTEGER NOT NULL, body BLOB NOT NULL
);
${createUniqueIndexes}
${createEntryIndexes}
CREATE TABLE child_count(parent INTEGER PRIMARY KEY, n INTEGER NOT NULL);

-- Equality index: attr is the number of the base type, key the normal form (long ones cut).
CREATE TABLE idx(
  attr INTEGER NOT NULL, key BLOB NOT NULL, id INTEGER NOT NULL, PRIMARY KEY(attr, key, id)
) WITHOUT ROWID;
-- What is indexed: use is eq or sub; state is building or ready; slot is the substring column.
CREATE TABLE index_state(
  attr TEXT NOT NULL, use TEXT NOT NULL, state TEXT NOT NULL, cursor INTEGER NOT NULL,
  slot INTEGER, PRIMARY KEY(attr, use)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE substring USING fts5(
  ${substringColumns}, content='', contentless_delete=1, detail=column,
  tokenize='trigram case_sensitive 1'
);
-- Terms are gathered in up to 16 MiB of memory before they are written: half the time of an import.
INSERT INTO substring(substring, rank) VALUES ('hashsize', 16777216);
-- Entries whose row in the substring index is stale.
CREATE TABLE substring_pending(id INTEGER PRIMARY KEY);

-- dst 0: a name outside the tree, found by text_key. source: 0 set by hand, 1 by rule, 2 granted.
CREATE TABLE edge(
  src INTEGER NOT NULL, attr INTEGER NOT NULL, dst INTEGER NOT NULL, text_key TEXT NOT NULL,
  text TEXT NOT NULL, source INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(src, attr, dst, text_key, source)
) WITHOUT ROWID;
CREATE INDEX edge_target ON edge(dst, attr, src);
CREATE INDEX edge_text ON edge(text_key) WHERE dst = 0;

-- Clustered by owner: a bind reads them in one descent.
CREATE TABLE secret(
  owner INTEGER NOT NULL, id INTEGER NOT NULL, kind TEXT NOT NULL, value BLOB NOT NULL,
  revision INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY(owner, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX secret_id ON secret(id);

-- The log. head chains the rows; payload and salt of an item may be wiped, its digest stays.
CREATE TABLE change(
  seq INTEGER PRIMARY KEY, csn TEXT NOT NULL, format INTEGER NOT NULL, actor TEXT NOT NULL,
  reason TEXT NOT NULL, run TEXT NOT NULL, head BLOB NOT NULL
);
CREATE TABLE change_item(
  seq INTEGER NOT NULL, n INTEGER NOT NULL, uuid TEXT NOT NULL, salt BLOB, digest BLOB NOT NULL,
  payload TEXT, PRIMARY KEY(seq, n)
) WITHOUT ROWID;
-- Points from which the log can be replayed: digest of the canonical export after change seq.
CREATE TABLE baseline(seq INTEGER PRIMARY KEY, digest TEXT NOT NULL, entries INTEGER NOT NULL);

CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
-- Numbers that somebody had and gave up: never given to anybody else.
CREATE TABLE retired_number(
  counter TEXT NOT NULL, value INTEGER NOT NULL, holder TEXT NOT NULL, PRIMARY KEY(counter, value)
) WITHOUT ROWID;

CREATE TABLE schema_extension(
  n INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL,
  UNIQUE(kind, id)
);
-- Entries as the first setup made them, while they still have that CSN.
CREATE TABLE initial(id INTEGER PRIMARY KEY, csn TEXT NOT NULL);
`;
