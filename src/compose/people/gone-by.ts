/**
 * Where somebody was seen, by application and machine, and how long each may go by what it knew of
 * them. What is shut out here is gone there at the latest when its cache has run out: reckoned from the
 * moment of the end, for lists that an application reads as a whole show nobody in particular.
 */
import type { GoneBy } from '../../admin/access.js';
import { type Access, isAfterwards } from '../../directory/model/access.js';
import { type ConsumerCache, cacheOf } from '../../directory/model/caches.js';
import { departureOf } from '../../directory/model/cases.js';
import { guardOf } from '../../directory/operations/index.js';
import { isHost } from '../../directory/operations/lifecycle/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import { defaultConfig } from '../../runtime/config.js';
import { loginOf, type PeopleParts, textsOf } from './parts.js';

type Parts = Pick<PeopleParts, 'reader' | 'names' | 'nowMs' | 'accessMap'>;

const DAY_MS = 86_400_000;

type Kept = Pick<Parts, 'reader' | 'nowMs' | 'accessMap'>;

/** Rows that are older are not shown, ms. */
export function accessSinceMs({ reader, nowMs, accessMap }: Kept): number {
  // Without a server it is the configuration that says how long.
  const { days } = accessMap ?? defaultConfig.accessMap;
  return guardOf(reader)?.accessSinceMs ?? nowMs() - days * DAY_MS;
}

/** Somebody's rows, last seen first, as they are on the disk. */
export const accessOf = (id: number, parts: Kept): readonly Access[] =>
  parts.reader.observed.access.of(id, accessSinceMs(parts));

/** When somebody left, or leaves, for good, seconds. */
export function departs(entry: EntryRecord, reader: DirectoryReader): number | undefined {
  const timeline = reader.timelines.of(entry.id);
  return timeline && departureOf(timeline);
}

export function cacheOfConsumer(
  consumer: EntryRecord,
  reader: DirectoryReader,
): ConsumerCache | undefined {
  const [set] = textsOf(consumer, 'tenurecache', reader);
  const name = `${loginOf(consumer, reader)} ${textsOf(consumer, 'description', reader).join(' ')}`;
  return cacheOf({ set, name, isHost: isHost(consumer.kind) });
}

/** `SSSD: entry_cache_timeout, taken from the name of the account`. */
export function cacheText(cache: ConsumerCache | undefined): string {
  if (cache === undefined) return 'not known; set tenureCache on its account';
  const { known, because } = cache;
  if (known === undefined) return 'set on its account';
  const program = `${known.name}: ${known.what}`;
  if (because === 'name') return `${program}, by the name of its account`;
  return because === 'host' ? `${program}, as machines run it` : program;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Each application and machine once, last seen first. `shutAt`: seconds, where somebody is shut out. */
export function goneByOf(
  rows: readonly Access[],
  shutAt: number | undefined,
  { reader, names }: Parts,
): GoneBy[] {
  const found: GoneBy[] = [];
  for (const id of new Set(rows.map(({ consumer }) => consumer))) {
    const consumer = id === 0 ? undefined : reader.entry(id);
    if (consumer === undefined) continue;
    const own = rows.filter((row) => row.consumer === id);
    const asked = own.filter(({ method }) => isAfterwards(method));
    const cache = cacheOfConsumer(consumer, reader);
    const lastMs = Math.max(...own.map((row) => row.lastMs));
    const but = cache?.known?.but;
    found.push({
      consumer: loginOf(consumer, reader),
      consumerDn: names.text(consumer),
      last: iso(lastMs),
      because: cacheText(cache),
      ...(cache !== undefined && { seconds: cache.seconds }),
      ...(cache !== undefined &&
        shutAt !== undefined && { at: iso((shutAt + cache.seconds) * 1000) }),
      ...(but !== undefined && { but }),
      ...(asked.length > 0 && {
        asked: {
          last: iso(Math.max(...asked.map((row) => row.lastMs))),
          count: asked.reduce((sum, { count }) => sum + count, 0),
        },
      }),
    });
  }
  return found.sort((a, b) => (a.last < b.last ? 1 : a.last > b.last ? -1 : 0));
}
