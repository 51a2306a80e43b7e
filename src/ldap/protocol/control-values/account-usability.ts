/**
 * Response value of the account usability control (Sun, 1.3.6.1.4.1.42.2.27.9.5.8); the request has
 * none, and the response stands on each entry of a search:
 *
 *   AccountUsableResponse ::= CHOICE {
 *     isAvailable     [0] INTEGER,  -- seconds before expiration, -1 where it never expires
 *     isNotAvailable  [1] SEQUENCE {
 *       inactive             [0] BOOLEAN DEFAULT FALSE,
 *       reset                [1] BOOLEAN DEFAULT FALSE,
 *       expired              [2] BOOLEAN DEFAULT FALSE,
 *       remainingGrace       [3] INTEGER OPTIONAL,
 *       secondsBeforeUnlock  [4] INTEGER OPTIONAL } }
 */
import { decodeValue, encodeValue } from './decode-value.js';

export const accountUsabilityOid = '1.3.6.1.4.1.42.2.27.9.5.8';

const tags = {
  available: 0x80,
  notAvailable: 0xa1,
  inactive: 0x80,
  reset: 0x81,
  expired: 0x82,
  remainingGrace: 0x83,
  secondsBeforeUnlock: 0x84,
} as const;

export type AccountUsabilityValue =
  | { readonly available: true; readonly secondsBeforeExpiration: number }
  | {
      readonly available: false;
      readonly inactive: boolean;
      readonly reset: boolean;
      readonly expired: boolean;
      readonly remainingGrace: number | undefined;
      readonly secondsBeforeUnlock: number | undefined;
    };

/** Decodes the value; undefined when malformed. */
export function decodeAccountUsability(value: Buffer): AccountUsabilityValue | undefined {
  return decodeValue(value, (reader) => {
    if (reader.peek() === tags.available) {
      return { available: true, secondsBeforeExpiration: reader.integer(tags.available) };
    }
    const mark = reader.enter(tags.notAvailable);
    const flag = (tag: number) => reader.peek() === tag && reader.boolean(tag);
    const number = (tag: number) => (reader.peek() === tag ? reader.integer(tag) : undefined);
    const decoded = {
      available: false as const,
      inactive: flag(tags.inactive),
      reset: flag(tags.reset),
      expired: flag(tags.expired),
      remainingGrace: number(tags.remainingGrace),
      secondsBeforeUnlock: number(tags.secondsBeforeUnlock),
    };
    reader.leave(mark);
    return decoded;
  });
}

/** Encodes the value. */
export function encodeAccountUsability(value: AccountUsabilityValue): Buffer {
  return encodeValue((writer) => {
    if (value.available) {
      writer.integer(value.secondsBeforeExpiration, tags.available);
      return;
    }
    writer.begin(tags.notAvailable);
    if (value.inactive) writer.boolean(true, tags.inactive);
    if (value.reset) writer.boolean(true, tags.reset);
    if (value.expired) writer.boolean(true, tags.expired);
    const { remainingGrace, secondsBeforeUnlock } = value;
    if (remainingGrace !== undefined) writer.integer(remainingGrace, tags.remainingGrace);
    if (secondsBeforeUnlock !== undefined) {
      writer.integer(secondsBeforeUnlock, tags.secondsBeforeUnlock);
    }
    writer.end();
  });
}
