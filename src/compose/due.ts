/**
 * What happens in the second in which an instant passes: sessions of people who are no longer active
 * end, with a notice of disconnection, and the instant is written down. Sessions end with the commit
 * that closes somebody, too.
 */
import { DueTick, mayGoOn, sessionOver } from '../directory/operations/index.js';
import type { DirectoryReader } from '../directory/ports.js';
import type { WireServer } from '../ldap/index.js';
import type { Clock } from '../runtime/clock.js';
import type { Stamping } from './stamping.js';

export interface DueParts {
  readonly reader: DirectoryReader;
  readonly clock: Clock;
  /** Undefined until there is one. */
  readonly wire: () => Pick<WireServer, 'endSessions'> | undefined;
  readonly stamping: Pick<Stamping, 'due'>;
}

/** Starts the due tick; it has to be stopped. */
export function startDue({ reader, clock, wire, stamping }: DueParts): DueTick {
  const end = () => {
    const now = Math.floor(clock.nowMs() / 1000);
    wire()?.endSessions((identity) => !mayGoOn(identity, reader, now), sessionOver);
  };
  reader.watch?.(({ timelines, all }) => {
    if (timelines.length > 0 || all) end();
  });
  const due = () => {
    end();
    stamping.due();
  };
  return new DueTick({ reader, clock, due });
}
