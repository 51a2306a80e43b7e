/**
 * The stale phone: a device that goes on sending the password that was right until it was changed.
 * Finding that out costs another hash, which no refusal may show. So it is done behind the answer,
 * when the pool has nothing else to do, and the failure that was counted meanwhile is taken back.
 * Only the newest former password is looked at, and only for guesses that count: a handful at most
 * before somebody is locked.
 */
import { type HashPool, verifyPassword } from '../../../credentials/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { Secret } from '../../ports.js';
import { hashInHistory, PASSWORD_HISTORY } from '../write/password-history.js';
import type { KnownAttempt } from './types.js';

export interface FormerTools {
  readonly pool: HashPool;
  readonly onDefect: (error: unknown) => void;
}

/** Calls `wasFormer` some time later, where the password is the one before. */
export function formerChecker({ pool, onDefect }: FormerTools) {
  const check = async (secret: Secret, password: Buffer): Promise<boolean> => {
    try {
      return await verifyPassword(hashInHistory(secret.value), password, pool.whenIdle);
    } catch (error) {
      // A busy or closed pool: the failure stays counted, and the next one is looked at again.
      if (!(error instanceof LdapError)) onDefect(error);
      return false;
    }
  };
  return ({ secrets, password, code }: KnownAttempt, wasFormer: () => void): void => {
    const former = secrets.findLast(({ kind }) => kind === PASSWORD_HISTORY);
    if (former === undefined || code !== undefined) return;
    void check(former, password).then((was) => was && wasFormer());
  };
}
