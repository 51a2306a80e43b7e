/** Delete (RFC 4511 §4.8) as the directory takes it. */
import type { Context, DeleteRequest } from '../../directory/operations/types.js';
import type { RequestControls } from '../controls/index.js';
import type { DeleteRequest as DeleteOp } from '../protocol/index.js';
import { withControls } from './write-controls.js';

/** One entry; whether it may have children is the directory's rule. */
export function deleteRequest(
  op: DeleteOp,
  controls: RequestControls,
  context: Context,
): DeleteRequest {
  return withControls({ op: 'delete', context, reason: 'ldap delete', dn: op.entry }, controls);
}
