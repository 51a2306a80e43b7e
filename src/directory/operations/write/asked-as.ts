/**
 * Writes that one asks for as another (RFC 4370). Whether they still may is looked at again where the
 * write is made, and what opens an account is written by its owner alone: whoever set a password as
 * somebody would be them for good, and no more for as long as an administrator lets them ask.
 */
import { LdapError } from '../../../runtime/errors.js';
import { identityAs, opensAccount } from '../rights/index.js';
import type { PreparedWrite } from '../types.js';
import type { Transaction } from './transaction.js';

/** @throws LdapError authorizationDenied, insufficientAccessRights */
export function assertStillAsked(request: PreparedWrite, tx: Transaction): void {
  const { askedBy, identity } = request.context;
  if (askedBy === undefined) return;
  const { writer: reader, names, nowSeconds } = tx;
  const nowMs = () => nowSeconds * 1000;
  const now = identityAs(askedBy.authzId, askedBy.identity, { reader, names, nowMs });
  if (now.entryId !== identity.entryId) {
    throw new LdapError('authorizationDenied', 'the identity is somebody else by now; ask again');
  }
  for (const name of written(request)) {
    const type = reader.schema().describe(name)?.type;
    if (type === undefined || !opensAccount(type)) continue;
    throw new LdapError(
      'insufficientAccessRights',
      `${type.name} opens an account and is not written as somebody else; they do it themselves`,
    );
  }
}

/** Names of the attributes that the write gives or takes. */
function written(request: PreparedWrite): readonly string[] {
  if (request.op === 'modify') return request.changes.map(({ attribute }) => attribute);
  return request.op === 'add' ? request.attributes.map(({ attribute }) => attribute) : [];
}
