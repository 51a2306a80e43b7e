/**
 * What a decoder throws when bytes are not the BER they should be. It never leaves the codec: the
 * outermost decode function turns it into a fault value.
 */
export class BerError extends Error {
  /** `reason` is safe to show to the peer: it names structure, never content. */
  constructor(reason: string) {
    super(reason);
    this.name = 'BerError';
  }
}
