/** The audit trail over the control socket: one path a verb, both ends of the road. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { type AuditEngine, auditKinds } from '../audit.js';

const text = z.string().min(1).max(1_024);
const number = z.int().min(0);

export const AUDIT_PAGE_MAX = 1_000;

const bodies = {
  list: z.strictObject({
    name: text.optional(),
    by: text.optional(),
    kinds: z.array(z.enum(auditKinds)).optional(),
    since: text.optional(),
    until: text.optional(),
    run: number.optional(),
    after: number.optional(),
    limit: z.int().min(1).max(AUDIT_PAGE_MAX),
  }),
  verify: z.strictObject({
    head: z
      .string()
      .regex(/^[0-9a-fA-F]{16,64}$/)
      .optional(),
  }),
} as const satisfies Readonly<Record<keyof AuditEngine, z.ZodType>>;

export function addAuditRoutes(app: FastifyInstance, audit: AuditEngine): void {
  app.post('/v1/audit/list', (request) => audit.list(bodies.list.parse(request.body)));
  app.post('/v1/audit/verify', (request) => audit.verify(bodies.verify.parse(request.body)));
}

/** The other end. */
export function remoteAudit(post: <T>(path: string, body: unknown) => Promise<T>): AuditEngine {
  return {
    list: (query) => post('/v1/audit/list', query),
    verify: (of) => post('/v1/audit/verify', of),
  };
}
