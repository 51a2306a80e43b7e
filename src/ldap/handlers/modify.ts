/** Modify (RFC 4511 §4.6, RFC 4525) as the directory takes it. */
import { bytesOf } from '../../directory/model/bytes.js';
import type { Context, ModifyRequest } from '../../directory/operations/types.js';
import type { RequestControls } from '../controls/index.js';
import type { ModifyRequest as ModifyOp } from '../protocol/index.js';
import { withControls } from './write-controls.js';

/** The changes in the order sent, values as text of one character a byte. */
export function modifyRequest(
  op: ModifyOp,
  controls: RequestControls,
  context: Context,
): ModifyRequest {
  const changes = op.changes.map(({ operation, modification }) => ({
    op: operation,
    attribute: modification.description,
    values: modification.values.map(bytesOf),
  }));
  return withControls(
    { op: 'modify', context, reason: 'ldap modify', dn: op.object, changes },
    controls,
  );
}
