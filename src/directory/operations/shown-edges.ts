/**
 * Which references of an entry are there at a moment. The store keeps them all, with the spans in
 * which some of them hold; whoever asks here gets those of this second, with no task having run.
 * Where nothing holds for a time only, that costs one look at a count.
 */
import { holdsAt, type Span } from '../model/holder.js';
import type { DirectoryReader, Edge } from '../ports.js';
import type { AttributeType } from '../schema/index.js';

/** A reader and its time. */
export interface Moment {
  readonly reader: DirectoryReader;
  readonly nowMs: () => number;
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
  const edges = moment.reader.edgesFrom(source, attribute);
  if (edges.length === 0 || !timedEdges.any || !timedEdges.names(source)) return edges;
  return edges.filter(
    (edge) =>
      edge.target === 0 || holds(timedEdges.spansOf(source, edge.attribute, edge.target), moment),
  );
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
  const sources = moment.reader.sourcesOf(target, [attribute]);
  if (sources.length === 0 || !timedEdges.any || !timedEdges.isNamed(target)) return sources;
  return sources.filter((source) => holds(timedEdges.spansOf(source, attribute, target), moment));
}

/** Ids of groups that name the member directly now. */
export function directGroupsNow(member: number, moment: Moment): readonly number[] {
  const { timedEdges } = moment.reader;
  const groups = moment.reader.directGroups(member);
  if (groups.length === 0 || !timedEdges.isNamed(member)) return groups;
  return groups.filter((group) => holds(timedEdges.membership(group, member), moment));
}
