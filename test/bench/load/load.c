/*
 * The load generator of the bench: a closed loop over LDAP (RFC 4511) on loopback, in one thread.
 * It prints one line of JSON. It owns its connections and what it adds, and takes away what it
 * added; it never talks to another machine and never runs longer than it was told (plus a grace).
 *
 *   load PORT PID MODE CONNECTIONS DEPTH SECONDS WARMUP PEOPLE
 *        SUFFIX BIND-DN PASSWORD USER-PASSWORD
 *
 * PID is the server, whose processor time is read after the warm-up and at the end.
 * Every request of a mode has the same length: it is built once as a template whose message ID,
 * user number ("@@@@@@") and counter ("########") are overwritten for each request sent. That
 * keeps the generator cheap enough not to be what is measured.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "figures.h"
#include "wire.h"

enum {
  CONNECTIONS_MAX = 1024,
  DEPTH_MAX = 256,
  RECEIVE_BYTES = 256 * 1024,
  MEMBER_ROUND = 96,     /* members added before they are taken away again */
  MEMBERS_FIRST = 10000, /* people below are members of the large group from the start */
  STALL_MS_MAX = 30000,
  DRAIN_SECONDS_MAX = 30,
};

enum mode { SEARCH, BIND, COMPARE, MODIFY, ADDDEL, SCAN, MEMBER, MODES };
static const char *const mode_names[MODES] = {"search", "bind", "compare", "modify",
                                              "adddel", "scan", "member"};
enum { SUCCESS = 0, COMPARE_FALSE = 5, COMPARE_TRUE = 6 };

static enum mode mode;
static struct template first_step[2], second_step; /* compare alternates between two */
static uint32_t people, depth;

static int64_t started_ns, measure_from_ns, measure_until_ns, measured_ns;
static uint64_t in_flight;

/* The member mode adds in a round, waits, takes away in a round: only the adding is measured. */
static int taking_away;
static uint32_t round_sent, round_answered, round_size, round_first;
static int64_t round_began_ns;

static uint32_t random_below(uint32_t bound) {
  static uint64_t state = 0x9e3779b97f4a7c15u;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(((state >> 33) * (uint64_t)bound) >> 31);
}

/* ---- connections ---- */

struct slot {
  int64_t sent_ns;
  uint32_t sequence, user, counter;
  uint32_t entries;
  uint8_t busy, second, expected;
};

struct connection {
  int fd;
  uint8_t *in, *out;
  size_t in_length, in_capacity, out_length, out_sent, out_capacity;
  uint8_t waits_to_send;
  struct slot slots[DEPTH_MAX];
};

static struct connection *connections;
static uint32_t connection_count;
static int poller;

static void digits(uint8_t *at, uint32_t value, int count) {
  while (count-- > 0) at[count] = (uint8_t)('0' + value % 10), value /= 10;
}

static void transmit(struct connection *c, const struct template *t, uint32_t slot_number) {
  struct slot *slot = &c->slots[slot_number];
  size_t length = t->message.length;
  if (c->out_length + length > c->out_capacity) {
    c->out_capacity = (c->out_length + length) * 2;
    c->out = realloc(c->out, c->out_capacity);
    if (c->out == NULL) fail("out of memory");
  }
  uint8_t *at = c->out + c->out_length;
  memcpy(at, t->message.at, length);
  slot->sequence = (slot->sequence + 1) & 0xffff;
  uint8_t *id = at + t->id_place;
  id[0] = 1, id[1] = (uint8_t)(slot->sequence >> 8), id[2] = (uint8_t)slot->sequence;
  id[3] = (uint8_t)slot_number;
  for (int i = 0; i < t->user_places; i++) digits(at + t->user_place[i], slot->user, 6);
  for (int i = 0; i < t->counter_places; i++) digits(at + t->counter_place[i], slot->counter, 8);
  c->out_length += length;
  slot->busy = 1;
  slot->entries = 0;
  slot->sent_ns = now_ns();
  in_flight++;
}

/* The next operation of an idle slot; nothing where the member round has no more to give. */
static void start(struct connection *c, uint32_t slot_number) {
  static uint32_t counter = 0;
  struct slot *slot = &c->slots[slot_number];
  slot->second = 0;
  slot->expected = SUCCESS;
  slot->user = random_below(people);
  slot->counter = counter++ % 100000000;
  if (mode == MEMBER) {
    if (round_sent == round_size) return;
    slot->user = round_first + round_sent++;
    transmit(c, taking_away ? &second_step : &first_step[0], slot_number);
    return;
  }
  uint32_t which = mode == COMPARE ? slot->counter & 1 : 0;
  if (mode == COMPARE) slot->expected = which == 0 ? COMPARE_TRUE : COMPARE_FALSE;
  transmit(c, &first_step[which], slot_number);
}

