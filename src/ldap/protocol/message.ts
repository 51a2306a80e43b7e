/**
 * The envelope of every PDU (RFC 4511 §4.1.1):
 *
 *   LDAPMessage ::= SEQUENCE {
 *     messageID   INTEGER (0 .. maxInt),  -- maxInt = 2^31 − 1; 0 only from the server
 *     protocolOp  CHOICE { ... },
 *     controls    [0] Controls OPTIONAL }
 *
 * Bytes in, a plain value out: a message or a fault, never an exception. Values inside are views
 * of the frame and live as long as it does.
 */
import { BerError, BerReader, BerWriter, berTags } from '../ber/index.js';
import { ContentError } from './content-error.js';
import { type Control, decodeControls, encodeControls, noControls } from './controls.js';
import { noticeOfDisconnection } from './extended.js';
import type { CodecLimits } from './limits.js';
import {
  decodeRequestOp,
  decodeResponseOp,
  encodeRequestOp,
  encodeResponseOp,
  type RequestOp,
  type ResponseOp,
} from './operations.js';
import { controlsTag, type ResponseTag, responseTagOf } from './tags.js';

const MAX_INT = 0x7fffffff;
const PROTOCOL_ERROR = 2;

export interface RequestMessage {
  readonly kind: 'request';
  /** 1 to 2^31−1. */
  readonly messageId: number;
  readonly op: RequestOp;
  readonly controls: readonly Control[];
}

export interface ResponseMessage {
  readonly kind: 'response';
  /** 0 for an unsolicited notification. */
  readonly messageId: number;
  readonly op: ResponseOp;
  readonly controls: readonly Control[];
}

/** Why a frame is not a message. */
export interface Fault {
  readonly kind: 'fault';
  /** 0 when it could not be read. */
  readonly messageId: number;
  /** May be shown to the peer: names structure and numbers, never content. */
  readonly reason: string;
  /** protocolError (2), or adminLimitExceeded (11) for too many of something. */
  readonly resultCode: number;
  /**
   * The response to answer with; the session goes on. Undefined: the structure is broken or nobody
   * waits for an answer, so a notice of disconnection and the end (RFC 4511 §4.1.1).
   */
  readonly respondable: ResponseTag | undefined;
}

function faultOf(error: unknown, messageId: number, opTag: number): Fault {
  if (error instanceof ContentError) {
    const { message, resultCode } = error;
    const respondable = responseTagOf(opTag);
    return { kind: 'fault', messageId, reason: message, resultCode, respondable };
  }
  const reason = error instanceof BerError ? error.message : 'message cannot be decoded';
  return { kind: 'fault', messageId, reason, resultCode: PROTOCOL_ERROR, respondable: undefined };
}

function readMessageId(reader: BerReader, min: number): number {
  const messageId = reader.integer();
  if (messageId < min || messageId > MAX_INT) throw new BerError('messageID is out of range');
  return messageId;
}

/** Reads what follows the operation; components we do not know are skipped (RFC 4511 §4). */
function decodeTrailer(reader: BerReader, controlsMax: number): readonly Control[] {
  let controls: readonly Control[] | undefined;
  while (reader.more) {
    if (reader.peek() !== controlsTag) {
      reader.skip();
    } else if (controls === undefined) {
      controls = decodeControls(reader, controlsMax);
    } else {
      throw new BerError('controls are given twice');
    }
  }
  return controls ?? noControls;
}

function leaveMessage(reader: BerReader, mark: number): void {
  reader.leave(mark);
  if (reader.more) throw new BerError('bytes behind the message');
}

/** Decodes one frame from a client. */
export function decodeRequest(frame: Buffer, limits: CodecLimits): RequestMessage | Fault {
  const reader = new BerReader(frame);
  let messageId = 0;
  let opTag = -1;
  try {
    const mark = reader.enter(berTags.sequence);
    messageId = readMessageId(reader, 1);
    opTag = reader.peek();
    const op = decodeRequestOp(reader, opTag, limits);
    const controls = reader.more ? decodeTrailer(reader, limits.controlsMax) : noControls;
    leaveMessage(reader, mark);
    return { kind: 'request', messageId, op, controls };
  } catch (error) {
    return faultOf(error, messageId, opTag);
  }
}

/** Decodes one frame from a server. Counts are bounded by the size of the frame alone. */
export function decodeResponse(frame: Buffer): ResponseMessage | Fault {
  const reader = new BerReader(frame);
  let messageId = 0;
  try {
    const mark = reader.enter(berTags.sequence);
    messageId = readMessageId(reader, 0);
    const op = decodeResponseOp(reader, reader.peek());
    const controls = decodeTrailer(reader, Number.POSITIVE_INFINITY);
    leaveMessage(reader, mark);
    return { kind: 'response', messageId, op, controls };
  } catch (error) {
    return faultOf(error, messageId, -1);
  }
}

/** Appends one request message. */
export function writeRequest(
  writer: BerWriter,
  messageId: number,
  op: RequestOp,
  controls: readonly Control[] = noControls,
): void {
  writer.begin(berTags.sequence);
  writer.integer(messageId);
  encodeRequestOp(writer, op);
  encodeControls(writer, controls);
  writer.end();
}

/** Appends one response message. */
export function writeResponse(
  writer: BerWriter,
  messageId: number,
  op: ResponseOp,
  controls: readonly Control[] = noControls,
): void {
  writer.begin(berTags.sequence);
  writer.integer(messageId);
  encodeResponseOp(writer, op);
  encodeControls(writer, controls);
  writer.end();
}

/** One request message as bytes of its own. */
export function encodeRequest(
  messageId: number,
  op: RequestOp,
  controls: readonly Control[] = noControls,
): Buffer {
  const writer = new BerWriter(256);
  writeRequest(writer, messageId, op, controls);
  return writer.take();
}

/** One response message as bytes of its own. */
export function encodeResponse(
  messageId: number,
  op: ResponseOp,
  controls: readonly Control[] = noControls,
): Buffer {
  const writer = new BerWriter(256);
  writeResponse(writer, messageId, op, controls);
  return writer.take();
}

/** The notice of disconnection as a whole message (RFC 4511 §4.4.1). */
export function encodeNoticeOfDisconnection(resultCode: number, reason: string): Buffer {
  return encodeResponse(0, noticeOfDisconnection(resultCode, reason));
}
