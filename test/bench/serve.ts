/**
 * The process under measurement: the real program, with a watch on its event loop that answers over
 * the channel to the bench. Nothing else differs from `tenure`.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 1;
/** As bin/tenure runs it. */
const program = new URL('../../program/main.js', import.meta.url);

const watch = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
watch.enable();
process.on('message', () => {
  // What it notes is the time between two beats, the beat itself included.
  process.send?.({ worstTurnMs: Math.max(0, watch.max / 1e6 - RESOLUTION_MS) });
  watch.reset();
});
// The channel must not keep the server alive, nor a vanished bench.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
const { main } = (await import(program.href)) as typeof import('../../src/main.js');
await main(process.argv.slice(2));
