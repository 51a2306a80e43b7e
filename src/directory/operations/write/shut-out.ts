/**
 * How many people a new policy shuts out, or the end of one, or another place in the tree, counted on
 * the thread that received it, a slice at a time: in the write itself everybody else would wait for
 * it. Who may not write a policy has nothing counted.
 */
import type { Policy } from '../../../policy/core/language/index.js';
import { turn } from '../../../runtime/turns.js';
import { textOfBytes } from '../../model/bytes.js';
import { closedness, stateAt, type Timeline } from '../../model/timeline.js';
import type { DirectoryReader, EntryRecord } from '../../ports.js';
import { normalizeRdn } from '../../schema/index.js';
import {
  builtInPolicy,
  FOLDED_AT_ONCE_MAX,
  foldingOf,
  foldsByPlace,
  POLICY_TEXT,
  peopleBelow,
  peopleIds,
  policyOf,
  readText,
  timelineOf,
} from '../lifecycle/index.js';
import type { Names } from '../names.js';
import { actingIdentity } from '../rights/index.js';
import type {
  AddRequest,
  DeleteRequest,
  ModifyRequest,
  RenameRequest,
  ShutsOut,
} from '../types.js';

const SLICE = 64;
const NAMES_SHOWN = 5;

export interface CountTools {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly nowMs: () => number;
}

type Counted = AddRequest | ModifyRequest | DeleteRequest | RenameRequest;

/** What has to be counted: by which policy, of whom, in which tree. */
interface Question {
  readonly policy: Policy;
  readonly reader: DirectoryReader;
  readonly ids: () => readonly number[];
}

/** A write with what it has to be counted for, where it means another state for many. */
export function withShutsOut<Request extends Counted>(
  request: Request,
  tools: CountTools,
): { readonly request: Request } | Promise<{ readonly request: Request }> {
  const question = questionOf(request, tools);
  if (question === undefined) return { request };
  return countShutOut(question, tools).then((shutsOut) => ({ request: { ...request, shutsOut } }));
}

function questionOf(request: Counted, tools: CountTools): Question | undefined {
  const { reader, nowMs } = tools;
  if (request.approved === true || reader.entryCount() <= FOLDED_AT_ONCE_MAX) return undefined;
  const question =
    request.op === 'rename' ? moveToCount(request, tools) : policyToCount(request, tools);
  if (question === undefined) return undefined;
  const seconds = Math.floor(nowMs() / 1000);
  const { role } = actingIdentity(request.context.identity, reader, seconds);
  return role === 'administrator' ? question : undefined;
}

/** The policy that a write brings, or that holds when it takes one away. */
function policyToCount(
  request: Exclude<Counted, RenameRequest>,
  { reader, names }: CountTools,
): Question | undefined {
  const before = policyOf(reader);
  let policy: Policy | undefined;
  if (request.op === 'delete') {
    const goes = before.entryId !== 0 && idNamed(request.dn, names) === before.entryId;
    policy = goes ? builtInPolicy(reader) : undefined;
  } else {
    const given = request.op === 'add' ? request.attributes : request.changes;
    const isText = ({ attribute }: { readonly attribute: string }) =>
      attribute.toLowerCase() === POLICY_TEXT.toLowerCase();
    const value = given.filter(isText).at(-1)?.values.at(-1);
    if (value !== undefined) policy = readText(textOfBytes(value), reader.schema()).policy;
  }
  if (policy === undefined || foldingOf(policy) === foldingOf(before.policy)) return undefined;
  return { policy, reader, ids: () => peopleIds(reader) };
}

/** Those below what moves, where the policy says something of places. */
function moveToCount(
  { dn, newRdn, newSuperior }: RenameRequest,
  { reader, names }: CountTools,
): Question | undefined {
  const { policy } = policyOf(reader);
  if (!foldsByPlace(policy)) return undefined;
  const entry = reader.entry(idNamed(dn, names));
  const parentId = newSuperior === undefined ? (entry?.parentId ?? 0) : idNamed(newSuperior, names);
  const key = normalizeRdn(reader.schema(), newRdn)?.key;
  if (entry === undefined || parentId === 0 || key === undefined) return undefined;
  if (peopleBelow(entry.id, reader, FOLDED_AT_ONCE_MAX) !== undefined) return undefined;
  const ids = () => peopleBelow(entry.id, reader) ?? [];
  return { policy, reader: asMoved(reader, entry, parentId, key), ids };
}

/** 0 for what is no name, or nobody's: the write itself says so. */
function idNamed(dn: string, names: Names): number {
  try {
    return names.idOf(dn);
  } catch {
    return 0;
  }
}

/** The tree as it would be with one entry in another place. */
function asMoved(
  reader: DirectoryReader,
  entry: EntryRecord,
  parentId: number,
  rdnKey: string,
): DirectoryReader {
  const moved: EntryRecord = { ...entry, parentId };
  const answers: Partial<DirectoryReader> = {
    entry: (id) => (id === entry.id ? moved : reader.entry(id)),
    childId: (parent, key) => {
      if (parent === parentId && key === rdnKey) return entry.id;
      const id = reader.childId(parent, key);
      return id === entry.id ? 0 : id;
    },
  };
  return new Proxy(reader, {
    get(target, name) {
      // What is kept by reader is kept of the tree as it is.
      if (name === 'watch') return undefined;
      if (Object.hasOwn(answers, name)) return answers[name as keyof DirectoryReader];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function countShutOut(
  { policy, reader: after, ids: listed }: Question,
  { reader, names, nowMs }: CountTools,
): Promise<ShutsOut> {
  const over = policyOf(reader).csn;
  const now = Math.floor(nowMs() / 1000);
  const ids = listed();
  const dns: string[] = [];
  let count = 0;
  for (let from = 0; from < ids.length; from += SLICE) {
    for (const entry of reader.entries(ids.slice(from, from + SLICE))) {
      if (!isOpen(reader.timelines.of(entry.id), now)) continue;
      if (isOpen(timelineOf(entry, policy, after), now)) continue;
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
