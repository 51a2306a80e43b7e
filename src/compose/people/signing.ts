/**
 * The key that signs proofs: made when it is first needed, kept sealed in the secret table with the
 * administrator's entry, and nowhere else.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { bytesOf } from '../../directory/model/bytes.js';
import type { Random } from '../../runtime/random.js';
import { written } from './parts.js';
import type { WhyParts } from './why.js';

export interface SigningParts extends WhyParts {
  readonly random: () => Random;
}

const KIND = 'proofKey';
/** What stands before the 32 bytes of an Ed25519 key in PKCS 8. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @throws KeyFileError, SealedError */
export async function signingKey(parts: SigningParts): Promise<KeyObject> {
  const owner = parts.reader.administratorId();
  const held = () => parts.reader.secrets(owner).find(({ kind }) => kind === KIND);
  if (held() === undefined) {
    const context = { identity: parts.administrator(), origin: parts.origin };
    const add = [{ kind: KIND, value: bytesOf(parts.random().bytes(32)) }];
    const reason = 'a key to sign proofs was made';
    await written(parts, { op: 'credentials', context, reason, owner, remove: [], add });
  }
  const secret = held()!;
  const seed = parts.box().open(secret.value, secret);
  return keyFrom(seed);
}

function keyFrom(seed: Buffer): KeyObject {
  const key = Buffer.concat([PKCS8_HEAD, seed]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** The public half of the key, where one was made and can be opened. */
export function publicKeyOf(parts: Pick<SigningParts, 'reader' | 'box'>): string | undefined {
  const owner = parts.reader.administratorId();
  const secret = parts.reader.secrets(owner).find(({ kind }) => kind === KIND);
  if (secret === undefined) return undefined;
  try {
    const key = keyFrom(parts.box().open(secret.value, secret));
    return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  } catch {
    // A lost key file has its own complaint.
    return undefined;
  }
}

/** The public half, and the signature over a text. */
export function signed(text: string, key: KeyObject): { key: string; signature: string } {
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    key: publicKey.toString('base64'),
    signature: sign(null, Buffer.from(text, 'utf8'), key).toString('base64'),
  };
}
