/**
 * What was destroyed, archived or purged is recorded by whatever did it. A client that could write
 * the record would say that something is gone which is not.
 */
import { LdapError } from '../../../runtime/errors.js';
import type { DirectoryReader } from '../../ports.js';
import type { WriteRequest } from '../types.js';

/** @throws LdapError constraintViolation */
export function assertNoDisposal(request: WriteRequest, reader: DirectoryReader): void {
  const given =
    request.op === 'add' ? request.attributes : request.op === 'modify' ? request.changes : [];
  for (const { attribute } of given) {
    if (reader.schema().describe(attribute)?.type.name !== 'lifecycleDisposal') continue;
    throw new LdapError(
      'constraintViolation',
      'lifecycleDisposal is recorded when something is destroyed; it cannot be written',
    );
  }
}
