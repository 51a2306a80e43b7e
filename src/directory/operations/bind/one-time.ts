/** A password that opens once, such as `tenure admin recover` makes. */
import {
  type Argon2Params,
  failureIsPaid,
  type HashPool,
  verifyPassword,
} from '../../../credentials/index.js';
import type { Secret } from '../../ports.js';
import type { Authenticator } from './types.js';

/** Kind of the secret. */
export const ONE_TIME_PASSWORD = 'oneTimePassword';

export interface OneTimeTools {
  readonly pool: HashPool;
  readonly argon2: Argon2Params;
  /** Uses up a one-time password durably; false where somebody else was faster. */
  readonly consume: (secret: Secret) => Promise<boolean>;
}

export function oneTimeAuthenticator(tools: OneTimeTools): Authenticator {
  return {
    async slow(attempt) {
      for (const secret of attempt.secrets) {
        if (secret.kind !== ONE_TIME_PASSWORD) continue;
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
