/*
 * What was measured: time, counts, latencies, processor time of the server, the first error. It
 * owns no socket.
 */
#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

enum { BUCKETS = 64 * 32 };
static uint64_t latencies[BUCKETS]; /* 32 buckets for each doubling of the nanoseconds */
static uint64_t measured, operations, entries, entries_measured, bytes_received, errors;
static int64_t latency_max_ns;
static char first_error[256];

static void note_latency(int64_t ns) {
  if (ns > latency_max_ns) latency_max_ns = ns;
  int power = 63 - __builtin_clzll((uint64_t)ns | 32);
  uint64_t bucket = (uint64_t)(power - 5) * 32 + (((uint64_t)ns >> (power - 5)) & 31);
  latencies[bucket + (power > 5 || ns >= 32 ? 32 : 0)]++;
}

/* Upper end of the bucket below which `share` of the latencies are, microseconds. */
static double latency_us(double share) {
  uint64_t wanted = (uint64_t)(share * (double)measured), seen = 0;
  for (int i = 0; i < BUCKETS; i++) {
    seen += latencies[i];
    if (seen <= wanted || seen == 0) continue;
    if (i < 32) return i / 1000.0;
    int power = (i - 32) / 32 + 5;
    uint64_t low = (uint64_t)(32 + (i - 32) % 32) << (power - 5);
    return (double)(low + ((uint64_t)1 << (power - 5))) / 1000.0;
  }
  return (double)latency_max_ns / 1000.0;
}

static void note_error(int code, const uint8_t *diagnostic, size_t length) {
  errors++;
  if (first_error[0] != 0) return;
  int at = snprintf(first_error, sizeof first_error, "result code %d ", code);
  for (size_t i = 0; i < length && at < 200; i++) {
    uint8_t c = diagnostic[i];
    first_error[at++] = (char)(c < 32 || c > 126 || c == '"' || c == '\\' ? '.' : c);
  }
  first_error[at] = 0;
}

/*
 * Processor time of a process so far, all threads, user and system, microseconds: fields 14 and 15
 * of /proc/PID/stat (proc_pid_stat(5)), counted behind the name, which ends with the last ")".
 * Zero where it cannot be told.
 */
static double processor_us(int pid) {
  char path[64], text[1024];
  unsigned long long user = 0, system = 0;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  text[fread(text, 1, sizeof text - 1, file)] = 0;
  fclose(file);
  const char *rest = strrchr(text, ')');
  if (rest == NULL) return 0;
  sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system);
  return (double)(user + system) * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

/* What was used and done when the warm-up ended: binds cost hashes, and a fresh server compiles. */
static struct {
  int pid, open;
  double processor_us;
  uint64_t operations, entries;
  double round_us, rounds_us; /* at the start of a round; in all rounds that were measured */
} window;

static void open_window(void) {
  window.open = 1;
  window.processor_us = processor_us(window.pid);
  window.operations = operations;
  window.entries = entries;
}

/* Processor time for each operation (or entry) since then, microseconds; 0 if there is none. */
static double processor_us_each(int by_entries, int in_rounds) {
  if (in_rounds) return measured == 0 ? 0 : window.rounds_us / (double)measured;
  uint64_t done = by_entries ? entries - window.entries : operations - window.operations;
  if (!window.open || done == 0) return 0;
  return (processor_us(window.pid) - window.processor_us) / (double)done;
}

#endif
