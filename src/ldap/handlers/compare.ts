/** Compare (RFC 4511 §4.10): one question, two good answers. */
import type { Context, Directory } from '../../directory/operations/types.js';
import { resultCodes } from '../../runtime/errors.js';
import type { RequestControls } from '../controls/index.js';
import type { CompareRequest as CompareOp } from '../protocol/index.js';
import { contextAs } from './context-as.js';

/** The result code compareTrue or compareFalse; throws LdapError where there is no answer. */
export function compare(
  directory: Directory,
  op: CompareOp,
  controls: RequestControls,
  context: Context,
): number {
  const { entry: dn, attribute, value } = op;
  const { assertion } = controls;
  const request =
    assertion === undefined ? { dn, attribute, value } : { dn, attribute, value, assertion };
  const as = contextAs(directory, controls, context);
  return directory.compare(request, as) ? resultCodes.compareTrue : resultCodes.compareFalse;
}
