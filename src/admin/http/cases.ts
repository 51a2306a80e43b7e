/** Departure cases over the control socket: one path a verb, both ends made from one table. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Log } from '../../runtime/log.js';
import type { CasesEngine } from '../cases.js';

const name = z.string().min(1).max(1024);
const by = z.string().min(1).max(256);
const words = z.string().max(1024);
/** Characters of an exported list of users; the body may be no larger than that of any request. */
const CSV_MAX = 1_000_000;

const bodies = {
  list: z.strictObject({ which: z.enum(['due', 'open', 'all']) }),
  show: z.strictObject({ name }),
  tick: z.strictObject({ name, item: name, note: words, undo: z.boolean(), by }),
  close: z.strictObject({ name, because: words, by }),
  resources: z.strictObject({}),
  reconcile: z.strictObject({
    resource: name,
    csv: z.string().max(CSV_MAX),
    file: name,
    by,
    preview: z.boolean(),
  }),
} as const satisfies Readonly<Record<keyof CasesEngine, z.ZodType>>;

type Verb = keyof CasesEngine;
type AnyVerb = (input: unknown) => Promise<unknown>;

const verbs = Object.keys(bodies) as readonly Verb[];
const pathOf = (verb: Verb) => `/v1/cases/${verb}`;

export function addCaseRoutes(app: FastifyInstance, cases: CasesEngine, log: Log): void {
  for (const verb of verbs) {
    app.post(pathOf(verb), (request) => {
      const input: object = bodies[verb].parse(request.body ?? {});
      if ('by' in input) log.info({ by: input.by }, `cases: ${verb}`);
      return (cases[verb] as AnyVerb)(input);
    });
  }
}

/** The other end. */
export function remoteCases(post: (path: string, body: unknown) => Promise<unknown>): CasesEngine {
  const calls = verbs.map((verb) => {
    const call: AnyVerb = (input) => post(pathOf(verb), input ?? {});
    return [verb, call] as const;
  });
  return Object.fromEntries(calls) as unknown as CasesEngine;
}
