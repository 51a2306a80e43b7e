/** Brownouts over the control socket: one path a verb, both ends made from one table. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Log } from '../../runtime/log.js';
import type { BrownoutsEngine } from '../brownouts.js';

const name = z.string().min(1).max(1024);
const about = { name, by: z.string().min(1).max(256), because: z.string().max(1024) };
const order = z.strictObject({ ...about, forMs: z.int().min(1) });

const bodies = {
  preview: order,
  start: order,
  end: z.strictObject(about),
  list: z.strictObject({ name: name.optional() }),
} as const satisfies Readonly<Record<keyof BrownoutsEngine, z.ZodType>>;

const verbs = Object.keys(bodies) as readonly (keyof BrownoutsEngine)[];
const pathOf = (verb: keyof BrownoutsEngine) => `/v1/brownouts/${verb}`;
/** One verb without knowing which: what it takes was checked against the table. */
type AnyVerb = (input: unknown) => Promise<unknown>;

export function addBrownoutRoutes(
  app: FastifyInstance,
  brownouts: BrownoutsEngine,
  log: Log,
): void {
  for (const verb of verbs) {
    app.post(pathOf(verb), (request) => {
      const input: { name?: string | undefined; by?: string } = bodies[verb].parse(request.body);
      if (input.by !== undefined) log.info({ name: input.name, by: input.by }, `brownout ${verb}`);
      return (brownouts[verb] as AnyVerb)(input);
    });
  }
}

/** The other end. */
export function remoteBrownouts(
  post: (path: string, body: unknown) => Promise<unknown>,
): BrownoutsEngine {
  const calls = verbs.map((verb) => {
    const call: AnyVerb = (input) => post(pathOf(verb), input);
    return [verb, call] as const;
  });
  return Object.fromEntries(calls) as unknown as BrownoutsEngine;
}
