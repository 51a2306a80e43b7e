/**
 * Response value of the password policy control (draft-behera-ldap-password-policy-10 §6.2); the
 * request has none:
 *
 *   PasswordPolicyResponseValue ::= SEQUENCE {
 *     warning  [0] CHOICE {
 *       timeBeforeExpiration  [0] INTEGER (0 .. maxInt),
 *       graceAuthNsRemaining  [1] INTEGER (0 .. maxInt) } OPTIONAL,
 *     error    [1] ENUMERATED { ... } OPTIONAL }
 */
import { berTags } from '../../ber/index.js';
import { ContentError } from '../content-error.js';
import { decodeValue, encodeValue } from './decode-value.js';

export const passwordPolicyOid = '1.3.6.1.4.1.42.2.27.8.5.1';

/** Numbers of the error component. */
export const passwordPolicyErrors = {
  passwordExpired: 0,
  accountLocked: 1,
  changeAfterReset: 2,
  passwordModNotAllowed: 3,
  mustSupplyOldPassword: 4,
  insufficientPasswordQuality: 5,
  passwordTooShort: 6,
  passwordTooYoung: 7,
  passwordInHistory: 8,
} as const;

const tags = { warning: 0xa0, timeBeforeExpiration: 0x80, graceAuthNs: 0x81, error: 0x81 } as const;

export type PasswordPolicyWarning =
  | { readonly kind: 'timeBeforeExpiration'; readonly seconds: number }
  | { readonly kind: 'graceAuthNsRemaining'; readonly count: number };

export interface PasswordPolicyResponseValue {
  readonly warning: PasswordPolicyWarning | undefined;
  /** One of {@link passwordPolicyErrors}, or a number that is not known here. */
  readonly error: number | undefined;
}

/** Decodes the value; undefined when malformed. */
export function decodePasswordPolicy(value: Buffer): PasswordPolicyResponseValue | undefined {
  return decodeValue(value, (reader) => {
    let warning: PasswordPolicyWarning | undefined;
    const mark = reader.enter(berTags.sequence);
    if (reader.peek() === tags.warning) {
      const choiceMark = reader.enter(tags.warning);
      warning =
        reader.peek() === tags.timeBeforeExpiration
          ? { kind: 'timeBeforeExpiration', seconds: reader.integer(tags.timeBeforeExpiration) }
          : { kind: 'graceAuthNsRemaining', count: reader.integer(tags.graceAuthNs) };
      reader.leave(choiceMark);
    }
    const error = reader.peek() === tags.error ? reader.integer(tags.error) : undefined;
    reader.leaveSequence(mark);
    const number = warning?.kind === 'timeBeforeExpiration' ? warning.seconds : warning?.count;
    if (number !== undefined && number < 0) throw ContentError.invalid('warning is negative');
    return { warning, error };
  });
}

/** Encodes the value. */
export function encodePasswordPolicy(value: PasswordPolicyResponseValue): Buffer {
  return encodeValue((writer) => {
    writer.begin(berTags.sequence);
    if (value.warning !== undefined) {
      writer.begin(tags.warning);
      if (value.warning.kind === 'timeBeforeExpiration') {
        writer.integer(value.warning.seconds, tags.timeBeforeExpiration);
      } else {
        writer.integer(value.warning.count, tags.graceAuthNs);
      }
      writer.end();
    }
    if (value.error !== undefined) writer.integer(value.error, tags.error);
    writer.end();
  });
}
