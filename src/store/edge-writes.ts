/**
 * Writing edges by hand (source 0). Keeps the mark `has_edges` on the entry true to the rows. Tells
 * the caller what changed; the caller tells the readers.
 */
import type Database from 'better-sqlite3';
import type { EdgeWrite } from '../directory/ports.js';
import type { AttributeType } from '../directory/schema/index.js';
import { ascending } from './id-sets.js';
import type { Interned } from './interning.js';

/** `edge.source` of what people and clients wrote. */
const MANUAL = 0;

/** Called for each change: the entry that names, and the one that is named (0: outside). */
export type EdgeChanged = (source: number, target: number) => void;

export class EdgeWrites {
  readonly #interned: Interned;
  readonly #changed: EdgeChanged;
  readonly #insert: Database.Statement;
  readonly #remove: Database.Statement;
  readonly #targets: Database.Statement;
  readonly #targetsOf: Database.Statement;
  readonly #removeAll: Database.Statement;
  readonly #removeOf: Database.Statement;
  readonly #any: Database.Statement;
  readonly #mark: Database.Statement;
  readonly #textRows: Database.Statement;
  readonly #isNamed: Database.Statement;
  /** The entry that was marked last. */
  #marked = 0;

  constructor(db: Database.Database, interned: Interned, changed: EdgeChanged) {
    this.#interned = interned;
    this.#changed = changed;
    this.#insert = db.prepare(
      `INSERT OR IGNORE INTO edge(src, attr, dst, text_key, text, source)
         VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#remove = db.prepare(
      'DELETE FROM edge WHERE src = ? AND attr = ? AND dst = ? AND text_key = ? AND source = ?',
    );
    this.#targets = db.prepare('SELECT dst FROM edge WHERE src = ? AND attr = ?').pluck();
    this.#targetsOf = db.prepare('SELECT dst FROM edge WHERE src = ?').pluck();
    this.#removeAll = db.prepare('DELETE FROM edge WHERE src = ? AND attr = ?');
    this.#removeOf = db.prepare('DELETE FROM edge WHERE src = ?');
    this.#any = db.prepare('SELECT 1 FROM edge WHERE src = ? LIMIT 1').pluck();
    this.#mark = db.prepare('UPDATE entry SET has_edges = ? WHERE id = ? AND has_edges <> ?');
    this.#textRows = db
      .prepare(
        `SELECT src, attr, source FROM edge INDEXED BY edge_text
           WHERE dst = 0 AND text_key = ? ORDER BY src`,
      )
      .raw();
    this.#isNamed = db.prepare('SELECT 1 FROM edge WHERE dst = ? LIMIT 1').pluck();
  }

  add(source: number, edge: EdgeWrite): boolean {
    const attr = this.#interned.internType(edge.attribute);
    const inside = edge.target !== 0;
    const key = inside ? '' : edge.textKey;
    const text = inside ? '' : edge.text;
    if (this.#insert.run(source, attr, edge.target, key, text, MANUAL).changes === 0) return false;
    if (source !== this.#marked) {
      this.#mark.run(1, source, 1);
      this.#marked = source;
    }
    this.#changed(source, edge.target);
    return true;
  }

  /** What was written was taken back. */
  forgetMark(): void {
    this.#marked = 0;
  }

  remove(source: number, edge: EdgeWrite): boolean {
    const attr = this.#interned.typeNumber(edge.attribute);
    const key = edge.target !== 0 ? '' : edge.textKey;
    if (this.#remove.run(source, attr, edge.target, key, MANUAL).changes === 0) return false;
    this.#unmark(source);
    this.#changed(source, edge.target);
    return true;
  }

  removeAttribute(source: number, attribute: AttributeType): number {
    const attr = this.#interned.typeNumber(attribute);
    const targets = this.#targets.all(source, attr) as number[];
    if (targets.length === 0) return 0;
    this.#removeAll.run(source, attr);
    this.#unmark(source);
    for (const target of targets) this.#changed(source, target);
    return targets.length;
  }

  /** All edges out of an entry that is about to go. */
  removeOf(source: number): void {
    for (const target of this.#targetsOf.all(source) as number[]) this.#changed(source, target);
    this.#removeOf.run(source);
  }

  #unmark(source: number): void {
    if (this.#any.get(source) !== undefined) return;
    this.#mark.run(0, source, 0);
    this.#marked = 0;
  }

  adoptText(textKey: string, attributes: readonly AttributeType[], target: number): number[] {
    const numbers = attributes.map((attribute) => this.#interned.typeNumber(attribute));
    const sources: number[] = [];
    for (const row of this.#textRows.all(textKey)) {
      const [source, attr, origin] = row as [number, number, number];
      if (!numbers.includes(attr)) continue;
      this.#remove.run(source, attr, 0, textKey, origin);
      this.#insert.run(source, attr, target, '', '', origin);
      this.#changed(source, target);
      sources.push(source);
    }
    return ascending(sources);
  }

  /** Whether any edge leads to the entry. */
  isNamed(id: number): boolean {
    return this.#isNamed.get(id) !== undefined;
  }
}
