/**
 * Attribute type and object class definitions as text (RFC 4512 §4.1): parsing and writing them.
 * Knows the grammar only: names are not looked up here. Accepts what schema files in the wild do
 * beyond it: quoted OIDs, names without quotes, fields in any order, line breaks.
 */
import { LdapError } from '../../runtime/errors.js';
import type { AttributeUsage, ObjectClassKind } from './types.js';

/** X- fields by name, values in order. */
export type Extensions = ReadonlyMap<string, readonly string[]>;

export interface AttributeDefinition {
  readonly oid: string;
  readonly names: readonly string[];
  readonly description: string;
  readonly obsolete: boolean;
  readonly sup: string | undefined;
  readonly equality: string | undefined;
  readonly ordering: string | undefined;
  readonly substring: string | undefined;
  readonly syntax: string | undefined;
  readonly lengthMax: number | undefined;
  readonly singleValue: boolean;
  readonly collective: boolean;
  readonly noUserModification: boolean;
  readonly usage: AttributeUsage;
  readonly extensions: Extensions;
}

export interface ClassDefinition {
  readonly oid: string;
  readonly names: readonly string[];
  readonly description: string;
  readonly obsolete: boolean;
  readonly sups: readonly string[];
  readonly kind: ObjectClassKind;
  readonly must: readonly string[];
  readonly may: readonly string[];
  readonly extensions: Extensions;
}

/** A token and where it starts; `quoted` tells `'('` from `(`. */
interface Token {
  readonly text: string;
  readonly quoted: boolean;
  readonly at: number;
}

const DEFINITION_CHARS_MAX = 65_536;

/** Raised inside this file; becomes an LdapError that names file and definition in `named`. */
class Malformed extends Error {}

function malformed(what: string, at: number): never {
  throw new Malformed(`${what} at character ${at + 1}`);
}

const SPACE = /\s/;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const character = text[at]!;
    if (SPACE.test(character)) at += 1;
    else if ('()$'.includes(character)) {
      tokens.push({ text: character, quoted: false, at });
      at += 1;
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) malformed('a quotation mark is never closed', at);
      tokens.push({ text: unescapeText(text.slice(at + 1, end), at), quoted: true, at });
      at = end + 1;
    } else {
      let end = at;
      while (end < text.length && !SPACE.test(text[end]!) && !"()$'".includes(text[end]!)) end += 1;
      tokens.push({ text: text.slice(at, end), quoted: false, at });
      at = end;
    }
  }
  return tokens;
}

function unescapeText(text: string, at: number): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.{0,2})/g, (_, hex: string) => {
    if (hex === '27') return "'";
    if (hex.toUpperCase() === '5C') return '\\';
    return malformed('"\\" must be \\27 or \\5C', at);
  });
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\5C').replaceAll("'", '\\27');
}

/** Reads one parenthesised definition token by token. */
class Reader {
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(text: string) {
    if (text.length > DEFINITION_CHARS_MAX) malformed('definition too long', DEFINITION_CHARS_MAX);
    this.tokens = tokenize(text);
  }

  get at(): number {
    return this.tokens[this.next]?.at ?? (this.tokens.at(-1)?.at ?? 0) + 1;
  }

  take(what: string): Token {
    const token = this.tokens[this.next];
    if (token === undefined) malformed(`expected ${what}, but the definition ends`, this.at);
    this.next += 1;
    return token;
  }

  expect(text: string): void {
    const token = this.take(`"${text}"`);
    if (token.quoted || token.text !== text) malformed(`expected "${text}"`, token.at);
  }

  isNext(text: string): boolean {
    const token = this.tokens[this.next];
    return token !== undefined && !token.quoted && token.text === text;
  }

  get ended(): boolean {
    return this.next === this.tokens.length;
  }

  /** A name or OID. */
  oid(): string {
    const token = this.take('a name or an OID');
    if (!DESCRIPTOR.test(token.text) && !NUMERIC_OID.test(token.text)) {
      malformed(`expected a name or an OID, not "${token.text}"`, token.at);
    }
    return token.text;
  }

  /** One value, or several in parentheses; `separator` is `$` for OID lists. */
  list(read: () => string, separator: boolean): string[] {
    if (!this.isNext('(')) return [read()];
    this.expect('(');
    const items: string[] = [];
    while (!this.isNext(')')) {
      if (separator && items.length > 0) this.expect('$');
      items.push(read());
    }
    this.expect(')');
    return items;
  }

