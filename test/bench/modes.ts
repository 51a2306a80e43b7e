/** What the bench measures: each load with the ratio Tenure ÷ slapd that is to be reached. */

/** One row of the table. */
export interface Mode {
  /** Unique, as --only takes it. */
  readonly name: string;
  /** Of load.c. */
  readonly load: 'search' | 'bind' | 'compare' | 'modify' | 'adddel' | 'scan' | 'member';
  readonly connections: number;
  /** Requests on their way on one connection. */
  readonly depth: number;
  /** Tenure ÷ slapd, at least; undefined where the row is for reading only. */
  readonly target: number | undefined;
  /** Entries a second are the figure, not operations. */
  readonly byEntries: boolean;
  /** Only so many of the people take part; in Tenure they have argon2id passwords. */
  readonly among?: number;
  /** Who asks; the administrator unless said. */
  readonly as?: string;
  /** Seconds before it is measured, at least. */
  readonly warmupSeconds?: number;
}

/** The first of the modes that write: a directory that has run for a minute has compiled its writes. */
const WRITES_WARM_SECONDS = 8;

const CONNECTIONS = 16;

function mode(
  name: string,
  load: Mode['load'],
  target: number | undefined,
  more: Partial<Mode> = {},
): Mode {
  return { name, load, target, connections: CONNECTIONS, depth: 1, byEntries: false, ...more };
}

/** In the order of measuring: what reads before what writes. */
export const modes: readonly Mode[] = [
  mode('search', 'search', 1.2),
  mode('search-8', 'search', 2, { depth: 8 }),
  mode('compare', 'compare', 1),
  mode('bind', 'bind', 0.8),
  mode('bind-cached', 'bind', 0.8, { among: 200 }),
  mode('scan', 'scan', 1.5, { connections: 1, byEntries: true }),
  mode('scan-16', 'scan', undefined, { byEntries: true }),
  mode('modify', 'modify', 4, { warmupSeconds: WRITES_WARM_SECONDS }),
  mode('add+delete', 'adddel', 6),
  mode('member', 'member', 2),
];

/** An import into an empty directory takes at most as long as slapadd -q: entries a second. */
export const importTarget = 1;
/** Resident memory after all modes with 100,000 people, MiB. */
export const residentMaxMiB = 500;
/** With a million people. */
export const growth = { timesMax: 1.5, readySecondsMax: 2, readyMiBMax: 150 } as const;

/** Seconds before a mode is measured. */
export function warmupOf({ warmupSeconds = 0 }: Mode, asked: number): number {
  return Math.max(warmupSeconds, asked);
}
