/**
 * A proof of what is shut for somebody: every door as it was tried, signed. Anybody can check one
 * without the directory: the key is in it, and its fingerprint is what to compare with `tenure prove`.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import * as z from 'zod';
import { AdminError } from './errors.js';

/** One door, tried the way its client tries it. */
export interface ProofDoor {
  /** `bind`, `login by password`, `SSH key`, `groups`, `sudo`, `Wi-Fi`, `sessions` … */
  readonly door: string;
  /** Short name of the application or machine that tried; empty where nobody in particular did. */
  readonly as: string;
  readonly shut: boolean;
  readonly saw: string;
}

export interface ProofBody {
  readonly what: 'what is shut for somebody in a Tenure directory';
  readonly version: 1;
  readonly dn: string;
  readonly login: string;
  readonly uuid: string;
  /** ISO 8601, by the directory's clock. */
  readonly at: string;
  readonly state: string;
  readonly doors: readonly ProofDoor[];
  /** What is outside the directory's reach and not ticked yet. */
  readonly waits: readonly string[];
  /** Number and head of the chained log when the doors were tried. */
  readonly seq: number;
  readonly head: string;
}

export interface Proof {
  readonly proof: ProofBody;
  /** Ed25519, SubjectPublicKeyInfo in base64. */
  readonly key: string;
  /** Over the JSON of `proof`, base64. */
  readonly signature: string;
}

export interface ProveEngine {
  prove(of: { readonly name: string }): Promise<Proof>;
}

/** What a proof that was read from a file is worth. */
export interface CheckedProof {
  readonly proof: ProofBody;
  readonly fingerprint: string;
}

export const proofText = (proof: ProofBody): string => JSON.stringify(proof);

/** As a person compares it: `SHA256:…`. */
export function fingerprintOf(key: string): string {
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** @throws AdminError input where it is no proof, damaged where it was altered */
export function checkProof(text: string, file: string): CheckedProof {
  const read = parsed(text);
  if (read === undefined) throw new AdminError('input', `${file} is no proof of tenure prove`);
  let good = false;
  try {
    const key = createPublicKey({
      key: Buffer.from(read.key, 'base64'),
      format: 'der',
      type: 'spki',
    });
    const signed = Buffer.from(proofText(read.proof), 'utf8');
    good = verify(null, signed, key, Buffer.from(read.signature, 'base64'));
  } catch {
    good = false;
  }
  if (good) return { proof: read.proof, fingerprint: fingerprintOf(read.key) };
  throw new AdminError('damaged', `${file} was altered after it was signed`);
}

/** Anybody can sign anything: what has another form than ours is not shown as a proof. */
const form = z.object({
  proof: z.object({
    what: z.literal('what is shut for somebody in a Tenure directory'),
    version: z.literal(1),
    dn: z.string(),
    login: z.string(),
    uuid: z.string(),
    at: z.iso.datetime(),
    state: z.string(),
    doors: z.array(
      z.object({ door: z.string(), as: z.string(), shut: z.boolean(), saw: z.string() }),
    ),
    waits: z.array(z.string()),
    seq: z.number(),
    head: z.string(),
  }),
  key: z.string(),
  signature: z.string(),
});

function parsed(text: string): Proof | undefined {
  try {
    const read: unknown = JSON.parse(text);
    // As it was written: the signature is over the text of it.
    return form.safeParse(read).success ? (read as Proof) : undefined;
  } catch {
    return undefined;
  }
}
