/** Services and shared logins over the control socket: one path a verb, both ends from one table. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Log } from '../../runtime/log.js';
import type { ServicesEngine } from '../services.js';

const name = z.string().min(1).max(1024);
const words = z.string().min(1).max(256);
const about = { name, by: words, because: z.string().max(1024) };
const many = z.array(words).max(64);

const bodies = {
  add: z.strictObject({
    ...about,
    owner: name,
    deputy: name,
    purpose: z.string().max(1024),
    until: words,
    from: many,
    view: many,
  }),
  list: z.strictObject({ all: z.boolean().optional() }),
  show: z.strictObject({ name }),
  rotate: z.strictObject({ ...about, overlapMs: z.int().min(0).optional() }),
  renew: z.strictObject({ ...about, until: words }),
} as const satisfies Readonly<Record<keyof ServicesEngine, z.ZodType>>;

const verbs = Object.keys(bodies) as readonly (keyof ServicesEngine)[];
const pathOf = (verb: keyof ServicesEngine) => `/v1/services/${verb}`;
/** One verb without knowing which: what it takes was checked against the table. */
type AnyVerb = (input: unknown) => Promise<unknown>;

export function addServiceRoutes(app: FastifyInstance, services: ServicesEngine, log: Log): void {
  for (const verb of verbs) {
    app.post(pathOf(verb), (request) => {
      const input: { name?: string; by?: string; all?: boolean | undefined } = bodies[verb].parse(
        request.body,
      );
      if (input.by !== undefined) log.info({ name: input.name, by: input.by }, `service ${verb}`);
      return (services[verb] as AnyVerb)(input);
    });
  }
}

/** The other end. */
export function remoteServices(
  post: (path: string, body: unknown) => Promise<unknown>,
): ServicesEngine {
  const calls = verbs.map((verb) => {
    const call: AnyVerb = (input) => post(pathOf(verb), input);
    return [verb, call] as const;
  });
  return Object.fromEntries(calls) as unknown as ServicesEngine;
}
