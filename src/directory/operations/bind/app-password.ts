/**
 * App passwords: generated, bound to one service account or to any, with an end. One that fits opens
 * without a slow hash and without a second factor; one that does not is a wrong password like any
 * other, and costs what that costs.
 */
import {
  type AppPassword,
  decodeGrant,
  generatedId,
  grantKinds,
  isGenerated,
} from '../../../credentials/index.js';
import type { DirectoryReader } from '../../ports.js';
import type { Authenticator, KnownAttempt } from './types.js';

export interface AppPasswordTools {
  readonly reader: DirectoryReader;
  readonly nowMs: () => number;
  /** The service account through which the bind comes, 0 where there is none. */
  readonly serviceOf: (attempt: KnownAttempt) => number;
}

export function appPasswordAuthenticator(tools: AppPasswordTools): Authenticator {
  return {
    quick(attempt) {
      const id = generatedId('app', attempt.password);
      if (id === undefined) return undefined;
      for (const secret of attempt.secrets) {
        if (secret.kind !== grantKinds.app) continue;
        const grant = decodeGrant('app', secret.value);
        if (grant?.id !== id || !isGenerated('app', attempt.password, grant.digest)) continue;
        if (!opensNow(grant, attempt, tools)) return undefined;
        return { by: 'appPassword', secret, skipsSecondFactor: true };
      }
      return undefined;
    },
  };
}

function opensNow(grant: AppPassword, attempt: KnownAttempt, tools: AppPasswordTools): boolean {
  if (grant.endsMs !== undefined && tools.nowMs() >= grant.endsMs) return false;
  if (grant.service === undefined) return true;
  return tools.reader.entry(tools.serviceOf(attempt))?.uuid === grant.service;
}
