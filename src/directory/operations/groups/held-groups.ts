/** The groups that somebody is in otherwise than by a rule: put there by hand, or granted. */
import type { DirectoryReader } from '../../ports.js';
import { textsOf } from '../texts-of.js';

export interface HeldGroup {
  /** cn of the group. */
  readonly group: string;
  /** Seconds since 1970; Infinity where it does not end. */
  readonly until: number;
}

/** Now or later; one for each holder. */
export function heldGroups(member: number, reader: DirectoryReader): readonly HeldGroup[] {
  return reader.heldEdgesTo(member).flatMap(({ source, attribute, holder }) => {
    const group = holder.kind === 'rule' ? undefined : reader.entry(source);
    if (group === undefined || group.kind.membership !== attribute) return [];
    const ends = holder.spans.map(({ until }) => until);
    const name = textsOf(group, 'cn', reader)[0] ?? '';
    return [{ group: name, until: ends.length === 0 ? Infinity : Math.max(...ends) }];
  });
}
