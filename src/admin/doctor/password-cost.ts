/**
 * What a password check costs on this machine, and what it could cost: measured, not guessed. Runs
 * one hash at a time, some ten in all, below two seconds on anything that is not a toy.
 */
import { type Argon2Params, defaultArgon2Params } from '../../credentials/index.js';
import { type Finding, fine, look } from './finding.js';

export interface PasswordCost {
  readonly params: Argon2Params;
  /** Median of one check, milliseconds. */
  readonly ms: number;
  /** Checks a second with as many at once as the pool allows. */
  readonly perSecond: number;
}

export interface CostReport {
  readonly configured: PasswordCost;
  /** Stronger parameters that this machine can bear, or undefined where there are none. */
  readonly suggested: PasswordCost | undefined;
}

export interface CostTools {
  /** Computes one hash. */
  readonly hash: (params: Argon2Params) => Promise<void>;
  readonly monotonicMs: () => number;
  /** How many the pool computes at once. */
  readonly inFlight: number;
  readonly memoryBytes: number;
}

/** A person does not notice it, and a storm of logins in the morning is over in minutes. */
const TARGET_MS = 60;
/** Slower ones make applications give up, and a storm of logins last. */
const SLOW_MS = 500;
/** Hashes in flight take at most so much of the machine's memory. */
const MEMORY_SHARE = 1 / 8;
const RUNS = 3;
const memoriesKib = [65_536, 47_104, 32_768, 19_456];
const passesTried = [4, 3, 2];

/** Measures the configured parameters and the strongest that stay near the target. */
export async function measureCost(configured: Argon2Params, tools: CostTools): Promise<CostReport> {
  const now = await cost(configured, tools);
  const perKibPass = now.ms / work(configured);
  const memoryMost = (tools.memoryBytes * MEMORY_SHARE) / 1024 / tools.inFlight;
  const stronger = memoriesKib
    .filter((memoryKib) => memoryKib <= memoryMost)
    .flatMap((memoryKib) => passesTried.map((passes) => ({ memoryKib, passes, lanes: 1 })))
    .filter((params) => work(params) * perKibPass <= TARGET_MS)
    .filter((params) => work(params) >= work(defaultArgon2Params))
    .sort((a, b) => work(b) - work(a) || b.memoryKib - a.memoryKib)[0];
  const better = stronger !== undefined && work(stronger) > work(configured) * 1.25;
  const tooSlow = now.ms > SLOW_MS;
  const suggestion = better ? stronger : tooSlow ? (stronger ?? defaultArgon2Params) : undefined;
  const suggested = suggestion === undefined ? undefined : await cost(suggestion, tools);
  return { configured: now, suggested };
}

/** The report as findings. */
export function costFindings({ configured, suggested }: CostReport): Finding[] {
  const { params, ms } = configured;
  const text = `${described(params)}: ${rounded(configured)}`;
  const advice =
    suggested === undefined
      ? ''
      : `passwords.argon2: {memoryKiB: ${suggested.params.memoryKib}, ` +
        `iterations: ${suggested.params.passes}, parallelism: 1} would be ${rounded(suggested)}`;
  if (work(params) < work(defaultArgon2Params)) {
    const least = `${described(defaultArgon2Params)} is the least that is advised`;
    return [look('passwords', `${text}; weak`, advice === '' ? least : `${least}; ${advice}`)];
  }
  if (ms > SLOW_MS) {
    const why = 'applications give up, and whoever is refused many times slows everybody';
    return [look('passwords', `${text}; slow`, `${why}; ${advice || 'use a faster machine'}`)];
  }
  if (suggested === undefined) return [fine('passwords', text)];
  return [{ ...fine('passwords', text), advice: `this machine can bear more: ${advice}` }];
}

async function cost(params: Argon2Params, tools: CostTools): Promise<PasswordCost> {
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const startMs = tools.monotonicMs();
    await tools.hash(params);
    // The first one finds cold memory.
    if (run > 0) times.push(tools.monotonicMs() - startMs);
  }
  const ms = Math.max(0.01, times.sort((a, b) => a - b)[RUNS >> 1]!);
  return { params, ms, perSecond: (1000 / ms) * tools.inFlight };
}

function work({ memoryKib, passes }: Argon2Params): number {
  return memoryKib * passes;
}

function described({ memoryKib, passes, lanes }: Argon2Params): string {
  const size = `${Math.round(memoryKib / 1024)} MiB`;
  return `argon2id with ${size}, ${passes} ${passes === 1 ? 'pass' : 'passes'}, ${lanes} lane${lanes === 1 ? '' : 's'}`;
}

function rounded({ ms, perSecond }: PasswordCost): string {
  const each = ms < 10 ? ms.toFixed(1) : String(Math.round(ms));
  return `${each} ms a check, ${Math.max(1, Math.floor(perSecond))} logins a second`;
}
