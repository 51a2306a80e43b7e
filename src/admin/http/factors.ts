/**
 * Second factors, app passwords and first passwords over the control socket: one path a verb, both
 * ends made from one table, so that neither knows a verb that the other does not.
 */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Log } from '../../runtime/log.js';
import type { FactorsEngine } from '../factors.js';

const name = z.string().min(1).max(1024);
const about = z.strictObject({ name, by: z.string().min(1).max(256) });
const named = z.strictObject({ name });
const ms = z.int().min(0);

const bodies = {
  enrol: about.extend({
    type: z.enum(['totp', 'hotp']),
    secret: z.string().max(256).optional(),
    replace: z.boolean(),
  }),
  confirm: about.extend({ code: z.string().max(64) }),
  disable: about,
  status: named,
  renewRecoveryCodes: about,
  addAppPassword: about.extend({
    label: z.string().max(256),
    service: name.optional(),
    forMs: ms.optional(),
  }),
  listAppPasswords: named,
  revokeAppPassword: about.extend({ which: z.string().max(256) }),
  makeFirstPassword: about.extend({ forMs: ms, uses: z.int(), afterMs: ms }),
} as const satisfies Readonly<Record<keyof FactorsEngine, z.ZodType>>;

type Verb = keyof FactorsEngine;
/** One verb without knowing which: what it takes was checked against the table. */
type AnyVerb = (input: unknown) => Promise<unknown>;

export const factorVerbs = Object.keys(bodies) as readonly Verb[];

export function factorPath(verb: Verb): string {
  return `/v1/factors/${verb}`;
}

export function addFactorRoutes(app: FastifyInstance, factors: FactorsEngine, log: Log): void {
  for (const verb of factorVerbs) {
    app.post(factorPath(verb), (request) => {
      const input: z.infer<typeof named> & { by?: string } = bodies[verb].parse(request.body);
      if (input.by !== undefined) log.info({ name: input.name, by: input.by }, `factors: ${verb}`);
      return (factors[verb] as AnyVerb)(input);
    });
  }
}

/** The other end. */
export function remoteFactors(
  post: (path: string, body: unknown) => Promise<unknown>,
): FactorsEngine {
  const verbs = factorVerbs.map((verb) => {
    const call: AnyVerb = (input) => post(factorPath(verb), input);
    return [verb, call] as const;
  });
  return Object.fromEntries(verbs) as unknown as FactorsEngine;
}