static void flush(struct connection *c) {
  while (c->out_sent < c->out_length) {
    ssize_t n = send(c->fd, c->out + c->out_sent, c->out_length - c->out_sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EAGAIN) fail("cannot send: %s", strerror(errno));
    if (n < 0) break;
    c->out_sent += (size_t)n;
  }
  int waits = c->out_sent < c->out_length;
  if (!waits) c->out_sent = c->out_length = 0;
  if (waits == c->waits_to_send) return;
  struct epoll_event event = {.events = EPOLLIN | (waits ? EPOLLOUT : 0), .data.ptr = c};
  if (epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event) != 0) fail("epoll: %s", strerror(errno));
  c->waits_to_send = (uint8_t)waits;
}

/* Begins the next round of the member mode; false when it is time to stop. */
static int next_round(int64_t now) {
  if (!taking_away) {
    if (round_began_ns >= measure_from_ns) {
      measured_ns += now - round_began_ns;
      window.rounds_us += processor_us(window.pid) - window.round_us;
    }
    taking_away = 1;
  } else {
    taking_away = 0;
    int64_t wanted_ns = measure_until_ns - measure_from_ns;
    int64_t latest_ns = measure_until_ns + 2 * wanted_ns;
    if (measured_ns >= wanted_ns || (measured_ns > 0 && now >= latest_ns)) return 0;
    uint32_t spare = people - MEMBERS_FIRST;
    round_size = spare < MEMBER_ROUND ? spare : MEMBER_ROUND;
    round_first = MEMBERS_FIRST + random_below(spare - round_size + 1);
  }
  round_sent = round_answered = 0;
  round_began_ns = now;
  window.round_us = processor_us(window.pid);
  return 1;
}

static void start_everywhere(void) {
  for (uint32_t i = 0; i < connection_count; i++) {
    for (uint32_t s = 0; s < depth; s++) {
      if (!connections[i].slots[s].busy) start(&connections[i], s);
    }
    flush(&connections[i]);
  }
}

static int counts(const struct slot *slot, int64_t now) {
  if (mode == MEMBER) return !taking_away && round_began_ns >= measure_from_ns;
  return slot->sent_ns >= measure_from_ns && now <= measure_until_ns;
}

/* The final answer to the operation of a slot. */
static void finish(struct connection *c, uint32_t slot_number, int64_t now) {
  struct slot *slot = &c->slots[slot_number];
  slot->busy = 0;
  in_flight--;
  operations++;
  if (counts(slot, now)) {
    measured++;
    note_latency(now - slot->sent_ns);
  }
  if (mode == MEMBER) {
    if (++round_answered < round_size) {
      start(c, slot_number);
    } else if (next_round(now)) {
      start_everywhere();
    }
    return;
  }
  if (mode == ADDDEL && !slot->second) {
    slot->second = 1;
    transmit(c, &second_step, slot_number);
    return;
  }
  if (now < measure_until_ns) start(c, slot_number);
}
static void answered(struct connection *c, struct view message, int64_t now) {
  struct view id = expect(&message, 2), op;
  uint8_t tag;
  uint32_t number = 0;
  for (; id.at < id.end; id.at++) number = number << 8 | *id.at;
  struct slot *slot = &c->slots[number & 0xff];
  if (take(&message, &tag, &op) == 0) fail("an answer is not valid LDAP");
  if (number == 0) fail("the server gave notice of disconnection");
  if ((number & 0xff) >= depth || !slot->busy || (number >> 8 & 0xffff) != slot->sequence) {
    fail("an answer to message %u, which is not waited for", number);
  }
  if (tag == 0x64) {
    slot->entries++;
    entries++;
    if (now >= measure_from_ns && now <= measure_until_ns) entries_measured++;
    return;
  }
  if (tag == 0x73) return;
  struct view code = expect(&op, 0x0a);
  int result = code.at < code.end ? *code.at : -1;
  uint32_t entries_expected = mode == SEARCH ? 1 : mode == SCAN ? people : 0;
  if (result != slot->expected) {
    expect(&op, 4);
    struct view diagnostic = expect(&op, 4);
    note_error(result, diagnostic.at, (size_t)(diagnostic.end - diagnostic.at));
  } else if (slot->entries != entries_expected) {
    static const char *const unlike = "with another number of entries than there are";
    note_error(result, (const uint8_t *)unlike, strlen(unlike));
  }
  finish(c, number & 0xff, now);
}

