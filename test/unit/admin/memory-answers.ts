/** What an engine over nothing but memory answers about anybody, unless a test says otherwise. */

import type {
  Grant,
  LastLogins,
  PasswordWhy,
  PersonWhy,
  Proof,
  VerbPreview,
} from '../../../src/admin/index.js';
import type { MayAsked, MayWhy } from '../../../src/admin/may.js';

export const nothingSaid: Omit<PasswordWhy, 'dn'> = {
  now: '2026-01-05T09:00:00.000Z',
  policy: undefined,
  ignored: undefined,
  state: 'open',
  reason: undefined,
  changed: undefined,
  expires: undefined,
  graceLeft: undefined,
  reset: false,
  validFrom: undefined,
  validUntil: undefined,
  lastLogin: undefined,
  idleAt: undefined,
  failures: 0,
  until: undefined,
  former: 0,
};

export const whyNobody: Omit<PersonWhy, 'dn' | 'login' | 'service'> = {
  now: '2026-01-05T09:00:00.000Z',
  at: '2026-01-05T09:00:00.000Z',
  zone: 'UTC',
  state: 'active',
  stage: undefined,
  because: [],
  can: true,
  verdict: 'password: it is good',
  doors: [{ door: 'password', opens: 'yes', because: 'it is good' }],
  later: [],
};

export const nobody: Omit<VerbPreview, 'verb' | 'dn' | 'login'> = {
  now: '2026-01-05T09:00:00.000Z',
  zone: 'UTC',
  quiet: true,
  before: 'active',
  after: 'active',
  later: [],
  changes: [],
  holdings: {
    password: true,
    code: false,
    appPasswords: 0,
    firstPasswords: 0,
    ntSecrets: 0,
    certificates: 0,
    sshKeys: 0,
    groups: [],
    sudoRules: [],
    accounts: [],
    owns: [],
    reports: [],
  },
  notes: [],
  seen: 'csn-1',
};

export const neverSeen: Omit<LastLogins, 'dn'> = {
  now: '2026-01-05T09:00:00.000Z',
  success: undefined,
  failure: undefined,
  failures: 0,
  state: 'open',
  until: undefined,
  bypassUntil: undefined,
};

export const nothingProved: Proof = {
  proof: {
    what: 'what is shut for somebody in a Tenure directory',
    version: 1,
    dn: 'uid=ada',
    login: 'ada',
    uuid: '00000000-0000-4000-8000-000000000000',
    at: '2026-01-05T09:00:00.000Z',
    state: 'active',
    doors: [],
    waits: [],
    seq: 1,
    head: 'abc',
  },
  key: '',
  signature: '',
};

/** What a grant answers. */
export const granted = (login: string, group: string): Grant => ({
  dn: `uid=${login}`,
  login,
  group,
  groupDn: `cn=${group}`,
  from: '2026-01-05T09:00:00.000Z',
  until: '2026-01-05T17:00:00.000Z',
  holds: true,
  because: 'on call',
  by: 'cn=admin',
});

/** Attributes are written by a rule; nothing else is let. */
export function mayAnswer(asked: MayAsked, calls: string[]): MayWhy {
  calls.push(`may ${JSON.stringify(asked)}`);
  const { name, verb, on, attributes } = asked;
  const text = 'rule phones, line 8: group desk may write telephonenumber';
  const rule = { kind: 'rule', name: 'phones', line: 8, text } as const;
  const allowed = verb === 'write';
  const answer = allowed
    ? { attributes, allowed, by: [rule], because: '' }
    : { attributes, allowed, by: [], because: 'no rule and no role of the policy lets them' };
  const otherwise = verb === 'read' ? [rule] : [];
  return { dn: name, login: name, verb, on, allowed, answers: [answer], otherwise };
}
