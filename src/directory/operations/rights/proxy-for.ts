/** Whom an account may ask as: the people, and the groups of people, that it names. */
import type { DirectoryReader } from '../../ports.js';

const PROXY_FOR = 'tenureProxyFor';

/** Ids of what the account names; empty for nearly everybody. */
export function proxiedBy(id: number, reader: DirectoryReader): readonly number[] {
  const type = reader.schema().attribute(PROXY_FOR);
  const entry = reader.entry(id);
  if (type === undefined || entry === undefined || !entry.hasEdges) return [];
  return reader.edgesFrom(id, type).flatMap(({ target }) => (target === 0 ? [] : [target]));
}
