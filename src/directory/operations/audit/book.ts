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
  firstMs: number;
  lastMs: number;
  unsent: number;
  sentMs: number;
}

const HOUR_MS = 3_600_000;
const WHO_SHOWN_MAX = 200;
const others = 'others, more than are told one by one';

export class AuditBook {
  readonly #options: AuditBookOptions;
  readonly #slots = new Map<string, Slot>();
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
    const { kind, who, by, service, what, why, origin } = seen;
    const from = seen.trackedAddress ?? origin.address;
    const secure = origin.tls === true ? 1 : 0;
    let key = `${kind} ${who} ${by} ${service} ${secure} ${from} ${origin.tracked?.name ?? ''} ${what} ${why}`;
    let slot = this.#slots.get(key);
    let told = seen;
    if (slot === undefined) {
      const all = this.#slots.size >= this.#options.limits.auditKeysMax;
      const beyond = all || (kind === 'refusal' && !this.#mayTell(from, now));
      if (beyond) {
        // Of an address that goes too far there is one event; of too many addresses one for all.
        const source = !all && this.#bySource.has(from) && this.#ofHour < this.#most() ? from : '';
        key = `${kind} others ${source}`;
        slot = this.#slots.get(key);
        const { by: _by, trackedAddress: _tracked, ...bare } = seen;
        told = { ...bare, who: others, by: 0, origin: { ...origin, address: source }, why: '' };
      }
    }
    if (slot === undefined) {
      slot = { seen: told, firstMs: now, lastMs: now, unsent: 0, sentMs: -Infinity };
      this.#slots.set(key, slot);
    }
    if (slot.unsent === 0) {
      slot.firstMs = now;
      this.#unsent += 1;
      this.#options.onSeen();
    }
    slot.unsent += 1;
    slot.lastMs = now;
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
    for (const [key, slot] of this.#slots) {
      const isDue = now - slot.sentMs >= limits.auditRepeatMs;
      if (slot.unsent === 0) {
        if (isDue) this.#slots.delete(key);
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
