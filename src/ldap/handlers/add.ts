/** Add (RFC 4511 §4.7) as the directory takes it. */
import { bytesOf } from '../../directory/model/bytes.js';
import type { AddRequest, Context } from '../../directory/operations/types.js';
import type { RequestControls } from '../controls/index.js';
import type { AddRequest as AddOp } from '../protocol/index.js';
import { withControls } from './write-controls.js';

/** Values become text of one character a byte: they travel to another thread. */
export function addRequest(op: AddOp, controls: RequestControls, context: Context): AddRequest {
  const attributes = op.attributes.map(({ description, values }) => ({
    attribute: description,
    values: values.map(bytesOf),
  }));
  return withControls(
    { op: 'add', context, reason: 'ldap add', dn: op.entry, attributes },
    controls,
  );
}
