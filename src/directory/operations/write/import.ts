/**
 * Import of an LDIF file (RFC 2849), all or nothing, inside one transaction of the caller.
 * Entries keep their operational attributes. References between them are resolved when all entries
 * are there, so their order does not matter beyond parents before children. Entries become a
 * baseline in the log, which goes on from the digest of everything; change records become Changes
 * like any other write.
 */
import { errorShape, LdapError } from '../../../runtime/errors.js';
import { adoptImported, foldImported, noteImportedKeys, openImported } from '../../hooks/index.js';
import { type Bytes, bufferOf, bytesOf } from '../../model/bytes.js';
import type { EntryMeta } from '../../model/change.js';
import { isCsn } from '../../model/csn.js';
import { parseTime } from '../../model/time.js';
import type { DirectoryWriter, EntryRecord } from '../../ports.js';
import { type AttributeType, type Kind, validateEntry } from '../../schema/index.js';
import { type LdifContent, LdifError, type LdifRecord } from '../../text/index.js';
import { type PolicyInForce, policyOf } from '../lifecycle/index.js';
import type { Context, PreparedWrite, WriteRequest } from '../types.js';
import {
  addEdges,
  addEntry,
  addNamingValues,
  type NewEntry,
  parentFor,
  sortValues,
} from './add.js';
import { bodyOf, describe } from './attributes.js';
import { addHolders } from './holders.js';
import { type KeptValues, type Meaning, meaningOf } from './import-meaning.js';
import { mayHaveState } from './may-have-state.js';
import { storedFormOf } from './prepare.js';
import { placeImported } from './ruled-members.js';
import { addSecret, removeSecrets } from './secrets.js';
import { refoldStored } from './timelines.js';
import { begin, Delta, type Transaction, type WriteTools } from './transaction.js';

/** What an import needs of the store beyond a write. */
export interface ImportStore extends DirectoryWriter {
  /** From here on derived rows may be held back; nothing but the import writes. */
  bulkBegin(): void;
  bulkEnd(): void;
  /** Records the digest of all there is as the point from which the log can be replayed. */
  writeBaseline(header: { csn: string; actor: string; reason: string }): unknown;
}

export interface ImportTools extends Omit<WriteTools, 'writer'> {
  readonly writer: ImportStore;
  readonly context: Context;
  readonly reason: string;
  readonly hash: (clear: Buffer) => Promise<Bytes>;
  readonly prepare: (request: WriteRequest) => Promise<PreparedWrite>;
  readonly apply: (request: PreparedWrite) => void;
  readonly onEntry: (entries: number) => void;
}

export interface Imported {
  readonly entries: number;
  readonly replaced: number;
  readonly changes: number;
}

interface Later {
  readonly id: number;
  readonly line: number;
  readonly kind: Kind;
  readonly edges: { readonly type: AttributeType; readonly values: readonly Buffer[] }[];
  /** Values of tenureHolder. */
  readonly holders: readonly Buffer[];
}

interface ClearPassword {
  readonly id: number;
  readonly line: number;
  readonly type: AttributeType;
  readonly clear: Buffer;
}

/** @throws LdifError with the line of the first fault */
export async function importRecords(
  records: Iterable<LdifRecord>,
  tools: ImportTools,
): Promise<Imported> {
  const run = new ImportRun(tools);
  let changes = 0;
  for (const record of records) {
    if (record.kind === 'content') run.content(record);
    else {
      await applyChangeRecord(record, tools);
      changes += 1;
      tools.onEntry(changes);
    }
  }
  if (changes > 0) return { entries: 0, replaced: 0, changes };
  return run.finish();
}

/** Puts the line of the record before the reason of a refusal. */
function atLine<T>(line: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw lineError(line, error);
  }
}

function lineError(line: number, error: unknown): unknown {
  if (!(error instanceof LdapError)) return error;
  return new LdifError(line, errorShape(error).text);
}

async function applyChangeRecord(record: LdifRecord, tools: ImportTools): Promise<void> {
  if (record.kind === 'content') return;
  const { context, reason } = tools;
  const critical = record.controls.find((control) => control.critical);
  if (critical !== undefined) {
    throw new LdifError(record.line, `the control ${critical.oid} is not supported in a file`);
  }
  try {
    const prepared = await tools.prepare(changeRequest(record, { context, reason }));
    tools.apply(prepared);
  } catch (error) {
    throw lineError(record.line, error);
  }
}

