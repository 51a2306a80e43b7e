/** The audit trail's step of a bind: who came in, from where, through what, how; or why not. */
import { anonymous, type Origin } from '../../model/identity.js';
import type { Attempt, BindObserver } from '../bind/index.js';
import type { AuditBook, Seen } from './book.js';

const how = {
  password: 'with the password',
  appPassword: 'with an app password',
  oneTimePassword: 'with a one-time password',
  serviceSecret: 'with a credential of its own',
  certificate: 'with a certificate',
} as const;

export function auditObserver(
  book: AuditBook,
  serviceOf: (attempt: Attempt) => number,
): BindObserver {
  // Every bind comes by: one literal, and nothing copied unless something has to be left out.
  const seen = (kind: Seen['kind'], attempt: Attempt, what: string, why: string): Seen => {
    const { origin, trackedAddress, boundBefore, entry } = attempt;
    const service = serviceOf(attempt);
    const believed = trackedAddress !== undefined || (service !== 0 && boundBefore !== anonymous);
    return {
      kind,
      who: entry?.id ?? attempt.dn,
      by: 0,
      origin: believed || origin.tracked === undefined ? origin : untracked(origin),
      trackedAddress,
      // A service that binds as itself comes through nobody.
      service: service === entry?.id ? 0 : service,
      what,
      why,
    };
  };
  return {
    succeeded(attempt, { by }) {
      const what = attempt.code === undefined ? 'bind' : 'bind with a second factor';
      book.note(seen('bind', attempt, what, how[by]));
    },
    failed(attempt, { reason }) {
      book.note(seen('refusal', attempt, 'bind', reason));
    },
  };
}

function untracked({ tracked: _tracked, ...origin }: Origin): Origin {
  return origin;
}
