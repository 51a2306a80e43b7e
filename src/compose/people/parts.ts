/** What the verbs about people stand on, and one person as they see them. */

import type { FactorsEngine } from '../../admin/factors.js';
import { AdminError } from '../../admin/index.js';
import { bodyFind, bodyValuesAt } from '../../directory/model/body.js';
import type { Identity, Origin } from '../../directory/model/identity.js';
import { moreClosed, type State, stateAt, type Timeline } from '../../directory/model/timeline.js';
import {
  findEntry,
  type ModifyChange,
  type Names,
  type PreparedWrite,
  type WriteControls,
  type WriteOutcome,
} from '../../directory/operations/index.js';
import {
  factsOf,
  foldRulesOf,
  policyOf,
  stateOf,
} from '../../directory/operations/lifecycle/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import { type Facts, type FoldRules, fold, momentOf } from '../../policy/core/index.js';
import type { Config } from '../../runtime/config.js';
import { errorFromShape, LdapError } from '../../runtime/errors.js';

export interface PeopleParts {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly nowMs: () => number;
  readonly write: (request: PreparedWrite) => Promise<WriteOutcome>;
  readonly factors: FactorsEngine;
  readonly administrator: () => Identity;
  readonly origin: Origin;
  /** How long the access map goes back, where it is not the usual time. */
  readonly accessMap?: Pick<Config['accessMap'], 'days'>;
}

export interface Person {
  readonly entry: EntryRecord;
  readonly dn: string;
  readonly login: string;
  readonly facts: Facts;
  readonly rules: FoldRules;
  /** Second at which this was read. */
  readonly now: number;
  readonly state: State;
}

export function valuesOf(
  entry: EntryRecord,
  key: string,
  reader: DirectoryReader,
): readonly Buffer[] {
  const slot = bodyFind(entry.body, reader.attributeNumber(key));
  return slot < 0 ? [] : bodyValuesAt(entry.body, slot);
}

export function textsOf(entry: EntryRecord, key: string, reader: DirectoryReader): string[] {
  return valuesOf(entry, key, reader).map((value) => value.toString('utf8'));
}

/** How many certificates the entry holds, however their transfer was spelt. */
export function certificatesOf(entry: EntryRecord, reader: DirectoryReader): number {
  const plain = valuesOf(entry, 'usercertificate', reader).length;
  return plain + valuesOf(entry, 'usercertificate;binary', reader).length;
}

export function loginOf(entry: EntryRecord, reader: DirectoryReader): string {
  const [uid] = textsOf(entry, 'uid', reader);
  return uid ?? textsOf(entry, 'cn', reader)[0] ?? entry.rdn;
}

/** Ids that the entry names in a DN-valued attribute. */
export function namedBy(entry: EntryRecord, attribute: string, reader: DirectoryReader): number[] {
  const type = reader.schema().attribute(attribute);
  if (type === undefined || !entry.hasEdges) return [];
  return reader.edgesFrom(entry.id, type).flatMap(({ target }) => (target === 0 ? [] : [target]));
}

/** Ids of entries that name `target` in a DN-valued attribute. */
export function naming(
  target: number,
  attribute: string,
  reader: DirectoryReader,
): readonly number[] {
  const type = reader.schema().attribute(attribute);
  return type === undefined ? [] : reader.sourcesOf(target, [type]);
}

/**
 * Somebody by login, mail, common name or DN; not a group, container or machine.
 * @throws LdapError
 */
export function findPerson(name: string, parts: PeopleParts): Person {
  const { reader, names } = parts;
  const entry = findEntry(name, reader, names);
  const isSomebody = entry.kind.classes.some((cls) => somebody.has(cls.name));
  if (isSomebody) return personOf(entry, parts);
  const text = `${names.text(entry)} is nobody who could join or leave: neither a person nor an account`;
  throw new LdapError('unwillingToPerform', text);
}

const somebody: ReadonlySet<string> = new Set([
  'person',
  'account',
  'posixAccount',
  'tenureDevice',
]);

export function personOf(entry: EntryRecord, parts: PeopleParts): Person {
  const { reader, names } = parts;
  const now = Math.floor(parts.nowMs() / 1000);
  const texts = (key: string) => textsOf(entry, key, reader);
  const facts = factsOf(texts);
  const dn = names.text(entry);
  if ('fault' in facts) {
    const text = `${dn}: ${facts.attribute}: a value ${facts.fault}`;
    throw new LdapError('constraintViolation', text);
  }
  const principal = namedBy(entry, 'lifecyclePrincipal', reader)[0] ?? 0;
  const rules = foldRulesOf(entry, texts, principal, policyOf(reader).policy, reader);
  const state = stateOf(entry.id, reader, now);
  return { entry, dn, login: loginOf(entry, reader), facts, rules, now, state };
}

/** How the state would go if those were the facts. */
export function timelineOf({ rules }: Person, facts: Facts): Timeline | undefined {
  return fold(facts, rules);
}

/** The state that facts give at a moment, bounded by the principal's. */
export function stateWith(
  person: Person,
  facts: Facts,
  reader: DirectoryReader,
  at: number,
): State {
  const timeline = timelineOf(person, facts);
  const own = timeline === undefined ? 'active' : stateAt(timeline, at);
  const { principal } = person.rules;
  return principal === 0 ? own : moreClosed(own, stateOf(principal, reader, at));
}

/** A moment in words, in the person's zone. @throws AdminError usage */
export function readMoment(flag: string, words: string, now: number, zone: string): string {
  const time = momentOf(words, now, zone);
  if (typeof time === 'string') return time;
  throw new AdminError('usage', `${flag}: "${words}" ${time.fault}`);
}

/** Why a write was made, for the log. */
export function reasonOf(verb: string, by: string, because: string): string {
  return `tenure ${verb} by ${by}${because === '' ? '' : `: ${because}`}`;
}

/** @throws LdapError with the writer's own refusal */
export async function modify(
  parts: PeopleParts,
  dn: string,
  changes: readonly ModifyChange[],
  reason: string,
  controls?: WriteControls,
): Promise<void> {
  const context = { identity: parts.administrator(), origin: parts.origin };
  const request = { op: 'modify', context, reason, dn, changes } as const;
  await written(parts, controls === undefined ? request : { ...request, controls });
}

export async function written(parts: PeopleParts, request: PreparedWrite): Promise<void> {
  const outcome = await parts.write(request);
  if (!outcome.ok) throw errorFromShape(outcome.error);
}