function changeRequest(
  record: Exclude<LdifRecord, LdifContent>,
  base: { context: Context; reason: string },
): WriteRequest {
  const { dn } = record;
  switch (record.kind) {
    case 'add': {
      const attributes = record.attributes.map((a) => ({
        attribute: a.description,
        values: a.values.map(bytesOf),
      }));
      return { ...base, op: 'add', dn, attributes };
    }
    case 'delete':
      return { ...base, op: 'delete', dn };
    case 'modrdn': {
      const { newRdn, deleteOldRdn, newSuperior } = record;
      return { ...base, op: 'rename', dn, newRdn, deleteOldRdn, newSuperior };
    }
    case 'modify': {
      const changes = record.changes.map((change) => ({
        op: change.op,
        attribute: change.description,
        values: change.values.map(bytesOf),
      }));
      return { ...base, op: 'modify', dn, changes };
    }
  }
}

/** Kept with the times at which they came. */
const SSH_KEYS = 'sshpublickey';
/** More spellings than this are looked up again. */
const MEANINGS_MAX = 1_024;

/** The entries of one file, on their way in. */
class ImportRun {
  readonly #tools: ImportTools;
  readonly #later: Later[] = [];
  readonly #clear: ClearPassword[] = [];
  /** Entries that may have a timeline; it is made when all that they name are there. */
  readonly #folded: { readonly id: number; readonly line: number }[] = [];
  readonly #tx: Transaction;
  readonly #meanings = new Map<string, Meaning>();
  /** The policy that was in force before. */
  readonly #policy: PolicyInForce;
  #entries = 0;
  #replaced = 0;
  /** Ids ascend: what is below was there before. */
  #firstAdded = 0;

  constructor(tools: ImportTools) {
    this.#tools = tools;
    this.#tx = begin(tools, tools.context.identity);
    this.#policy = policyOf(tools.writer);
  }

  content(record: LdifContent): void {
    // Change records are ordinary writes: they need every index that an import of entries puts off.
    if (this.#entries === 0) this.#tools.writer.bulkBegin();
    atLine(record.line, () => this.#entry(record));
    this.#entries += 1;
    this.#tools.onEntry(this.#entries);
  }

  #entry(record: LdifContent): void {
    const tx = this.#tx;
    const kept: KeptValues = {};
    const given: NewEntry['attributes'][number][] = [];
    const edges: Later['edges'] = [];
    let holders: readonly Buffer[] = [];
    let keys: readonly Buffer[] | undefined;
    const passwords: { type: AttributeType; value: Buffer; line: number }[] = [];
    for (const { description, values, line } of record.attributes) {
      const { key, role, type } = this.#meaning(description);
      if (role === 'computed') continue;
      if (role === 'kept') kept[key as keyof KeptValues] = values[0]!.toString('utf8');
      else if (role === 'edge') {
        // Kept to the end: copies, or they would keep the text around them.
        const copies = values.map((value) => Buffer.from(value));
        edges.push({ type: describe(tx.writer, description).type, values: copies });
      } else if (role === 'holder') holders = values.map((value) => Buffer.from(value));
      else if (role === 'password') {
        for (const value of values) passwords.push({ type: type!, value, line });
      } else {
        given.push({ attribute: description, values });
        if (key === SSH_KEYS) keys = values;
      }
    }
    const dn = tx.names.parse(record.dn);
    const { id: known, nearestId, missing } = tx.names.resolve(dn);
    const present = new Set([...edges.map((e) => e.type), ...passwords.map((p) => p.type)]);
    const parentId = known === 0 && missing === 1 ? nearestId : undefined;
    const id =
      known === 0
        ? this.#add(record, given, kept, present, parentId ?? parentFor(dn, record.dn, tx))
        : this.#replace(tx.writer.entry(known)!, record, given, kept, present);
    if (keys !== undefined) noteImportedKeys(id, keys, tx);
    if (mayHaveState(record)) this.#folded.push({ id, line: record.line });
    if (edges.length > 0 || holders.length > 0) {
      const { kind } = tx.writer.entry(id)!;
      this.#later.push({ id, line: record.line, kind, edges, holders });
    }
    for (const password of passwords) this.#password(id, password);
  }

  #meaning(description: string): Meaning {
    let meaning = this.#meanings.get(description);
    if (meaning === undefined) {
      const type = this.#tx.writer.schema().describe(description)?.type;
      meaning = meaningOf(description, type);
      if (this.#meanings.size >= MEANINGS_MAX) this.#meanings.clear();
      this.#meanings.set(description, meaning);
    }
    return meaning;
  }

  #add(
    record: LdifContent,
    attributes: NewEntry['attributes'],
    kept: KeptValues,
    present: ReadonlySet<AttributeType>,
    importedBelow: number,
  ): number {
    const { uuid, meta } = this.#kept(kept);
    if (uuid !== undefined && this.#tx.writer.idByUuid(uuid) !== 0) {
      throw new LdapError('constraintViolation', `entryUUID ${uuid} is already taken`);
    }
    const id = addEntry({ dn: record.dn, attributes }, this.#tx, {
      meta,
      ...(uuid !== undefined && { uuid }),
      present,
      importedBelow,
    });
    if (this.#firstAdded === 0) this.#firstAdded = id;
    return id;
  }

