/** Bytes by hand: hex text, and BER elements in the shortest form, independent of the codec. */

/** The bytes of hex digits; blanks are ignored. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
}

/** The hex digits of an ASCII text, to be put inside {@link hex}. */
export function ascii(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

/** One element: tag, length in the shortest form, content. */
export function tlv(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const digits = body.length.toString(16);
  const length = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

/** An OCTET STRING. */
export function octets(text: string): Buffer {
  return tlv(0x04, Buffer.from(text, 'utf8'));
}

/** A search request message with this filter and message id 1. */
export function searchMessage(filter: Buffer, selection: Buffer = tlv(0x30)): Buffer {
  const head = hex('0400 0a0102 0a0100 020100 020100 010100');
  return tlv(0x30, hex('020101'), tlv(0x63, head, filter, selection));
}
