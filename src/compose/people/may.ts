/**
 * Whether somebody may do something to an entry, and by which rule or role of the policy: asked of the
 * same functions as reads and writes ask. Changes nothing.
 */
import {
  type AttributeVerb,
  attributeVerbs,
  type MayAnswer,
  type MayAsked,
  type MayBy,
  type MayWhy,
} from '../../admin/index.js';
import { isInSet } from '../../directory/access/index.js';
import { anonymous, type Identity, type Origin } from '../../directory/model/identity.js';
import { networkText } from '../../directory/model/network.js';
import {
  type Decided,
  mayAddBelow,
  mayDelete,
  mayDiscover,
  mayRead,
  mayRename,
  mayUse,
  mayWrite,
  type Subject,
  subjectOf,
} from '../../directory/operations/effective/index.js';
import { findEntry, type Names } from '../../directory/operations/index.js';
import { policyOf } from '../../directory/operations/lifecycle/index.js';
import { type By, byText } from '../../directory/operations/rights/index.js';
import type { DirectoryReader, EntryRecord } from '../../directory/ports.js';
import type { AttributeType } from '../../directory/schema/index.js';
import { attributeSets, joined, type Policy } from '../../policy/core/language/index.js';
import { sayAccess } from '../../policy/language/index.js';
import { LdapError } from '../../runtime/errors.js';
import { suggest } from '../../runtime/suggest.js';
import { loginOf } from './parts.js';

export interface MayParts {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly nowMs: () => number;
}

/** @throws LdapError noSuchObject, undefinedAttributeType, unwillingToPerform with a sentence */
export function whyMay(asked: MayAsked, parts: MayParts): MayWhy {
  const { reader, names } = parts;
  const entry = placeOf(asked.on, parts);
  const { identity, login } = whoOf(asked.name, parts);
  const { policy } = policyOf(reader);
  const isOfAttributes = isAttributeVerb(asked.verb);
  const types = isOfAttributes ? typesOf(asked.attributes, entry, policy, reader) : [];
  const over = (origin: Origin, factor = false): readonly MayAnswer[] => {
    const subject = subjectOf({ ...identity, ...(factor && { factor }) }, origin, parts);
    if (!isOfAttributes) return [answerOf([], decide(asked, entry, undefined, subject), policy)];
    const all = types.map((type) =>
      answerOf([type.name], decide(asked, entry, type, subject), policy),
    );
    return together(all);
  };
  const answers = over(originOf(asked), asked.factor === true);
  const allowed = answers.every((one) => one.allowed);
  return {
    dn: identity.dn,
    login,
    verb: asked.verb,
    on: names.text(entry),
    allowed,
    answers,
    otherwise: allowed ? [] : otherwise(policy, over),
  };
}

function isAttributeVerb(verb: MayAsked['verb']): verb is AttributeVerb {
  return (attributeVerbs as readonly string[]).includes(verb);
}

function decide(
  { verb }: MayAsked,
  entry: EntryRecord,
  type: AttributeType | undefined,
  subject: Subject,
): Decided {
  if (type !== undefined) {
    return verb === 'write'
      ? mayWrite(entry, type, subject)
      : mayRead(verb as Exclude<AttributeVerb, 'write'>, entry, type, subject);
  }
  switch (verb) {
    case 'discover':
      return mayDiscover(entry, subject);
    case 'add':
      return mayAddBelow(entry, subject);
    case 'delete':
      return mayDelete(entry, subject);
    case 'rename':
      return mayRename(entry, subject);
    case 'search':
    case 'compare':
    case 'read':
    case 'write':
      throw new LdapError('unwillingToPerform', `say which attributes: may ${verb} mail on NAME`);
    default:
      return mayUse(verb, entry, subject);
  }
}

const halves = { add: 'put in only', delete: 'taken away only' } as const;

function answerOf(attributes: readonly string[], decided: Decided, policy: Policy): MayAnswer {
  if (!decided.allowed) {
    return { attributes, allowed: false, by: [], because: decided.because };
  }
  const because = decided.only === undefined ? '' : `values are ${halves[decided.only]}`;
  const by = new Map(decided.by.map((one) => [byText(one), sayBy(one, policy)]));
  return { attributes, allowed: true, by: [...by.values()], because };
}

function sayBy(by: By, policy: Policy): MayBy {
  if (by.is !== 'role' && by.is !== 'rule') {
    return { kind: by.is, name: '', line: 0, text: byText(by) };
  }
  const { is: kind, name, line } = by;
  const rule =
    kind === 'rule' ? policy.access?.find(({ at }) => at.line === line && line > 0) : undefined;
  const text = rule === undefined ? byText(by) : `${byText(by)}: ${sayAccess(rule)}`;
  return { kind, name, line, text };
}

