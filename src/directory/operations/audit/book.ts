/**
 * What was seen and is to be in the audit trail: binds, refusals, reads of secrets. Lives in the
 * connection thread; the disk hears of it with the next flush. What happens again within a minute
 * is counted, and told once. Bounded in what it remembers, in what one flush brings, and in what
 * refusals of one address, and of all, may bring in an hour: beyond that they are only counted.
 */
import type { AuditEvent, AuditKind, AuditName } from '../../model/audit.js';
import { nobody } from '../../model/audit.js';
import type { Origin } from '../../model/identity.js';

export interface AuditBookOptions {
  readonly nowMs: () => number;
  readonly limits: {
    readonly auditKeysMax: number;
    readonly auditFlushMax: number;
    readonly auditRepeatMs: number;
    readonly auditRefusalsPerSourceHour: number;
    readonly auditRefusalsPerHour: number;
    readonly sourcesMax: number;
  };
  /** The name of an entry as it is now; 0 and those that are gone are nobody. */
  readonly nameOf: (entryId: number) => AuditName;
  /** There is something to flush. */
  readonly onSeen: () => void;
}

export interface Seen {
  readonly kind: Extract<AuditKind, 'bind' | 'refusal' | 'secret'>;
  /** An entry, or a name that is nobody's. */
  readonly who: number | string;
  /** The entry of whoever did it, 0 where that is whom it is about. */
  readonly by: number;
  readonly origin: Origin;
  /** The client's own address, as a trusted service tells it. */
  readonly trackedAddress?: string | undefined;
  /** The service account through which it came, or 0. */
  readonly service: number;
  readonly what: string;
  readonly why: string;
}

interface Slot {
  readonly seen: Seen;
  /** Where it is found, and as what. */
  readonly way: Way;
  readonly as: number | string;
  firstMs: number;
  lastMs: number;
  unsent: number;
  sentMs: number;
}

/** Everything about an event but whom it is about: almost all come the way of the one before. */
interface Way {
  readonly key: string;
  readonly seen: Seen | undefined;
  readonly slots: Map<number | string, Slot>;
}

const HOUR_MS = 3_600_000;
const WHO_SHOWN_MAX = 200;
const others = 'others, more than are told one by one';

export class AuditBook {
  readonly #options: AuditBookOptions;
  readonly #slots = new Set<Slot>();
  /** Those by which something is remembered. */
  readonly #ways = new Map<string, Way>();
  #last: Way | undefined;
  /** Of what is not told one by one. */
  readonly #others: Way = { key: others, seen: undefined, slots: new Map() };
  /** Refusals of the present hour, by address. */
  readonly #bySource = new Map<string, number>();
  #hour = -1;
  #ofHour = 0;
  #unsent = 0;

  constructor(options: AuditBookOptions) {
    this.#options = options;
  }

  note(seen: Seen): void {
    const now = this.#options.nowMs();
    const way = this.#wayOf(seen);
    const slot = way.slots.get(seen.who) ?? this.#begin(seen, way, now);
    if (slot.unsent === 0) {
      slot.firstMs = now;
      this.#unsent += 1;
      this.#options.onSeen();
    }
    slot.unsent += 1;
    slot.lastMs = now;
  }

  #wayOf(seen: Seen): Way {
    if (this.#last?.seen !== undefined && isSameWay(this.#last.seen, seen)) return this.#last;
    const { kind, by, service, what, why, origin } = seen;
    const tracked = origin.tracked?.name ?? '';
    const key = `${kind} ${by} ${service} ${origin.tls === true} ${fromOf(seen)} ${tracked} ${what} ${why}`;
    this.#last = this.#ways.get(key) ?? { key, seen, slots: new Map() };
    return this.#last;
  }

  #begin(seen: Seen, way: Way, now: number): Slot {
    const { kind, origin } = seen;
    const from = fromOf(seen);
    const all = this.#slots.size >= this.#options.limits.auditKeysMax;
    if (!all && (kind !== 'refusal' || this.#mayTell(from, now))) {
      return this.#add(seen, way, seen.who, now);
    }
    // Of an address that goes too far there is one event; of too many addresses one for all.
    const source = !all && this.#bySource.has(from) && this.#ofHour < this.#most() ? from : '';
    const as = `${kind} ${source}`;
    const known = this.#others.slots.get(as);
    if (known !== undefined) return known;
    const { by: _by, trackedAddress: _tracked, ...bare } = seen;
    const told = { ...bare, who: others, by: 0, origin: { ...origin, address: source }, why: '' };
    return this.#add(told, this.#others, as, now);
  }

