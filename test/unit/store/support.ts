/**
 * A directory in a temporary folder and the smallest possible operations on it: each write with its
 * Change, as the directory's own operations do it, but without access, hooks or schema checks.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeBody } from '../../../src/directory/model/body.js';
import type {
  ChangeItem,
  ChangeValue,
  EntryMeta,
  ValueDelta,
} from '../../../src/directory/model/change.js';
import { holderText, isPlain } from '../../../src/directory/model/holder.js';
import type { BodyValues, EdgeWrite, EntryRecord } from '../../../src/directory/ports.js';
import {
  type AttributeType,
  normalizeDn,
  normalizeRdn,
} from '../../../src/directory/schema/index.js';
import type { Clock } from '../../../src/runtime/clock.js';
import { systemRandom } from '../../../src/runtime/random.js';
import {
  createDatabase,
  openReader,
  openWriter,
  type StoreReader,
  type StoreWriter,
} from '../../../src/store/index.js';

export const ACTOR = 'cn=admin,dc=example,dc=org';

/** A clock that moves one second a look, so that no two writes have the same time. */
export function steppingClock(startMs = Date.UTC(2030, 0, 1)): Clock {
  let now = startMs;
  return {
    nowMs: () => {
      now += 1_000;
      return now;
    },
    monotonicMs: () => now,
    later: () => () => {},
  };
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tenure-store-'));
}

export type Values = Readonly<Record<string, readonly string[]>>;

/** One directory under test; `close` removes it from the disk. */
export class Scene {
  readonly dir: string;
  writer: StoreWriter;
  reader: StoreReader;
  readonly #clock = steppingClock();

  constructor(dir = temporaryFolder(), create = true) {
    this.dir = dir;
    const options = { clock: this.#clock, random: systemRandom() };
    if (create) createDatabase(dir, options);
    this.writer = openWriter(dir, options);
    this.reader = this.#openReader();
  }

  #openReader(): StoreReader {
    return openReader(this.dir, { cacheBytes: 1 << 20, defer: () => {} });
  }

  /** Closes both handles and opens them again, as a restart does. */
  reopen(): void {
    this.reader.close();
    this.writer.close();
    this.writer = openWriter(this.dir, { clock: this.#clock, random: systemRandom() });
    this.reader = this.#openReader();
  }

  close(): void {
    this.reader.close();
    this.writer.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** A whole batch of one operation, committed and told to the reader. */
  write<T>(operation: () => T): T {
    this.writer.begin();
    let result: T;
    try {
      result = this.writer.savepoint(operation);
    } catch (error) {
      this.writer.rollback();
      throw error;
    }
    this.commit();
    return result;
  }

  commit(): void {
    this.writer.commit();
    this.reader.applyCommitted(this.writer.takeCommitted());
  }

  /** As the reader knows it: with definitions added online each handle has a schema of its own. */
  type(name: string): AttributeType {
    const type = this.reader.schema().attribute(name);
    if (type === undefined) throw new Error(`no attribute ${name}`);
    return type;
  }

  key(name: string, value: string): Buffer {
    const normal = this.type(name).equality?.normalize(Buffer.from(value));
    if (normal === undefined) throw new Error(`no key of ${name}=${value}`);
    return normal;
  }

  body(values: Values): BodyValues[] {
    return Object.entries(values).map(([name, texts]) => {
      const description = this.writer.schema().describe(name);
      if (description === undefined) throw new Error(`no attribute ${name}`);
      const { key, text, type } = description;
      return { key, name: text, type, values: texts.map((value) => Buffer.from(value)) };
    });
  }

  // ---- operations, inside `write` or the caller's own transaction -------------------------------

  #meta(before?: EntryMeta): EntryMeta {
    const { csn, nowMs } = this.writer.nextCsn();
    const now = Math.floor(nowMs / 1000);
    return {
      csn,
      createdAt: before?.createdAt ?? now,
      createdBy: before?.createdBy ?? ACTOR,
      modifiedAt: now,
      modifiedBy: ACTOR,
    };
  }

  #log(item: ChangeItem, csn: string): void {
    this.writer.appendChange({ csn, actor: ACTOR, reason: 'test' }, [item]);
  }

  add(parentId: number, rdn: string, values: Values): number {
    const { writer } = this;
    const schema = writer.schema();
    const meta = this.#meta();
    const uuid = writer.newUuid();
    const rdnKey = parentId === 0 ? normalizeDn(schema, rdn)?.key : normalizeRdn(schema, rdn)?.key;
    if (rdnKey === undefined) throw new Error(`"${rdn}" is not a name`);
    const id = writer.insertEntry({
      meta,
      parentId,
      rdn,
      rdnKey,
      uuid,
      kind: schema.kind(values['objectClass'] ?? []),
      attributes: this.body(values),
    });
    this.#log(
      {
        op: 'add',
        uuid,
        dn: rdn,
        after: meta,
        placeAfter: { parent: writer.entry(parentId)?.uuid ?? '', rdn },
        values: deltas({}, values),
      },
      meta.csn,
    );
    return id;
  }

