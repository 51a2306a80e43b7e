/**
 * Writing edges, each for one holder. Keeps the mark `has_edges` on the entry and the instants true
 * to the rows. Tells the caller what changed; the caller tells the readers.
 */
import type Database from 'better-sqlite3';
import { byHand, formatSpans, instantsOf } from '../directory/model/holder.js';
import type { EdgeWrite } from '../directory/ports.js';
import type { AttributeType } from '../directory/schema/index.js';
import type { Interned } from './interning.js';
import { holderNumber } from './timed-edges.js';

/**
 * Called for each change: the entry that names, the one that is named (0: outside), and whether any
 * edge between two entries holds for a time only.
 */
export type EdgeChanged = (source: number, target: number, timed: boolean) => void;

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
  readonly #isNamed: Database.Statement;
  readonly #addInstant: Database.Statement;
  readonly #timed: Database.Statement;
  /** Whether there may be edges that hold for a time only. */
  #anyTimed: boolean;
  /** The entry that was marked last. */
  #marked = 0;

  constructor(db: Database.Database, interned: Interned, changed: EdgeChanged) {
    this.#interned = interned;
    this.#changed = changed;
    this.#insert = db.prepare(
      `INSERT OR IGNORE INTO edge(src, attr, dst, text_key, text, source, spans, note)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#addInstant = db.prepare(
      'INSERT OR IGNORE INTO edge_instant(at, src, attr, dst, source) VALUES (?, ?, ?, ?, ?)',
    );
    this.#timed = db
      .prepare(
        'SELECT 1 FROM edge INDEXED BY edge_timed WHERE dst = ? AND spans IS NOT NULL LIMIT 1',
      )
      .pluck();
    this.#anyTimed =
      db
        .prepare('SELECT 1 FROM edge INDEXED BY edge_timed WHERE spans IS NOT NULL LIMIT 1')
        .get() !== undefined;
    this.#remove = db.prepare(
      'DELETE FROM edge WHERE src = ? AND attr = ? AND dst = ? AND text_key = ? AND source = ?',
    );
    this.#targets = db.prepare('SELECT dst FROM edge WHERE src = ? AND attr = ?').pluck();
    this.#targetsOf = db.prepare('SELECT dst FROM edge WHERE src = ?').pluck();
    this.#removeAll = db.prepare('DELETE FROM edge WHERE src = ? AND attr = ?');
    this.#removeOf = db.prepare('DELETE FROM edge WHERE src = ?');
    this.#any = db.prepare('SELECT 1 FROM edge WHERE src = ? LIMIT 1').pluck();
    this.#mark = db.prepare('UPDATE entry SET has_edges = ? WHERE id = ? AND has_edges <> ?');
    this.#isNamed = db.prepare('SELECT 1 FROM edge WHERE dst = ? LIMIT 1').pluck();
  }

  add(source: number, edge: EdgeWrite): boolean {
    const attr = this.#interned.internType(edge.attribute);
    const { target } = edge;
    const key = target !== 0 ? '' : edge.textKey;
    const text = target !== 0 ? '' : edge.text;
    const { kind, spans, note } = edge.holder ?? byHand;
    const number = holderNumber(kind);
    const when = spans.length === 0 ? null : formatSpans(spans);
    const about = note === '' ? null : note;
    const { changes } = this.#insert.run(source, attr, target, key, text, number, when, about);
    if (changes === 0) return false;
    if (when !== null) this.#anyTimed = true;
    for (const at of instantsOf(spans)) this.#addInstant.run(at, source, attr, target, number);
    if (source !== this.#marked) {
      this.#mark.run(1, source, 1);
      this.#marked = source;
    }
    this.#tell(source, target);
    return true;
  }

  /** What was written was taken back. */
  forgetMark(): void {
    this.#marked = 0;
  }

  remove(source: number, edge: EdgeWrite): boolean {
    const attr = this.#interned.typeNumber(edge.attribute);
    const { target } = edge;
    const key = target !== 0 ? '' : edge.textKey;
    const number = holderNumber((edge.holder ?? byHand).kind);
    const timed = this.#isTimed(target);
    if (this.#remove.run(source, attr, target, key, number).changes === 0) return false;
    this.#unmark(source);
    this.#changed(source, target, timed);
    return true;
  }

  removeAttribute(source: number, attribute: AttributeType): number {
    const attr = this.#interned.typeNumber(attribute);
    const targets = this.#targets.all(source, attr) as number[];
    if (targets.length === 0) return 0;
    const timed = targets.map((target) => this.#isTimed(target));
    this.#removeAll.run(source, attr);
    this.#unmark(source);
    targets.forEach((target, i) => {
      this.#changed(source, target, timed[i]!);
    });
    return targets.length;
  }

  /** All edges out of an entry that is about to go. */
  removeOf(source: number): void {
    for (const target of this.#targetsOf.all(source) as number[]) this.#tell(source, target);
    this.#removeOf.run(source);
  }

  #isTimed(target: number): boolean {
    return this.#anyTimed && target !== 0 && this.#timed.get(target) !== undefined;
  }

  #tell(source: number, target: number): void {
    this.#changed(source, target, this.#isTimed(target));
  }

  #unmark(source: number): void {
    if (this.#any.get(source) !== undefined) return;
    this.#mark.run(0, source, 0);
    this.#marked = 0;
  }

  /** Whether any edge leads to the entry. */
  isNamed(id: number): boolean {
    return this.#isNamed.get(id) !== undefined;
  }
}