  #replace(
    entry: EntryRecord,
    record: LdifContent,
    attributes: NewEntry['attributes'],
    kept: KeptValues,
    present: ReadonlySet<AttributeType>,
  ): number {
    const tx = this.#tx;
    const { writer } = tx;
    if (!writer.isInitial(entry)) {
      throw new LdapError('entryAlreadyExists', `"${record.dn}" exists already`);
    }
    const sorted = sortValues(attributes, tx, record.dn, true, present);
    const rdn = tx.names.parse(record.dn).rdns[0]!;
    addNamingValues(rdn.text, sorted, tx);
    validateEntry(writer.schema(), sorted.kind, sorted.attributes, present);
    const { uuid, meta } = this.#kept(kept);
    for (const type of new Set(writer.edgesFrom(entry.id).map((edge) => edge.attribute))) {
      writer.removeEdges(entry.id, type);
    }
    removeSecrets(entry.id, undefined, new Delta(), tx);
    writer.updateEntry(entry, {
      meta,
      kind: sorted.kind,
      attributes: bodyOf(sorted.attributes),
      ...(uuid !== undefined && { uuid }),
      ...(entry.parentId !== 0 && {
        parentId: entry.parentId,
        rdn: rdn.text,
        rdnKey: rdn.key,
      }),
    });
    for (const { type, values } of sorted.secrets) {
      for (const value of values) addSecret(entry.id, type, value, undefined, tx);
    }
    this.#replaced += 1;
    return entry.id;
  }

  /** The columns as the file has them; what it lacks is of this moment. */
  #kept(kept: KeptValues): { uuid: string | undefined; meta: EntryMeta } {
    const { csn } = this.#tx.writer.nextCsn();
    const { nowSeconds, identity } = this.#tx;
    const uuid = kept.entryuuid?.toLowerCase();
    if (uuid !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) {
      throw new LdapError('invalidAttributeSyntax', `entryUUID "${uuid}" is not a UUID`);
    }
    if (kept.entrycsn !== undefined && !isCsn(kept.entrycsn)) {
      throw new LdapError('invalidAttributeSyntax', `entryCSN "${kept.entrycsn}" is not a CSN`);
    }
    const meta: EntryMeta = {
      csn: kept.entrycsn ?? csn,
      createdAt: time('createTimestamp', kept.createtimestamp) ?? nowSeconds,
      createdBy: kept.creatorsname ?? identity.dn,
      modifiedAt: time('modifyTimestamp', kept.modifytimestamp) ?? nowSeconds,
      modifiedBy: kept.modifiersname ?? identity.dn,
    };
    return { uuid, meta };
  }

  #password(id: number, given: { type: AttributeType; value: Buffer; line: number }): void {
    const { type, value, line } = given;
    const stored = atLine(line, () =>
      storedFormOf(value, (clear) => {
        if (clear.length === 0) {
          throw new LdapError('constraintViolation', 'a password may not be empty');
        }
        this.#clear.push({ id, line, type, clear: Buffer.from(clear) });
        return Promise.resolve('');
      }),
    );
    // A hash is stored as it was given.
    if (typeof stored === 'string') addSecret(id, type, value, undefined, this.#tx);
  }

  async finish(): Promise<Imported> {
    const { writer, hash } = this.#tools;
    if (this.#firstAdded > 0) adoptImported(this.#firstAdded, this.#tx);
    for (const { id, line, kind, edges, holders } of this.#later) {
      atLine(line, () => {
        const sorted = { edges, kind, attributes: new Map(), secrets: [], said: [] };
        addEdges(id, sorted, undefined, this.#tx);
        addHolders(id, kind, holders, this.#tx);
      });
    }
    for (const { id, line } of this.#folded) {
      atLine(line, () => refoldStored(writer.entry(id)!, this.#tx, { alone: true }));
    }
    for (const { id, type, clear } of this.#clear) {
      addSecret(id, type, bufferOf(await hash(clear)), undefined, this.#tx);
    }
    writer.bulkEnd();
    foldImported(this.#policy, this.#firstAdded, this.#tx);
    placeImported(this.#firstAdded, this.#tx);
    openImported(
      this.#folded.map(({ id }) => id),
      this.#tx,
    );
    this.#record();
    return { entries: this.#entries, replaced: this.#replaced, changes: 0 };
  }

  #record(): void {
    const { writer, context, reason } = this.#tools;
    const header = { csn: writer.nextCsn().csn, actor: context.identity.dn, reason };
    writer.writeBaseline(header);
  }
}

function time(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = parseTime(value);
  if (seconds === undefined) {
    throw new LdapError('invalidAttributeSyntax', `${name} "${value}" is not a GeneralizedTime`);
  }
  return seconds;
}
