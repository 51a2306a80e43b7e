/**
 * Services that somebody on leave keeps: `keep payroll` in a journey of their kind lets them go on
 * using the service account of that name, to which they are as active as before but for their keys.
 */
import { holds, kindOf } from '../../../policy/core/conditions/index.js';
import type { Policy, Step } from '../../../policy/core/language/index.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { textsOf } from '../texts-of.js';
import { isBrownedOut } from './browned-out.js';
import { personOf } from './person-of.js';
import { policyOf } from './policy-of.js';

type Keep = Extract<Step, { verb: 'keep' }>;

const keeping = new WeakMap<Policy, ReadonlyMap<string, readonly Keep[]>>();

/** What each journey keeps, by its name; empty for most policies. */
function keepsOf(policy: Policy): ReadonlyMap<string, readonly Keep[]> {
  let found = keeping.get(policy);
  if (found === undefined) {
    const isKeep = (step: Step): step is Keep => step.verb === 'keep';
    const entries = policy.journeys.map(
      ({ name, rules }) => [name, rules.flatMap(({ steps }) => steps.filter(isKeep))] as const,
    );
    found = new Map(entries.filter(([, keeps]) => keeps.length > 0));
    keeping.set(policy, found);
  }
  return found;
}

/** Whether somebody who is on leave keeps the service; on a brownout nobody keeps anything. */
export function keepsService(
  personId: number,
  serviceId: number,
  reader: DirectoryReader,
  nowSeconds: number,
): boolean {
  const { policy } = policyOf(reader);
  const keeps = keepsOf(policy);
  const [entry, service] = [reader.entry(personId), reader.entry(serviceId)];
  if (keeps.size === 0 || entry === undefined || service === undefined) return false;
  const names = namesOf(service, reader);
  const isMeant = ({ services }: Keep) =>
    services.some((name) => names.includes(name.toLowerCase()));
  // Most services are kept by nobody: then nobody has to be looked at.
  if (![...keeps.values()].some((list) => list.some(isMeant))) return false;
  if (isBrownedOut(personId, reader, nowSeconds * 1000)) return false;
  const person = personOf(entry, reader);
  const journeys = kindOf(person, policy, nowSeconds)?.journeys ?? [];
  const isHeld = ({ when }: Keep) => when === undefined || holds(when, person, policy, nowSeconds);
  return journeys.some((journey) =>
    keeps.get(journey)?.some((keep) => isMeant(keep) && isHeld(keep)),
  );
}

function namesOf(service: EntryRecord, reader: DirectoryReader): readonly string[] {
  const texts = [...textsOf(service, 'uid', reader), ...textsOf(service, 'cn', reader)];
  return texts.map((text) => text.toLowerCase());
}
