/**
 * A directory in a Map, for tests of the wire alone: no schema, no access rules, DNs compared by
 * lower case. Writes and binds can be held back, and two special bases make searches that are
 * huge (`cn=huge`) or never end (`cn=forever`).
 */

import { encodePartialAttribute } from '../../src/directory/model/body.js';
import { bufferOf, bytesOf } from '../../src/directory/model/bytes.js';
import type { Filter } from '../../src/directory/model/filter.js';
import type { Identity, Origin } from '../../src/directory/model/identity.js';
import type {
  BindOutcome,
  BindRequest,
  CompareRequest,
  Context,
  Directory,
  EntrySink,
  OutgoingEntry,
  SearchDone,
  SearchRequest,
  SearchRun,
  WriteOutcome,
  WriteRequest,
} from '../../src/directory/operations/types.js';
import { LdapError, type ResultCodeName } from '../../src/runtime/errors.js';

export const suffix = 'dc=example,dc=com';
export const adminDn = `cn=admin,${suffix}`;

export interface MemoryEntry {
  readonly dn: string;
  readonly attributes: Map<string, string[]>;
  readonly outgoing: OutgoingEntry;
}

function outgoingOf(dn: string, attributes: ReadonlyMap<string, readonly string[]>): OutgoingEntry {
  const parts = [...attributes].map(([name, values]) =>
    encodePartialAttribute(
      name,
      values.map((value) => Buffer.from(value, 'latin1')),
    ),
  );
  return {
    dn: Buffer.from(dn, 'utf8'),
    count: parts.length,
    parts,
    starts: parts.map(() => 0),
    ends: parts.map((part) => part.length),
    bytes: parts.reduce((sum, part) => sum + part.length, 0),
    usability: undefined,
  };
}

/** A door that is open until somebody shuts it. */
export class Gate {
  private waiting: (() => void)[] = [];
  private shut = false;

  close(): void {
    this.shut = true;
  }

  open(): void {
    this.shut = false;
    for (const go of this.waiting.splice(0)) go();
  }

