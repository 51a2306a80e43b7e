/** The access map of a directory in memory: one way by which everybody came in, and one report. */
import type { AccessEngine } from '../../../src/admin/access.js';
import type { LastLogins } from '../../../src/admin/logins.js';
import { LdapError } from '../../../src/runtime/errors.js';

const kept = { enabled: true, days: 90, purpose: 'to close every door' };

export function memoryAccess(memory: { readonly logins: Omit<LastLogins, 'dn'> }): AccessEngine {
  return {
    seen: async ({ name }) => ({
      dn: name,
      ...memory.logins,
      login: name,
      kept,
      rows: [
        {
          consumer: 'git',
          consumerDn: 'uid=git',
          address: '192.0.2.7',
          method: 'password',
          first: '2026-01-04T08:00:00.000Z',
          last: '2026-01-05T08:59:00.000Z',
          count: 7,
        },
      ],
      goneBy: [
        {
          consumer: 'git',
          consumerDn: 'uid=git',
          last: '2026-01-05T08:59:00.000Z',
          seconds: 600,
          because: 'set on its account',
          at: '2026-01-05T17:10:00.000Z',
          asked: { last: '2026-01-05T17:00:09.000Z', count: 2 },
        },
      ],
    }),
    async through() {
      throw new LdapError('noSuchObject', 'nobody lives in memory');
    },
    report: async ({ kind, days, as }) => ({
      kind,
      now: '2026-11-25T12:00:00.000Z',
      title: `within ${days} days${as === undefined ? '' : ` as ${as.name} (${as.password})`}`,
      columns: ['login', 'what'],
      rows: [
        ['ada', 'a, "b"'],
        ['=1+1', ''],
      ],
    }),
  };
}
