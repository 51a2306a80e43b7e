/**
 * Names to entries and back. Resolves distinguished names against the tree, and spells the name of
 * an entry from its place. Keeps the names of containers and groups at hand; a leaf's name is made
 * when it is needed. Nothing here asks who may see what.
 */
import { LdapError } from '../../runtime/errors.js';
import type { DirectoryReader, EntryRecord } from '../ports.js';
import { type NormalDn, normalizeDn } from '../schema/index.js';

/** How far a name could be followed. */
export interface Resolution {
  /** The entry, or 0. */
  readonly id: number;
  /** The deepest entry on the way that exists (the entry itself where it does), or 0. */
  readonly nearestId: number;
  /** Relative names below `nearestId` that do not exist. */
  readonly missing: number;
}

const NAMES_MAX = 20_000;
const RESOLVED_MAX = 512;
const nowhere: Resolution = { id: 0, nearestId: 0, missing: 0 };

/** Spells and resolves names over one reader; one per thread and reader. */
export class Names {
  readonly #reader: DirectoryReader;
  #generation = -1;
  #suffixes: readonly { readonly id: number; readonly rdns: readonly string[] }[] = [];
  /** Names of entries by id, bounded; cleared when anything is renamed. */
  #names = new Map<number, Buffer>();
  #parents = new Map<number, number>();
  #parentTexts = new Map<number, string>();
  /** Ids of names as they were written, for the search bases that clients repeat. */
  #resolved = new Map<string, number>();

  constructor(reader: DirectoryReader) {
    this.#reader = reader;
  }

  #fresh(): void {
    const generation = this.#reader.treeGeneration();
    if (generation === this.#generation) return;
    this.#generation = generation;
    const schema = this.#reader.schema();
    this.#suffixes = this.#reader.suffixes().map(({ id, dn }) => {
      const normal = normalizeDn(schema, dn);
      if (normal === undefined) throw new Error(`stored suffix "${dn}" is not a name`);
      return { id, rdns: normal.rdns.map((rdn) => rdn.key) };
    });
    this.#names.clear();
    this.#parents.clear();
    this.#parentTexts.clear();
    this.#resolved.clear();
  }

  /** @throws LdapError invalidDNSyntax with the name in the text. */
  parse(dn: string): NormalDn {
    const normal = normalizeDn(this.#reader.schema(), dn);
    if (normal === undefined) throw invalidName(dn);
    return normal;
  }

  /** The entry with that name as written, or 0; names that repeat cost one map lookup. */
  idOf(dn: string): number {
    this.#fresh();
    const known = this.#resolved.get(dn);
    if (known !== undefined && this.#reader.entry(known) !== undefined) return known;
    const id = this.resolve(this.parse(dn)).id;
    if (id !== 0 && this.#reader.childCount(id) > 0) {
      if (this.#resolved.size >= RESOLVED_MAX) this.#resolved.clear();
      this.#resolved.set(dn, id);
    }
    return id;
  }

  resolve(dn: NormalDn): Resolution {
    this.#fresh();
    const count = dn.rdns.length;
    for (const suffix of this.#suffixes) {
      const above = count - suffix.rdns.length;
      if (above < 0 || !endsWith(dn, suffix.rdns, above)) continue;
      let id = suffix.id;
      for (let i = above - 1; i >= 0; i--) {
        const child = this.#reader.childId(id, dn.rdns[i]!.key);
        if (child === 0) return { id: 0, nearestId: id, missing: i + 1 };
        id = child;
      }
      return { id, nearestId: id, missing: 0 };
    }
    return nowhere;
  }

  /** The entry's name as UTF-8. Stale after the next rename: use it at once. */
  dnOf(entry: EntryRecord): Buffer {
    this.#fresh();
    if (entry.parentId === 0) return this.#keep(entry.id, Buffer.from(entry.rdn, 'utf8'));
    return below(entry.rdn, this.dnOfId(entry.parentId));
  }

  /** The same by id, kept for the next time: for parents, groups and what edges point to. */
  dnOfId(id: number): Buffer {
    const dn = this.findName(id);
    if (dn === undefined) throw new Error(`entry ${id} is named but does not exist`);
    return dn;
  }

  /**
   * The same, or undefined where the entry is gone. What a reader keeps may be one commit behind
   * what it reads, until it has been told of the commit: then a reference can outlive its target.
   */
  findName(id: number): Buffer | undefined {
    this.#fresh();
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const entry = this.#reader.entry(id);
    return entry && this.#keep(id, this.dnOf(entry));
  }

  /** The name as text: what a bind makes of everybody, so it joins strings and no buffers. */
  text(entry: EntryRecord): string {
    this.#fresh();
    if (entry.parentId === 0) return entry.rdn;
    let parent = this.#parentTexts.get(entry.parentId);
    if (parent === undefined) {
      parent = this.dnOfId(entry.parentId).toString('utf8');
      if (this.#parentTexts.size >= RESOLVED_MAX) this.#parentTexts.clear();
      this.#parentTexts.set(entry.parentId, parent);
    }
    return `${entry.rdn},${parent}`;
  }

  #keep(id: number, dn: Buffer): Buffer {
    if (this.#names.size >= NAMES_MAX) this.#names.clear();
    this.#names.set(id, dn);
    return dn;
  }

  /** The parent of a container (0 for a suffix), remembered. */
  parentOf(id: number): number {
    this.#fresh();
    let parent = this.#parents.get(id);
    if (parent === undefined) {
      parent = this.#reader.entry(id)?.parentId ?? 0;
      if (this.#parents.size >= NAMES_MAX) this.#parents.clear();
      this.#parents.set(id, parent);
    }
    return parent;
  }

  /** Whether `entry` is `ancestor` or lies below it. */
  isWithin(entry: EntryRecord, ancestor: number): boolean {
    if (entry.id === ancestor || entry.parentId === ancestor) return true;
    for (let id = entry.parentId; id !== 0; id = this.parentOf(id)) {
      if (id === ancestor) return true;
    }
    return false;
  }
}

function endsWith(dn: NormalDn, rdns: readonly string[], above: number): boolean {
  for (let i = 0; i < rdns.length; i++) {
    if (dn.rdns[above + i]!.key !== rdns[i]) return false;
  }
  return true;
}

/** `rdn,parent` as UTF-8. Most names are short ASCII: a loop beats the encoder there. */
function below(rdn: string, parent: Buffer): Buffer {
  const { length } = rdn;
  const dn = Buffer.allocUnsafe(length + 1 + parent.length);
  for (let i = 0; i < length; i++) {
    const code = rdn.charCodeAt(i);
    if (code >= 0x80) return Buffer.concat([Buffer.from(`${rdn},`, 'utf8'), parent]);
    dn[i] = code;
  }
  dn[length] = 0x2c;
  dn.set(parent, length + 1);
  return dn;
}

/** The refusal for a text that is no distinguished name. */
export function invalidName(dn: string): LdapError {
  const shown = dn.length > 120 ? `${dn.slice(0, 120)}…` : dn;
  return new LdapError('invalidDNSyntax', `"${shown}" is not a distinguished name (RFC 4514)`);
}
