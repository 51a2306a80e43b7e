/**
 * Failures by address: whoever tries many names from one place is locked out by the place. It must
 * not punish the innocent behind a shared address, so this machine, a registered service's
 * connection (the caller leaves those out) and an address from which somebody got in a moment ago
 * are never locked. IPv6 counts by /64: one host has as many addresses there as it wants.
 */
import { isIPv6 } from 'node:net';
import type { SourceRecord } from '../../directory/model/observed.js';
import type { Limits } from '../../runtime/limits.js';

export type SourceLimits = Pick<
  Limits,
  'sourceFailuresMax' | 'sourceFailureWindowMs' | 'sourceLockMs' | 'sourceTrustMs' | 'sourcesMax'
>;

const unknown: SourceRecord = {
  failures: 0,
  sinceMs: 0,
  lockedMs: undefined,
  successMs: undefined,
};

/** The place that an address counts for, or undefined where none does. */
export function placeOf(address: string): string | undefined {
  if (address === '127.0.0.1') return undefined;
  const text = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  if (text.startsWith('127.') || text === '::1') return undefined;
  if (!text.includes(':')) return text.includes('.') ? text : undefined;
  const bare = text.split('%', 1)[0]!;
  return isIPv6(bare) ? `${networkOf(bare)}::/64` : undefined;
}

/** The first four groups, written out. */
function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

/** What is known of addresses, bounded; the oldest goes first. */
export class Sources {
  readonly #limits: SourceLimits;
  readonly #records: Map<string, SourceRecord>;

  constructor(limits: SourceLimits, stored: ReadonlyMap<string, SourceRecord>) {
    this.#limits = limits;
    this.#records = new Map(stored);
  }

  record(place: string): SourceRecord {
    return this.#records.get(place) ?? unknown;
  }

  isLocked(place: string, nowMs: number): boolean {
    const { lockedMs } = this.record(place);
    return lockedMs !== undefined && nowMs < lockedMs + this.#limits.sourceLockMs;
  }

  /** Notes a failure; true where it was one too many. */
  failed(place: string, nowMs: number): boolean {
    const { sourceFailuresMax, sourceFailureWindowMs, sourceTrustMs } = this.#limits;
    if (sourceFailuresMax === 0 || this.isLocked(place, nowMs)) return false;
    const { failures, sinceMs, lockedMs, successMs } = this.record(place);
    const anew = lockedMs !== undefined || nowMs >= sinceMs + sourceFailureWindowMs;
    const count = anew ? 1 : failures + 1;
    const trusted = successMs !== undefined && nowMs < successMs + sourceTrustMs;
    const locks = count >= sourceFailuresMax && !trusted;
    this.#set(place, {
      failures: count,
      sinceMs: anew ? nowMs : sinceMs,
      lockedMs: locks ? nowMs : undefined,
      successMs,
    });
    return locks;
  }

  /** True where it is worth a flush: the time alone is only noted now and then. */
  succeeded(place: string, nowMs: number): boolean {
    const record = this.record(place);
    const { successMs } = record;
    if (successMs !== undefined && nowMs - successMs < this.#limits.sourceTrustMs / 10) {
      return false;
    }
    this.#set(place, { ...record, successMs: nowMs });
    return true;
  }

  #set(place: string, record: SourceRecord): void {
    // At its end again: what is first is what nobody has seen for longest.
    this.#records.delete(place);
    if (this.#records.size >= this.#limits.sourcesMax) {
      const [oldest] = this.#records.keys();
      this.#records.delete(oldest!);
    }
    this.#records.set(place, record);
  }

  /** Takes away what means nothing any more; their places are returned. */
  sweep(nowMs: number): string[] {
    const { sourceFailureWindowMs, sourceLockMs, sourceTrustMs } = this.#limits;
    const gone: string[] = [];
    for (const [place, { sinceMs, lockedMs, successMs }] of this.#records) {
      const ends = [sinceMs + sourceFailureWindowMs, (lockedMs ?? 0) + sourceLockMs];
      if (Math.max(...ends, (successMs ?? 0) + sourceTrustMs) > nowMs) continue;
      this.#records.delete(place);
      gone.push(place);
    }
    return gone;
  }
}
