/** The progress bar of long work: one line on standard error, on a terminal only, and wiped after. */
import type { Clock } from '../../runtime/clock.js';
import type { OnProgress } from '../engine.js';
import type { Output } from './host.js';
import { grouped } from './render.js';

export interface ProgressBar {
  readonly onProgress: OnProgress;
  /** Wipes the line. */
  end(): void;
}

const DRAW_EVERY_MS = 100;
const BAR_COLUMNS = 24;
const wipe = '\r\u001b[K';

/** Draws nothing where `out` is not a terminal or `quiet`. */
export function progressBar(out: Output, clock: Clock, quiet: boolean): ProgressBar {
  if (quiet || out.isTTY !== true) return { onProgress: () => undefined, end: () => undefined };
  let nextMs = 0;
  let drawn = false;
  return {
    onProgress({ phase, done, total }) {
      const nowMs = clock.monotonicMs();
      if (nowMs < nextMs && done !== total) return;
      nextMs = nowMs + DRAW_EVERY_MS;
      drawn = true;
      const line = progressLine(phase, done, total).slice(0, (out.columns ?? 80) - 1);
      out.write(`${wipe}${line}`);
    },
    end() {
      if (drawn) out.write(wipe);
    },
  };
}

/** `import  ██████░░░░  60 %  6,000 of 10,000`; without a total only the count. */
export function progressLine(phase: string, done: number, total: number): string {
  if (total <= 0) return `${phase}  ${grouped(done)}`;
  const share = Math.min(1, done / total);
  const full = Math.floor(share * BAR_COLUMNS);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_COLUMNS - full);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${phase}  ${bar} ${percent} %  ${grouped(done)} of ${grouped(total)}`;
}
