/** Until when a list of revoked certificates says that it holds (RFC 5280 §5.1). */
import { elementAt, elementsIn, timeOf } from './der.js';

const SEQUENCE = 0x30;
const times: readonly number[] = [0x17, 0x18];

/**
 * Milliseconds since 1970 of `nextUpdate`, `never` where the list names none; undefined where the
 * DER is no such list.
 */
export function revocationListEnd(der: Buffer): number | 'never' | undefined {
  const list = elementAt(der, 0, der.length);
  const body = list?.tag === SEQUENCE ? elementsIn(der, list)?.[0] : undefined;
  const fields = body?.tag === SEQUENCE ? elementsIn(der, body) : undefined;
  // version?, signature, issuer, thisUpdate, nextUpdate?
  const found = fields?.filter(({ tag }) => times.includes(tag)) ?? [];
  const [thisUpdate, nextUpdate] = found;
  if (thisUpdate === undefined) return undefined;
  return nextUpdate === undefined ? 'never' : timeOf(der, nextUpdate);
}
