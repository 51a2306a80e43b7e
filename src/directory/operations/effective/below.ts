/**
 * Whether a rule could be over an entry that does not exist yet, below one that does: its place is
 * known, everything else about it may still become so.
 */
import type { Condition } from '../../../policy/core/language/index.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { basesOf, isBelow } from '../lifecycle/index.js';

type Answer = 'yes' | 'no' | 'maybe';

const opposite = { yes: 'no', no: 'yes', maybe: 'maybe' } as const;

export function couldHoldBelow(
  condition: Condition,
  parent: EntryRecord,
  reader: DirectoryReader,
): boolean {
  return answer(condition, parent, reader) !== 'no';
}

function answer(condition: Condition, parent: EntryRecord, reader: DirectoryReader): Answer {
  switch (condition.is) {
    case 'everyone':
      return 'yes';
    case 'below': {
      const { base } = condition;
      const is = basesOf(base, reader).includes(parent.id) || isBelow(parent, base, reader);
      return is ? 'yes' : 'no';
    }
    case 'not':
      return opposite[answer(condition.of, parent, reader)];
    case 'and':
    case 'or': {
      const all = condition.of.map((part) => answer(part, parent, reader));
      const decides = condition.is === 'and' ? 'no' : 'yes';
      if (all.includes(decides)) return decides;
      return all.includes('maybe') ? 'maybe' : opposite[decides];
    }
    default:
      return 'maybe';
  }
}
