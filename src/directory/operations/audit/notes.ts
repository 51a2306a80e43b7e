/** Events of the audit trail that are no Changes and are written at once: runs, reads of secrets. */
import { nobody } from '../../model/audit.js';
import type { AuditRequest, OpenRunRequest } from '../lifecycle-writes.js';
import type { WriteBase } from '../types.js';
import type { WriteTools } from '../write/transaction.js';
import { changeOriginOf, nameOfEntry } from './origin.js';

export function noteRun(run: number, request: OpenRunRequest, tools: WriteTools): void {
  const { reason, undoes = 0 } = request;
  const what = undoes === 0 ? `run ${run}` : `run ${run}, which undoes run ${undoes}`;
  note({ ...request, kind: 'run', what, why: reason }, run, tools);
}

export function noteDropped(run: number, request: WriteBase, tools: WriteTools): void {
  const what = `run ${run}: refused, and nothing came of it`;
  note({ context: request.context, what, kind: 'run', why: request.reason }, run, tools);
}

export function noteRead(request: AuditRequest, tools: WriteTools): void {
  note({ ...request, kind: 'secret', why: request.reason }, 0, tools);
}

function note(
  event: Pick<AuditRequest, 'context' | 'what' | 'owner'> & {
    readonly kind: 'run' | 'secret';
    readonly why: string;
  },
  run: number,
  { writer, names }: WriteTools,
): void {
  const { context, kind, what, why, owner = 0 } = event;
  const atMs = writer.nextCsn().nowMs;
  const who = owner === 0 ? nobody : nameOfEntry(owner, writer, names);
  const origin = changeOriginOf(context, writer, names);
  writer.audit.note({
    ...origin,
    kind,
    atMs,
    untilMs: atMs,
    count: 1,
    who,
    what,
    why,
    change: 0,
    run,
  });
}
