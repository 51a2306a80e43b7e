/** The verbs about people over the control socket: what each may say, and both ends of the road. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { Log } from '../../runtime/log.js';
import type { PeopleEngine, PersonVerb } from '../people.js';

const word = z.string().min(1).max(256);
const name = z.string().min(1).max(1024);
const about = { name, by: word, because: z.string().max(1024) };
const engagement = {
  kind: word.optional(),
  department: word.optional(),
  manager: name.optional(),
  sponsor: name.optional(),
  number: word.optional(),
};
const when = word.optional();

const verb = z.discriminatedUnion('verb', [
  z.strictObject({
    verb: z.literal('join'),
    ...about,
    ...engagement,
    login: word.optional(),
    mail: word.optional(),
    title: word.optional(),
    start: when,
    end: when,
    firstPassword: z.boolean(),
  }),
  z.strictObject({
    verb: z.literal('move'),
    ...about,
    ...engagement,
    title: word.optional(),
    end: when,
  }),
  z.strictObject({
    verb: z.literal('rename'),
    ...about,
    login: word.optional(),
    fullName: word.optional(),
  }),
  z.strictObject({ verb: z.literal('pause'), ...about, kind: word, from: word, until: when }),
  z.strictObject({ verb: z.literal('resume'), ...about, planned: z.boolean() }),
  z.strictObject({
    verb: z.literal('suspend'),
    ...about,
    kind: z.enum(['administrative', 'security']),
    until: when,
  }),
  z.strictObject({
    verb: z.literal('lift'),
    ...about,
    kind: z.enum(['administrative', 'security', 'idle']).optional(),
  }),
  z.strictObject({ verb: z.literal('contain'), ...about }),
  z.strictObject({ verb: z.literal('recover'), ...about, keepKeys: z.boolean() }),
  z.strictObject({
    verb: z.literal('offboard'),
    ...about,
    when: z.union([z.literal(['now', 'emergency']), z.strictObject({ at: word })]),
  }),
  z.strictObject({
    verb: z.literal('rehire'),
    ...about,
    ...engagement,
    start: word,
    end: when,
    firstPassword: z.boolean(),
  }),
  z.strictObject({ verb: z.literal('hold'), ...about, matter: word }),
  z.strictObject({ verb: z.literal('release'), ...about, matter: word.optional() }),
]);

const paths = {
  preview: '/v1/people/preview',
  perform: '/v1/people/perform',
  moveMany: '/v1/people/move',
} as const;
const previewBody = z.strictObject({ verb });
const { name: _one, ...byWhom } = about;
const moveManyBody = z.strictObject({
  ...byWhom,
  ...engagement,
  names: z.array(name).min(1).max(1_000),
  title: word.optional(),
  end: when,
  rehearse: z.boolean(),
  asMoves: z.boolean().optional(),
});
const performBody = z.strictObject({ verb, seen: word.optional() });

export function addPeopleRoutes(app: FastifyInstance, people: PeopleEngine, log: Log): void {
  app.post(paths.preview, (request) => people.preview(previewBody.parse(request.body).verb));
  app.post(paths.moveMany, (request) => {
    const order = moveManyBody.parse(request.body);
    log.info({ names: order.names, by: order.by }, 'people: move');
    return people.moveMany(order);
  });
  app.post(paths.perform, (request) => {
    const order = performBody.parse(request.body);
    const { verb: what, name: whom, by } = order.verb;
    log.info({ name: whom, by }, `people: ${what}`);
    return people.perform(order);
  });
}

/** The other end. */
export function remotePeople(post: (path: string, body: unknown) => Promise<unknown>) {
  return {
    preview: (asked: PersonVerb) => post(paths.preview, { verb: asked }),
    moveMany: (order: object) => post(paths.moveMany, order),
    perform: (order: object) => post(paths.perform, order),
  } as PeopleEngine;
}