/** Attributes of which the same is said are one answer. */
function together(answers: readonly MayAnswer[]): MayAnswer[] {
  const found = new Map<string, MayAnswer>();
  for (const answer of answers) {
    const { attributes, ...rest } = answer;
    const key = JSON.stringify(rest);
    const before = found.get(key)?.attributes ?? [];
    found.set(key, { ...answer, attributes: [...before, ...attributes] });
  }
  return [...found.values()];
}

/** Rules that ask for another address, TLS or a second factor, and would then let them. */
function otherwise(
  policy: Policy,
  over: (origin: Origin, factor?: boolean) => readonly MayAnswer[],
): MayBy[] {
  return (policy.access ?? []).flatMap((rule) => {
    const { from, at } = rule;
    if (from === undefined && rule.with.length === 0) return [];
    const address = from?.[0] === undefined ? '' : networkText(from[0]).replace(/\/.*/, '');
    const origin = { address, connection: 0, confidential: rule.with.includes('tls') };
    const answers = over(origin, rule.with.includes('second factor'));
    const given = answers
      .flatMap(({ by }) => by)
      .find(({ kind, line }) => kind === 'rule' && line === at.line);
    return given === undefined ? [] : [given];
  });
}

function originOf({ from = '', tls = false }: MayAsked): Origin {
  return { address: from, connection: 0, confidential: tls, tls };
}

function whoOf(name: string, parts: MayParts): { identity: Identity; login: string } {
  const { reader, names } = parts;
  if (name === 'anonymous') return { identity: anonymous, login: name };
  const entry = placeOf(name, parts);
  const isFirst = entry.id === reader.administratorId();
  const dn = names.text(entry);
  const identity: Identity = { role: isFirst ? 'administrator' : 'user', dn, entryId: entry.id };
  return { identity, login: loginOf(entry, reader) };
}

const SAME_NAME_MAX = 5;

/** An entry by a name of people's, by a whole name, or by one without its end. */
function placeOf(text: string, parts: MayParts): EntryRecord {
  const { reader, names } = parts;
  if (!text.includes('=')) return findEntry(text, reader, names);
  const whole = [text, ...reader.suffixes().map(({ dn }) => `${text},${dn}`)];
  for (const dn of whole) {
    const { id } = names.resolve(names.parse(dn));
    const entry = id === 0 ? undefined : reader.entry(id);
    if (entry !== undefined) return entry;
  }
  const { rdns } = names.parse(text);
  const [attribute = '', ...rest] = text.split('=');
  const type = rdns.length === 1 ? reader.schema().attribute(attribute.trim()) : undefined;
  const key = type?.equality?.normalize(Buffer.from(rest.join('=').trim(), 'utf8'));
  const ids =
    type === undefined || key === undefined
      ? []
      : reader.idsEqual(type, key, SAME_NAME_MAX + 1).ids;
  const [found, ...others] = reader.entries(ids);
  if (found === undefined) throw new LdapError('noSuchObject', `there is no entry ${text}`);
  if (others.length === 0) return found;
  const list = [found, ...others].slice(0, SAME_NAME_MAX).map((entry) => names.text(entry));
  throw new LdapError(
    'unwillingToPerform',
    `"${text}" is several entries; name one of them: ${list.join('; ')}`,
  );
}

/** Attributes by name, by a word of the policy, or by a set: of that those which the entry may have. */
function typesOf(
  named: readonly string[],
  entry: EntryRecord,
  policy: Policy,
  reader: DirectoryReader,
): readonly AttributeType[] {
  const schema = reader.schema();
  const types = named.flatMap((name): readonly AttributeType[] => {
    if (name.startsWith('@')) {
      const set = attributeSets.find((one) => `@${one}` === name.toLowerCase());
      if (set === undefined)
        throw unknown(
          name,
          attributeSets.map((one) => `@${one}`),
          'set',
        );
      return schema.attributes.filter(
        (type) => !type.operational && entry.kind.allows(type) && isInSet(type, set),
      );
    }
    const type = schema.attribute(policy.words[name.toLowerCase()] ?? name);
    if (type !== undefined) return [type];
    const words = [...Object.keys(policy.words), ...schema.attributes.map((one) => one.name)];
    throw unknown(name, words, 'attribute');
  });
  if (types.length > 0) return [...new Set(types)];
  throw new LdapError(
    'unwillingToPerform',
    named.length === 0
      ? 'say which attributes, such as telephoneNumber or @personal'
      : `an entry of the class ${entry.kind.structural.name} has nothing of ${joined(named, 'and')}`,
  );
}

function unknown(name: string, known: readonly string[], what: 'attribute' | 'set'): LdapError {
  const meant = suggest(name, known);
  const there = what === 'set' ? `; there are ${joined(known, 'and')}` : '';
  const hint = meant === undefined ? there : `; did you mean ${meant}?`;
  const text =
    what === 'set'
      ? `"${name}" is no set of attributes`
      : `"${name}" is no attribute that this directory knows`;
  return new LdapError('undefinedAttributeType', `${text}${hint}`);
}
