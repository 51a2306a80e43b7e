/** The lifecycle policy over the control socket: both ends of the road. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { DOCUMENT_BYTES_MAX } from '../../policy/core/language/index.js';
import type { Log } from '../../runtime/log.js';
import type { PolicyEngine, PolicyOrder } from '../policy.js';

const paths = {
  show: '/v1/policy/show',
  read: '/v1/policy/read',
  check: '/v1/policy/check',
  preview: '/v1/policy/preview',
  install: '/v1/policy/install',
  renameValue: '/v1/policy/rename-value',
  history: '/v1/policy/history',
} as const;

// One more, so that the reader of documents is the one to refuse.
const text = z.string().max(DOCUMENT_BYTES_MAX + 1);
const document = z.strictObject({ text });
const maybe = z.strictObject({ text: text.optional() });
const order = z.strictObject({
  text,
  by: z.string().min(1).max(256),
  because: z.string().max(1024),
  expect: z.int().min(0).optional(),
  over: z.string().max(64).optional(),
});
const value = z.string().min(1).max(1024);
const renaming = z.strictObject({
  attribute: z.string().min(1).max(256),
  from: value,
  to: value,
  by: z.string().min(1).max(256),
  because: z.string().max(1024),
  rehearse: z.boolean(),
});
/** In JSON a letter may take six. */
const bodyLimit = 6 * DOCUMENT_BYTES_MAX + 16_384;

export function addPolicyRoutes(app: FastifyInstance, policy: PolicyEngine, log: Log): void {
  app.post(paths.show, () => policy.show());
  app.post(paths.read, { bodyLimit }, (request) => policy.read(maybe.parse(request.body)));
  app.post(paths.check, { bodyLimit }, (request) => policy.check(document.parse(request.body)));
  app.post(paths.preview, { bodyLimit }, (request) => policy.preview(document.parse(request.body)));
  app.post(paths.install, { bodyLimit }, (request) => {
    const asked = order.parse(request.body);
    log.info({ by: asked.by }, 'policy: install');
    return policy.install(asked);
  });
  app.post(paths.renameValue, (request) => {
    const asked = renaming.parse(request.body);
    log.info({ by: asked.by, attribute: asked.attribute }, 'policy: rename value');
    return policy.renameValue(asked);
  });
  app.post(paths.history, () => policy.history());
}

/** The other end. */
export function remotePolicy(post: <T>(path: string, body?: unknown) => Promise<T>): PolicyEngine {
  return {
    show: () => post(paths.show),
    read: (of) => post(paths.read, of),
    check: (of) => post(paths.check, of),
    preview: (of) => post(paths.preview, of),
    install: (given: PolicyOrder) => post(paths.install, given),
    renameValue: (asked) => post(paths.renameValue, asked),
    history: () => post(paths.history),
  };
}
