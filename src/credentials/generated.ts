/**
 * Secrets that the server makes for people to paste or to type: app passwords, recovery codes, first
 * passwords, credentials of services. At least 128 bits behind a public id, so that one is found without trying all, can be
 * named in a list, and is recognised where it leaks; kept as SHA-256, which so much chance needs no
 * slow hash to protect.
 *
 *   app-4k2h-9q7w-…     kind, id (4), body (28 of 32 characters: 140 bits) in groups of four
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { Random } from '../runtime/random.js';

export type GeneratedKind = 'app' | 'recovery' | 'first' | 'service';

export interface Generated {
  /** Shown once. */
  readonly text: string;
  readonly id: string;
  readonly digest: Buffer;
}

/** No i, l, o, u: nothing to mistake, and no words. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUP = 4;
const BODY_GROUPS = 7;
const prefixes: Readonly<Record<GeneratedKind, string>> = {
  app: 'app',
  recovery: 'rec',
  first: 'first',
  service: 'svc',
};

const lengths: Readonly<Record<GeneratedKind, number>> = {
  app: lengthOf('app'),
  recovery: lengthOf('recovery'),
  first: lengthOf('first'),
  service: lengthOf('service'),
};

function lengthOf(kind: GeneratedKind): number {
  return prefixes[kind].length + (GROUP + 1) * (BODY_GROUPS + 1);
}

const shapes: Readonly<Record<GeneratedKind, RegExp>> = {
  app: shapeOf('app'),
  recovery: shapeOf('recovery'),
  first: shapeOf('first'),
  service: shapeOf('service'),
};

function shapeOf(kind: GeneratedKind): RegExp {
  return new RegExp(`^${prefixes[kind]}(?:-[${ALPHABET}]{${GROUP}}){${BODY_GROUPS + 1}}$`);
}

/** A new secret whose id is none of `taken`. */
export function makeGenerated(
  kind: GeneratedKind,
  random: Random,
  taken: readonly string[] = [],
): Generated {
  for (;;) {
    const groups = Array.from({ length: BODY_GROUPS + 1 }, () => group(random));
    const id = groups[0]!;
    if (taken.includes(id)) continue;
    const text = `${prefixes[kind]}-${groups.join('-')}`;
    return { text, id, digest: digestOf(text) };
  }
}

/** 256 is a multiple of 32: every character is as likely as any other. */
function group(random: Random): string {
  let text = '';
  for (const byte of random.bytes(GROUP)) text += ALPHABET[byte & 31]!;
  return text;
}

/** The id of a secret of this kind as somebody sent it, or undefined where it is none. */
export function generatedId(kind: GeneratedKind, sent: Buffer): string | undefined {
  const text = normal(kind, sent);
  return text === undefined ? undefined : idIn(kind, text);
}

function idIn(kind: GeneratedKind, text: string): string {
  const start = prefixes[kind].length + 1;
  return text.slice(start, start + GROUP);
}

/** The secret of this kind that what was sent ends in, as it was made, or undefined. */
export function generatedAtEnd(kind: GeneratedKind, sent: Buffer): string | undefined {
  if (sent.length < lengths[kind]) return undefined;
  return normal(kind, sent.subarray(sent.length - lengths[kind]));
}

/** Whether what was sent is the secret behind a digest. */
export function isGenerated(kind: GeneratedKind, sent: Buffer, digest: Buffer): boolean {
  const text = normal(kind, sent);
  return text !== undefined && timingSafeEqual(digestOf(text), digest);
}

/** Who types it from paper may use capitals. */
function normal(kind: GeneratedKind, sent: Buffer): string | undefined {
  if (sent.length !== lengths[kind]) return undefined;
  const text = sent.latin1Slice(0, sent.length).toLowerCase();
  return shapes[kind].test(text) ? text : undefined;
}

function digestOf(text: string): Buffer {
  return hash('sha256', Buffer.from(text, 'latin1'), 'buffer');
}
