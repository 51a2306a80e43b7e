/**
 * Value of the session tracking control (draft-wahl-ldap-session-03 §2.1), which proxies and RADIUS
 * servers use to say for whom they ask:
 *
 *   SessionIdentifierControlValue ::= SEQUENCE {
 *     sessionSourceIp            LDAPString,
 *     sessionSourceName          LDAPString,
 *     formatOID                  LDAPOID,
 *     sessionTrackingIdentifier  LDAPString }
 *
 * Whatever it says is a claim of the sender; whether to believe it is not decided here.
 */
import { berTags } from '../../ber/index.js';
import { readText } from '../names.js';
import { decodeValue, encodeValue } from './decode-value.js';

export const sessionTrackingOid = '1.3.6.1.4.1.21008.108.63.1';

/** Values of formatOID that the draft defines (§2.1.3). */
export const sessionTrackingFormats = {
  radiusAcctSessionId: '1.3.6.1.4.1.21008.108.63.1.1',
  radiusAcctMultiSessionId: '1.3.6.1.4.1.21008.108.63.1.2',
  username: '1.3.6.1.4.1.21008.108.63.1.3',
} as const;

export interface SessionTrackingValue {
  readonly sessionSourceIp: string;
  readonly sessionSourceName: string;
  readonly formatOid: string;
  readonly sessionTrackingIdentifier: string;
}

/** Decodes the value; undefined when malformed. */
export function decodeSessionTracking(value: Buffer): SessionTrackingValue | undefined {
  return decodeValue(value, (reader) => {
    const mark = reader.enter(berTags.sequence);
    const sessionSourceIp = readText(reader, 'sessionSourceIp');
    const sessionSourceName = readText(reader, 'sessionSourceName');
    const formatOid = readText(reader, 'formatOID');
    const sessionTrackingIdentifier = readText(reader, 'sessionTrackingIdentifier');
    reader.leaveSequence(mark);
    return { sessionSourceIp, sessionSourceName, formatOid, sessionTrackingIdentifier };
  });
}

/** Encodes the value. */
export function encodeSessionTracking(value: SessionTrackingValue): Buffer {
  return encodeValue((writer) => {
    writer.begin(berTags.sequence);
    writer.text(value.sessionSourceIp);
    writer.text(value.sessionSourceName);
    writer.text(value.formatOid);
    writer.text(value.sessionTrackingIdentifier);
    writer.end();
  });
}
