/** Entries that are in no store: made when they are asked for, tested and sent like others. */
import type { AttributeType, Kind, Schema } from '../schema/index.js';
import { valuesMatch } from './evaluate.js';
import { FALSE, type Node, TRUE, type Truth, UNDEFINED } from './leaf.js';
import { newOutgoing, putAttribute } from './project.js';
import type { EntrySink, SearchRequest } from './types.js';

/** An entry that is in no store. */
export interface StaticEntry {
  readonly dn: string;
  readonly values: ReadonlyMap<AttributeType, readonly Buffer[]>;
  readonly classes: readonly string[];
}

/** Attributes that have no value are left out. */
export function make(
  schema: Schema,
  dn: string,
  attributes: readonly (readonly [string, readonly string[]])[],
): StaticEntry {
  const values = new Map<AttributeType, readonly Buffer[]>();
  for (const [name, texts] of attributes) {
    const type = schema.attribute(name);
    if (type === undefined || texts.length === 0) continue;
    values.set(
      type,
      texts.map((text) => Buffer.from(text, 'utf8')),
    );
  }
  const classes = attributes.find(([name]) => name === 'objectClass')?.[1] ?? [];
  return { dn, values, classes };
}

/** Tests one in three-valued logic, as evaluate.ts tests those of the store. */
export function testStatic(node: Node, entry: StaticEntry, schema: Schema): Truth {
  switch (node.node) {
    case 'and':
      return node.children.reduce<Truth>(
        (t, c) => Math.min(t, testStatic(c, entry, schema)) as Truth,
        TRUE,
      );
    case 'or':
      return node.children.reduce<Truth>(
        (t, c) => Math.max(t, testStatic(c, entry, schema)) as Truth,
        FALSE,
      );
    case 'not':
      return (TRUE - testStatic(node.child, entry, schema)) as Truth;
    case 'constant':
      return node.truth;
    case 'class': {
      const classes = entry.classes.map((name) => schema.objectClass(name));
      const kind = { has: (cls) => classes.includes(cls) } as Pick<Kind, 'has'>;
      return node.matches(kind as Kind) ? TRUE : FALSE;
    }
    case 'anyOf':
      return UNDEFINED;
    case 'leaf': {
      for (const [type, values] of entry.values) {
        if (type !== node.type && !node.type.subtypes.includes(type)) continue;
        if (valuesMatch(node, values)) return TRUE;
      }
      return FALSE;
    }
  }
}

const outgoing = newOutgoing();

/** Hands over what was asked for; false where the sink is full. */
export function sendStatic(
  entry: StaticEntry,
  request: SearchRequest,
  schema: Schema,
  sink: EntrySink,
): boolean {
  const names = new Set<AttributeType>();
  let [user, operational] = [request.attributes.length === 0, false];
  for (const name of request.attributes) {
    if (name === '*') user = true;
    else if (name === '+') operational = true;
    else {
      const type = schema.describe(name)?.type;
      if (type !== undefined) for (const t of [type, ...type.subtypes]) names.add(t);
    }
  }
  outgoing.dn = Buffer.from(entry.dn, 'utf8');
  outgoing.count = 0;
  outgoing.bytes = 0;
  for (const [type, values] of entry.values) {
    if (names.has(type) || (type.operational ? operational : user)) {
      putAttribute(outgoing, type.name, values, request.typesOnly);
    }
  }
  return sink(outgoing);
}
