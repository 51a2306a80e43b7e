/**
 * What a read works with: the reader, the names and memberships of this moment, and who asks.
 * A view lives for one slice of work and is never kept over a turn of the event loop.
 */
import type { ReadAccess } from '../access/index.js';
import type { Identity } from '../model/identity.js';
import type { DirectoryReader } from '../ports.js';
import { type Withholding, withholdingOf } from './lifecycle/index.js';
import { Memberships } from './memberships.js';
import type { Names } from './names.js';

export interface View {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly memberships: Memberships;
  readonly identity: Identity;
  /** The wall clock, ms since 1970: what is shown may depend on it. */
  readonly nowMs: () => number;
  /** What rules let whoever asks read; absent: everything that anybody may. */
  readonly access?: ReadAccess | undefined;
  /** What assertions about values are for. */
  readonly asks?: 'search' | 'compare' | undefined;
  /** What the states of people keep from whoever asks; absent: nothing. */
  readonly withheld?: Withholding | undefined;
  /** Hears of groups whose members are left out because they are shut. */
  readonly missed?: ((group: number) => void) | undefined;
}

/** What somebody is shown now. */
export function viewFor(
  identity: Identity,
  { reader, names, nowMs }: Pick<View, 'reader' | 'names' | 'nowMs'>,
  access?: ReadAccess,
  missed?: View['missed'],
): View {
  access?.forget();
  const withheld = withholdingOf(reader, identity, nowMs);
  const memberships = new Memberships(reader, nowMs, withheld, missed);
  return { reader, names, memberships, identity, nowMs, withheld, access, missed, asks: undefined };
}

/** The same view, asking about values in order to compare them. Of one shape, for it is in every path. */
export function comparing(view: View): View {
  const { reader, names, memberships, identity, nowMs, withheld, access, missed } = view;
  return { reader, names, memberships, identity, nowMs, withheld, access, missed, asks: 'compare' };
}
