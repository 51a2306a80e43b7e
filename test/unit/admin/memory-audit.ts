/** An audit trail in memory: empty, and it notes what it was asked. */
import type { AuditEngine } from '../../../src/admin/audit.js';

export function memoryAudit(calls: string[]): AuditEngine {
  return {
    async list(query) {
      calls.push(`audit ${JSON.stringify(query)}`);
      return { now: '2026-01-05T09:00:00.000Z', zone: 'UTC', events: [], last: 0 };
    },
    async verify() {
      const counts = { events: 0, batches: 0, forgotten: 0, namesForgotten: 0 };
      return { ok: true, problems: [], ...counts, head: 'def456' };
    },
  };
}
