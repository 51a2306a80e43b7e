/** First and all values of body attributes as text, by name. */
import { bodyFind, bodyValuesAt } from '../model/body.js';
import type { DirectoryReader, EntryRecord } from '../ports.js';

const none: readonly string[] = [];

/** All values of an attribute in the entry's body. */
export function textsOf(
  entry: EntryRecord,
  attribute: string,
  reader: DirectoryReader,
): readonly string[] {
  const number = reader.attributeNumber(attribute.toLowerCase());
  const slot = number === 0 ? -1 : bodyFind(entry.body, number);
  if (slot < 0) return none;
  return bodyValuesAt(entry.body, slot).map((value) => value.toString('utf8'));
}
