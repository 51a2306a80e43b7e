/** The audit trail's step of a bind: who came in, from where, through what, how; or why not. */
import { anonymous } from '../../model/identity.js';
import type { Attempt, BindObserver } from '../bind/index.js';
import type { AuditBook } from './book.js';

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
  const about = (attempt: Attempt) => {
    const { origin, trackedAddress, boundBefore } = attempt;
    const service = serviceOf(attempt);
    const believed = trackedAddress !== undefined || (service !== 0 && boundBefore !== anonymous);
    const { tracked: _tracked, ...bare } = origin;
    return {
      by: 0,
      origin: believed || origin.tracked === undefined ? origin : bare,
      trackedAddress,
      // A service that binds as itself comes through nobody.
      service: service === attempt.entry?.id ? 0 : service,
    };
  };
  return {
    succeeded(attempt, { by }) {
      const what = attempt.code === undefined ? 'bind' : 'bind with a second factor';
      const why = how[by];
      book.note({ kind: 'bind', who: attempt.entry.id, ...about(attempt), what, why });
    },
    failed(attempt, { reason }) {
      const who = attempt.entry?.id ?? attempt.dn;
      book.note({ kind: 'refusal', who, ...about(attempt), what: 'bind', why: reason });
    },
  };
}
