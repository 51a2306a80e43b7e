/**
 * Whom a state lets in, and on. Somebody who is not active proves nothing: what they send is not
 * even looked at, and a session that is open as them does nothing more from that second on. The one
 * exception is a staged person shortly before the first day, who may open a session with a first
 * password to choose one of their own, and do nothing else in it.
 */
import { generatedId } from '../../../credentials/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { Identity } from '../../model/identity.js';
import type { State, Timeline } from '../../model/timeline.js';
import type { DirectoryReader } from '../../ports.js';
import type { Attempt, AttemptGate, PersonGate, Refusal } from '../bind/types.js';
import { admittedState } from './folding.js';
import { keepsService } from './kept.js';

export interface AdmissionTools {
  readonly reader: DirectoryReader;
  readonly nowMs: () => number;
  /** The service through which somebody binds, or 0. */
  readonly serviceOf?: (attempt: Attempt) => number;
}

/** The service through which somebody on leave comes and which they keep, or 0. */
function keptBy(
  attempt: Attempt,
  state: State,
  { reader, serviceOf }: AdmissionTools,
  now: number,
): number {
  if (state !== 'leave' || attempt.entry === undefined) return 0;
  const service = serviceOf?.(attempt) ?? 0;
  return service !== 0 && keepsService(attempt.entry.id, service, reader, now) ? service : 0;
}

/** How long before the first day somebody may set themselves up. */
const SET_UP_LEAD_SECONDS = 14 * 86_400;

const shut = (reason: string): Refusal => ({
  refused: true,
  reason,
  policyError: 'accountLocked',
});

const refusals: Readonly<Record<Exclude<State, 'active'>, Refusal>> = {
  leave: shut('on leave'),
  staged: shut('not here yet'),
  suspended: shut('suspended'),
  sealed: shut('has left'),
  destroyed: shut('has left'),
  archived: shut('has left, archived'),
  purged: shut('purged'),
};

const secondsOf = (ms: number) => Math.floor(ms / 1000);

/** Refuses whoever is not active before any proof is looked at, and again behind a slow one. */
export function stateGate(tools: AdmissionTools): AttemptGate {
  const { reader, nowMs } = tools;
  return (attempt) => {
    const { entry, password } = attempt;
    if (entry === undefined || !reader.timelines.any) return undefined;
    const now = secondsOf(nowMs());
    const state = admittedState(entry.id, reader, now);
    if (state === 'active' || keptBy(attempt, state, tools, now) !== 0) return undefined;
    if (state === 'staged' && generatedId('first', password) !== undefined) {
      if (startsSoon(reader.timelines.of(entry.id), now)) return undefined;
    }
    return refusals[state];
  };
}

/** Of staged people only a first password opens, whatever else fitted. */
export function setUpGate(tools: AdmissionTools): PersonGate {
  const { reader, nowMs } = tools;
  return (attempt, { mustChange }) => {
    if (mustChange === true || !reader.timelines.any) return undefined;
    const now = secondsOf(nowMs());
    const state = admittedState(attempt.entry.id, reader, now);
    if (state === 'active') return undefined;
    const service = keptBy(attempt, state, tools, now);
    return service === 0 ? refusals[state] : { keptBy: service };
  };
}

/** Whether the first day is near enough. */
function startsSoon(timeline: Timeline | undefined, now: number): boolean {
  if (timeline === undefined) return false;
  return timeline.at.some(
    (at, i) => at > now && at - now <= SET_UP_LEAD_SECONDS && timeline.then[i] === 'active',
  );
}

/** Whether a session that was opened as somebody may go on. */
export function mayGoOn(
  { role, entryId, only, keptBy: service }: Identity,
  reader: DirectoryReader,
  nowSeconds: number,
): boolean {
  if (role !== 'user' || !reader.timelines.any) return true;
  const state = admittedState(entryId, reader, nowSeconds);
  if (state === 'active' || (state === 'staged' && only !== undefined)) return true;
  if (state !== 'leave' || service === undefined) return false;
  return keepsService(entryId, service, reader, nowSeconds);
}

/** @throws LdapError insufficientAccessRights where a session may not go on */
export function assertMayGoOn(identity: Identity, reader: DirectoryReader, nowMs: number): void {
  if (mayGoOn(identity, reader, secondsOf(nowMs))) return;
  throw new LdapError('insufficientAccessRights', sessionOver);
}

/** Last words to a session whose person is no longer active. */
export const sessionOver = 'the account that this session is bound as is not active';
