/**
 * Which references of an entry are there at a moment. The store keeps them all, with the spans in
 * which some of them hold; whoever asks here gets those of this second, with no task having run.
 * Where nothing holds for a time only, that costs one look at a count.
 */
import { holdsAt, type Span } from '../model/holder.js';
import type { DirectoryReader, Edge } from '../ports.js';
import type { AttributeType } from '../schema/index.js';
import { isShut, mayBeShut } from './brownouts.js';

/** A reader and its time. */
export interface Moment {
  readonly reader: DirectoryReader;
  readonly nowMs: () => number;
  /** Hears of groups whose members are left out because they are shut. */
  readonly missed?: ((group: number) => void) | undefined;
}

/** member, uniqueMember, memberUid: what makes the target a member of the source. */
export const membershipOids: ReadonlySet<string> = new Set([
  '2.5.4.31',
  '2.5.4.50',
  '1.3.6.1.1.1.1.12',
]);

/** Whether the group has no members in this second. */
function shut(group: number, { reader, nowMs, missed }: Moment): boolean {
  if (!isShut(group, reader, Math.floor(nowMs() / 1000))) return false;
  missed?.(group);
  return true;
}

/** The groups that are open now; the list itself where no group is ever shut. */
function open(groups: readonly number[], moment: Moment): readonly number[] {
  if (groups.length === 0 || !mayBeShut(moment.reader)) return groups;
  return groups.filter((group) => !shut(group, moment));
}

/** Whether something holds that has these spans, where it has any. */
function holds(spans: readonly Span[] | undefined, { nowMs }: Moment): boolean {
  return spans === undefined || holdsAt(spans, Math.floor(nowMs() / 1000));
}

/** The values of the entry (of one attribute, or of all where undefined) that are there now. */
export function shownEdges(
  source: number,
  attribute: AttributeType | undefined,
  moment: Moment,
): readonly Edge[] {
  const { timedEdges } = moment.reader;
  const edges = openEdges(source, attribute, moment);
  if (edges.length === 0 || !timedEdges.any || !timedEdges.names(source)) return edges;
  return edges.filter(
    (edge) =>
      edge.target === 0 || holds(timedEdges.spansOf(source, edge.attribute, edge.target), moment),
  );
}

/** Without the members of a group that is shut. */
function openEdges(
  source: number,
  attribute: AttributeType | undefined,
  moment: Moment,
): readonly Edge[] {
  const edges = moment.reader.edgesFrom(source, attribute);
  if (edges.length === 0 || !mayBeShut(moment.reader)) return edges;
  const others = edges.filter((edge) => !membershipOids.has(edge.attribute.oid));
  return others.length === edges.length || !shut(source, moment) ? edges : others;
}

/** Whether the entry names the target in that attribute now. */
export function namesNow(
  source: number,
  attribute: AttributeType,
  target: number,
  moment: Moment,
): boolean {
  const { reader } = moment;
  if (!reader.hasEdge(source, attribute, target, '')) return false;
  if (membershipOids.has(attribute.oid) && shut(source, moment)) return false;
  return (
    !reader.timedEdges.any || holds(reader.timedEdges.spansOf(source, attribute, target), moment)
  );
}

/** Ids of entries that name the target in the attribute now, ascending. */
export function sourcesNow(
  target: number,
  attribute: AttributeType,
  moment: Moment,
): readonly number[] {
  const { timedEdges } = moment.reader;
  const all = moment.reader.sourcesOf(target, [attribute]);
  const sources = membershipOids.has(attribute.oid) ? open(all, moment) : all;
  if (sources.length === 0 || !timedEdges.any || !timedEdges.isNamed(target)) return sources;
  return sources.filter((source) => holds(timedEdges.spansOf(source, attribute, target), moment));
}

/** Ids of groups that name the member directly now. */
export function directGroupsNow(member: number, moment: Moment): readonly number[] {
  const { timedEdges } = moment.reader;
  const groups = open(moment.reader.directGroups(member), moment);
  if (groups.length === 0 || !timedEdges.isNamed(member)) return groups;
  return groups.filter((group) => holds(timedEdges.membership(group, member), moment));
}

/** Ids of groups that name, by this text, a member from outside the tree now. */
export function groupsNamingNow(
  key: string,
  attributes: readonly AttributeType[],
  moment: Moment,
): readonly number[] {
  return open(moment.reader.sourcesOfText(key, attributes), moment);
}
