/**
 * Attribute descriptions (RFC 4512 §2.5): a type with options. Known options are language tags
 * (RFC 3866), private `x-` tags, and `binary` (RFC 4522), which is no tag but the transfer encoding
 * of certificates: for those it is always on, and for anything else it is refused.
 */
import type { AttributeDescription, AttributeType } from './types.js';

const REMEMBERED_MAX = 4_096;
const DESCRIPTION_CHARS_MAX = 512;
const OPTION = /^(?:lang-[a-z0-9-]*|x-[a-z0-9-]+)$/;

function plain(type: AttributeType): AttributeDescription {
  return {
    type,
    options: [],
    text: type.syntax.binaryTransfer ? `${type.name};binary` : type.name,
    key: type.name.toLowerCase(),
  };
}

function withOptions(
  base: AttributeDescription,
  parts: readonly string[],
): AttributeDescription | undefined {
  const { type } = base;
  const options = new Set<string>();
  for (const part of parts) {
    const option = part.toLowerCase();
    if (option === 'binary') {
      if (!type.syntax.binaryTransfer) return undefined;
    } else if (OPTION.test(option)) options.add(option);
    else return undefined;
  }
  if (options.size === 0) return base;
  const sorted = [...options].sort();
  const tail = sorted.join(';');
  return { type, options: sorted, text: `${base.text};${tail}`, key: `${base.key};${tail}` };
}

/** Returns the function behind `Schema.describe`. */
export function makeDescribe(
  attributes: readonly AttributeType[],
  attribute: (name: string) => AttributeType | undefined,
): (description: string) => AttributeDescription | undefined {
  const plains = attributes.map(plain);
  const fixed = new Map<string, AttributeDescription>();
  for (const description of plains) {
    fixed.set(description.text, description);
    fixed.set(description.key, description);
  }
  const resolve = (text: string): AttributeDescription | undefined => {
    const parts = text.split(';');
    const type = attribute(parts[0]!);
    if (type === undefined) return undefined;
    const base = plains[type.id]!;
    return parts.length === 1 ? base : withOptions(base, parts.slice(1));
  };
  // Names that came from outside are forgotten together when there are too many.
  let others = new Map<string, AttributeDescription | undefined>();
  return (text) => {
    const known = fixed.get(text);
    if (known !== undefined) return known;
    const other = others.get(text);
    if (other !== undefined || others.has(text)) return other;
    if (text.length > DESCRIPTION_CHARS_MAX) return undefined;
    const resolved = resolve(text);
    if (others.size >= REMEMBERED_MAX) others = new Map();
    others.set(text, resolved);
    return resolved;
  };
}
