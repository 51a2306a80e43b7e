/** As whom a request is asked: whoever is bound, or whom they may ask as (RFC 4370). */
import type { Context, Directory } from '../../directory/operations/types.js';
import type { RequestControls } from '../controls/index.js';

/** Throws LdapError authorizationDenied. */
export function contextAs(
  directory: Directory,
  { authzId }: RequestControls,
  context: Context,
): Context {
  if (authzId === undefined) return context;
  const { identity } = context;
  const askedBy = { identity, authzId };
  return { ...context, identity: directory.identityAs(authzId, identity), askedBy };
}
