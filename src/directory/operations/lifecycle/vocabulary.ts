/**
 * The attributes of a schema, as the policy language may speak of them: conditions ask for what is
 * stored with an entry, so that nothing moves which nobody has written.
 */
import { factForms } from '../../../policy/core/index.js';
import type { KnownAttribute, Vocabulary } from '../../../policy/language/index.js';
import type { AttributeType, Schema } from '../../schema/index.js';

const made = new WeakMap<Schema, Vocabulary>();
const facts = new Set(Object.keys(factForms).map((name) => name.toLowerCase()));

/** Kept by schema. */
export function vocabularyOf(schema: Schema): Vocabulary {
  let vocabulary = made.get(schema);
  if (vocabulary === undefined) {
    vocabulary = {
      attributes: schema.attributes.filter(isSuggested).map(({ name }) => name),
      attribute(name) {
        const type = schema.attribute(name);
        return type === undefined ? undefined : known(type);
      },
    };
    made.set(schema, vocabulary);
  }
  return vocabulary;
}

const isSuggested = (type: AttributeType) =>
  !type.operational && !type.secret && refusal(type) === undefined;

function known(type: AttributeType): KnownAttribute {
  const refused = refusal(type);
  const secret = type.secret || type.storage === 'secret';
  const named = type.storage === 'edge';
  const base = { key: type.name.toLowerCase(), named, ...(secret && { secret }) };
  return refused === undefined ? base : { ...base, refused };
}

function refusal(type: AttributeType): string | undefined {
  if (type.secret || type.storage === 'secret')
    return 'is a secret, and no condition may ask for it';
  if (facts.has(type.name.toLowerCase())) {
    return 'is a fact of the lifecycle; ask "kind is", "state is", "held" or "under notice"';
  }
  if (type.storage === 'body' || type.storage === 'edge') return undefined;
  return 'is computed, not stored: conditions ask for stored attributes and the state alone';
}