  oids(): string[] {
    return this.list(() => this.oid(), true);
  }

  names(): string[] {
    return this.list(() => {
      const token = this.take('a name');
      if (!DESCRIPTOR.test(token.text)) malformed(`"${token.text}" is no name`, token.at);
      return token.text;
    }, false);
  }

  strings(): string[] {
    return this.list(() => this.take('a text in quotation marks').text, false);
  }
}

const DESCRIPTOR = /^[A-Za-z][A-Za-z0-9-]*$/;
const NUMERIC_OID = /^[0-9]+(?:\.[0-9]+)+$/;
const SYNTAX = /^([0-9]+(?:\.[0-9]+)+)(?:\{([0-9]{1,9})\})?$/;
const EXTENSION = /^X-[A-Za-z_-]+$/i;

const usages: readonly AttributeUsage[] = [
  'userApplications',
  'directoryOperation',
  'distributedOperation',
  'dSAOperation',
];

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

/** Runs `readField` for each keyword between the OID and the closing parenthesis. */
function readDefinition(
  text: string,
  readField: (reader: Reader, keyword: string, at: number) => boolean,
): { oid: string; extensions: Extensions } {
  const reader = new Reader(text);
  reader.expect('(');
  const oidToken = reader.take('an OID');
  if (!NUMERIC_OID.test(oidToken.text)) {
    malformed(`expected a numeric OID, not "${oidToken.text}"`, oidToken.at);
  }
  const extensions = new Map<string, readonly string[]>();
  const seen = new Set<string>();
  while (!reader.isNext(')')) {
    const token = reader.take('a keyword or ")"');
    const keyword = token.text.toUpperCase();
    if (token.quoted || seen.has(keyword)) malformed(`unexpected "${token.text}"`, token.at);
    seen.add(keyword);
    if (EXTENSION.test(token.text)) extensions.set(keyword, reader.strings());
    else if (!readField(reader, keyword, token.at)) {
      malformed(`unknown keyword "${token.text}"`, token.at);
    }
  }
  reader.expect(')');
  if (!reader.ended) malformed('something follows the closing ")"', reader.at);
  return { oid: oidToken.text, extensions };
}

/**
 * Parses an AttributeTypeDescription (RFC 4512 §4.1.2).
 * @throws LdapError invalidAttributeSyntax naming `origin`, the definition and the character.
 */
export function parseAttributeDefinition(text: string, origin: string): AttributeDefinition {
  const parts: Mutable<Omit<AttributeDefinition, 'oid' | 'extensions'>> = {
    names: [],
    description: '',
    obsolete: false,
    sup: undefined,
    equality: undefined,
    ordering: undefined,
    substring: undefined,
    syntax: undefined,
    lengthMax: undefined,
    singleValue: false,
    collective: false,
    noUserModification: false,
    usage: 'userApplications',
  };
  return named(text, origin, 'attribute type', () => ({
    ...readDefinition(text, (reader, keyword, at) =>
      readAttributeField(parts, reader, keyword, at),
    ),
    ...parts,
  }));
}

function readAttributeField(
  parts: Mutable<Omit<AttributeDefinition, 'oid' | 'extensions'>>,
  reader: Reader,
  keyword: string,
  at: number,
): boolean {
  if (keyword === 'NAME') parts.names = reader.names();
  else if (keyword === 'DESC') parts.description = reader.take('a description').text;
  else if (keyword === 'OBSOLETE') parts.obsolete = true;
  else if (keyword === 'SUP') parts.sup = reader.oid();
  else if (keyword === 'EQUALITY') parts.equality = reader.oid();
  else if (keyword === 'ORDERING') parts.ordering = reader.oid();
  else if (keyword === 'SUBSTR') parts.substring = reader.oid();
  else if (keyword === 'SYNTAX') {
    const token = reader.take('a syntax OID');
    const found = SYNTAX.exec(token.text);
    if (found === null) malformed(`expected a syntax OID, not "${token.text}"`, token.at);
    parts.syntax = found[1]!;
    if (found[2] !== undefined) parts.lengthMax = Number(found[2]);
  } else if (keyword === 'SINGLE-VALUE') parts.singleValue = true;
  else if (keyword === 'COLLECTIVE') parts.collective = true;
  else if (keyword === 'NO-USER-MODIFICATION') parts.noUserModification = true;
  else if (keyword === 'USAGE') {
    const token = reader.take('a usage');
    const usage = usages.find((known) => known.toLowerCase() === token.text.toLowerCase());
    if (usage === undefined) malformed(`unknown usage "${token.text}"`, at);
    parts.usage = usage;
  } else return false;
  return true;
}

