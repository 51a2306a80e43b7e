/** The policy of a directory in memory: answers that are always the same. */
import type { PolicyEngine } from '../../../src/admin/policy.js';

/** Installs nothing; whom it would shut out is always max. */
export function memoryPolicy(calls: string[], failing: () => void): PolicyEngine {
  const preview = {
    problems: [],
    differences: [{ path: 'company.zone', before: 'UTC', after: 'Europe/Berlin' }],
    changed: 1,
    closed: { count: 1, names: ['max'] },
    opened: { count: 0, names: [] },
    kinds: [],
    groups: [{ group: 'staff', joins: 2, leaves: 0 }],
  };
  return {
    show: async () => ({ text: 'tenure: 1\n', dn: undefined, sha256: 'ab' }),
    read: async () => ({ lines: ['', 'Groups', '  staff'], sha256: 'ab', inForce: true }),
    check: async ({ text }) => {
      calls.push(`check ${text}`);
      return { ok: true, problems: [], ways: [], people: undefined };
    },
    preview: async () => preview,
    async install({ text, by, because, expect, over }) {
      calls.push(`install ${text.trim()} by ${by} ${because} ${expect ?? ''} ${over ?? ''}`.trim());
      failing();
      return { ...preview, dn: 'cn=policy,dc=example,dc=com', sha256: 'cd', written: true, run: 0 };
    },
    async renameValue({ attribute, from, to, rehearse }) {
      calls.push(`rename value ${attribute} ${from} ${to} ${rehearse}`);
      const people = { count: 2, names: ['ada', 'bob'] };
      return { attribute, people, lines: [7], run: rehearse ? 0 : 12 };
    },
    history: async () => [],
  };
}
