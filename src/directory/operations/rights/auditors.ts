/** Who may read the audit trail and the change log: administrators, and roles that may `audit`. */
import { rolesOf } from '../../../policy/core/conditions/index.js';
import type { Identity } from '../../model/identity.js';
import type { DirectoryReader } from '../../ports.js';
import { personOf, policyOf } from '../lifecycle/index.js';

export function isAuditor(
  { role, entryId, only }: Identity,
  reader: DirectoryReader,
  nowSeconds: number,
): boolean {
  if (only !== undefined) return false;
  if (role !== 'user') return role === 'administrator';
  const { policy } = policyOf(reader);
  const entry = policy.roles.length === 0 ? undefined : reader.entry(entryId);
  if (entry === undefined) return false;
  const roles = rolesOf(personOf(entry, reader), policy, nowSeconds);
  return roles.some(({ may }) => may.some(({ power }) => power === 'audit'));
}
