/**
 * Counters of the wire since the start: plain numbers, incremented where things happen and read by
 * whoever shows them. Never reset, so that rates come from differences.
 */
import { type ResultCode, type ResultCodeName, resultCodes } from '../../runtime/errors.js';
import type { RequestKind } from '../protocol/index.js';
import { type CloseReason, closeReasons } from './close-reasons.js';

const requestKinds: readonly RequestKind[] = [
  'bind',
  'unbind',
  'search',
  'compare',
  'add',
  'modify',
  'delete',
  'modifyDn',
  'extended',
  'abandon',
];

export interface Metrics {
  /** Connections accepted. */
  opened: number;
  /** Connections refused at a cap. */
  refused: number;
  readonly closed: Record<CloseReason, number>;
  readonly operations: Record<RequestKind, number>;
  /** Final results by number; codes that we do not name are counted nowhere. */
  readonly results: number[];
  /** Search entries sent. */
  entries: number;
  /** Octets taken from sockets, after TLS. */
  bytesIn: number;
  /** Octets given to sockets, before TLS. */
  bytesOut: number;
}

/** Counters as they are shown: everything by name, results only where there were any. */
export interface MetricsSnapshot {
  readonly connections: {
    readonly open: number;
    readonly opened: number;
    readonly refused: number;
    readonly closed: Readonly<Record<CloseReason, number>>;
  };
  readonly operations: Readonly<Record<RequestKind, number>>;
  readonly results: Readonly<Partial<Record<ResultCodeName, number>>>;
  readonly entries: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}

/** All counters at zero. */
export function createMetrics(): Metrics {
  const largest = Math.max(...Object.values(resultCodes));
  return {
    opened: 0,
    refused: 0,
    closed: zeros(Object.values(closeReasons)),
    operations: zeros(requestKinds),
    results: new Array<number>(largest + 1).fill(0),
    entries: 0,
    bytesIn: 0,
    bytesOut: 0,
  };
}

/** A copy that no longer moves; `open` is the number of connections at this moment. */
export function snapshotMetrics(metrics: Metrics, open: number): MetricsSnapshot {
  const results: Partial<Record<ResultCodeName, number>> = {};
  const codes = Object.entries(resultCodes) as [ResultCodeName, ResultCode][];
  for (const [name, code] of codes) {
    const count = metrics.results[code] ?? 0;
    if (count > 0) results[name] = count;
  }
  const { opened, refused, closed, operations, entries, bytesIn, bytesOut } = metrics;
  return {
    connections: { open, opened, refused, closed: { ...closed } },
    operations: { ...operations },
    results,
    entries,
    bytesIn,
    bytesOut,
  };
}
