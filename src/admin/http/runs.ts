/** Plans, runs and what waits over the control socket: one path a verb, both ends of the road. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Log } from '../../runtime/log.js';
import type { RunsEngine } from '../runs.js';

const by = z.string().min(1).max(256);
const because = z.string().max(1024);
const as = z.strictObject({ name: by, password: z.string().min(1).max(1024) }).optional();
const number = z.int().min(0);

const bodies = {
  plan: z.strictObject({
    until: z.string().min(1).max(64).optional(),
    ldif: z.boolean().optional(),
  }),
  run: z.strictObject({
    by,
    expect: number.optional(),
    asMoves: z.boolean().optional(),
    reviewed: z.array(z.string().max(4_096)).max(100_000).optional(),
  }),
  undo: z.strictObject({ run: number, by, because, rehearse: z.boolean() }),
  list: z.strictObject({ limit: z.int().min(1).max(10_000) }),
  decisions: z.strictObject({}),
  decide: z.strictObject({ id: number, answer: z.enum(['yes', 'no', 'done']), by, because, as }),
  backtest: z.strictObject({ text: z.string().max(1_000_000), lastMs: z.number().positive() }),
  outbox: z.strictObject({ after: number, limit: z.int().min(1).max(10_000) }),
} as const satisfies Readonly<Record<keyof RunsEngine, z.ZodType>>;

type Verb = keyof RunsEngine;
/** One verb without knowing which: what it takes was checked against the table. */
type AnyVerb = (input: unknown) => Promise<unknown>;

const verbs = Object.keys(bodies) as readonly Verb[];
const pathOf = (verb: Verb) => `/v1/runs/${verb}`;

export function addRunRoutes(app: FastifyInstance, runs: RunsEngine, log: Log): void {
  for (const verb of verbs) {
    app.post(pathOf(verb), (request) => {
      const input = bodies[verb].parse(request.body) as { readonly by?: string };
      if (input.by !== undefined) log.info({ by: input.by }, `runs: ${verb}`);
      return (runs[verb] as AnyVerb)(input);
    });
  }
}

/** The other end. */
export function remoteRuns(post: (path: string, body: unknown) => Promise<unknown>): RunsEngine {
  const calls = verbs.map((verb) => {
    const call: AnyVerb = (input) => post(pathOf(verb), input);
    return [verb, call] as const;
  });
  return Object.fromEntries(calls) as unknown as RunsEngine;
}
