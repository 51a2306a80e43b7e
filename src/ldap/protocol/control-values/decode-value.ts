/**
 * The frame around every value codec here: a control or extended value is one BER element and
 * nothing else. Malformed means undefined; the caller knows which result code that is.
 */
import { BerError, BerReader, BerWriter } from '../../ber/index.js';
import { ContentError } from '../content-error.js';

/** Runs `decode` over the whole value; undefined when it is not what it should be. */
export function decodeValue<T>(value: Buffer, decode: (reader: BerReader) => T): T | undefined {
  const reader = new BerReader(value);
  try {
    const decoded = decode(reader);
    return reader.more ? undefined : decoded;
  } catch (error) {
    if (error instanceof BerError || error instanceof ContentError) return undefined;
    throw error;
  }
}

/** What `encode` writes, as bytes of its own. */
export function encodeValue(encode: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter(256);
  encode(writer);
  return writer.take();
}
