/**
 * A database as version 1 wrote it: its tables, and the content of a small directory. Never edited:
 * every later version must be able to open it. The substring index is empty and all its entries wait.
 */

export const tablesAsReleased = `
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
CREATE UNIQUE INDEX entry_place ON entry(parent, rdn_key);
CREATE UNIQUE INDEX entry_uuid ON entry(uuid);
CREATE INDEX entry_parent ON entry(parent);
CREATE INDEX entry_kind ON entry(kind);
CREATE INDEX entry_modified ON entry(modified_at);
CREATE INDEX entry_created ON entry(created_at);
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
  c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, content='', contentless_delete=1, detail=column,
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

export const contentAsWritten = `
INSERT INTO meta VALUES ('administrator', 3);
INSERT INTO meta VALUES ('secret_key', x'4fbfb906a9c855f3b2834f77342cb1a2bfe3653a4a8ca1c6aa0c9d49b69a2c98');
INSERT INTO meta VALUES ('server_id', 1);
INSERT INTO attribute_name VALUES (1, 'cn', 'cn');
INSERT INTO attribute_name VALUES (2, 'sn', 'sn');
INSERT INTO attribute_name VALUES (3, 'serialnumber', 'serialNumber');
INSERT INTO attribute_name VALUES (4, 'o', 'o');
INSERT INTO attribute_name VALUES (5, 'ou', 'ou');
INSERT INTO attribute_name VALUES (6, 'telephonenumber', 'telephoneNumber');
INSERT INTO attribute_name VALUES (7, 'givenname', 'givenName');
INSERT INTO attribute_name VALUES (8, 'uid', 'uid');
INSERT INTO attribute_name VALUES (9, 'dc', 'dc');
INSERT INTO attribute_name VALUES (10, 'mail', 'mail');
INSERT INTO attribute_name VALUES (11, 'host', 'host');
INSERT INTO attribute_name VALUES (12, 'departmentnumber', 'departmentNumber');
INSERT INTO attribute_name VALUES (13, 'employeenumber', 'employeeNumber');
INSERT INTO attribute_name VALUES (14, 'employeetype', 'employeeType');
INSERT INTO attribute_name VALUES (15, 'displayname', 'displayName');
INSERT INTO attribute_name VALUES (16, 'uidnumber', 'uidNumber');
INSERT INTO attribute_name VALUES (17, 'gidnumber', 'gidNumber');
INSERT INTO attribute_name VALUES (18, 'iphostnumber', 'ipHostNumber');
INSERT INTO attribute_name VALUES (19, 'macaddress', 'macAddress');
INSERT INTO attribute_name VALUES (20, 'nismapname', 'nisMapName');
INSERT INTO attribute_name VALUES (21, 'automountmapname', 'automountMapName');
INSERT INTO attribute_name VALUES (22, 'automountkey', 'automountKey');
INSERT INTO attribute_name VALUES (23, 'sudouser', 'sudoUser');
INSERT INTO attribute_name VALUES (24, 'sudohost', 'sudoHost');
INSERT INTO attribute_name VALUES (25, 'sambasid', 'sambaSID');
INSERT INTO attribute_name VALUES (26, 'apple-generateduid', 'apple-generateduid');
INSERT INTO attribute_name VALUES (27, 'objectclass', 'objectClass');
INSERT INTO attribute_name VALUES (28, 'cn;lang-de', 'cn;lang-de');
INSERT INTO attribute_name VALUES (29, 'member', 'member');
INSERT INTO name VALUES (1, 'cn=admin,dc=example,dc=org');
INSERT INTO kind VALUES (1, '0.9.2342.19200300.100.4.13 2.5.6.0', 'domain top', 1);
INSERT INTO kind VALUES (2, '2.5.6.0 2.5.6.5', 'organizationalUnit top', 1);
INSERT INTO kind VALUES (3, '2.16.840.1.113730.3.2.2 2.5.6.0 2.5.6.6 2.5.6.7', 'inetOrgPerson organizationalPerson person top', 2);
INSERT INTO kind VALUES (4, '2.5.6.0 2.5.6.9', 'groupOfNames top', 1);
INSERT INTO entry VALUES (1, 0, CAST(x'64633d6578616d706c650064633d6f7267' AS TEXT), 'dc=example,dc=org', '50f08690-c9f7-40e1-8cde-e0764e410ec7', '20300101000002.000000Z#000000#001#000000', 1893456002, 1, 1893456002, 1, 1, 0, x'010002001b0000000f0009000000283017040b6f626a656374436c61737331080406646f6d61696e300f04026463310904076578616d706c65');
INSERT INTO entry VALUES (2, 1, 'ou=people', 'ou=people', '9db6b24a-9729-45d2-9e05-e2db04a28ff6', '20300101000003.000000Z#000000#001#000000', 1893456003, 1, 1893456003, 1, 2, 0, x'010002001b0000000f0005000000343023040b6f626a656374436c617373311404126f7267616e697a6174696f6e616c556e6974300e04026f753108040670656f706c65');
INSERT INTO entry VALUES (3, 2, 'uid=ada', 'uid=ada', 'acd244f5-b7fe-46a9-8d37-201135816fb7', '20300101000009.000000Z#000000#001#000000', 1893456004, 1, 1893456009, 1, 3, 0, x'010006001b00000027000800000047000100000055000200000069000a00000076001c00000091301e040b6f626a656374436c617373310f040d696e65744f7267506572736f6e300c04037569643105040361646130120402636e310c040a506572736f6e20616461300b0402736e31050403616461301904046d61696c3111040f616461406578616d706c652e6f7267301b040a636e3b6c616e672d6465310d040b4772c3a466696e20416461');
INSERT INTO entry VALUES (4, 2, 'uid=bob', 'uid=bob', 'c0f83d05-ebd5-4d73-a083-15f06a8b59b9', '20300101000005.000000Z#000000#001#000000', 1893456005, 1, 1893456005, 1, 3, 0, x'010005001b0000002100080000004100010000004f000200000063000a00000070301e040b6f626a656374436c617373310f040d696e65744f7267506572736f6e300c040375696431050403626f6230120402636e310c040a506572736f6e20626f62300b0402736e31050403626f62301904046d61696c3111040f626f62406578616d706c652e6f7267');
INSERT INTO entry VALUES (5, 1, 'cn=staff', 'cn=staff', '7aa12042-d2f9-4119-bb02-5195b45af6c5', '20300101000008.000000Z#000000#001#000000', 1893456006, 1, 1893456008, 1, 4, 1, x'010002001b0000000f00010000002e301d040b6f626a656374436c617373310e040c67726f75704f664e616d6573300d0402636e310704057374616666');
INSERT INTO child_count VALUES (0, 1);
INSERT INTO child_count VALUES (1, 2);
INSERT INTO child_count VALUES (2, 2);
INSERT INTO idx VALUES (1, x'6772c3a466696e2020616461', 3);
INSERT INTO idx VALUES (1, x'706572736f6e2020616461', 3);
INSERT INTO idx VALUES (1, x'706572736f6e2020626f62', 4);
INSERT INTO idx VALUES (1, x'7374616666', 5);
INSERT INTO idx VALUES (2, x'616461', 3);
INSERT INTO idx VALUES (2, x'626f62', 4);
INSERT INTO idx VALUES (5, x'70656f706c65', 2);
INSERT INTO idx VALUES (8, x'616461', 3);
INSERT INTO idx VALUES (8, x'626f62', 4);
INSERT INTO idx VALUES (9, x'6578616d706c65', 1);
INSERT INTO idx VALUES (10, x'616461406578616d706c652e6f7267', 3);
INSERT INTO idx VALUES (10, x'626f62406578616d706c652e6f7267', 4);
INSERT INTO index_state VALUES ('apple-generateduid', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('automountkey', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('automountmapname', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('cn', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('cn', 'sub', 'ready', 0, 0);
INSERT INTO index_state VALUES ('dc', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('departmentnumber', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('displayname', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('displayname', 'sub', 'ready', 0, 6);
INSERT INTO index_state VALUES ('employeenumber', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('employeetype', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('gidnumber', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('givenname', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('givenname', 'sub', 'ready', 0, 3);
INSERT INTO index_state VALUES ('host', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('iphostnumber', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('macaddress', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('mail', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('mail', 'sub', 'ready', 0, 5);
INSERT INTO index_state VALUES ('nismapname', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('o', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('ou', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('sambasid', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('serialnumber', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('sn', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('sn', 'sub', 'ready', 0, 1);
INSERT INTO index_state VALUES ('sudohost', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('sudouser', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('telephonenumber', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('telephonenumber', 'sub', 'ready', 0, 2);
INSERT INTO index_state VALUES ('uid', 'eq', 'ready', 0, NULL);
INSERT INTO index_state VALUES ('uid', 'sub', 'ready', 0, 4);
INSERT INTO index_state VALUES ('uidnumber', 'eq', 'ready', 0, NULL);
INSERT INTO substring_pending VALUES (3);
INSERT INTO substring_pending VALUES (4);
INSERT INTO substring_pending VALUES (5);
INSERT INTO edge VALUES (5, 29, 0, CAST(x'636e3d780064633d656c7365' AS TEXT), 'cn=x,dc=else', 0);
INSERT INTO edge VALUES (5, 29, 3, '', '', 0);
INSERT INTO secret VALUES (3, 1, 'userPassword', x'7b535348417d6e6f6e65', 1, 'a273988b31df6898256b7ba28adff443');
INSERT INTO change VALUES (1, '20300101000001.000000Z#000000#001#000000', 2, '', 'new directory', '', x'63722add4f64c09d78846f8d3098fcb6abce2a661e05f9bc83f1c8869835a78d');
INSERT INTO change VALUES (2, '20300101000002.000000Z#000000#001#000000', 1, 'cn=admin,dc=example,dc=org', 'test', '', x'f591b5cf0e2d7a5ed206e2347b2cb401e317bb1f8751d0b276c0192f1fdcc832');
INSERT INTO change VALUES (3, '20300101000003.000000Z#000000#001#000000', 1, 'cn=admin,dc=example,dc=org', 'test', '', x'30d26483e9df91902de9041c3d25333f301376797abd0ba9c97ae1c0101bfabd');
INSERT INTO change VALUES (4, '20300101000004.000000Z#000000#001#000000', 1, 'cn=admin,dc=example,dc=org', 'test', '', x'969289e8220202887341dcc2e203322440a41210704732924304e0b1acb8aec3');
INSERT INTO change VALUES (5, '20300101000005.000000Z#000000#001#000000', 1, 'cn=admin,dc=example,dc=org', 'test', '', x'e7d137126d029d607a4968f67f300cebfe43c435e349ad3f07582345da7d616b');
INSERT INTO change VALUES (6, '20300101000006.000000Z#000000#001#000000', 1, 'cn=admin,dc=example,dc=org', 'test', '', x'60a82beef17db71576deee45b2642665334be52a17a3cd6fde97f85bb647b7b4');
INSERT INTO change VALUES (7, '20300101000007.000000Z#000000#001#000000', 1, 'cn=admin,dc=example,dc=org', 'test', '', x'0864c8b99036beab47f3c7bb481d669701ef85bd4722419a5d4a2c86207bc2f7');
INSERT INTO change VALUES (8, '20300101000008.000000Z#000000#001#000000', 1, 'cn=admin,dc=example,dc=org', 'test', '', x'544d56e1283837483ce8d09be7d36c91dad8174f0eab2bdc65b3cea12f0c439a');
INSERT INTO change VALUES (9, '20300101000009.000000Z#000000#001#000000', 1, 'cn=admin,dc=example,dc=org', 'test', '', x'10d0ed75c2fa667c4be3c2263bc3f97bad8fecd3c48e011ce2ead43724ce82fb');
INSERT INTO change_item VALUES (1, 0, '', x'49a03180104ffdeefc5b17ed750ffb8e', x'91d63017ef64c7143214d8dbec3fc1ce2d5b8818be76920ae09a0181e8109ae5', '{"digest":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","entries":0}');
INSERT INTO change_item VALUES (2, 0, '50f08690-c9f7-40e1-8cde-e0764e410ec7', x'8b1c4aac8061568269d851724587adf3', x'149c6c010b6c98bfc1253c460358ec235670418f9cd47a3fdafee0394b2167bb', '{"op":"add","uuid":"50f08690-c9f7-40e1-8cde-e0764e410ec7","dn":"dc=example,dc=org","after":{"csn":"20300101000002.000000Z#000000#001#000000","createdAt":1893456002,"createdBy":"cn=admin,dc=example,dc=org","modifiedAt":1893456002,"modifiedBy":"cn=admin,dc=example,dc=org"},"placeAfter":{"parent":"","rdn":"dc=example,dc=org"},"values":[{"attribute":"objectClass","removed":[],"added":["domain"]},{"attribute":"dc","removed":[],"added":["example"]}]}');
INSERT INTO change_item VALUES (3, 0, '9db6b24a-9729-45d2-9e05-e2db04a28ff6', x'8537fcf69199dd6e3e2d081a195c8c99', x'04ad5ba295d0f00999b576e16830dda6a90faa384b043cbcbba3c095f218d27d', '{"op":"add","uuid":"9db6b24a-9729-45d2-9e05-e2db04a28ff6","dn":"ou=people","after":{"csn":"20300101000003.000000Z#000000#001#000000","createdAt":1893456003,"createdBy":"cn=admin,dc=example,dc=org","modifiedAt":1893456003,"modifiedBy":"cn=admin,dc=example,dc=org"},"placeAfter":{"parent":"50f08690-c9f7-40e1-8cde-e0764e410ec7","rdn":"ou=people"},"values":[{"attribute":"objectClass","removed":[],"added":["organizationalUnit"]},{"attribute":"ou","removed":[],"added":["people"]}]}');
INSERT INTO change_item VALUES (4, 0, 'acd244f5-b7fe-46a9-8d37-201135816fb7', x'afd888832d14fff01ef28513daa72f1e', x'c2e99293273fd58c25b9ee7da73557bf8fe8656fc7408e6a2562cdc34fe97112', '{"op":"add","uuid":"acd244f5-b7fe-46a9-8d37-201135816fb7","dn":"uid=ada","after":{"csn":"20300101000004.000000Z#000000#001#000000","createdAt":1893456004,"createdBy":"cn=admin,dc=example,dc=org","modifiedAt":1893456004,"modifiedBy":"cn=admin,dc=example,dc=org"},"placeAfter":{"parent":"9db6b24a-9729-45d2-9e05-e2db04a28ff6","rdn":"uid=ada"},"values":[{"attribute":"objectClass","removed":[],"added":["inetOrgPerson"]},{"attribute":"uid","removed":[],"added":["ada"]},{"attribute":"cn","removed":[],"added":["Person ada"]},{"attribute":"sn","removed":[],"added":["ada"]},{"attribute":"mail","removed":[],"added":["ada@example.org"]},{"attribute":"cn;lang-de","removed":[],"added":["Gräfin Ada"]}]}');
INSERT INTO change_item VALUES (5, 0, 'c0f83d05-ebd5-4d73-a083-15f06a8b59b9', x'976c383f504b37c3400fd535e536d06d', x'1d3e815ffd3661b9f5aa5ed80604ff4028ec67e1f4d764bd0b15ff87be476205', '{"op":"add","uuid":"c0f83d05-ebd5-4d73-a083-15f06a8b59b9","dn":"uid=bob","after":{"csn":"20300101000005.000000Z#000000#001#000000","createdAt":1893456005,"createdBy":"cn=admin,dc=example,dc=org","modifiedAt":1893456005,"modifiedBy":"cn=admin,dc=example,dc=org"},"placeAfter":{"parent":"9db6b24a-9729-45d2-9e05-e2db04a28ff6","rdn":"uid=bob"},"values":[{"attribute":"objectClass","removed":[],"added":["inetOrgPerson"]},{"attribute":"uid","removed":[],"added":["bob"]},{"attribute":"cn","removed":[],"added":["Person bob"]},{"attribute":"sn","removed":[],"added":["bob"]},{"attribute":"mail","removed":[],"added":["bob@example.org"]}]}');
INSERT INTO change_item VALUES (6, 0, '7aa12042-d2f9-4119-bb02-5195b45af6c5', x'bf52a4849f6625b0b473a7a7adb51581', x'8193bf68e0e3253d89da98138797134e6924659558c4b1009c61aa3f2a8d7ff5', '{"op":"add","uuid":"7aa12042-d2f9-4119-bb02-5195b45af6c5","dn":"cn=staff","after":{"csn":"20300101000006.000000Z#000000#001#000000","createdAt":1893456006,"createdBy":"cn=admin,dc=example,dc=org","modifiedAt":1893456006,"modifiedBy":"cn=admin,dc=example,dc=org"},"placeAfter":{"parent":"50f08690-c9f7-40e1-8cde-e0764e410ec7","rdn":"cn=staff"},"values":[{"attribute":"objectClass","removed":[],"added":["groupOfNames"]},{"attribute":"cn","removed":[],"added":["staff"]}]}');
INSERT INTO change_item VALUES (7, 0, '7aa12042-d2f9-4119-bb02-5195b45af6c5', x'd921000dcda37031c2a911787437aca2', x'3ac9701b898b5afd941f24ca26d0fcc69fda83787f9c3a97d0eca41a03fabcd6', '{"op":"modify","uuid":"7aa12042-d2f9-4119-bb02-5195b45af6c5","dn":"cn=staff","before":{"csn":"20300101000006.000000Z#000000#001#000000","createdAt":1893456006,"createdBy":"cn=admin,dc=example,dc=org","modifiedAt":1893456006,"modifiedBy":"cn=admin,dc=example,dc=org"},"after":{"csn":"20300101000007.000000Z#000000#001#000000","createdAt":1893456006,"createdBy":"cn=admin,dc=example,dc=org","modifiedAt":1893456007,"modifiedBy":"cn=admin,dc=example,dc=org"},"values":[{"attribute":"member","removed":[],"added":[{"ref":"acd244f5-b7fe-46a9-8d37-201135816fb7","dn":""}]}]}');
INSERT INTO change_item VALUES (8, 0, '7aa12042-d2f9-4119-bb02-5195b45af6c5', x'117d7177ac5833c7b2725e57e20c1e43', x'112b6b6bbeebc0e899b201671b6eca8adcb6617d662a3438eb31d4f746c6451b', '{"op":"modify","uuid":"7aa12042-d2f9-4119-bb02-5195b45af6c5","dn":"cn=staff","before":{"csn":"20300101000007.000000Z#000000#001#000000","createdAt":1893456006,"createdBy":"cn=admin,dc=example,dc=org","modifiedAt":1893456007,"modifiedBy":"cn=admin,dc=example,dc=org"},"after":{"csn":"20300101000008.000000Z#000000#001#000000","createdAt":1893456006,"createdBy":"cn=admin,dc=example,dc=org","modifiedAt":1893456008,"modifiedBy":"cn=admin,dc=example,dc=org"},"values":[{"attribute":"member","removed":[],"added":["cn=x,dc=else"]}]}');
INSERT INTO change_item VALUES (9, 0, 'acd244f5-b7fe-46a9-8d37-201135816fb7', x'8e677bf0901351c1169ff5cafbbe6707', x'91f7f0ec2b2502c3afe22e44134ea2f093c1a0bc249bb236b2654b5278d0afc9', '{"op":"modify","uuid":"acd244f5-b7fe-46a9-8d37-201135816fb7","dn":"uid=ada","before":{"csn":"20300101000004.000000Z#000000#001#000000","createdAt":1893456004,"createdBy":"cn=admin,dc=example,dc=org","modifiedAt":1893456004,"modifiedBy":"cn=admin,dc=example,dc=org"},"after":{"csn":"20300101000009.000000Z#000000#001#000000","createdAt":1893456004,"createdBy":"cn=admin,dc=example,dc=org","modifiedAt":1893456009,"modifiedBy":"cn=admin,dc=example,dc=org"},"secretsAdded":[{"id":1,"kind":"userPassword","digest":"a273988b31df6898256b7ba28adff443"}]}');
INSERT INTO baseline VALUES (1, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 0);
INSERT INTO counter VALUES ('entry id', 5);
INSERT INTO counter VALUES ('secret id', 1);
INSERT INTO retired_number VALUES ('uidNumber', 10000, 'eve');
INSERT INTO initial VALUES (3, '20300101000009.000000Z#000000#001#000000');
`;
