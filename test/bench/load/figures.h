/* What was measured: counts, latencies, the first error. Owns no socket. */
#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H
#include <stdint.h>
#include <stdio.h>

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

#endif
