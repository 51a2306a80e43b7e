/** What a policy wants its people's password hashes to cost; kept by the policy's entry. */
import { type Argon2Params, parseArgon2Cost } from '../../../credentials/index.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { textsOf } from '../texts-of.js';
import type { FoundPolicy } from './policies.js';

/** Held against its bounds when it is written (hooks/hash-cost.ts). */
const COST = 'tenureArgon2';
const kept = new WeakMap<EntryRecord, { readonly cost: Argon2Params | undefined }>();

/** The cost under a policy; `otherwise` where there is none, or it does not say. */
export function hashCostOf(
  found: FoundPolicy | undefined,
  reader: DirectoryReader,
  otherwise: Argon2Params,
): Argon2Params {
  const policy = found && reader.entry(found.entryId);
  if (policy === undefined) return otherwise;
  let known = kept.get(policy);
  if (known === undefined) {
    const text = textsOf(policy, COST, reader)[0];
    const read = text === undefined ? undefined : parseArgon2Cost(text);
    known = { cost: read?.ok === true ? read.value : undefined };
    kept.set(policy, known);
  }
  return known.cost ?? otherwise;
}
