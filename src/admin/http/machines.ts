/** Hosts and devices over the control socket: one path a verb, both ends made from one table. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Log } from '../../runtime/log.js';
import type { MachinesEngine } from '../machines.js';

const name = z.string().min(1).max(1024);
const names = z.array(name).max(256);
const by = { by: z.string().min(1).max(256), because: z.string().max(1024) };

const bodies = {
  addHost: z.strictObject({
    ...by,
    name,
    aliases: names,
    groups: names,
    services: names,
    addresses: names,
    owner: name.optional(),
  }),
  hosts: z.strictObject({ name: name.optional() }),
  allow: z.strictObject({ ...by, name, groups: names }),
  renewHost: z.strictObject({ ...by, name }),
  removeHost: z.strictObject({ ...by, name }),
  addDevice: z.strictObject({
    ...by,
    serial: name,
    owner: name,
    kind: name,
    end: name.optional(),
  }),
  devices: z.strictObject({ owner: name.optional() }),
  giveDevice: z.strictObject({ ...by, serial: name, owner: name.optional() }),
} as const satisfies Readonly<Record<keyof MachinesEngine, z.ZodType>>;

const verbs = Object.keys(bodies) as readonly (keyof MachinesEngine)[];
const pathOf = (verb: keyof MachinesEngine) => `/v1/machines/${verb}`;
/** What is written into the log, where the verb has it. */
interface Said {
  readonly name?: string | undefined;
  readonly serial?: string;
  readonly owner?: string | undefined;
  readonly by?: string;
}

/** One verb without knowing which: what it takes was checked against the table. */
type AnyVerb = (input: unknown) => Promise<unknown>;

export function addMachineRoutes(app: FastifyInstance, machines: MachinesEngine, log: Log): void {
  for (const verb of verbs) {
    app.post(pathOf(verb), (request) => {
      const input: Said = bodies[verb].parse(request.body);
      if (input.by !== undefined) {
        log.info({ name: input.name ?? input.serial, by: input.by }, verb);
      }
      return (machines[verb] as AnyVerb)(input);
    });
  }
}

/** The other end. */
export function remoteMachines(
  post: (path: string, body: unknown) => Promise<unknown>,
): MachinesEngine {
  const calls = verbs.map((verb) => {
    const call: AnyVerb = (input) => post(pathOf(verb), input);
    return [verb, call] as const;
  });
  return Object.fromEntries(calls) as unknown as MachinesEngine;
}
