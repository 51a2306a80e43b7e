/**
 * Change sequence numbers in OpenLDAP's text form, `YYYYmmddHHMMSS.uuuuuuZ#cccccc#sss#000000`:
 * time, count within that microsecond, server id, and a part that is always zero. They order as
 * text. The clock behind them is hybrid: it follows the wall clock and never goes back.
 */
import { formatTime } from './time.js';

export interface CsnClock {
  /** The next number, larger than every one before it. `nowMs` is the wall clock's reading. */
  next(nowMs: number): string;
}

const pad = (n: number, width: number, radix = 10) => n.toString(radix).padStart(width, '0');

/** A clock for `serverId` (0–4095) that continues after `last` (a CSN, or empty). */
export function csnClock(serverId: number, last: string): CsnClock {
  let lastMs = last === '' ? 0 : timeOfCsn(last);
  let count = last === '' ? -1 : Number.parseInt(last.slice(23, 29), 16);
  let prefix = '';
  const suffix = `#${pad(serverId, 3, 16)}#000000`;
  return {
    next(nowMs) {
      const ms = Math.floor(nowMs);
      if (ms > lastMs) {
        lastMs = ms;
        count = 0;
        prefix = '';
      } else if (count >= 0xfffffe) {
        lastMs += 1;
        count = 0;
        prefix = '';
      } else count += 1;
      if (prefix === '') {
        const time = formatTime(Math.floor(lastMs / 1000)).slice(0, 14);
        prefix = `${time}.${pad(lastMs % 1000, 3)}000Z#`;
      }
      return prefix + pad(count, 6, 16) + suffix;
    },
  };
}

/** Milliseconds since 1970 of a CSN. */
export function timeOfCsn(csn: string): number {
  const part = (from: number, to: number) => Number(csn.slice(from, to));
  const seconds = Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12));
  return seconds + part(12, 14) * 1000 + part(15, 18);
}

const form = /^\d{14}\.\d{6}Z#[0-9a-f]{6}#[0-9a-f]{3}#[0-9a-f]{6}$/;

/** True for a text in the form above. */
export function isCsn(text: string): boolean {
  return form.test(text);
}
