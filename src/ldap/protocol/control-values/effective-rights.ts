/**
 * Request value of the control for effective rights (Sun, 1.3.6.1.4.1.42.2.27.9.5.2): an authzId
 * (RFC 4513 §5.2.1.8). Clients send it as it is, or in an OCTET STRING; with neither a D nor a U can an
 * OCTET STRING begin, so that both can be told apart.
 */
import { berTags } from '../../ber/index.js';
import { decodeValue } from './decode-value.js';

export const effectiveRightsOid = '1.3.6.1.4.1.42.2.27.9.5.2';

/** The bytes of the authzId; undefined when malformed. */
export function decodeEffectiveRights(value: Buffer): Buffer | undefined {
  if (value[0] !== berTags.octetString) return value;
  return decodeValue(value, (reader) => reader.octets());
}