  values(entry: EntryRecord): Record<string, string[]> {
    const values: Record<string, string[]> = {};
    for (const { name, values: raw } of decodeBody(entry.body)) {
      values[name] = raw.map((value) => value.toString('utf8'));
    }
    return values;
  }

  modify(id: number, values: Values): void {
    const before = this.#existing(id);
    const meta = this.#meta(before);
    const old = this.values(before);
    const kind = this.writer.schema().kind(values['objectClass'] ?? []);
    this.writer.updateEntry(before, { meta, kind, attributes: this.body(values) });
    this.#item('modify', before, meta, { values: deltas(old, values) });
  }

  move(id: number, parentId: number, rdn: string, values?: Values): void {
    const { writer } = this;
    const before = this.#existing(id);
    const meta = this.#meta(before);
    const rdnKey = normalizeRdn(writer.schema(), rdn)?.key;
    if (rdnKey === undefined) throw new Error(`"${rdn}" is not a name`);
    const uuidOf = (parent: number) => writer.entry(parent)?.uuid ?? '';
    const placeBefore = { parent: uuidOf(before.parentId), rdn: before.rdn };
    const placeAfter = { parent: uuidOf(parentId), rdn };
    const attributes = values === undefined ? {} : { attributes: this.body(values) };
    const old = this.values(before);
    writer.updateEntry(before, { meta, parentId, rdn, rdnKey, ...attributes });
    const moved = values === undefined ? [] : deltas(old, values);
    this.#item('rename', before, meta, { placeBefore, placeAfter, values: moved });
  }

  remove(id: number): void {
    const { writer } = this;
    const before = this.#existing(id);
    const { csn } = this.#meta();
    const values = deltas(this.values(before), {});
    const named = writer.heldEdgesFrom(id).map((edge) => ({
      attribute: edge.attribute.name,
      removed: [this.#reference({ ...edge, textKey: '' })],
      added: [],
    }));
    const secretsRemoved = writer.secrets(id).map((secret) => ({
      id: secret.id,
      kind: secret.kind,
      digest: writer.secretDigest(secret.id),
    }));
    const placeBefore = { parent: writer.entry(before.parentId)?.uuid ?? '', rdn: before.rdn };
    writer.deleteEntry(before);
    this.#log(
      {
        op: 'delete',
        uuid: before.uuid,
        dn: before.rdn,
        before: metaOf(before),
        placeBefore,
        values: [...values, ...named],
        secretsRemoved,
      },
      csn,
    );
  }

  edge(attribute: string, target: number, text = ''): EdgeWrite {
    const textKey = target !== 0 ? '' : (normalizeDn(this.writer.schema(), text)?.key ?? text);
    return { attribute: this.type(attribute), target, text, textKey };
  }

