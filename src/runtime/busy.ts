/**
 * Whether this thread has had no rest. Where there are hardly any cores, password hashes compete
 * with the thread that serves everybody; who starts them can ask here and hold back.
 */
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';

/** With more cores than this one is left for whatever else there is. */
const CORES_SCARCE = 2;
/** Share of the time since the last question that the event loop was at work. */
const BUSY_SHARE = 0.9;

/** A question that answers for the time since it was last asked. */
export function isThreadBusy(cores = availableParallelism()): () => boolean {
  let last = performance.eventLoopUtilization();
  return () => {
    if (cores > CORES_SCARCE) return false;
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization > BUSY_SHARE;
  };
}
