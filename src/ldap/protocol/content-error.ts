/**
 * What a decoder throws when the BER is sound but what it says is not allowed. RFC 4511 §4.1.1
 * keeps the two apart: broken structure ends the session, this is answered with a response of the
 * request's own kind. Like BerError it never leaves the codec.
 */

const PROTOCOL_ERROR = 2;
const ADMIN_LIMIT_EXCEEDED = 11;

/** Sound BER with a forbidden content; `resultCode` is that of RFC 4511 §4.1.9. */
export class ContentError extends Error {
  readonly resultCode: number;

  private constructor(resultCode: number, reason: string) {
    super(reason);
    this.name = 'ContentError';
    this.resultCode = resultCode;
  }

  /** A value outside of what the protocol allows (protocolError). */
  static invalid(reason: string): ContentError {
    return new ContentError(PROTOCOL_ERROR, reason);
  }

  /** More of something than the server takes (adminLimitExceeded). */
  static tooMany(what: string, max: number): ContentError {
    return new ContentError(ADMIN_LIMIT_EXCEEDED, `more than ${max} ${what}`);
  }
}
