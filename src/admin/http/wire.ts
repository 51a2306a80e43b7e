/**
 * The control API's paths and messages, shared by its two ends. HTTP/1.1 over DIR/control.sock;
 * JSON bodies; long work answers with NDJSON: progress lines, then one result or failure line.
 * Whoever can open the socket is the administrator.
 */
import * as z from 'zod';
import type { Progress } from '../engine.js';
import type { FailureJson } from '../errors.js';
import { mayVerbs } from '../may.js';

export const routes = {
  status: '/v1/status',
  import: '/v1/import',
  export: '/v1/export',
  verify: '/v1/verify',
  recover: '/v1/administrator/recover',
  indexes: '/v1/indexes',
  keys: '/v1/keys',
  logins: '/v1/logins',
  why: '/v1/why/password',
  whyPerson: '/v1/why/person',
  whyMay: '/v1/why/may',
  prove: '/v1/prove',
  unlock: '/v1/logins/unlock',
  bypass: '/v1/logins/bypass',
  wifi: '/v1/wifi',
  secrets: '/v1/secrets',
  rotateSecrets: '/v1/secrets/rotate',
  resetSecrets: '/v1/secrets/reset',
  clock: '/v1/clock',
  stop: '/v1/stop',
} as const;

/** Trailer of an export: how many entries it held. An export without it is cut short. */
export const entriesTrailer = 'tenure-entries';
export const ndjsonType = 'application/x-ndjson';
export const ldifType = 'text/plain; charset=utf-8';

/** One line of an NDJSON answer. */
export type StreamLine =
  | { readonly progress: Progress }
  | { readonly result: unknown }
  | { readonly error: FailureJson };

export const importBody = z.strictObject({
  file: z.string().min(1),
  by: z.string().min(1),
  expect: z.int().min(0).optional(),
  asMoves: z.boolean().optional(),
});
export const indexBody = z.strictObject({
  attribute: z.string().min(1),
  verb: z.enum(['add', 'drop']),
  words: z.array(z.string()).max(16),
});
const by = z.string().min(1);
const name = z.string().min(1).max(4_096);
export const keysQuery = z.strictObject({ name });
export const keysBody = z.discriminatedUnion('verb', [
  z.strictObject({
    verb: z.literal('add'),
    name,
    line: z.string(),
    expires: z.iso.datetime().optional(),
    by,
  }),
  z.strictObject({ verb: z.literal('remove'), name, key: z.string(), by }),
]);
export const loginsQuery = z.strictObject({ name });
export const whyQuery = z.strictObject({ name });
export const whyPersonBody = z.strictObject({
  name,
  service: name.optional(),
  at: z.string().min(1).max(256).optional(),
});
export const whyMayBody = z.strictObject({
  name,
  verb: z.enum(mayVerbs),
  attributes: z.array(z.string().min(1).max(256)).max(64),
  on: name,
  from: z.string().max(64).optional(),
  tls: z.boolean().optional(),
  factor: z.boolean().optional(),
});
const because = z.string().max(1_000);
export const unlockBody = z.strictObject({ name, by, because });
export const bypassBody = z.strictObject({
  name,
  by,
  because,
  forMs: z.number().positive().optional(),
});
const use = z.enum(['wifi', 'files']);
const target = { name, device: z.string().max(64).optional(), use, by };
export const wifiBody = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('issue'), ...target, renew: z.boolean() }),
  z.strictObject({ verb: z.literal('revoke'), ...target }),
]);
export const clockBody = z.strictObject({
  advanceMs: z.number().optional(),
  accept: z.literal(true).optional(),
});
export const exportQuery = z.strictObject({ base: z.string().optional() });
