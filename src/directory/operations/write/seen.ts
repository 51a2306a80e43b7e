/**
 * The entry that a write is about, before it reaches the writer: one that its author may not know of
 * is answered as if there were none, whatever is written.
 */
import { LdapError } from '../../../runtime/errors.js';
import type { DirectoryReader } from '../../ports.js';
import type { Names } from '../names.js';
import { accessOf, isHidden } from '../reads/index.js';
import { noSuchObject } from '../scope.js';
import type { Context } from '../types.js';
import { viewFor } from '../view.js';

interface SeeingTools {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly nowMs: () => number;
}

/** @throws LdapError noSuchObject to people; administrators hear it from the writer: then it is 0 */
export function seenId(dn: string, { identity, origin }: Context, tools: SeeingTools): number {
  const { reader, names, nowMs } = tools;
  const { id, nearestId } = names.resolve(names.parse(dn));
  if (identity.role === 'anonymous') {
    throw new LdapError('insufficientAccessRights', 'anonymous clients may not write; bind first');
  }
  if (identity.role !== 'user' || (id !== 0 && id === identity.entryId)) return id;
  // Whoever may do nothing, or is gone, hears that first.
  if (identity.only !== undefined || reader.entry(identity.entryId) === undefined) return id;
  const view = viewFor(identity, tools, accessOf(identity, origin, reader, nowMs()));
  if (id === 0 || isHidden(id, view)) throw noSuchObject(nearestId, dn, view);
  return id;
}
