/**
 * Reads LDIF (RFC 2849, with increment from RFC 4525) chunk by chunk into records. Synchronous and
 * streaming: it keeps one record at a time. It never guesses: the first thing it cannot read is an
 * {@link LdifError} with its line, and ends the reading. It opens no file and follows no URL.
 */
import { defaultLimits, type Limits } from '../../runtime/limits.js';
import { isDescription } from './description.js';
import { type BlockMemory, LdifBlocks } from './ldif-blocks.js';
import { LdifLines } from './ldif-lines.js';
import type { LdifAttribute, LdifControl, LdifModification, LdifRecord } from './ldif-record.js';

export interface LdifLimits extends Pick<Limits, 'ldifLineBytesMax'> {
  /** One record as it stands in the file, bytes; this much may be held in memory, twice. */
  readonly ldifRecordBytesMax?: number;
}

/** What a group of a few million members takes. */
const recordBytesMaxDefault = 256 * 1024 * 1024;

interface GrowingAttribute {
  readonly description: string;
  readonly values: Buffer[];
  readonly line: number;
}

type Lines = LdifLines<GrowingAttribute>;

/** Push chunks, take records until there are none, push more; `end()` after the last chunk. */
export class LdifReader {
  private readonly blocks: LdifBlocks;
  private readonly lines: Lines;
  private readonly recordBytesMax: number;
  private records = 0;
  private holdsChanges: boolean | undefined;
  private fault: unknown;

  constructor(limits: LdifLimits = defaultLimits, memory: BlockMemory = 'own') {
    this.blocks = new LdifBlocks(memory);
    this.lines = new LdifLines(limits.ldifLineBytesMax);
    this.recordBytesMax = limits.ldifRecordBytesMax ?? recordBytesMaxDefault;
  }

  /** Adds the next bytes of the file; they are copied, so the chunk may be used again. */
  push(chunk: Uint8Array): void {
    this.blocks.push(chunk);
  }

  /** Says that there are no more chunks. */
  end(): void {
    this.blocks.end();
  }

  /**
   * The next record, or undefined if its end has not been pushed yet (after `end()`: if there is
   * none). Its values are views of the record's block (see ldif-blocks.ts). Throws LdifError, and
   * then the same error for ever.
   */
  next(): LdifRecord | undefined {
    if (this.fault !== undefined) throw this.fault;
    try {
      for (;;) {
        const block = this.blocks.take();
        this.checkSize(block === undefined ? this.blocks.waitingBytes : block.length);
        if (block === undefined) return undefined;
        this.lines.load(block);
        const record = this.read();
        if (record !== undefined) return record;
      }
    } catch (error) {
      this.fault = error;
      throw error;
    }
  }

  /** Refuses a record of so many bytes, whether its end is there already or not. */
  private checkSize(bytes: number): void {
    if (bytes <= this.recordBytesMax) return;
    const most = `${this.recordBytesMax} bytes, the limit for one record`;
    throw this.lines.error(`the record from here on is longer than ${most}`, this.lines.nextLine);
  }

  /** The record of the block that was loaded, or undefined if it holds none. */
  private read(): LdifRecord | undefined {
    const lines = this.lines;
    if (!lines.advance()) return undefined;
    let key = lines.split().folded.key;
    if (key === 'version') {
      readVersion(lines);
      if (!lines.advance()) return undefined;
      key = lines.split().folded.key;
    }
    if (key !== 'dn') throw lines.error(noDn(lines.name!.text));
    const line = lines.line;
    const dn = lines.text('the DN');
    const more = lines.advance();
    const record = ++this.records;
    if (more) key = lines.split().folded.key;
    const isChange = more && (key === 'changetype' || key === 'control');
    this.checkKind(isChange, line);
    if (isChange) return readChange(lines, line, dn, record);
    const attributes = readAttributes(lines, more, record);
    if (attributes.length === 0) throw lines.error(noAttributes, line);
    return { kind: 'content', line, dn, attributes };
  }

