/**
 * Which bytes may stand in an attribute description (RFC 4512 §2.5): letters, digits, hyphens, the
 * dots of an OID, the semicolons before options; and `_`, which real schemas use. Bytes only: if a
 * name exists is for the schema to say.
 */
const allowed = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-;._';

/** 1 for a byte that may stand in a description, 0 for any other. */
export const descriptionBytes: Uint8Array = new Uint8Array(256);
for (const character of allowed) descriptionBytes[character.charCodeAt(0)] = 1;

/** True if `bytes[from..to)` could be an attribute description; false for none at all. */
export function isDescription(bytes: Uint8Array, from: number, to: number): boolean {
  if (from >= to) return false;
  for (let i = from; i < to; i++) if (descriptionBytes[bytes[i]!] === 0) return false;
  return true;
}
