/**
 * Permissions that are used up in steps: a code of a second factor, one of several uses of a first
 * password. The row is brought up to date and nothing else: no Change, nothing that a reader sees.
 * What is used up must not have been used by somebody faster.
 */
import {
  decodeGrant,
  encodeGrant,
  type SecretBox,
  sealedWith,
} from '../../../credentials/index.js';
import { decodeFactor, encodeFactor } from '../../../credentials/otp/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { DirectoryWriter, Secret } from '../../ports.js';
import type { ConsumeRequest, UseCodeRequest } from '../types.js';

/** @throws LdapError noSuchAttribute where the code was used, or the factor is gone */
export function useCode(request: UseCodeRequest, writer: DirectoryWriter, box: SecretBox): void {
  const secret = secretOf(request, writer);
  if (secret === undefined || sealedWith(secret.value) === undefined) throw usedUp();
  const type = secret.kind === 'hotp' ? 'hotp' : 'totp';
  const factor = decodeFactor(type, box.open(secret.value, secret));
  if (request.at < factor.next) throw usedUp();
  const after = { ...factor, next: request.at + 1, confirmed: true };
  writer.replaceSecretValue(secret.id, secret.revision, box.seal(encodeFactor(after), secret));
}

/** True where a use was taken and others are left; false where the secret goes with its last. */
export function takeOneOfSeveral(request: ConsumeRequest, writer: DirectoryWriter): boolean {
  const secret = secretOf(request, writer);
  const grant = secret && decodeGrant('first', secret.value);
  if (secret === undefined || grant === undefined || grant.usesLeft <= 1) return false;
  const value = encodeGrant('first', { ...grant, usesLeft: grant.usesLeft - 1 });
  return writer.replaceSecretValue(secret.id, secret.revision, value);
}

function secretOf(
  { owner, secretId }: { readonly owner: number; readonly secretId: number },
  writer: DirectoryWriter,
): Secret | undefined {
  return writer.secrets(owner).find(({ id }) => id === secretId);
}

const usedUp = () => new LdapError('noSuchAttribute', 'the code has been used');