  /** RFC 2849 §Formal syntax: a file holds content records or change records, not both. */
  private checkKind(isChange: boolean, line: number): void {
    if (this.holdsChanges === undefined) this.holdsChanges = isChange;
    else if (this.holdsChanges !== isChange) {
      throw this.lines.error(isChange ? changeAmongContent : contentAmongChanges, line);
    }
  }
}

/** Every record of a file that comes in chunks; throws LdifError at the first thing wrong. */
export function* readLdif(
  chunks: Iterable<Uint8Array>,
  limits: LdifLimits = defaultLimits,
  memory: BlockMemory = 'own',
): Generator<LdifRecord, void, undefined> {
  const reader = new LdifReader(limits, memory);
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let record = reader.next(); record !== undefined; record = reader.next()) yield record;
  }
  reader.end();
  for (let record = reader.next(); record !== undefined; record = reader.next()) yield record;
}

function readVersion(lines: Lines): void {
  const version = word(lines);
  if (version !== '1') {
    throw lines.error(`this is LDIF version "${version}", but only version 1 exists (RFC 2849)`);
  }
}

/** The attributes from the current line (if there is one) to the end of the block. */
function readAttributes(lines: Lines, more: boolean, record: number): LdifAttribute[] {
  const attributes: GrowingAttribute[] = [];
  while (more) {
    const name = lines.name!;
    const folded = name.folded;
    if (folded.record === record) folded.target!.values.push(lines.view());
    else {
      if (folded.key === 'dn') throw lines.error(secondDn);
      if (folded.key === 'changetype') throw lines.error(lateChangetype);
      const made = { description: name.text, values: [lines.view()], line: lines.line };
      folded.record = record;
      folded.target = made;
      attributes.push(made);
    }
    if (!lines.advance()) break;
    lines.split();
  }
  return attributes;
}

/** A change record, from its first `control:` or its `changetype:` line on. */
function readChange(lines: Lines, line: number, dn: string, record: number): LdifRecord {
  const controls: LdifControl[] = [];
  while (lines.name!.folded.key === 'control') {
    controls.push(readControl(lines));
    if (!lines.advance()) throw lines.error(noChangetype);
    lines.split();
  }
  if (lines.name!.folded.key !== 'changetype') throw lines.error(noChangetype);
  const type = word(lines).toLowerCase();
  const typeLine = lines.line;
  switch (type) {
    case 'add': {
      const more = lines.advance();
      if (more) lines.split();
      const attributes = readAttributes(lines, more, record);
      if (attributes.length === 0) throw lines.error(noAttributes, typeLine);
      return { kind: 'add', line, dn, controls, attributes };
    }
    case 'delete':
      if (lines.advance()) throw lines.error(afterDelete);
      return { kind: 'delete', line, dn, controls };
    case 'modify':
      return { kind: 'modify', line, dn, controls, changes: readModifications(lines) };
    case 'modrdn':
    case 'moddn':
      return { kind: 'modrdn', line, dn, controls, ...readRename(lines) };
    default:
      throw lines.error(
        `there is no changetype "${type}": write add, delete, modify, modrdn or moddn`,
      );
  }
}

/** RFC 2849 control: an OID, perhaps true or false, perhaps a value. */
function readControl(lines: Lines): LdifControl {
  const { head, value } = lines.splitControl();
  const [oid = '', criticality, ...rest] = head.trim().split(/ +/);
  const isCritical = criticality?.toLowerCase() === 'true';
  const isWord = criticality === undefined || isCritical || criticality.toLowerCase() === 'false';
  if (!/^\d+(\.\d+)+$/.test(oid) || !isWord || rest.length > 0) throw lines.error(badControl);
  return { oid, critical: isCritical, value };
}

function readModifications(lines: Lines): LdifModification[] {
  const changes: LdifModification[] = [];
  while (lines.advance()) {
    const { folded, text } = lines.isDash() ? noName : lines.split();
    const op = folded.key;
    if (op !== 'add' && op !== 'delete' && op !== 'replace' && op !== 'increment') {
      throw lines.error(folded.key === 'dn' ? secondDn : notAModification(text));
    }
    const line = lines.line;
    const description = word(lines);
    const spelled = Buffer.from(description, 'utf8');
    if (!isDescription(spelled, 0, spelled.length)) {
      throw lines.error(`"${op}:" must be followed by the name of one attribute`);
    }
    const values = readModificationValues(lines, description);
    if (values.length === 0 && (op === 'add' || op === 'increment')) {
      throw lines.error(
        `"${op}: ${description}" needs at least one value on the lines below`,
        line,
      );
    }
    changes.push({ op, description, values, line });
  }
  return changes;
}

