/** ModifyDN (RFC 4511 §4.9) as the directory takes it. */
import type { Context, RenameRequest } from '../../directory/operations/types.js';
import type { RequestControls } from '../controls/index.js';
import type { ModifyDnRequest as ModifyDnOp } from '../protocol/index.js';
import { withControls } from './write-controls.js';

/** A rename, a move, or both. */
export function renameRequest(
  op: ModifyDnOp,
  controls: RequestControls,
  context: Context,
): RenameRequest {
  const { entry, newRdn, deleteOldRdn, newSuperior } = op;
  return withControls(
    {
      op: 'rename',
      context,
      reason: 'ldap modifydn',
      dn: entry,
      newRdn,
      deleteOldRdn,
      newSuperior,
    },
    controls,
  );
}