  #add(seen: Seen, way: Way, as: Slot['as'], now: number): Slot {
    const times = { firstMs: now, lastMs: now, unsent: 0, sentMs: Number.NEGATIVE_INFINITY };
    const slot: Slot = { seen, way, as, ...times };
    way.slots.set(as, slot);
    this.#ways.set(way.key, way);
    this.#slots.add(slot);
    return slot;
  }

  #most(): number {
    return this.#options.limits.auditRefusalsPerHour;
  }

  /** Whether one more refusal from there may have an event of its own in this hour. */
  #mayTell(from: string, now: number): boolean {
    const { auditRefusalsPerSourceHour, sourcesMax } = this.#options.limits;
    const hour = Math.floor(now / HOUR_MS);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#ofHour = 0;
      this.#bySource.clear();
    }
    const told = this.#bySource.get(from) ?? 0;
    if (told === 0 && this.#bySource.size >= sourcesMax) return false;
    this.#bySource.set(from, told + 1);
    if (told >= auditRefusalsPerSourceHour || this.#ofHour >= this.#most()) return false;
    this.#ofHour += 1;
    return true;
  }

  /** Whether anything waits. */
  get waiting(): boolean {
    return this.#unsent > 0;
  }

  /**
   * What is to be written now, at most what one flush may bring. `all`: also what would wait for
   * more of its kind, at the end.
   */
  take(all = false): AuditEvent[] {
    if (this.#slots.size === 0) return [];
    const { limits, nowMs } = this.#options;
    const now = nowMs();
    const events: AuditEvent[] = [];
    for (const slot of this.#slots) {
      const isDue = now - slot.sentMs >= limits.auditRepeatMs;
      if (slot.unsent === 0) {
        if (isDue) this.#forget(slot);
        continue;
      }
      if (!isDue && !all) continue;
      if (events.length >= limits.auditFlushMax && !all) break;
      events.push(this.#event(slot));
      slot.unsent = 0;
      slot.sentMs = now;
      this.#unsent -= 1;
    }
    return events;
  }

  #forget(slot: Slot): void {
    const { way, as } = slot;
    way.slots.delete(as);
    if (way.slots.size === 0) this.#ways.delete(way.key);
    this.#slots.delete(slot);
  }

  #event({ seen, firstMs, lastMs, unsent }: Slot): AuditEvent {
    const { kind, who, by, service, what, why } = seen;
    const { nameOf } = this.#options;
    return {
      kind,
      atMs: firstMs,
      untilMs: lastMs,
      count: unsent,
      who: typeof who === 'number' ? nameOf(who) : { uuid: '', text: shown(who) },
      by: by === 0 ? nobody : nameOf(by),
      from: fromText(seen.origin, seen.trackedAddress),
      through: service === 0 ? nobody : nameOf(service),
      what,
      why,
      change: 0,
      run: 0,
    };
  }
}

const fromOf = ({ trackedAddress, origin }: Seen) => trackedAddress ?? origin.address;

function isSameWay(a: Seen, b: Seen): boolean {
  return (
    a.kind === b.kind &&
    a.why === b.why &&
    a.what === b.what &&
    a.by === b.by &&
    a.service === b.service &&
    fromOf(a) === fromOf(b) &&
    a.origin.tls === b.origin.tls &&
    a.origin.tracked?.name === b.origin.tracked?.name
  );
}

/** A name that was sent: its beginning, without line breaks. */
function shown(name: string): string {
  return name.slice(0, WHO_SHOWN_MAX).replace(/\p{Cc}/gu, '?');
}

/** Addresses that are none. */
const places: Readonly<Record<string, string>> = {
  control: 'the command line',
  local: 'the local socket',
  server: 'the server itself',
};

/** `10.0.0.7 (TLS)`, `10.9.9.1 (ada) by way of 10.0.0.7`. */
export function fromText(origin: Origin, trackedAddress?: string): string {
  const { tls, certificate, tracked } = origin;
  const address = places[origin.address] ?? origin.address;
  const how = certificate === true ? ' (TLS, with a certificate)' : tls === true ? ' (TLS)' : '';
  if (address === '') return '';
  const behind = trackedAddress ?? tracked?.address ?? '';
  const name =
    tracked?.name === undefined || tracked.name === '' ? '' : ` (${shown(tracked.name)})`;
  if (behind === '' && name === '') return address + how;
  return `${behind}${name} by way of ${address}${how}`.trim();
}
