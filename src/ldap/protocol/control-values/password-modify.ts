/**
 * Values of the password modify operation (RFC 3062 §2). A request or response without any field
 * may come without a value at all; that is for the caller to see.
 *
 *   PasswdModifyRequestValue ::= SEQUENCE {
 *     userIdentity  [0] OCTET STRING OPTIONAL,
 *     oldPasswd     [1] OCTET STRING OPTIONAL,
 *     newPasswd     [2] OCTET STRING OPTIONAL }
 *   PasswdModifyResponseValue ::= SEQUENCE {
 *     genPasswd     [0] OCTET STRING OPTIONAL }
 */
import { berTags } from '../../ber/index.js';
import { readText } from '../names.js';
import { decodeValue, encodeValue } from './decode-value.js';

export const passwordModifyOid = '1.3.6.1.4.1.4203.1.11.1';

const tags = { userIdentity: 0x80, oldPassword: 0x81, newPassword: 0x82, generated: 0x80 } as const;

export interface PasswordModifyRequestValue {
  /** A DN or another name of the user; undefined = whoever is bound. */
  readonly userIdentity: string | undefined;
  readonly oldPassword: Buffer | undefined;
  /** Undefined = the server makes one. */
  readonly newPassword: Buffer | undefined;
}

/** Decodes a request value; undefined when malformed. */
export function decodePasswordModifyRequest(value: Buffer): PasswordModifyRequestValue | undefined {
  return decodeValue(value, (reader) => {
    const mark = reader.enter(berTags.sequence);
    const userIdentity =
      reader.peek() === tags.userIdentity
        ? readText(reader, 'userIdentity', tags.userIdentity)
        : undefined;
    const oldPassword =
      reader.peek() === tags.oldPassword ? reader.octets(tags.oldPassword) : undefined;
    const newPassword =
      reader.peek() === tags.newPassword ? reader.octets(tags.newPassword) : undefined;
    reader.leaveSequence(mark);
    return { userIdentity, oldPassword, newPassword };
  });
}

/** Encodes a request value. */
export function encodePasswordModifyRequest(value: PasswordModifyRequestValue): Buffer {
  return encodeValue((writer) => {
    writer.begin(berTags.sequence);
    if (value.userIdentity !== undefined) writer.text(value.userIdentity, tags.userIdentity);
    if (value.oldPassword !== undefined) writer.octets(value.oldPassword, tags.oldPassword);
    if (value.newPassword !== undefined) writer.octets(value.newPassword, tags.newPassword);
    writer.end();
  });
}

export interface PasswordModifyResponseValue {
  readonly generatedPassword: Buffer | undefined;
}

/** Decodes a response value; undefined when malformed. */
export function decodePasswordModifyResponse(
  value: Buffer,
): PasswordModifyResponseValue | undefined {
  return decodeValue(value, (reader) => {
    const mark = reader.enter(berTags.sequence);
    const generatedPassword =
      reader.peek() === tags.generated ? reader.octets(tags.generated) : undefined;
    reader.leaveSequence(mark);
    return { generatedPassword };
  });
}

/** Encodes a response value. */
export function encodePasswordModifyResponse(value: PasswordModifyResponseValue): Buffer {
  return encodeValue((writer) => {
    writer.begin(berTags.sequence);
    if (value.generatedPassword !== undefined) {
      writer.octets(value.generatedPassword, tags.generated);
    }
    writer.end();
  });
}
