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
import type { KnownAttempt } from './types.js';

/** Kind of the secrets that hold former passwords, oldest first. */
const PASSWORD_HISTORY = 'pwdHistory';

export interface FormerTools {
  readonly pool: HashPool;
  readonly onDefect: (error: unknown) => void;
}

/** Calls `wasFormer` some time later, where the password is the one before. */
export function formerChecker({ pool, onDefect }: FormerTools) {
  const check = async (secret: Secret, password: Buffer): Promise<boolean> => {
    try {
      return await verifyPassword(hashIn(secret.value), password, pool.whenIdle);
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

const SEPARATOR = 0x23;

/** The hash in `time#syntax#length#data` (draft-behera §5.3.5). */
function hashIn(value: Buffer): Buffer {
  let at = -1;
  for (let part = 0; part < 3; part += 1) {
    at = value.indexOf(SEPARATOR, at + 1);
    if (at < 0) return value;
  }
  return value.subarray(at + 1);
}
