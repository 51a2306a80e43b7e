/**
 * Until when the credentials of a service open. Nothing has to run for one to end: each says how long
 * what was there before goes on beside it, so that the end of the old one follows from the new one.
 *
 *   old   ├──────────────────────────────────┤ made(new) + overlap(new)
 *   new                        ├───────────────────────────────────────────►
 *                            made
 */
import { decodeGrant, grantKinds, type ServiceSecret } from './grants.js';

/** What the policy says: `renew: every year, old and new both work for: 7 days`. */
export interface Renewal {
  /** Undefined: a credential does not grow old. */
  readonly everyMs: number | undefined;
  /** How long one that is due still opens, ms. */
  readonly overlapMs: number;
}

/** The credentials among somebody's secrets, the oldest first: of one instant, in the order of the rows. */
export function serviceSecretsIn<Row extends { readonly kind: string; readonly value: Buffer }>(
  secrets: readonly Row[],
): { readonly secret: Row; readonly grant: ServiceSecret }[] {
  return secrets
    .flatMap((secret) => {
      if (secret.kind !== grantKinds.service) return [];
      const grant = decodeGrant('service', secret.value);
      return grant === undefined ? [] : [{ secret, grant }];
    })
    .sort((a, b) => a.grant.madeMs - b.grant.madeMs);
}

/** When a password that was there before the credentials ends. */
export function endOfFormer(all: readonly ServiceSecret[]): number {
  return Math.min(...all.map(({ madeMs, overlapMs }) => madeMs + overlapMs));
}

/** The instant, ms, from which on it opens nothing; Infinity where there is none. */
export function endOfServiceSecret(
  one: ServiceSecret,
  all: readonly ServiceSecret[],
  renewal: Renewal,
): number {
  const place = all.findIndex(({ id }) => id === one.id);
  return Math.min(endOfFormer(all.slice(place + 1)), dueAt(one, renewal) + renewal.overlapMs);
}

/** When it should have been renewed; Infinity: never. */
export function dueAt({ madeMs }: ServiceSecret, { everyMs }: Renewal): number {
  return everyMs === undefined ? Infinity : madeMs + everyMs;
}
