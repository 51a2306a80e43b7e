/** The controls of a write on their way to the writer thread, and those of its answer. */
import type { WriteBase, WriteControls, WriteOutcome } from '../../directory/operations/types.js';
import { formatFilter } from '../../directory/text/index.js';
import { postReadResponse, preReadResponse, type RequestControls } from '../controls/index.js';
import { type Control, noControls } from '../protocol/index.js';

/** The request with those of its controls that concern the directory. */
export function withControls<R extends WriteBase>(request: R, controls: RequestControls): R {
  const { assertion, preRead, postRead } = controls;
  if (assertion === undefined && preRead === undefined && postRead === undefined) return request;
  const forWriter: WriteControls = {
    ...(assertion === undefined ? undefined : { assertion: formatFilter(assertion) }),
    ...(preRead === undefined ? undefined : { preRead }),
    ...(postRead === undefined ? undefined : { postRead }),
  };
  return { ...request, controls: forWriter };
}

/** The response controls of a write that succeeded. */
export function outcomeControls(outcome: WriteOutcome): readonly Control[] {
  if (!outcome.ok || (outcome.preRead === undefined && outcome.postRead === undefined)) {
    return noControls;
  }
  const controls: Control[] = [];
  if (outcome.preRead !== undefined) controls.push(preReadResponse(outcome.preRead));
  if (outcome.postRead !== undefined) controls.push(postReadResponse(outcome.postRead));
  return controls;
}
