/*
 * LDAP on the wire for the load generator: requests as templates, and the elements of answers
 * (RFC 4511 §4, §5.1; X.690 §8.1). It knows one message at a time and no connection.
 */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  TEMPLATE_BYTES_MAX = 2048,
  PLACES_MAX = 8,
  MESSAGE_BYTES_MAX = 16 * 1024 * 1024,
};

static void fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  fputs("load: ", stderr);
  vfprintf(stderr, format, values);
  fputc('\n', stderr);
  exit(1);
}

/* ---- BER, only as much as templates need (X.690 §8.1, RFC 4511 §5.1) ---- */

struct bytes {
  size_t length;
  uint8_t at[TEMPLATE_BYTES_MAX];
};

static void append(struct bytes *to, const void *from, size_t length) {
  if (to->length + length > sizeof to->at) fail("a template is too long");
  memcpy(to->at + to->length, from, length);
  to->length += length;
}

/* One element whose contents are `length` bytes. */
static void element(struct bytes *to, uint8_t tag, const void *contents, size_t length) {
  uint8_t head[4] = {tag, (uint8_t)length};
  size_t size = 2;
  if (length > 255) {
    head[1] = 0x82, head[2] = (uint8_t)(length >> 8), head[3] = (uint8_t)length;
    size = 4;
  } else if (length > 127) {
    head[1] = 0x81, head[2] = (uint8_t)length;
    size = 3;
  }
  append(to, head, size);
  append(to, contents, length);
}

static void wrap(struct bytes *to, uint8_t tag, const struct bytes *contents) {
  element(to, tag, contents->at, contents->length);
}

static void text(struct bytes *to, uint8_t tag, const char *value) {
  element(to, tag, value, strlen(value));
}

static void small(struct bytes *to, uint8_t tag, uint8_t value) { element(to, tag, &value, 1); }

/* Attribute ::= SEQUENCE { type, vals SET OF value }; values end with NULL. */
static void attribute(struct bytes *to, const char *type, ...) {
  struct bytes vals = {0}, both = {0};
  va_list values;
  va_start(values, type);
  for (const char *value; (value = va_arg(values, const char *)) != NULL;) text(&vals, 4, value);
  va_end(values);
  text(&both, 4, type);
  wrap(&both, 0x31, &vals);
  wrap(to, 0x30, &both);
}

/* ---- templates ---- */

struct template {
  struct bytes message;
  size_t id_place; /* of the four bytes of the message ID */
  int user_places, counter_places;
  size_t user_place[PLACES_MAX], counter_place[PLACES_MAX];
};

static int places(const struct bytes *message, const char *mark, size_t found[PLACES_MAX]) {
  int count = 0;
  size_t length = strlen(mark);
  for (size_t i = 0; i + length <= message->length; i++) {
    if (memcmp(message->at + i, mark, length) != 0) continue;
    if (count == PLACES_MAX) fail("a template has too many places");
    found[count++] = i;
    i += length - 1;
  }
  return count;
}

/* LDAPMessage ::= SEQUENCE { messageID, protocolOp } */
static struct template made(uint8_t op_tag, const struct bytes *op) {
  static const uint8_t id[6] = {2, 4, 1, 0, 0, 0};
  struct bytes inside = {0};
  struct template made = {0};
  append(&inside, id, sizeof id);
  wrap(&inside, op_tag, op);
  wrap(&made.message, 0x30, &inside);
  made.id_place = made.message.length - inside.length + 2;
  made.user_places = places(&made.message, "@@@@@@", made.user_place);
  made.counter_places = places(&made.message, "########", made.counter_place);
  return made;
}

static struct template bind_request(const char *dn, const char *password) {
  struct bytes op = {0};
  small(&op, 2, 3);
  text(&op, 4, dn);
  text(&op, 0x80, password);
  return made(0x60, &op);
}

/* wholeSubtree, neverDerefAliases, no limits, an equality filter, all user attributes */
static struct template search_request(const char *base, const char *type, const char *value) {
  struct bytes op = {0}, filter = {0};
  text(&op, 4, base);
  small(&op, 0x0a, 2);
  small(&op, 0x0a, 0);
  small(&op, 2, 0);
  small(&op, 2, 0);
  small(&op, 1, 0);
  text(&filter, 4, type);
  text(&filter, 4, value);
  wrap(&op, 0xa3, &filter);
  element(&op, 0x30, "", 0);
  return made(0x63, &op);
}

static struct template compare_request(const char *dn, const char *type, const char *value) {
  struct bytes op = {0}, assertion = {0};
  text(&op, 4, dn);
  text(&assertion, 4, type);
  text(&assertion, 4, value);
  wrap(&op, 0x30, &assertion);
  return made(0x6e, &op);
}

enum { CHANGE_ADD = 0, CHANGE_DELETE = 1, CHANGE_REPLACE = 2 };

static struct template modify_request(const char *dn, uint8_t kind, const char *type,
                                      const char *value) {
  struct bytes op = {0}, change = {0}, changes = {0};
  text(&op, 4, dn);
  small(&change, 0x0a, kind);
  attribute(&change, type, value, NULL);
  wrap(&changes, 0x30, &change);
  wrap(&op, 0x30, &changes);
  return made(0x66, &op);
}

static struct template add_request(const char *dn, const char *uid) {
  struct bytes op = {0}, list = {0};
  text(&op, 4, dn);
  attribute(&list, "objectClass", "inetOrgPerson", NULL);
  attribute(&list, "uid", uid, NULL);
  attribute(&list, "cn", "Passing ########", NULL);
  attribute(&list, "sn", "Guest", NULL);
  attribute(&list, "mail", "########@example.com", NULL);
  wrap(&op, 0x30, &list);
  return made(0x68, &op);
}

/* DelRequest ::= [APPLICATION 10] LDAPDN: primitive, so the name itself is the contents. */
static struct template delete_request(const char *dn) {
  struct bytes op = {0};
  append(&op, dn, strlen(dn));
  return made(0x4a, &op);
}
/* ---- answers ---- */

struct view {
  const uint8_t *at, *end;
};

/*
 * Takes one element off `from`: its tag and contents. Returns the bytes it took, 0 where it is not
 * all there yet.
 */
static size_t take(struct view *from, uint8_t *tag, struct view *contents) {
  size_t there = (size_t)(from->end - from->at);
  if (there < 2) return 0;
  size_t length = from->at[1], head = 2;
  if (length > 127) {
    size_t more = length & 127;
    if (more == 0 || more > 4) fail("the server sent a length that is not valid");
    if (there < 2 + more) return 0;
    length = 0;
    for (size_t i = 0; i < more; i++) length = length << 8 | from->at[2 + i];
    head += more;
  }
  if (length > MESSAGE_BYTES_MAX) fail("the server sent a message of %zu bytes", length);
  if (there < head + length) return 0;
  *tag = from->at[0];
  contents->at = from->at + head;
  contents->end = contents->at + length;
  from->at = contents->end;
  return head + length;
}

static struct view expect(struct view *from, uint8_t wanted) {
  uint8_t tag;
  struct view contents;
  if (take(from, &tag, &contents) == 0 || tag != wanted) fail("an answer is not valid LDAP");
  return contents;
}

#endif
