/** The access map and reports over the control socket: one path a verb, both ends made from one table. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { type AccessEngine, reportKinds } from '../access.js';

const name = z.string().min(1).max(4_096);

const bodies = {
  seen: z.strictObject({ name }),
  through: z.strictObject({ service: name }),
  report: z.strictObject({
    kind: z.enum(reportKinds),
    days: z.int().min(1).max(3_650),
    as: z.strictObject({ name, password: z.string().min(1).max(1_024) }).optional(),
  }),
} as const satisfies Readonly<Record<keyof AccessEngine, z.ZodType>>;

type Verb = keyof AccessEngine;
type AnyVerb = (input: unknown) => Promise<unknown>;

const verbs = Object.keys(bodies) as readonly Verb[];
const pathOf = (verb: Verb) => `/v1/access/${verb}`;

export function addAccessRoutes(app: FastifyInstance, access: AccessEngine): void {
  for (const verb of verbs) {
    app.post(pathOf(verb), (request) =>
      (access[verb] as AnyVerb)(bodies[verb].parse(request.body ?? {})),
    );
  }
}

/** The other end. */
export function remoteAccess(post: (path: string, body: unknown) => Promise<unknown>) {
  const calls = verbs.map((verb) => {
    const call: AnyVerb = (input) => post(pathOf(verb), input ?? {});
    return [verb, call] as const;
  });
  return Object.fromEntries(calls) as unknown as AccessEngine;
}
