/** Which entries are services and shared logins: by where they are, and by their class. */
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { normalizeRdn } from '../../schema/index.js';

export type ServiceKind = 'service' | 'shared';

const CLASS = 'tenureService';
const containers = { 'ou=services': 'service', 'ou=shared': 'shared' } as const;
/** Of each kind of place. */
const SERVICES_MAX = 10_000;

/** What it is, where it is either. */
export function serviceKindOf(
  entry: EntryRecord,
  reader: DirectoryReader,
): ServiceKind | undefined {
  const place = reader.entry(entry.parentId)?.rdn.toLowerCase() ?? '';
  const kind = containers[place as keyof typeof containers];
  if (kind !== undefined) return kind;
  return entry.kind.classes.some(({ name }) => name === CLASS) ? 'service' : undefined;
}

/** Ids of all of them, ascending. */
export function serviceIds(reader: DirectoryReader): readonly number[] {
  const ids = new Set<number>();
  const schema = reader.schema();
  for (const { id } of reader.suffixes()) {
    for (const rdn of Object.keys(containers)) {
      const container = reader.childId(id, normalizeRdn(schema, rdn)!.key);
      if (container === 0) continue;
      for (const child of reader.childIds(container, 0, SERVICES_MAX)) ids.add(child);
    }
  }
  const cls = schema.objectClass(CLASS);
  const kinds = reader.kinds().filter((kind) => cls !== undefined && kind.has(cls));
  if (kinds.length > 0) for (const id of reader.idsOfKinds(kinds, SERVICES_MAX).ids) ids.add(id);
  return [...ids].sort((a, b) => a - b);
}
