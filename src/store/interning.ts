/**
 * The store's own numbers for attribute descriptions, actors' names and kinds of entries, kept in
 * memory as maps. A number that is not known here is looked for once in the database, because the
 * writer may have made it since. Numbers are never reused and never change their meaning.
 */
import type Database from 'better-sqlite3';
import type {
  AttributeDescription,
  AttributeType,
  Kind,
  Schema,
} from '../directory/schema/index.js';

/** Numbers stand in two bytes of a body. */
const ATTRIBUTE_NUMBER_MAX = 0xffff;

/** AttributeDescription.key of a type without options. */
export function typeKey(type: AttributeType): string {
  return type.name.toLowerCase();
}

export class Interned {
  readonly #db: Database.Database;
  #schema: Schema;
  #descriptionKeys: string[] = [];
  #descriptionTexts: string[] = [];
  #numbers = new Map<string, number>();
  #descriptions: (AttributeDescription | undefined)[] | undefined;
  #typeNumbers = new Map<AttributeType, number>();
  #names: string[] = [];
  #nameNumbers = new Map<string, number>();
  #kinds: (Kind | undefined)[] = [];
  #kindList: readonly Kind[] | undefined;
  #kindNumbers = new Map<string, number>();
  /** Moves with each number that this handle made. */
  additions = 0;

  readonly #newAttributes: Database.Statement;
  readonly #newNames: Database.Statement;
  readonly #newKinds: Database.Statement;

  constructor(db: Database.Database, schema: Schema) {
    this.#db = db;
    const from = 'WHERE id >= ? ORDER BY id';
    this.#newAttributes = db.prepare(`SELECT id, key, text FROM attribute_name ${from}`).raw();
    this.#newNames = db.prepare(`SELECT id, text FROM name ${from}`).raw();
    this.#newKinds = db.prepare(`SELECT id, key FROM kind ${from}`).raw();
    this.#schema = schema;
    this.reload();
  }

  /** Reads everything anew: after a rollback, when numbers may have gone. */
  reload(): void {
    this.#descriptionKeys = [];
    this.#descriptionTexts = [];
    this.#numbers.clear();
    this.#descriptions = undefined;
    this.#typeNumbers.clear();
    this.#names = [];
    this.#nameNumbers.clear();
    this.#kinds = [];
    this.#kindList = undefined;
    this.#kindNumbers.clear();
    this.catchUp();
  }

  /** Reads what was added since. */
  catchUp(): void {
    const { length: attributes } = this.#descriptionTexts;
    for (const row of this.#newAttributes.all(attributes)) {
      const [id, key, text] = row as [number, string, string];
      this.#learnAttribute(id, key, text);
    }
    for (const row of this.#newNames.all(this.#names.length)) {
      const [id, text] = row as [number, string];
      this.#names[id] = text;
      this.#nameNumbers.set(text, id);
    }
    for (const row of this.#newKinds.all(this.#kinds.length)) {
      const [id, key] = row as [number, string];
      this.#kinds[id] = this.#schema.kind(key.split(' '));
      this.#kindNumbers.set(key, id);
      this.#kindList = undefined;
    }
  }

  /** Binds everything to a new schema. */
  setSchema(schema: Schema): void {
    this.#schema = schema;
    this.reload();
  }

  get schema(): Schema {
    return this.#schema;
  }

  #learnAttribute(id: number, key: string, text: string): void {
    this.#descriptionKeys[id] = key;
    this.#descriptionTexts[id] = text;
    this.#numbers.set(key, id);
    this.#descriptions = undefined;
  }

  /** The number of AttributeDescription.key, or 0. */
  attributeNumber(key: string): number {
    return this.#numbers.get(key) ?? 0;
  }

  /** The number of a type without options, or 0. */
  typeNumber(type: AttributeType): number {
    const known = this.#typeNumbers.get(type);
    if (known !== undefined) return known;
    const number = this.attributeNumber(typeKey(type));
    if (number !== 0) this.#typeNumbers.set(type, number);
    return number;
  }

  /** See DirectoryReader.descriptions. */
  descriptions(): readonly (AttributeDescription | undefined)[] {
    if (this.#descriptions === undefined) {
      const list: (AttributeDescription | undefined)[] = [];
      for (let id = 0; id < this.#descriptionTexts.length; id += 1) {
        const text = this.#descriptionTexts[id];
        list.push(text === undefined ? undefined : this.#schema.describe(text));
      }
      this.#descriptions = list;
    }
    return this.#descriptions;
  }

  /** The description with that number; one that the schema no longer knows is an error. */
  description(number: number): AttributeDescription {
    let found = this.descriptions()[number];
    if (found === undefined) {
      this.catchUp();
      found = this.descriptions()[number];
    }
    if (found === undefined) throw new Error(`attribute number ${number} is not in the schema`);
    return found;
  }

  name(number: number): string {
    let found = this.#names[number];
    if (found === undefined) {
      this.catchUp();
      found = this.#names[number];
    }
    if (found === undefined) throw new Error(`actor number ${number} does not exist`);
    return found;
  }

  kind(number: number): Kind {
    let found = this.#kinds[number];
    if (found === undefined) {
      this.catchUp();
      found = this.#kinds[number];
    }
    if (found === undefined) throw new Error(`kind number ${number} does not exist`);
    return found;
  }

  kindNumber(kind: Kind): number {
    return this.#kindNumbers.get(kind.key) ?? 0;
  }

  kinds(): readonly Kind[] {
    this.#kindList ??= this.#kinds.filter((kind) => kind !== undefined);
    return this.#kindList;
  }

  // ---- the writer's half ------------------------------------------------------------------------

  /** The number of a description, made if it has none. */
  internAttribute(key: string, text: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const added = this.#db
      .prepare('INSERT INTO attribute_name(key, text) VALUES (?, ?)')
      .run(key, text);
    const id = Number(added.lastInsertRowid);
    if (id > ATTRIBUTE_NUMBER_MAX) throw new Error('too many attribute descriptions in use');
    this.#learnAttribute(id, key, text);
    this.additions += 1;
    return id;
  }

  internType(type: AttributeType): number {
    const number = this.typeNumber(type);
    if (number !== 0) return number;
    const text = this.#schema.describe(type.name)?.text ?? type.name;
    return this.internAttribute(typeKey(type), text);
  }

  internName(text: string): number {
    const known = this.#nameNumbers.get(text);
    if (known !== undefined) return known;
    const id = Number(
      this.#db.prepare('INSERT INTO name(text) VALUES (?)').run(text).lastInsertRowid,
    );
    this.#names[id] = text;
    this.#nameNumbers.set(text, id);
    this.additions += 1;
    return id;
  }

  internKind(kind: Kind): number {
    const known = this.#kindNumbers.get(kind.key);
    if (known !== undefined) return known;
    const classes = kind.classes.map((cls) => cls.name).join(' ');
    const added = this.#db
      .prepare('INSERT INTO kind(key, classes) VALUES (?, ?)')
      .run(kind.key, classes);
    const id = Number(added.lastInsertRowid);
    this.#kinds[id] = kind;
    this.#kindNumbers.set(kind.key, id);
    this.#kindList = undefined;
    this.additions += 1;
    return id;
  }
}
