/**
 * How the batches of the audit trail (tables-5.ts) hang together:
 *
 *   digest_b = SHA-256(salt_b ‖ JSON of [events, new names with their digests])
 *   head_b   = SHA-256(head_{b−1} ‖ JSON of [seq, at, sort, first, last] ‖ digest_b)
 *
 * Salts go with what they salt: of what was forgotten nobody can try whether they guess it.
 */
import { hash } from 'node:crypto';

export const DAY_MS = 86_400_000;

/** Of what a batch is: what was seen, which may be forgotten sooner, and what was done. */
export const auditSorts = { seen: 0, done: 1 } as const;
export type AuditSort = (typeof auditSorts)[keyof typeof auditSorts];

export type BatchFields = readonly [
  seq: number,
  at: number,
  sort: number,
  first: number,
  last: number,
];

export function nameDigest(salt: Buffer, uuid: string, text: string): Buffer {
  return hash('sha256', Buffer.concat([salt, Buffer.from(JSON.stringify([uuid, text]))]), 'buffer');
}

/** `names` as pairs of number and hex digest. */
export function batchDigest(salt: Buffer, events: readonly unknown[], names: readonly unknown[]) {
  const text = Buffer.from(JSON.stringify([events, names]));
  return hash('sha256', Buffer.concat([salt, text]), 'buffer');
}

export function batchHead(before: Buffer, fields: BatchFields, digest: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(fields));
  return hash('sha256', Buffer.concat([before, text, digest]), 'buffer');
}