static void receive(struct connection *c) {
  if (c->in_capacity - c->in_length < RECEIVE_BYTES) {
    c->in_capacity = c->in_length + RECEIVE_BYTES * 2;
    c->in = realloc(c->in, c->in_capacity);
    if (c->in == NULL) fail("out of memory");
  }
  ssize_t n = recv(c->fd, c->in + c->in_length, c->in_capacity - c->in_length, 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) fail("the server closed a connection");
  bytes_received += (uint64_t)n;
  c->in_length += (size_t)n;
  int64_t now = now_ns();
  struct view rest = {c->in, c->in + c->in_length}, message;
  uint8_t tag;
  while (take(&rest, &tag, &message) != 0) {
    if (tag != 0x30) fail("the server sent something else than LDAP");
    answered(c, message, now);
  }
  c->in_length = (size_t)(rest.end - rest.at);
  memmove(c->in, rest.at, c->in_length);
  flush(c);
}

/* ---- the run ---- */

/* Connects and binds, waiting for the answer: nothing is measured yet. */
static void open_connection(struct connection *c, int port, const struct template *bind) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  struct timeval patience = {.tv_sec = 10};
  int yes = 1;
  uint8_t answer[512];
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (c->fd < 0) fail("socket: %s", strerror(errno));
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(c->fd, (struct sockaddr *)&address, sizeof address) != 0) {
    fail("cannot connect to 127.0.0.1:%d: %s", port, strerror(errno));
  }
  ssize_t length = (ssize_t)bind->message.length;
  if (send(c->fd, bind->message.at, (size_t)length, MSG_NOSIGNAL) != length) fail("cannot bind");
  size_t got = 0;
  for (;;) {
    ssize_t n = recv(c->fd, answer + got, sizeof answer - got, 0);
    if (n <= 0) fail("no answer to the bind");
    got += (size_t)n;
    struct view rest = {answer, answer + got}, message;
    uint8_t tag;
    if (take(&rest, &tag, &message) == 0) continue;
    expect(&message, 2);
    struct view op = expect(&message, 0x61), code = expect(&op, 0x0a);
    if (code.at == code.end || *code.at != 0) fail("the bind was refused with code %d", *code.at);
    break;
  }
  if (fcntl(c->fd, F_SETFL, O_NONBLOCK) != 0) fail("fcntl: %s", strerror(errno));
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event) != 0) fail("epoll: %s", strerror(errno));
}

static void make_templates(const char *suffix, const char *user_password) {
  char branch[512], person[512], guest[512], group[512];
  snprintf(branch, sizeof branch, "ou=people,%s", suffix);
  snprintf(person, sizeof person, "uid=u@@@@@@,ou=people,%s", suffix);
  snprintf(guest, sizeof guest, "uid=guest########,ou=people,%s", suffix);
  snprintf(group, sizeof group, "cn=large,ou=groups,%s", suffix);
  switch (mode) {
  case SEARCH: first_step[0] = search_request(branch, "uid", "u@@@@@@"); break;
  case SCAN: first_step[0] = search_request(branch, "objectClass", "person"); break;
  case BIND: first_step[0] = bind_request(person, user_password); break;
  case COMPARE:
    first_step[0] = compare_request(person, "homeDirectory", "/home/u@@@@@@");
    first_step[1] = compare_request(person, "cn", "Nobody @@@@@@");
    break;
  case MODIFY:
    first_step[0] = modify_request(person, CHANGE_REPLACE, "description", "changed ########");
    break;
  case ADDDEL:
    first_step[0] = add_request(guest, "guest########");
    second_step = delete_request(guest);
    break;
  default:
    first_step[0] = modify_request(group, CHANGE_ADD, "member", person);
    second_step = modify_request(group, CHANGE_DELETE, "member", person);
  }
}

