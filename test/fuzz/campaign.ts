/**
 * A run of the fuzzer: attacks on a real server from many sides at once until time or count is up,
 * texts into the parsers in between, and in the end the database must be whole.
 */
import { TenureServer } from '../support/process-server.js';
import { codeOf, saslOp, searchOp, WireClient } from '../support/wire-client.js';
import { type Attack, attackOf } from './attacks.js';
import { chanceOf } from './chance.js';
import { parseOne } from './parsers.js';
import { strike } from './strike.js';

export interface CampaignOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Attacks at most. */
  readonly count: number;
  /** Number of the first attack: one that failed is repeated with it and a count of 1. */
  readonly from: number;
  /** Attacks of one kind alone, by its name. */
  readonly only?: string | undefined;
  /** Judges unjustly, so that a run that finds nothing is known to be able to find something. */
  readonly canary: boolean;
}

export interface CampaignReport {
  readonly attacks: number;
  readonly texts: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** What is wrong, one sentence each; empty where all is well. */
  readonly failures: readonly string[];
}

const SIDES = 32;
const TEXTS_PER_ATTACK = 25;
const PROBE_EVERY = 200;
const FAILURES_MAX = 5;

/** Runs until time, count, or too many failures. Leaves no process and no folder. */
export async function campaign(options: CampaignOptions): Promise<CampaignReport> {
  const server = await TenureServer.serving();
  const failures: string[] = [];
  const byKind: Record<string, number> = {};
  let attacks = 0;
  let texts = 0;
  try {
    const witness = await WireClient.connect(server.localPath);
    await witness.ask(saslOp('EXTERNAL'));
    const endMs = performance.now() + options.seconds * 1_000;
    const side = async (): Promise<void> => {
      while (attacks < options.count && performance.now() < endMs) {
        if (failures.length >= FAILURES_MAX || !server.running) return;
        const index = options.from + attacks++;
        const chance = chanceOf(options.seed, index);
        const attack = attackOf(chance, options.only);
        byKind[attack.name] = (byKind[attack.name] ?? 0) + 1;
        const wrong = await strike(server, attack, chance, options.canary);
        if (wrong !== undefined) failures.push(told(index, attack, wrong));
        for (let i = 0; i < TEXTS_PER_ATTACK; i++, texts++) {
          const found = parseOne(chance);
          if (found !== undefined) failures.push(`attack ${index}, text ${i}: ${found}`);
        }
        if (index % PROBE_EVERY === 0) failures.push(...(await alive(server, witness)));
      }
    };
    await Promise.all(Array.from({ length: Math.min(SIDES, options.count) }, side));
    failures.push(...(await alive(server, witness)));
    witness.end();
    const { code, signal } = await server.end('SIGTERM');
    if (code !== 0) failures.push(`the server ended with ${code ?? signal}`);
    failures.push(...server.defects().map((line) => `the log says: ${line}`));
    failures.push(...(await server.problems()));
  } finally {
    await server.remove();
  }
  return { attacks, texts, byKind, failures };
}

function told(index: number, { name, octets, cut, bound }: Attack, wrong: string): string {
  const shown = octets.subarray(0, 600).toString('hex');
  return `attack ${index}, ${name} (${cut}${bound ? ', bound' : ''}): ${wrong}\n    ${shown}`;
}

/** Somebody who was there all the time, and somebody new, are both served. */
async function alive(server: TenureServer, witness: WireClient): Promise<string[]> {
  try {
    const old = codeOf(await witness.ask({ ...searchOp('cn=subschema'), scope: 0 }));
    const fresh = await WireClient.connect(server.ldapPort);
    const dse = codeOf(await fresh.ask({ ...searchOp(''), scope: 0 }));
    fresh.end();
    return old === 0 && dse === 0 ? [] : [`a probe was answered with ${old} and ${dse}`];
  } catch (error) {
    return [`a probe was not answered: ${String(error)}`];
  }
}
