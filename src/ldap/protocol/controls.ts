/**
 * The envelope of controls, values undecoded (RFC 4511 §4.1.11):
 *
 *   Controls ::= SEQUENCE OF control Control
 *   Control ::= SEQUENCE {
 *     controlType   LDAPOID,
 *     criticality   BOOLEAN DEFAULT FALSE,
 *     controlValue  OCTET STRING OPTIONAL }
 *
 * Which control is known, where it may stand and what its value means is decided elsewhere.
 */
import { type BerReader, BerWriter, berTags } from '../ber/index.js';
import { ContentError } from './content-error.js';
import { readText } from './names.js';
import { controlsTag } from './tags.js';

/** One control as sent. */
export interface Control {
  readonly oid: string;
  readonly critical: boolean;
  /** A view of the frame. */
  readonly value: Buffer | undefined;
}

/** What nearly every message carries. */
export const noControls: readonly Control[] = Object.freeze([]);

function decodeControl(reader: BerReader): Control {
  const mark = reader.enter(berTags.sequence);
  const oid = readText(reader, 'control type');
  const critical = reader.peek() === berTags.boolean ? reader.boolean() : false;
  const value = reader.peek() === berTags.octetString ? reader.octets() : undefined;
  reader.leaveSequence(mark);
  return { oid, critical, value };
}

/** Reads the controls at the reader's position; throws at more than `controlsMax`. */
export function decodeControls(reader: BerReader, controlsMax: number): readonly Control[] {
  const controls: Control[] = [];
  const mark = reader.enter(controlsTag);
  while (reader.more) {
    if (controls.length === controlsMax) throw ContentError.tooMany('controls', controlsMax);
    controls.push(decodeControl(reader));
  }
  reader.leave(mark);
  return controls;
}

/** Appends the controls with their [0] envelope; nothing when there are none. */
export function encodeControls(writer: BerWriter, controls: readonly Control[]): void {
  if (controls.length === 0) return;
  writer.begin(controlsTag);
  for (const control of controls) {
    writer.begin(berTags.sequence);
    writer.text(control.oid);
    if (control.critical) writer.boolean(true);
    if (control.value !== undefined) writer.octets(control.value);
    writer.end();
  }
  writer.end();
}

/** The controls with their envelope as bytes of their own, ready for the search entry writer. */
export function controlsBytes(controls: readonly Control[]): Buffer {
  const writer = new BerWriter(256);
  encodeControls(writer, controls);
  return writer.take();
}
