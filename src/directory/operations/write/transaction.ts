/**
 * What one write works with inside its savepoint, and the record of what it did: the items of its
 * Change. Everything decided here (times, ids, numbers) is final.
 */
import { isUtf8 } from 'node:buffer';
import type { SecretBox, SshKeyRules } from '../../../credentials/index.js';
import type {
  ChangeItem,
  ChangeValue,
  EntryMeta,
  SecretDelta,
  ValueDelta,
} from '../../model/change.js';
import type { HolderText } from '../../model/holder.js';
import type { Identity, Origin } from '../../model/identity.js';
import type { DirectoryWriter, EntryRecord } from '../../ports.js';
import type { Compiler } from '../compile.js';
import type { ClosingTally } from '../lifecycle/closings.js';
import type { Names } from '../names.js';
import { accessOf } from '../reads/index.js';
import { actingIdentity, type By } from '../rights/index.js';
import type { Selections } from '../selection.js';
import type { ShutsOut } from '../types.js';
import { type View, viewFor } from '../view.js';

/** What every write of the writer thread shares. */
export interface WriteTools {
  readonly writer: DirectoryWriter;
  readonly names: Names;
  readonly compiler: Compiler;
  readonly selections: Selections;
  readonly sshKeys: SshKeyRules;
  /** @throws KeyFileError where the key file is missing or wrong: asked for when it is needed */
  readonly box: () => SecretBox;
  /** Of an import: whom it closes is counted, and looked at when all of it is done. */
  readonly tally?: ClosingTally | undefined;
}

/** One write in progress. */
export interface Transaction extends WriteTools {
  readonly identity: Identity;
  /** From where it came; absent where the server writes of itself. */
  readonly origin?: Origin | undefined;
  /** Time and CSN of this write, the same for everything it touches. */
  readonly csn: string;
  readonly nowSeconds: number;
  readonly items: ChangeItem[];
  /** The guard on how many are closed has been asked, and somebody has said yes. */
  readonly approved?: boolean;
  /** Of a new policy: whom it shuts out. */
  readonly shutsOut?: ShutsOut | undefined;
  /** The run that it is part of. */
  readonly run?: number | undefined;
  /** What lets the author do it, where that was asked: for the audit trail. */
  by?: readonly By[];
  /** Entries of which the log shall know nothing any more, once this write is in it. */
  forgotten?: ReadonlySet<string>;
}

export function begin(
  tools: WriteTools,
  asking: Identity,
  approved = false,
  run?: number,
  origin?: Origin,
): Transaction {
  const { csn, nowMs } = tools.writer.nextCsn();
  const nowSeconds = Math.floor(nowMs / 1000);
  const identity = actingIdentity(asking, tools.writer, nowSeconds);
  const { writer, names, compiler, selections, sshKeys, box, tally } = tools;
  // One literal: to spread the tools for each write took a tenth of it.
  return {
    writer,
    names,
    compiler,
    selections,
    sshKeys,
    box,
    tally,
    identity,
    origin,
    csn,
    nowSeconds,
    items: [],
    approved,
    run,
  };
}

export function viewOf(tx: Transaction): View {
  const { writer: reader, names, identity, nowSeconds } = tx;
  return viewFor(identity, { reader, names, nowMs: () => nowSeconds * 1000 });
}

/** The same for what is answered: nothing that the author may not read. */
export function answeringView(tx: Transaction): View {
  const { writer: reader, names, identity, nowSeconds, origin } = tx;
  const nowMs = () => nowSeconds * 1000;
  const access = origin && accessOf(identity, origin, reader, nowMs());
  return viewFor(identity, { reader, names, nowMs }, access);
}

/** The columns of a new entry. */
export function metaOfNew(tx: Transaction): EntryMeta {
  const { csn, nowSeconds, identity } = tx;
  return {
    csn,
    createdAt: nowSeconds,
    createdBy: identity.dn,
    modifiedAt: nowSeconds,
    modifiedBy: identity.dn,
  };
}

/** The columns of an entry after this write. */
export function metaAfter(before: EntryMeta, tx: Transaction): EntryMeta {
  return {
    csn: tx.csn,
    createdAt: before.createdAt,
    createdBy: before.createdBy,
    modifiedAt: tx.nowSeconds,
    modifiedBy: tx.identity.dn,
  };
}

export function metaOf(entry: EntryMeta): EntryMeta {
  const { csn, createdAt, createdBy, modifiedAt, modifiedBy } = entry;
  return { csn, createdAt, createdBy, modifiedAt, modifiedBy };
}

/** A value as the log holds it. */
export function changeValue(value: Buffer): ChangeValue {
  return isUtf8(value) ? value.toString('utf8') : { b64: value.toString('base64') };
}

/** A named entry as the log holds it. */
export function changeRef(target: number, tx: Transaction): ChangeValue {
  const entry = tx.writer.entry(target);
  if (entry === undefined) throw new Error(`edge to entry ${target}, which does not exist`);
  return { ref: entry.uuid, dn: tx.names.text(entry) };
}

/** Collects what one write did to one entry. */
export class Delta {
  readonly #values = new Map<string, { removed: ChangeValue[]; added: ChangeValue[] }>();
  readonly secretsRemoved: SecretDelta[] = [];
  readonly secretsAdded: SecretDelta[] = [];

  #of(attribute: string) {
    let delta = this.#values.get(attribute);
    if (delta === undefined) {
      delta = { removed: [], added: [] };
      this.#values.set(attribute, delta);
    }
    return delta;
  }

  remove(attribute: string, value: ChangeValue): void {
    this.#of(attribute).removed.push(value);
  }

  add(attribute: string, value: ChangeValue): void {
    this.#of(attribute).added.push(value);
  }

  get empty(): boolean {
    return (
      this.#values.size === 0 && this.secretsRemoved.length === 0 && this.secretsAdded.length === 0
    );
  }

  /** Values that went and came back in the same write cancel out. */
  values(): ValueDelta[] {
    const deltas: ValueDelta[] = [];
    for (const [attribute, { removed, added }] of this.#values) {
      const left = [...removed];
      const came: ChangeValue[] = [];
      for (const value of added) {
        const at = left.findIndex((other) => sameValue(other, value));
        if (at >= 0) left.splice(at, 1);
        else came.push(value);
      }
      if (left.length > 0 || came.length > 0) {
        deltas.push({ attribute, removed: left, added: came });
      }
    }
    return deltas;
  }
}

function sameValue(a: ChangeValue, b: ChangeValue): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  if ('ref' in a) return 'ref' in b && a.ref === b.ref && sameHeld(a.holder, b.holder);
  return 'b64' in b && a.b64 === b.b64;
}

function sameHeld(a: HolderText | undefined, b: HolderText | undefined): boolean {
  return a?.kind === b?.kind && a?.spans === b?.spans && a?.note === b?.note;
}

/** Records what happened to an existing entry; `after` equals before where only secrets moved. */
export function recordModify(
  tx: Transaction,
  entry: EntryRecord,
  after: EntryMeta,
  delta: Delta,
  dn: string,
): void {
  tx.items.push({
    op: 'modify',
    uuid: entry.uuid,
    dn,
    before: metaOf(entry),
    after,
    values: delta.values(),
    ...secretsOf(delta),
  });
}

/** The secret parts of an item, absent where there are none. */
export function secretsOf(delta: Delta): Pick<ChangeItem, 'secretsRemoved' | 'secretsAdded'> {
  const { secretsRemoved, secretsAdded } = delta;
  return {
    ...(secretsRemoved.length > 0 && { secretsRemoved }),
    ...(secretsAdded.length > 0 && { secretsAdded }),
  };
}
