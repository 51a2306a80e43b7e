/** Writes that a guard has stopped: which of them can be kept until somebody says yes, and how others go on. */
import type { PreparedWrite } from '../directory/operations/index.js';
import type { DirectoryReader } from '../directory/ports.js';

/** What to do where the write itself cannot wait. */
export function howToGoOn({ op }: PreparedWrite): string {
  if (op !== 'modify') return 'wait, or have the policy changed';
  return (
    'a change with a password in it is not kept anywhere to wait: set the password by itself, and ' +
    'say the rest again without it; that can wait for a yes'
  );
}

/** A change or delete as text, to be made later; undefined where there is a secret in it. */
export function waitingWrite(
  request: PreparedWrite,
  reader: Pick<DirectoryReader, 'schema'>,
): string | undefined {
  if (request.op === 'delete') return JSON.stringify(request);
  if (request.op !== 'modify' || request.ntHash !== undefined) return undefined;
  const isSecret = ({ attribute }: { readonly attribute: string }) =>
    (reader.schema().describe(attribute)?.type.storage ?? 'secret') === 'secret';
  return request.changes.some(isSecret) ? undefined : JSON.stringify(request);
}
