/**
 * Sessions of people who are no longer active end: in the second in which an instant passes, and
 * with the commit that closes somebody. Each gets a notice of disconnection.
 */
import { DueTick, mayGoOn, sessionOver } from '../directory/operations/index.js';
import type { DirectoryReader } from '../directory/ports.js';
import type { WireServer } from '../ldap/index.js';
import type { Clock } from '../runtime/clock.js';

export interface DueParts {
  readonly reader: DirectoryReader;
  readonly clock: Clock;
  /** Undefined until there is one. */
  readonly wire: () => Pick<WireServer, 'endSessions'> | undefined;
}

/** Starts the due tick; it has to be stopped. */
export function endingSessions({ reader, clock, wire }: DueParts): DueTick {
  const end = () => {
    const now = Math.floor(clock.nowMs() / 1000);
    wire()?.endSessions((identity) => !mayGoOn(identity, reader, now), sessionOver);
  };
  reader.watch?.(({ timelines, all }) => {
    if (timelines.length > 0 || all) end();
  });
  return new DueTick({ reader, clock, due: end });
}
