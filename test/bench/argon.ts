/**
 * People of the bench who have argon2id passwords instead of imported digests, and what they do:
 * bind once each, or all at the same time while others search. Drives Tenure over plain LDAP.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { HashPool, hashPassword } from '../../src/credentials/index.js';
import { systemClock } from '../../src/runtime/clock.js';
import { systemRandom } from '../../src/runtime/random.js';
import { WireClient } from '../support/wire-client.js';
import { type LoadResult, runLoad } from './load.js';
import type { Mode } from './modes.js';
import type { Options } from './options.js';
import type { Peer } from './peer.js';
import { administratorDn, password, personDn } from './people.js';

/** How many, the first people of the bench. */
export const ARGON_PEOPLE = 200;

/** The search beside the storm, and what is asked of it. */
export const storm = { name: 'storm', rateLeast: 0.7, p99MsMost: 20 } as const;
const search: Mode = {
  name: storm.name,
  load: 'search',
  connections: 16,
  depth: 1,
  target: undefined,
  byEntries: false,
};
const SUCCESS = 0;
const BUSY = 51;
/** A client that was told busy tries again. */
const AGAIN_MS = 50;

export interface StormFigure {
  readonly quiet: LoadResult;
  readonly beside: LoadResult;
  /** From the first bind to the last success. */
  readonly stormSeconds: number;
  /** Answers that sent a client away for a while. */
  readonly busy: number;
  readonly failed: number;
}

/** Gives them a hash that nobody has verified yet. */
async function giveHashes(peer: Peer): Promise<void> {
  const pool = new HashPool({ clock: systemClock, random: systemRandom() });
  const hash = Buffer.from(await hashPassword(pool, Buffer.from(password)));
  await pool.close();
  const client = await WireClient.connect(peer.port);
  if ((await client.bind(administratorDn, password)) !== SUCCESS) throw new Error('no admin bind');
  const codes = await Promise.all(
    Array.from({ length: ARGON_PEOPLE }, (_, i) =>
      client.code({
        kind: 'modify',
        object: personDn(i),
        changes: [
          { operation: 'replace', modification: { description: 'userPassword', values: [hash] } },
        ],
      }),
    ),
  );
  client.end();
  if (codes.some((code) => code !== SUCCESS)) throw new Error(`hashes refused: ${codes}`);
}

/** Before cached binds: everybody has an argon2id password and has bound once. */
export async function rememberAll(peer: Peer): Promise<void> {
  await giveHashes(peer);
  await Promise.all(everybody(peer));
}

/** Quiet searches first, then the same while everybody binds for the first time. */
export async function measureStorm(
  peer: Peer,
  generator: string,
  options: Options,
): Promise<StormFigure> {
  const quiet = await runLoad(generator, peer, search, options);
  await giveHashes(peer);
  const searching = runLoad(generator, peer, search, options);
  await sleep(options.warmupSeconds * 1000);
  const began = performance.now();
  const binds = await Promise.all(everybody(peer));
  const stormSeconds = (performance.now() - began) / 1000;
  const busy = binds.reduce((sum, bind) => sum + bind.busy, 0);
  const failed = binds.filter(({ code }) => code !== SUCCESS).length;
  return { quiet, beside: await searching, stormSeconds, busy, failed };
}

function everybody(peer: Peer): Promise<{ busy: number; code: number }>[] {
  return Array.from({ length: ARGON_PEOPLE }, async (_, i) => {
    const client = await WireClient.connect(peer.port);
    try {
      for (let busy = 0; ; busy += 1) {
        const code = await client.bind(personDn(i), password);
        if (code !== BUSY) return { busy, code };
        await sleep(AGAIN_MS);
      }
    } finally {
      client.end();
    }
  });
}

/** Two lines for the report. */
export function stormReport({ quiet, beside, stormSeconds, busy, failed }: StormFigure): string {
  const rate = beside.perSecond / quiet.perSecond;
  const p99Ms = beside.p99Us / 1000;
  const verdict = (fine: boolean): string => (fine ? 'ok' : 'MISSED');
  return (
    `storm: ${ARGON_PEOPLE} people bind with argon2id in ${stormSeconds.toFixed(1)} s` +
    ` (${busy} times busy, ${failed} failed)\n` +
    `  search beside it ${Math.round(beside.perSecond)}/s of ${Math.round(quiet.perSecond)}/s` +
    ` = ${rate.toFixed(2)}, at least ${storm.rateLeast}: ${verdict(rate >= storm.rateLeast)};` +
    ` p99 ${p99Ms.toFixed(1)} ms, at most ${storm.p99MsMost}: ${verdict(p99Ms <= storm.p99MsMost)}\n`
  );
}
