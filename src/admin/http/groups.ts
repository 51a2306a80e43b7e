/** Granted memberships over the control socket: one path a verb, both ends made from one table. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Log } from '../../runtime/log.js';
import type { GroupsEngine } from '../groups.js';

const name = z.string().min(1).max(1024);
const words = z.string().min(1).max(256);
const about = { name, group: name, by: words, because: z.string().max(1024) };

const bodies = {
  grant: z.strictObject({
    ...about,
    forMs: z.int().min(1).optional(),
    until: words.optional(),
    from: words.optional(),
  }),
  grants: z.strictObject({ name: name.optional() }),
  revoke: z.strictObject(about),
} as const satisfies Readonly<Record<keyof GroupsEngine, z.ZodType>>;

const verbs = Object.keys(bodies) as readonly (keyof GroupsEngine)[];
const pathOf = (verb: keyof GroupsEngine) => `/v1/groups/${verb}`;
/** One verb without knowing which: what it takes was checked against the table. */
type AnyVerb = (input: unknown) => Promise<unknown>;

export function addGroupRoutes(app: FastifyInstance, groups: GroupsEngine, log: Log): void {
  for (const verb of verbs) {
    app.post(pathOf(verb), (request) => {
      const input: { name?: string | undefined; by?: string } = bodies[verb].parse(request.body);
      if (input.by !== undefined) log.info({ name: input.name, by: input.by }, verb);
      return (groups[verb] as AnyVerb)(input);
    });
  }
}

/** The other end. */
export function remoteGroups(
  post: (path: string, body: unknown) => Promise<unknown>,
): GroupsEngine {
  const calls = verbs.map((verb) => {
    const call: AnyVerb = (input) => post(pathOf(verb), input);
    return [verb, call] as const;
  });
  return Object.fromEntries(calls) as unknown as GroupsEngine;
}
