/** The audit trail of a test directory, and what is asked of it. */
import { AuditFlush } from '../../src/compose/audit-flush.js';
import type { AuditAsk, StoredAuditEvent } from '../../src/directory/model/audit.js';
import type { TestDirectory } from './directory-temp.js';

export function auditOf(directory: TestDirectory): AuditFlush {
  const { reader, names, clock, limits } = directory;
  const observe: TestDirectory['observe'] = (observed) => directory.observe(observed);
  const options = { reader, names, clock, limits };
  return new AuditFlush({ ...options, observe: async (observed) => observe(observed) });
}

/** Events as they are on the disk once everything that was seen is. */
export async function auditEvents(
  directory: TestDirectory,
  ask: Partial<AuditAsk> = {},
): Promise<StoredAuditEvent[]> {
  await directory.audit.flush(true);
  const { audit } = directory.reader;
  return audit.page({ afterId: 0, untilId: audit.lastId(), limit: 10_000, ...ask });
}
