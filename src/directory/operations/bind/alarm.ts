/**
 * Kinds of accounts whose every use alarms somebody (`every use: alarm security`): the alarm is on disk
 * before the bind is answered. Where it cannot be written the account opens all the same: it is for
 * the day on which everything else has failed; the log has it then.
 */
import { kindOf } from '../../../policy/core/conditions/index.js';
import type { Kind, Policy } from '../../../policy/core/language/index.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { personOf, policyOf } from '../lifecycle/index.js';
import type { Attempt, PersonGate, Proof } from './types.js';

/** A use that somebody is told of. */
export interface AlarmingUse {
  readonly entry: EntryRecord;
  readonly kind: Kind;
  readonly by: Proof['by'];
  /** Peer address, or that of the client behind a service. */
  readonly from: string;
  /** The service account through which they came, 0 where there is none. */
  readonly service: number;
  readonly atMs: number;
}

export interface AlarmTools {
  readonly reader: DirectoryReader;
  readonly nowMs: () => number;
  readonly serviceOf: (attempt: Attempt) => number;
  readonly onUse: (use: AlarmingUse) => Promise<void>;
  readonly onDefect: (error: unknown) => void;
}

const alarming = new WeakMap<Policy, boolean>();

function alarmsAny(policy: Policy): boolean {
  let any = alarming.get(policy);
  if (any === undefined) {
    any = policy.kinds.some(({ everyUse }) => everyUse.length > 0);
    alarming.set(policy, any);
  }
  return any;
}

/** Stands last: nobody is told of a bind that was refused. */
export function alarmGate({ reader, nowMs, serviceOf, onUse, onDefect }: AlarmTools): PersonGate {
  return (attempt, { by }) => {
    const { policy } = policyOf(reader);
    if (!alarmsAny(policy)) return undefined;
    const { entry, trackedAddress, origin } = attempt;
    const atMs = nowMs();
    const kind = kindOf(personOf(entry, reader), policy, Math.floor(atMs / 1000));
    if (kind === undefined || kind.everyUse.length === 0) return undefined;
    const from = trackedAddress ?? origin.address;
    const use = { entry, kind, by, from, service: serviceOf(attempt), atMs };
    return {
      async use() {
        await onUse(use).catch(onDefect);
        return true;
      },
    };
  };
}
