/**
 * Writes LDIF (RFC 2849) in one canonical way: the same entry gives the same bytes for ever, so
 * that exports can be compared. All output is printable ASCII; lines are folded at 76 columns.
 * Sorts nothing by itself: see {@link canonicalAttributes}.
 */
import type { LdifControl, LdifModification, LdifRecord } from './ldif-record.js';

/** An attribute to be written. */
export interface LdifOutput {
  readonly description: string;
  readonly values: readonly Buffer[];
}

/** The first lines of a file. Each record below it ends with its own empty line. */
export const ldifHeader = 'version: 1\n\n';

/** Columns of one physical line, the space of a continuation included. */
const columnsMax = 76;

/** A content record with its empty line, pure ASCII. Attributes come in the order given. */
export function formatEntry(dn: string, attributes: readonly LdifOutput[]): string {
  return `${dnLine(dn)}${attributeLines(attributes)}\n`;
}

/** Any record as {@link LdifReader} gives it, with its empty line. */
export function formatRecord(record: LdifRecord): string {
  if (record.kind === 'content') return formatEntry(record.dn, record.attributes);
  const type = record.kind;
  const head = `${dnLine(record.dn)}${controlLines(record.controls)}changetype: ${type}\n`;
  switch (type) {
    case 'add':
      return `${head}${attributeLines(record.attributes)}\n`;
    case 'delete':
      return `${head}\n`;
    case 'modify':
      return `${head}${modificationLines(record.changes)}\n`;
    case 'modrdn': {
      const { newRdn, deleteOldRdn, newSuperior } = record;
      const superior =
        newSuperior === undefined ? '' : line('newsuperior', Buffer.from(newSuperior));
      const rdn = line('newrdn', Buffer.from(newRdn));
      return `${head}${rdn}deleteoldrdn: ${deleteOldRdn ? 1 : 0}\n${superior}\n`;
    }
  }
}

/**
 * The attributes in the order that makes exports comparable: objectClass first, the others by
 * lower-cased description, the values of each by their bytes. Nothing is merged or dropped.
 */
export function canonicalAttributes(attributes: readonly LdifOutput[]): LdifOutput[] {
  const keyed = attributes.map(({ description, values }) => {
    const folded = description.toLowerCase();
    const key = folded === 'objectclass' ? '' : folded;
    const sorted = values.length < 2 ? values : [...values].sort(Buffer.compare);
    return { key, attribute: { description, values: sorted } };
  });
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ attribute }) => attribute);
}

function dnLine(dn: string): string {
  return line('dn', Buffer.from(dn));
}

function attributeLines(attributes: readonly LdifOutput[]): string {
  let text = '';
  for (const { description, values } of attributes) {
    for (const value of values) text += line(description, value);
  }
  return text;
}

function controlLines(controls: readonly LdifControl[]): string {
  let text = '';
  for (const { oid, critical, value } of controls) {
    const head = `control: ${oid} ${critical}`;
    text += value === undefined ? fold(`${head}\n`) : line(head, value);
  }
  return text;
}

function modificationLines(changes: readonly LdifModification[]): string {
  let text = '';
  for (const { op, description, values } of changes) {
    text += fold(`${op}: ${description}\n`);
    for (const value of values) text += line(description, value);
    text += '-\n';
  }
  return text;
}

/** One value-spec line, folded, with its line end. */
function line(name: string, value: Buffer): string {
  const { length } = value;
  if (length === 0) return `${name}:\n`;
  const text = isPlain(value)
    ? `${name}: ${value.toString('latin1')}\n`
    : `${name}:: ${value.toString('base64')}\n`;
  return text.length <= columnsMax + 1 ? text : fold(text);
}

/** Cuts a line (with its line end) into pieces of 76 columns. */
function fold(text: string): string {
  const end = text.length - 1;
  let folded = text.slice(0, columnsMax);
  for (let at = columnsMax; at < end; at += columnsMax - 1) {
    folded += `\n ${text.slice(at, Math.min(at + columnsMax - 1, end))}`;
  }
  return end >= columnsMax ? `${folded}\n` : text;
}

/**
 * RFC 2849 SAFE-STRING and note 8 (no space at the end), and stricter: control characters go to
 * base64 too, so that an export shown on a terminal can do nothing to it.
 */
function isPlain(value: Buffer): boolean {
  const last = value.length - 1;
  const first = value[0]!;
  if (first === 0x20 || first === 0x3a || first === 0x3c || value[last] === 0x20) return false;
  for (let i = 0; i <= last; i++) {
    const byte = value[i]!;
    if (byte < 0x20 || byte > 0x7e) return false;
  }
  return true;
}