  /** Lets through only those who wait now. */
  step(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  pass(): Promise<void> {
    if (!this.shut) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

const done: SearchDone = { code: 'success', text: '', matchedDn: '' };

class ListRun implements SearchRun {
  result: SearchDone | undefined;
  private readonly entries: readonly OutgoingEntry[];
  private readonly end: SearchDone;
  private at = 0;

  constructor(entries: readonly OutgoingEntry[], end: SearchDone) {
    this.entries = entries;
    this.end = end;
  }

  pull(sink: EntrySink): 'full' | 'slice' | 'done' {
    while (this.at < this.entries.length) {
      if (!sink(this.entries[this.at++]!)) return 'full';
    }
    this.result = this.end;
    return 'done';
  }
}

/** Entries out of nothing; tells how many were taken. */
class HugeRun implements SearchRun {
  result: SearchDone | undefined;
  private readonly directory: MemoryDirectory;
  private left: number;

  constructor(directory: MemoryDirectory) {
    this.directory = directory;
    this.left = directory.hugeEntries;
  }

  pull(sink: EntrySink): 'full' | 'slice' | 'done' {
    while (this.left > 0) {
      this.left--;
      this.directory.hugeTaken++;
      if (!sink(this.directory.hugeEntry)) return 'full';
    }
    this.result = done;
    return 'done';
  }
}

/** Never finds anything and never ends. */
class ForeverRun implements SearchRun {
  readonly result = undefined;
  private readonly directory: MemoryDirectory;

  constructor(directory: MemoryDirectory) {
    this.directory = directory;
  }

  pull(): 'slice' {
    this.directory.foreverPulls++;
    return 'slice';
  }
}

class FailedRun implements SearchRun {
  readonly result: SearchDone;

  constructor(code: ResultCodeName, text: string, matchedDn: string) {
    this.result = { code, text, matchedDn };
  }

  pull(): 'done' {
    return 'done';
  }
}

export class MemoryDirectory implements Directory {
  readonly entries = new Map<string, MemoryEntry>();
  readonly writeGate = new Gate();
  readonly bindGate = new Gate();
  /** Writes handed over, in order. */
  readonly submitted: WriteRequest[] = [];
  readonly binds: { readonly dn: string; readonly origin: Origin }[] = [];
  hugeEntries = 10_000;
  hugeTaken = 0;
  foreverPulls = 0;
  hugeEntry = outgoingOf('cn=one,cn=huge', new Map([['description', ['x'.repeat(1000)]]]));

  constructor() {
    this.put(suffix, { objectClass: ['domain'], dc: ['example'] });
    this.put(adminDn, { cn: ['admin'], userPassword: ['admin-secret'] });
    this.put(`uid=ada,${suffix}`, {
      uid: ['ada'],
      cn: ['Ada Lovelace'],
      userPassword: ['ada-secret'],
    });
  }

  /** Here nobody asks as anybody else. */
  identityAs(): never {
    throw new LdapError('authorizationDenied', 'this account may not ask as that identity');
  }

  put(dn: string, attributes: Readonly<Record<string, readonly string[]>>): void {
    const copy = new Map(Object.entries(attributes).map(([name, values]) => [name, [...values]]));
    this.entries.set(dn.toLowerCase(), { dn, attributes: copy, outgoing: outgoingOf(dn, copy) });
  }

  private identity(dn: string): Identity {
    const entry = this.entries.get(dn.toLowerCase())!;
    const role = entry.dn === adminDn ? 'administrator' : 'user';
    return { role, dn: entry.dn, entryId: [...this.entries.keys()].indexOf(dn.toLowerCase()) + 1 };
  }

  administrator(): Identity {
    return this.identity(adminDn);
  }

  async authenticate({ dn, password }: BindRequest, origin: Origin): Promise<BindOutcome> {
    this.binds.push({ dn, origin });
    // The view must be good for as long as the bind runs.
    await this.bindGate.pass();
    const stored = this.entries.get(dn.toLowerCase())?.attributes.get('userPassword')?.[0];
    if (stored === undefined || stored !== bytesOf(password)) {
      throw new LdapError('invalidCredentials', 'invalid credentials');
    }
    return { identity: this.identity(dn), policy: undefined };
  }

  authenticateCertificate(): never {
    throw new LdapError('invalidCredentials', 'no entry goes with this certificate');
  }

  search(request: SearchRequest, context: Context): SearchRun {
    const base = request.base.toLowerCase();
    if (base === 'cn=huge') return new HugeRun(this);
    if (base === 'cn=forever') return new ForeverRun(this);
    if (base === 'cn=defect') throw new Error('private detail of a defect');
    if (base !== '' && !this.entries.has(base)) {
      return new FailedRun('noSuchObject', `${request.base} does not exist`, suffix);
    }
    const { filter } = request;
    if (filter.kind === 'equality' && filter.attribute === 'whoami') {
      return new ListRun([outgoingOf(`cn=${context.identity.dn}`, new Map())], done);
    }
    const found: OutgoingEntry[] = [];
    for (const [key, entry] of this.entries) {
      const inScope = request.scope === 'base' ? key === base : base === '' || key.endsWith(base);
      if (inScope && matches(entry, filter)) found.push(entry.outgoing);
    }
    const { paged } = request;
    if (paged === undefined) return new ListRun(found, done);
    const from = paged.cookie.length === 0 ? 0 : Number(paged.cookie.toString());
    const to = Math.min(found.length, from + paged.size);
    const cookie = Buffer.from(to < found.length ? String(to) : '');
    return new ListRun(found.slice(from, to), {
      ...done,
      paged: { cookie, estimate: found.length },
    });
  }

  compare({ dn, attribute, value, assertion }: CompareRequest): boolean {
    const entry = this.entries.get(dn.toLowerCase());
    if (entry === undefined) throw new LdapError('noSuchObject', `${dn} does not exist`, suffix);
    if (assertion !== undefined && !matches(entry, assertion)) {
      throw new LdapError('assertionFailed', 'the assertion is not true');
    }
    return entry.attributes.get(attribute)?.includes(bytesOf(value)) ?? false;
  }

  async submit(request: WriteRequest): Promise<WriteOutcome> {
    this.submitted.push(request);
    await this.writeGate.pass();
    try {
      return this.apply(request);
    } catch (error) {
      if (!(error instanceof LdapError)) throw error;
      const { code, message: text, matchedDn } = error;
      return { ok: false, error: { code, text, matchedDn } };
    }
  }

  private apply(request: WriteRequest): WriteOutcome {
    const key = request.dn.toLowerCase();
    const entry = this.entries.get(key);
    if (request.op === 'add') {
      if (entry !== undefined) throw new LdapError('entryAlreadyExists', 'it exists');
      this.put(
        request.dn,
        Object.fromEntries(request.attributes.map((one) => [one.attribute, one.values])),
      );
      return { ok: true, ...this.read(request, key) };
    }
    if (request.op === 'changePassword') return this.changePassword(request);
    if (entry === undefined) throw new LdapError('noSuchObject', 'no such entry', suffix);
    const before = this.readEntry(key);
    if (request.op === 'delete') this.entries.delete(key);
    if (request.op === 'rename') {
      this.entries.delete(key);
      this.put(`${request.newRdn},${suffix}`, Object.fromEntries(entry.attributes));
    }
    if (request.op === 'modify') {
      const attributes = Object.fromEntries(entry.attributes);
      for (const { attribute, values } of request.changes) attributes[attribute] = [...values];
      this.put(entry.dn, attributes);
    }
    const preRead = request.controls?.preRead === undefined ? {} : { preRead: before };
    return { ok: true, ...preRead, ...this.read(request, key) };
  }

  private read(request: WriteRequest, key: string) {
    return request.controls?.postRead === undefined ? {} : { postRead: this.readEntry(key) };
  }

  private readEntry(key: string) {
    const { dn, outgoing } = this.entries.get(key)!;
    return { dn, attributes: bytesOf(Buffer.concat(outgoing.parts)) };
  }

  private changePassword(request: WriteRequest & { op: 'changePassword' }): WriteOutcome {
    const dn = request.dn === '' ? request.context.identity.dn : request.dn;
    const entry = this.entries.get(dn.toLowerCase());
    if (entry === undefined) throw new LdapError('noSuchObject', 'no such entry');
    const generated = request.newPassword === undefined ? 'made-up' : undefined;
    entry.attributes.set('userPassword', [request.newPassword ?? 'made-up']);
    return { ok: true, ...(generated === undefined ? {} : { generated }) };
  }
}

function matches(entry: MemoryEntry, filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((one) => matches(entry, one));
    case 'or':
      return filter.filters.some((one) => matches(entry, one));
    case 'not':
      return !matches(entry, filter.filter);
    case 'present':
      return (
        filter.attribute.toLowerCase() === 'objectclass' || entry.attributes.has(filter.attribute)
      );
    case 'equality': {
      const values = entry.attributes.get(filter.attribute) ?? [];
      return values.some((value) => bufferOf(value).equals(filter.value));
    }
    default:
      return false;
  }
}
