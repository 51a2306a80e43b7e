/**
 * What a search adds to its entries where it carries the control for effective rights: entryLevelRights
 * and attributeLevelRights, in the form of the 389 Directory Server. Nothing is told of what whoever
 * asks does not see: the entry is one that the search found, and attributes are theirs to read, or the
 * question is about themselves. Lives for one slice of work.
 */
import { mayReadAttribute, mayReadClass } from '../../access/index.js';
import { partialAttributesIn } from '../../model/body.js';
import type { EntryRecord } from '../../ports.js';
import type { AttributeType, ObjectClass, Schema } from '../../schema/index.js';
import { shows } from '../reads/index.js';
import type { OutgoingEntry } from '../types.js';
import type { View } from '../view.js';
import type { Asked } from './asked.js';
import { attributeLetters, entryLetters } from './letters.js';

export const ENTRY_RIGHTS = 'entryLevelRights';
export const ATTRIBUTE_RIGHTS = 'attributeLevelRights';

/** What is told again must be a name, whatever was sent. */
const plainName = /^[\w.;-]+$/;

/** A name as it was asked for, and the attribute behind it. */
interface Named {
  readonly name: string;
  readonly type: AttributeType | undefined;
}

export class EffectiveRights {
  readonly #asked: Asked;
  readonly #attributes: readonly string[];
  readonly #view: View;

  /** @param attributes as the search asks for them; @param view of whoever asks */
  constructor(asked: Asked, attributes: readonly string[], view: View) {
    this.#asked = asked;
    this.#attributes = attributes;
    this.#view = view;
  }

  /** `vadn`, and `cn:rsc, mail:rscwo`. */
  of(entry: EntryRecord, outgoing: OutgoingEntry): { entry: string; attributes: string } {
    const { subject } = this.#asked;
    const parts = this.#named(entry, outgoing).flatMap(({ name, type }) => {
      if (type === undefined) return [`${name}:none`];
      return this.#mayKnow(type, entry)
        ? [`${name}:${attributeLetters(entry, type, subject)}`]
        : [];
    });
    return {
      entry: entryLetters(entry, subject),
      attributes: parts.length === 0 ? '*:none' : parts.join(', '),
    };
  }

  #mayKnow(type: AttributeType, entry: EntryRecord): boolean {
    const { identity } = this.#view;
    if (identity.role === 'administrator') return true;
    const reads = mayReadAttribute(identity, type);
    if (this.#asked.own) return reads || identity.sees === undefined;
    return reads && shows(type, entry, this.#view);
  }

  /** What the list names; without one, what the entry shows. Each attribute once. */
  #named(entry: EntryRecord, outgoing: OutgoingEntry): readonly Named[] {
    const schema = this.#view.reader.schema();
    const list = this.#attributes;
    const named = list.length === 0 ? shown(outgoing, schema) : this.#listed(entry, schema);
    return [...new Map(named.map((one) => [one.type ?? one.name.toLowerCase(), one])).values()];
  }

  #listed(entry: EntryRecord, schema: Schema): Named[] {
    return this.#attributes.flatMap((name): readonly Named[] => {
      if (name === '1.1') return [];
      if (name === '+') return schema.attributes.filter((type) => type.operational).map(withType);
      if (name === '*') return attributesOf(this.#classesOf(entry));
      const cls = name.startsWith('@') ? schema.objectClass(name.slice(1)) : undefined;
      if (cls !== undefined) return attributesOf([cls, ...cls.superclasses]);
      const type = schema.describe(name)?.type;
      // The rights themselves may be asked for by name.
      if (type?.name === ENTRY_RIGHTS || type?.name === ATTRIBUTE_RIGHTS) return [];
      if (type !== undefined) return [withType(type)];
      return plainName.test(name) ? [{ name, type }] : [];
    });
  }

  #classesOf({ kind }: EntryRecord): readonly ObjectClass[] {
    return kind.classes.filter((cls) => mayReadClass(this.#view.identity, cls));
  }
}

const withType = (type: AttributeType): Named => ({ name: type.name, type });

const attributesOf = (classes: readonly ObjectClass[]) =>
  classes.flatMap(({ must, may }) => [...must, ...may]).map(withType);

function shown({ count, parts, starts, ends }: OutgoingEntry, schema: Schema): Named[] {
  const named: Named[] = [];
  for (let i = 0; i < count; i += 1) {
    for (const { name } of partialAttributesIn(parts[i]!.subarray(starts[i], ends[i]))) {
      const type = schema.describe(name)?.type;
      if (type !== undefined) named.push(withType(type));
    }
  }
  return named;
}