  addEdge(id: number, edge: EdgeWrite): boolean {
    const before = this.#existing(id);
    if (!this.writer.addEdge(id, edge)) return false;
    const value = this.#reference(edge);
    this.#changed(before, {
      values: [{ attribute: edge.attribute.name, removed: [], added: [value] }],
    });
    return true;
  }

  removeEdge(id: number, edge: EdgeWrite): boolean {
    const before = this.#existing(id);
    const { attribute, target, textKey } = edge;
    const kind = edge.holder?.kind ?? 'hand';
    const holder = this.writer
      .holdersOf(id, attribute, target, textKey)
      .find((other) => other.kind === kind);
    if (!this.writer.removeEdge(id, edge)) return false;
    const value = this.#reference({ ...edge, ...(holder !== undefined && { holder }) });
    this.#changed(before, {
      values: [{ attribute: edge.attribute.name, removed: [value], added: [] }],
    });
    return true;
  }

  addSecret(id: number, kind: string, value: string): number {
    const before = this.#existing(id);
    const added = this.writer.addSecret(id, kind, Buffer.from(value));
    this.#changed(before, { secretsAdded: [{ id: added.id, kind, digest: added.digest }] });
    return added.id;
  }

  removeSecret(id: number, secretId: number): void {
    const before = this.#existing(id);
    const secret = this.writer.secrets(id).find((other) => other.id === secretId);
    if (secret === undefined) throw new Error(`no secret ${secretId}`);
    const digest = this.writer.secretDigest(secretId);
    this.writer.removeSecret(secretId);
    this.#changed(before, { secretsRemoved: [{ id: secretId, kind: secret.kind, digest }] });
  }

  #changed(before: EntryRecord, parts: Partial<ChangeItem>): void {
    const meta = this.#meta(before);
    this.writer.updateEntry(before, { meta });
    this.#item('modify', before, meta, parts);
  }

  #item(
    op: ChangeItem['op'],
    before: EntryRecord,
    after: EntryMeta,
    parts: Partial<ChangeItem>,
  ): void {
    const { uuid, rdn } = before;
    this.#log({ op, uuid, dn: rdn, before: metaOf(before), after, ...parts }, after.csn);
  }

  #reference({ target, text, holder }: EdgeWrite): ChangeValue {
    if (target === 0) return text;
    const ref = { ref: this.#existing(target).uuid, dn: '' };
    if (holder === undefined || isPlain(holder)) return ref;
    return { ...ref, holder: holderText(holder) };
  }

  #existing(id: number): EntryRecord {
    const entry = this.writer.entry(id);
    if (entry === undefined) throw new Error(`no entry ${id}`);
    return entry;
  }

  // ---- samples ----------------------------------------------------------------------------------

  suffix(dn = 'dc=example,dc=org'): number {
    const dc = /^dc=([^,]*)/.exec(dn)?.[1] ?? '';
    return this.add(0, dn, { objectClass: ['domain'], dc: [dc] });
  }

  unit(parentId: number, ou: string): number {
    return this.add(parentId, `ou=${ou}`, { objectClass: ['organizationalUnit'], ou: [ou] });
  }

  person(parentId: number, uid: string, more: Values = {}): number {
    return this.add(parentId, `uid=${uid}`, personValues(uid, more));
  }

  group(parentId: number, cn: string): number {
    return this.add(parentId, `cn=${cn}`, { objectClass: ['groupOfNames'], cn: [cn] });
  }
}

export function personValues(uid: string, more: Values = {}): Values {
  return {
    objectClass: ['inetOrgPerson'],
    uid: [uid],
    cn: [`Person ${uid}`],
    sn: [uid],
    mail: [`${uid}@example.org`],
    ...more,
  };
}

export function metaOf({
  csn,
  createdAt,
  createdBy,
  modifiedAt,
  modifiedBy,
}: EntryMeta): EntryMeta {
  return { csn, createdAt, createdBy, modifiedAt, modifiedBy };
}

function deltas(before: Values, after: Values): ValueDelta[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].map((attribute) => ({
    attribute,
    removed: before[attribute] ?? [],
    added: after[attribute] ?? [],
  }));
}