/* After the time is up, what is under way is awaited: added entries are to be deleted again. */
static int over(int64_t now) {
  if (mode == MEMBER && in_flight == 0) return 1;
  if (now < measure_until_ns) return 0;
  int64_t grace_ns = (int64_t)DRAIN_SECONDS_MAX * 1000000000;
  if (mode == MEMBER) grace_ns += 3 * (measure_until_ns - measure_from_ns);
  return mode == SCAN || in_flight == 0 || now > measure_until_ns + grace_ns;
}

static void run(void) {
  struct epoll_event events[64];
  start_everywhere();
  while (!over(now_ns())) {
    if (!window.open && now_ns() >= measure_from_ns) open_window();
    int64_t left_ms = (measure_until_ns - now_ns()) / 1000000 + 1;
    int most = left_ms > 0 && left_ms < STALL_MS_MAX ? (int)left_ms : STALL_MS_MAX;
    if (left_ms <= 0) most = 1000;
    int count = epoll_wait(poller, events, 64, most);
    if (count < 0 && errno != EINTR) fail("epoll: %s", strerror(errno));
    if (count == 0 && most == STALL_MS_MAX) fail("no answer for %d seconds", STALL_MS_MAX / 1000);
    for (int i = 0; i < count; i++) {
      struct connection *c = events[i].data.ptr;
      if (events[i].events & EPOLLOUT) flush(c);
      if (events[i].events & ~(uint32_t)EPOLLOUT) receive(c);
    }
  }
  if (mode != SCAN && in_flight > 0) fail("%llu requests without an answer",
                                          (unsigned long long)in_flight);
}

static double number(const char *written, double least, double most, const char *name) {
  char *end;
  double value = strtod(written, &end);
  if (*written == 0 || *end != 0 || !(value >= least && value <= most)) {
    fail("%s is \"%s\", not a number from %g to %g", name, written, least, most);
  }
  return value;
}

int main(int count, char **args) {
  if (count != 13) fail("wrong number of arguments; the head of load.c names them");
  int port = (int)number(args[1], 1, 65535, "PORT");
  window.pid = (int)number(args[2], 1, 1e9, "PID");
  for (mode = 0; mode < MODES && strcmp(mode_names[mode], args[3]) != 0;) mode++;
  if (mode == MODES) fail("there is no mode \"%s\"", args[3]);
  connection_count = (uint32_t)number(args[4], 1, CONNECTIONS_MAX, "CONNECTIONS");
  depth = (uint32_t)number(args[5], 1, DEPTH_MAX, "DEPTH");
  double seconds = number(args[6], 0.1, 600, "SECONDS"), warmup = number(args[7], 0, 60, "WARMUP");
  people = (uint32_t)number(args[8], 1, 1000000, "PEOPLE");
  if (mode == BIND) depth = 1; /* RFC 4511 §4.2.1: nothing beside a bind */
  if (mode == MEMBER && people <= MEMBERS_FIRST) fail("member needs more than %d people",
                                                      MEMBERS_FIRST);
  connections = calloc(connection_count, sizeof *connections);
  poller = epoll_create1(0);
  if (connections == NULL || poller < 0) fail("out of memory");
  struct template bind = bind_request(args[10], args[11]);
  make_templates(args[9], args[12]);
  for (uint32_t i = 0; i < connection_count; i++) open_connection(&connections[i], port, &bind);
  started_ns = now_ns();
  measure_from_ns = started_ns + (int64_t)(warmup * 1e9);
  measure_until_ns = measure_from_ns + (int64_t)(seconds * 1e9);
  taking_away = 1;
  if (mode == MEMBER) next_round(started_ns);
  run();
  if (mode != MEMBER) measured_ns = measure_until_ns - measure_from_ns;
  double span = (double)measured_ns / 1e9;
  printf("{\"mode\":\"%s\",\"seconds\":%.3f,\"perSecond\":%.1f,\"entriesPerSecond\":%.1f,"
         "\"operations\":%llu,\"entries\":%llu,\"bytes\":%llu,\"p50Us\":%.1f,\"p99Us\":%.1f,"
         "\"maxUs\":%.1f,\"processorUs\":%.2f,\"errors\":%llu,\"firstError\":\"%s\"}\n",
         args[3], span, span > 0 ? (double)measured / span : 0,
         span > 0 ? (double)entries_measured / span : 0, (unsigned long long)operations,
         (unsigned long long)entries, (unsigned long long)bytes_received, latency_us(0.5),
         latency_us(0.99), (double)latency_max_ns / 1000.0, processor_us_each(mode == SCAN, mode == MEMBER),
         (unsigned long long)errors, first_error);
  return 0;
}
