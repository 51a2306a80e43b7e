/**
 * States that are said in an add or a modify: who says them, of whom, and when. What they mean as
 * facts is lifecycle/said.ts; that an entry with facts is a subject of the lifecycle is seen to here.
 */
import type { EntryRecord } from '../../ports.js';
import { type AttributeType, normalizeDn } from '../../schema/index.js';
import {
  assertAllSaid,
  assertFactsKept,
  derive,
  type Folded,
  factNames,
  isSaid,
  newEntriesAre,
  policyOf,
  rulesOf,
  type SaidName,
  type Saying,
  say,
  textsIn,
} from '../lifecycle/index.js';
import { type Attributes, describe } from './attributes.js';
import type { Transaction } from './transaction.js';

/** The class of entries that facts are known of. */
export const SUBJECT = 'lifecycleSubject';

/** Somebody of whom states are said in this write. */
export function sayingOf(
  attributes: Attributes,
  dn: string,
  entry: Folded,
  tx: Transaction,
): Saying {
  const { writer, identity, nowSeconds } = tx;
  return {
    attributes,
    dn,
    by: identity.dn,
    nowSeconds,
    describe: (name) => describe(writer, name),
    sameName: (a, b) => nameKey(a, tx) === nameKey(b, tx),
    rulesOf: rulesOf(entry, writer),
    taken: new Set(),
  };
}

function nameKey(text: string, { writer }: Transaction): string {
  return normalizeDn(writer.schema(), text)?.key ?? text.toLowerCase();
}

/** What an add says: dates first, whatever the order, because states rest on them. */
export function sayAll(
  saying: Saying,
  said: readonly { readonly type: AttributeType; readonly values: readonly Buffer[] }[],
): void {
  const name = ({ name }: AttributeType) => name as SaidName;
  const dates = said.filter(({ type }) => type.name !== 'lifecycleState');
  const states = said.filter(({ type }) => type.name === 'lifecycleState');
  for (const { type, values } of [...dates, ...states]) say(saying, name(type), 'replace', values);
  assertAllSaid(saying);
}

/** Whether writing the attribute makes an entry a subject of the lifecycle. */
export function makesSubject(type: AttributeType): boolean {
  return factNames.has(type.name) || isSaid(type);
}

/** An entry before and after a modify, its edges written already. */
interface Modified {
  readonly entry: EntryRecord;
  readonly before: Attributes;
  readonly after: Attributes;
  /** Undefined: as they were. */
  readonly classes: readonly string[] | undefined;
}

/** @throws LdapError where facts were taken away that closed something, or others' blocks */
export function assertNothingOpened(
  { entry, before, after, classes }: Modified,
  tx: Transaction,
): void {
  const { writer, identity, nowSeconds } = tx;
  const kind = classes === undefined ? entry.kind : writer.schema().kind(classes);
  const { id, parentId, createdBy } = entry;
  assertFactsKept({
    dn: tx.names.text(entry),
    before,
    after,
    timelineBefore: writer.timelines.of(id),
    timelineAfter: derive(
      { id, kind, parentId, createdBy, texts: textsIn(after) },
      policyOf(writer).policy,
      writer,
    ),
    identity,
    nowSeconds,
    sameName: (a, b) => nameKey(a, tx) === nameKey(b, tx),
  });
}

/** What a new entry without facts is, by its place and its author. */
export function startsStaged(entry: Folded, { writer }: Transaction): boolean {
  const { policy } = policyOf(writer);
  if (policy.company.newEntries.length === 0) return false;
  return newEntriesAre(entry, policy, writer) === 'staged';
}

/** The classes with that of subjects. */
export function withSubject(classes: readonly string[]): readonly string[] {
  const has = classes.some((name) => name.toLowerCase() === SUBJECT.toLowerCase());
  return has ? classes : [...classes, SUBJECT];
}
