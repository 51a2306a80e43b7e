/**
 * Passwords that open a number of times and only to set a new one: what `tenure first-password`
 * makes, generated and kept as SHA-256, and what `tenure admin recover` makes, kept as a slow hash,
 * which opens once and fully: whoever owns the folder is the administrator.
 */
import {
  type Argon2Params,
  decodeGrant,
  type FirstPassword,
  failureIsPaid,
  generatedId,
  type HashPool,
  isGenerated,
  verifyPassword,
} from '../../../credentials/index.js';
import type { Secret } from '../../ports.js';
import type { Authenticator } from './types.js';

/** Kind of the secret. */
export const ONE_TIME_PASSWORD = 'oneTimePassword';

export interface OneTimeTools {
  readonly pool: HashPool;
  readonly argon2: Argon2Params;
  readonly nowMs: () => number;
  /** Uses up a one-time password durably; false where somebody else was faster. */
  readonly consume: (secret: Secret) => Promise<boolean>;
}

export function oneTimeAuthenticator(tools: OneTimeTools): Authenticator {
  return {
    quick(attempt) {
      if (generatedId('first', attempt.password) === undefined) return undefined;
      for (const secret of attempt.secrets) {
        if (secret.kind !== ONE_TIME_PASSWORD) continue;
        const grant = decodeGrant('first', secret.value);
        if (grant === undefined || !isGenerated('first', attempt.password, grant.digest)) continue;
        if (!opensAt(grant, tools.nowMs())) return undefined;
        const use = () => tools.consume(secret);
        return { by: 'oneTimePassword', secret, skipsSecondFactor: true, mustChange: true, use };
      }
      return undefined;
    },
    async slow(attempt) {
      for (const secret of attempt.secrets) {
        if (secret.kind !== ONE_TIME_PASSWORD || isGrant(secret)) continue;
        const matches = await verifyPassword(secret.value, attempt.password, tools.pool);
        attempt.paid ||= failureIsPaid(secret.value, tools.argon2);
        if (!matches) continue;
        const use = () => tools.consume(secret);
        return { by: 'oneTimePassword', secret, skipsSecondFactor: true, use };
      }
      return undefined;
    },
  };
}

function opensAt({ startsMs, endsMs, usesLeft }: FirstPassword, nowMs: number): boolean {
  return usesLeft > 0 && nowMs >= startsMs && nowMs < endsMs;
}

const isGrant = ({ value }: Secret) => decodeGrant('first', value) !== undefined;
