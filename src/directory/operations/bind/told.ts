/**
 * Tells the log why a bind was refused: the client hears 49 and no more. Nothing that was sent as a
 * password is told, and of a name nobody has only the beginning, without its line breaks.
 */
import type { BindObserver } from './types.js';

export interface RefusedBind {
  /** The entry's name as the client wrote it. */
  readonly dn: string;
  readonly known: boolean;
  readonly from: string;
  readonly reason: string;
}

const DN_SHOWN_MAX = 200;

export function tellingRefusals(tell: (refused: RefusedBind) => void): BindObserver {
  return {
    succeeded: () => undefined,
    failed({ dn, entry, origin, trackedAddress }, { reason }) {
      const shown = dn.slice(0, DN_SHOWN_MAX).replace(/\p{Cc}/gu, '?');
      const from = trackedAddress ?? origin.address;
      tell({ dn: shown, known: entry !== undefined, from, reason });
    },
  };
}
