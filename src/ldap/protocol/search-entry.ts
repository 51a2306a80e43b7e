/**
 * The hot way out: a SearchResultEntry message (RFC 4511 §4.5.2) written straight into the socket's
 * buffer from attributes that are BER already. Sizes are summed first, so nothing is moved, grown
 * or allocated. The caller guarantees that each range holds whole PartialAttributes.
 */
import {
  berTags,
  integerLength,
  tlvSize,
  writeBytes,
  writeHeader,
  writeInteger,
} from '../ber/index.js';
import { responseTags } from './tags.js';

/** Ranges of ready-made PartialAttributes, in the order they are sent. Reusable. */
export class AttributeRanges {
  private readonly buffers: Buffer[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private used = 0;
  private sum = 0;

  /** Octets of all ranges together. */
  get bytes(): number {
    return this.sum;
  }

  /** Forgets the ranges, keeps the memory; the buffers are let go. */
  clear(): void {
    for (let i = 0; i < this.used; i++) this.buffers[i] = empty;
    this.used = 0;
    this.sum = 0;
  }

  /** Adds `buffer[start, end)`; a range that continues the last one becomes part of it. */
  add(buffer: Buffer, start: number, end: number): void {
    this.sum += end - start;
    const last = this.used - 1;
    if (last >= 0 && this.ends[last] === start && this.buffers[last] === buffer) {
      this.ends[last] = end;
      return;
    }
    this.buffers[this.used] = buffer;
    this.starts[this.used] = start;
    this.ends[this.used] = end;
    this.used++;
  }

  /** Copies every range to `at`; returns the offset behind the last. */
  write(target: Buffer, at: number): number {
    for (let i = 0; i < this.used; i++) {
      at = writeBytes(target, at, this.buffers[i]!, this.starts[i]!, this.ends[i]!);
    }
    return at;
  }
}

const empty = Buffer.alloc(0);

function entryContent(nameBytes: number, attributesBytes: number): number {
  return tlvSize(nameBytes) + tlvSize(attributesBytes);
}

function messageContent(messageId: number, entryBytes: number, controlsBytes: number): number {
  return 2 + integerLength(messageId) + tlvSize(entryBytes) + controlsBytes;
}

/**
 * Octets of the whole message: name of `nameBytes` octets in UTF-8, attributes of
 * `attributesBytes` octets together, controls with their envelope of `controlsBytes` octets.
 */
export function searchEntrySize(
  messageId: number,
  nameBytes: number,
  attributesBytes: number,
  controlsBytes = 0,
): number {
  const content = entryContent(nameBytes, attributesBytes);
  return tlvSize(messageContent(messageId, content, controlsBytes));
}

/**
 * Writes the message into a buffer with `searchEntrySize` octets of room at `at`; returns the
 * offset behind it. `objectName` is the DN in UTF-8; `controls` come with their [0] envelope.
 */
export function writeSearchEntry(
  target: Buffer,
  at: number,
  messageId: number,
  objectName: Buffer,
  attributes: AttributeRanges,
  controls: Buffer = empty,
): number {
  const content = entryContent(objectName.length, attributes.bytes);
  at = writeHeader(
    target,
    at,
    berTags.sequence,
    messageContent(messageId, content, controls.length),
  );
  at = writeInteger(target, at, messageId, berTags.integer);
  at = writeHeader(target, at, responseTags.searchEntry, content);
  at = writeHeader(target, at, berTags.octetString, objectName.length);
  at = writeBytes(target, at, objectName, 0, objectName.length);
  at = writeHeader(target, at, berTags.sequence, attributes.bytes);
  at = attributes.write(target, at);
  return writeBytes(target, at, controls, 0, controls.length);
}
