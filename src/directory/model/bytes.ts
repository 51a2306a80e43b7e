/**
 * Attribute values as text of one character a byte ("latin1 strings"). Such a string is immutable,
 * compares and hashes by value, and crosses to another thread as one flat copy; a Buffer view would
 * drag its whole backing store along. Used wherever values are kept or sent, never for display.
 */

export type Bytes = string;

/** The bytes of `value`, one character each. */
export function bytesOf(value: Buffer): Bytes {
  return value.latin1Slice(0, value.length);
}

/** The inverse of {@link bytesOf}. */
export function bufferOf(bytes: Bytes): Buffer {
  return Buffer.from(bytes, 'latin1');
}

/** UTF-8 bytes of a text. */
export function bytesOfText(text: string): Bytes {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) >= 0x80) {
      const utf8 = Buffer.from(text, 'utf8');
      return utf8.latin1Slice(0, utf8.length);
    }
  }
  return text;
}

/** The text that the bytes spell in UTF-8 (broken sequences become U+FFFD). */
export function textOfBytes(bytes: Bytes): string {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes.charCodeAt(i) >= 0x80) return Buffer.from(bytes, 'latin1').toString('utf8');
  }
  return bytes;
}
