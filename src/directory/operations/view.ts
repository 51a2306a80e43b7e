/**
 * What a read works with: the reader, the names and memberships of this moment, and who asks.
 * A view lives for one slice of work and is never kept over a turn of the event loop.
 */
import type { Identity } from '../model/identity.js';
import type { DirectoryReader } from '../ports.js';
import type { Memberships } from './memberships.js';
import type { Names } from './names.js';

export interface View {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly memberships: Memberships;
  readonly identity: Identity;
  /** The wall clock, ms since 1970: what is shown may depend on it. */
  readonly nowMs: () => number;
}
