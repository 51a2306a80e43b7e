/**
 * How many people a new policy shuts out, counted on the thread that received it, a slice at a time:
 * in the write itself everybody else would wait for it. Who may not write a policy has nothing counted.
 */
import type { Policy } from '../../../policy/core/language/index.js';
import { turn } from '../../../runtime/turns.js';
import { textOfBytes } from '../../model/bytes.js';
import { closedness, stateAt, type Timeline } from '../../model/timeline.js';
import type { DirectoryReader } from '../../ports.js';
import {
  FOLDED_AT_ONCE_MAX,
  foldingOf,
  POLICY_TEXT,
  policyOf,
  readText,
  timelineOf,
} from '../lifecycle/index.js';
import type { Names } from '../names.js';
import { actingIdentity } from '../rights/index.js';
import type { AddRequest, ModifyRequest, ShutsOut } from '../types.js';

const PEOPLE_MAX = 10_000_000;
const SLICE = 64;
const NAMES_SHOWN = 5;

export interface CountTools {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly nowMs: () => number;
}

/** A write with what it has to be counted for, where it brings another policy to many. */
export function withShutsOut<Request extends AddRequest | ModifyRequest>(
  request: Request,
  tools: CountTools,
): { readonly request: Request } | Promise<{ readonly request: Request }> {
  const policy = policyToCount(request, tools);
  if (policy === undefined) return { request };
  return countShutOut(policy, tools).then((shutsOut) => ({ request: { ...request, shutsOut } }));
}

/** The policy that a write brings to so many that they have to be counted first. */
function policyToCount(
  request: AddRequest | ModifyRequest,
  { reader, nowMs }: CountTools,
): Policy | undefined {
  if (request.approved === true || reader.entryCount() <= FOLDED_AT_ONCE_MAX) return undefined;
  const given = request.op === 'add' ? request.attributes : request.changes;
  const isText = ({ attribute }: { readonly attribute: string }) =>
    attribute.toLowerCase() === POLICY_TEXT.toLowerCase();
  const value = given.filter(isText).at(-1)?.values.at(-1);
  if (value === undefined) return undefined;
  const seconds = Math.floor(nowMs() / 1000);
  const { role } = actingIdentity(request.context.identity, reader, seconds);
  if (role !== 'administrator') return undefined;
  const { policy } = readText(textOfBytes(value), reader.schema());
  const before = policyOf(reader).policy;
  return policy && foldingOf(policy) !== foldingOf(before) ? policy : undefined;
}

async function countShutOut(
  policy: Policy,
  { reader, names, nowMs }: CountTools,
): Promise<ShutsOut> {
  const over = policyOf(reader).csn;
  const now = Math.floor(nowMs() / 1000);
  const kinds = reader.kinds().filter(({ isSubject }) => isSubject);
  const ids = kinds.length === 0 ? [] : reader.idsOfKinds(kinds, PEOPLE_MAX).ids;
  const dns: string[] = [];
  let count = 0;
  for (let from = 0; from < ids.length; from += SLICE) {
    for (const entry of reader.entries(ids.slice(from, from + SLICE))) {
      if (!isOpen(reader.timelines.of(entry.id), now)) continue;
      if (isOpen(timelineOf(entry, policy, reader), now)) continue;
      count += 1;
      if (dns.length < NAMES_SHOWN) dns.push(names.text(entry));
    }
    await turn();
  }
  return { over, count, dns };
}

export function isOpen(timeline: Timeline | undefined, now: number): boolean {
  return timeline === undefined || closedness(stateAt(timeline, now)) <= closedness('leave');
}