/**
 * Parses an ObjectClassDescription (RFC 4512 §4.1.1).
 * @throws LdapError invalidAttributeSyntax naming `origin`, the definition and the character.
 */
export function parseClassDefinition(text: string, origin: string): ClassDefinition {
  const parts: Mutable<Omit<ClassDefinition, 'oid' | 'extensions'>> = {
    names: [],
    description: '',
    obsolete: false,
    sups: [],
    kind: 'STRUCTURAL',
    must: [],
    may: [],
  };
  return named(text, origin, 'object class', () => ({
    ...readDefinition(text, (reader, keyword) => {
      if (keyword === 'NAME') parts.names = reader.names();
      else if (keyword === 'DESC') parts.description = reader.take('a description').text;
      else if (keyword === 'OBSOLETE') parts.obsolete = true;
      else if (keyword === 'SUP') parts.sups = reader.oids();
      else if (keyword === 'MUST') parts.must = reader.oids();
      else if (keyword === 'MAY') parts.may = reader.oids();
      else if (keyword === 'ABSTRACT') parts.kind = 'ABSTRACT';
      else if (keyword === 'STRUCTURAL') parts.kind = 'STRUCTURAL';
      else if (keyword === 'AUXILIARY') parts.kind = 'AUXILIARY';
      else return false;
      return true;
    }),
    ...parts,
  }));
}

/** Runs a parse; what is malformed becomes an error that says in which file and definition. */
function named<T>(text: string, origin: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const start = text.trim().replace(/\s+/g, ' ').slice(0, 60);
    const message = `${origin}: ${what} definition "${start}": ${error.message}`;
    throw new LdapError('invalidAttributeSyntax', message);
  }
}

function quoted(values: readonly string[]): string {
  const items = values.map((value) => `'${escapeText(value)}'`);
  return items.length === 1 ? items[0]! : `( ${items.join(' ')} )`;
}

function oidList(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `( ${values.join(' $ ')} )`;
}

function head(definition: AttributeDefinition | ClassDefinition): string {
  let text = `( ${definition.oid}`;
  if (definition.names.length > 0) text += ` NAME ${quoted(definition.names)}`;
  if (definition.description !== '') text += ` DESC ${quoted([definition.description])}`;
  return definition.obsolete ? `${text} OBSOLETE` : text;
}

function tail(extensions: Extensions): string {
  let text = '';
  for (const [name, values] of extensions) text += ` ${name} ${quoted(values)}`;
  return `${text} )`;
}

/** The canonical text of an attribute type definition: parses to the same. */
export function formatAttributeDefinition(definition: AttributeDefinition): string {
  let text = head(definition);
  if (definition.sup !== undefined) text += ` SUP ${definition.sup}`;
  if (definition.equality !== undefined) text += ` EQUALITY ${definition.equality}`;
  if (definition.ordering !== undefined) text += ` ORDERING ${definition.ordering}`;
  if (definition.substring !== undefined) text += ` SUBSTR ${definition.substring}`;
  if (definition.syntax !== undefined) {
    text += ` SYNTAX ${definition.syntax}`;
    if (definition.lengthMax !== undefined) text += `{${definition.lengthMax}}`;
  }
  if (definition.singleValue) text += ' SINGLE-VALUE';
  if (definition.collective) text += ' COLLECTIVE';
  if (definition.noUserModification) text += ' NO-USER-MODIFICATION';
  if (definition.usage !== 'userApplications') text += ` USAGE ${definition.usage}`;
  return text + tail(definition.extensions);
}

/** The canonical text of an object class definition: parses to the same. */
export function formatClassDefinition(definition: ClassDefinition): string {
  let text = head(definition);
  if (definition.sups.length > 0) text += ` SUP ${oidList(definition.sups)}`;
  text += ` ${definition.kind}`;
  if (definition.must.length > 0) text += ` MUST ${oidList(definition.must)}`;
  if (definition.may.length > 0) text += ` MAY ${oidList(definition.may)}`;
  return text + tail(definition.extensions);
}
