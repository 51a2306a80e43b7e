/** In which way a file moves people is counted, and looked at when all of it is done (lifecycle/moves.ts). */
import { isAccount, noteMoves, personOf, textsIn } from '../operations/lifecycle/index.js';
import type { WriteHook } from './types.js';

export const moves: WriteHook = {
  name: 'moves',
  afterChange({ entry, kind, before, after }, tx) {
    if (tx.tally === undefined || !isAccount(kind)) return;
    const seen = {
      before: personOf(entry, tx.writer, textsIn(before)),
      after: personOf(entry, tx.writer, textsIn(after)),
    };
    noteMoves(tx.tally.moves, entry.id, seen, tx.writer, tx.nowSeconds);
  },
};