/** The value lines of one modification, to its `-` line or the end of the record. */
function readModificationValues(lines: Lines, description: string): Buffer[] {
  const key = description.toLowerCase();
  const values: Buffer[] = [];
  while (lines.advance() && !lines.isDash()) {
    const name = lines.split();
    if (name.folded.key !== key) {
      if (name.folded.key === 'dn') throw lines.error(secondDn);
      throw lines.error(
        `expected a value of "${description}", or a line with only "-" before the next change, ` +
          `not "${name.text}"`,
      );
    }
    values.push(lines.view());
  }
  return values;
}

function readRename(lines: Lines): {
  readonly newRdn: string;
  readonly deleteOldRdn: boolean;
  readonly newSuperior: string | undefined;
} {
  expectLine(lines, 'newrdn', '"newrdn: " with the new relative name');
  const newRdn = lines.text('the new RDN');
  if (newRdn === '') throw lines.error('"newrdn:" must not be empty');
  expectLine(lines, 'deleteoldrdn', '"deleteoldrdn: 1" (or 0 to keep the old value)');
  const flag = word(lines);
  if (flag !== '0' && flag !== '1') {
    throw lines.error(`"deleteoldrdn:" must be 0 or 1, not "${flag}"`);
  }
  let newSuperior: string | undefined;
  if (lines.advance()) {
    const { folded, text } = lines.isDash() ? noName : lines.split();
    if (folded.key === 'dn') throw lines.error(secondDn);
    if (folded.key !== 'newsuperior') {
      throw lines.error(`expected "newsuperior:" or an empty line here, not "${text}"`);
    }
    newSuperior = lines.text('the new superior');
    if (lines.advance()) throw lines.error('expected an empty line after "newsuperior:"');
  }
  return { newRdn, deleteOldRdn: flag === '1', newSuperior };
}

/** Moves to the next line, which must have this name. */
function expectLine(lines: Lines, key: string, what: string): void {
  const line = lines.line;
  if (!lines.advance()) throw lines.error(`the line after this one must be ${what}`, line);
  const { folded, text } = lines.isDash() ? noName : lines.split();
  if (folded.key !== key) throw lines.error(`expected ${what} here, not "${text}"`);
}

/** The value as a keyword: spaces after it are forgiven. */
function word(lines: Lines): string {
  return lines.text('the value').trimEnd();
}

/** Stands for a `-` line where a name is wanted. */
const noName = { folded: { key: '-' }, text: '-' } as const;

function noDn(found: string): string {
  const hint =
    found.toLowerCase() === 'search'
      ? '; if this is output of ldapsearch, make it with -LLL'
      : '; an empty line inside an entry also looks like this: remove it';
  return `a record must start with "dn:", not "${found}:"${hint}`;
}

function notAModification(found: string): string {
  return `expected "add:", "delete:", "replace:" or "increment:" here, not "${found}"`;
}

const secondDn = 'a second "dn:" in one record; put an empty line above it';
const noAttributes = 'this entry has no attributes; add at least its objectClass lines below';
const lateChangetype =
  '"changetype:" must be the line after "dn:" (and after any "control:" lines)';
const noChangetype = '"control:" lines must be followed by a "changetype:" line';
const afterDelete = '"changetype: delete" must be followed by an empty line';
const badControl =
  'a control is written "control: 1.2.3.4", then perhaps " true" or " false", then perhaps ' +
  '": value"';
const changeAmongContent =
  'this is a change record (it has a changetype), but the records above are entries; put changes ' +
  'into a file of their own';
const contentAmongChanges =
  'this record has no changetype, but the records above are changes; add "changetype: add" after ' +
  'its dn to add the entry';
