/**
 * The matching rules (RFC 4517 §4.2, RFC 4523 §2, RFC 4530 §2, and the bit and chain rules that
 * clients send by OID). Each is a normal form: values match when their normal forms are the same
 * bytes, and order as those bytes do, unless the rule brings a test of its own. Approximate
 * matching is equality (RFC 4511 §4.5.1.7.6 leaves it to the server).
 */
import { readSshKeyLine, readSshPrint, sshKeyPrint } from '../model/ssh-key.js';
import { tenureArc } from './builtin/index.js';
import { normalizeCertificate } from './certificate.js';
import { allBitsSet, anyBitSet, normalizeInteger } from './integer.js';
import { prepareCaseExact, prepareCaseIgnore, preparePiece, prepareWithout } from './prep.js';
import { normalizeGeneralizedTime } from './time.js';
import type { MatchingRule, NormalDn } from './types.js';

/** What rules need of the schema that they are part of; called only after it is complete. */
export interface RuleContext {
  /** The OID of an attribute type, object class, matching rule or syntax, by any name. */
  oidOf(name: string): string | undefined;
  normalizeDn(text: string): NormalDn | undefined;
}

type Normalize = (value: Buffer) => Buffer | undefined;
type NormalizePiece = NonNullable<MatchingRule['normalizePiece']>;

const SYNTAX = '1.3.6.1.4.1.1466.115.121.1.';

function asciiOnly(normalize: Normalize): Normalize {
  return (value) => {
    for (let i = 0; i < value.length; i += 1) if (value[i]! >= 0x80) return undefined;
    return normalize(value);
  };
}

/** Lines separated by `$`, with `\24` and `\5C` (RFC 4517 §3.3.28); matched line by line. */
function normalizeLines(value: Buffer): Buffer | undefined {
  if (!value.includes(0x24)) return prepareCaseIgnore(unescapeLine(value));
  const lines: Buffer[] = [];
  for (let from = 0; from <= value.length; ) {
    const at = value.indexOf(0x24, from);
    const to = at < 0 ? value.length : at;
    const line = prepareCaseIgnore(unescapeLine(value.subarray(from, to)));
    if (line === undefined) return undefined;
    if (lines.length > 0) lines.push(LINE_END);
    lines.push(line);
    from = to + 1;
  }
  return Buffer.concat(lines);
}

// Preparation leaves no line feed in a piece, so none can match across lines.
const LINE_END = Buffer.from('\n');

function unescapeLine(line: Buffer): Buffer {
  if (!line.includes(0x5c)) return line;
  return Buffer.from(
    line
      .latin1Slice(0, line.length)
      .replace(/\\(24|5[Cc])/g, (_: string, hex: string) => (hex === '24' ? '$' : '\\')),
    'latin1',
  );
}

const TRUE = Buffer.from('TRUE');
const FALSE = Buffer.from('FALSE');

function normalizeBoolean(value: Buffer): Buffer | undefined {
  if (value.length !== 4 && value.length !== 5) return undefined;
  const text = value.latin1Slice(0, value.length).toUpperCase();
  if (text === 'TRUE') return TRUE;
  return text === 'FALSE' ? FALSE : undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Sixteen bytes, whatever the case of the text (RFC 4530 §2.2). */
function normalizeUuid(value: Buffer): Buffer | undefined {
  if (value.length !== 36) return undefined;
  const text = value.latin1Slice(0, 36);
  return UUID.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : undefined;
}

const BIT_STRING = /^'[01]*'B$/;

function normalizeBitString(value: Buffer): Buffer | undefined {
  return BIT_STRING.test(value.latin1Slice(0, value.length)) ? value : undefined;
}

const NUMERIC_OID = /^[0-9]+(?:\.[0-9]+)+$/;

const OIDS_MAX = 1_024;
const OID_CHARS_MAX = 128;

function oidNormalizer(context: RuleContext): Normalize {
  const known = new Map<string, Buffer>();
  return (value) => {
    const text = value.latin1Slice(0, value.length);
    let normal = known.get(text);
    if (normal !== undefined) return normal;
    if (NUMERIC_OID.test(text)) return value;
    const oid = context.oidOf(text.trim());
    if (oid === undefined) return undefined;
    normal = Buffer.from(oid, 'latin1');
    if (text.length > OID_CHARS_MAX) return normal;
    if (known.size >= OIDS_MAX) known.clear();
    known.set(text, normal);
    return normal;
  };
}

const FIRST_COMPONENT = /^\s*\(\s*(?:'((?:[^'])*)'|([^\s()]+))/;

/** The first component of a definition in parentheses. */
function firstComponent(value: Buffer): Buffer | undefined {
  const found = FIRST_COMPONENT.exec(value.toString('utf8'));
  const text = found?.[1] ?? found?.[2];
  return text === undefined ? undefined : Buffer.from(text);
}

function ofFirstComponent(normalize: Normalize): Normalize {
  return (value) => {
    const component = firstComponent(value);
    return component === undefined ? undefined : normalize(component);
  };
}

function dnNormalizer(context: RuleContext): Normalize {
  return (value) => {
    const normal = context.normalizeDn(value.toString('utf8'));
    return normal === undefined ? undefined : Buffer.from(normal.key, 'latin1');
  };
}

const OPTIONAL_UID = /#('[01]*'B)$/;

/** Name And Optional UID (RFC 4517 §3.3.21): a name, then perhaps `#'0101'B`. */
function dnAndUidNormalizer(context: RuleContext): Normalize {
  return (value) => {
    const text = value.toString('utf8');
    const uid = text.endsWith("'B") ? OPTIONAL_UID.exec(text) : null;
    const normal = context.normalizeDn(uid === null ? text : text.slice(0, uid.index));
    if (normal === undefined) return undefined;
    return Buffer.from(uid === null ? normal.key : `${normal.key}\u0003${uid[1]}`, 'latin1');
  };
}

/** Whether the assertion is one of the words of the value (both prepared). */
function hasWord(stored: Buffer, assertion: Buffer): boolean {
  const words = stored.toString('utf8').split(/[^\p{L}\p{M}\p{N}_]+/u);
  return words.includes(assertion.toString('utf8'));
}

/** `20260101000000.000000Z#000000#000#000000`, the text that change sequence numbers have. */
const CSN = /^[0-9]{14}(?:\.[0-9]{1,6})?Z#[0-9a-f]{6}#[0-9a-f]{2,3}#[0-9a-f]{6}$/i;

function normalizeCsn(value: Buffer): Buffer | undefined {
  if (value.length > 64 || !CSN.test(value.latin1Slice(0, value.length))) return undefined;
  return value;
}

const same: Normalize = (value) => value;
const foldedPiece: NormalizePiece = (piece, position) => preparePiece(piece, position, true);
const exactPiece: NormalizePiece = (piece, position) => preparePiece(piece, position, false);
const digits: Normalize = (value) => prepareWithout(value, false);
const telephone: Normalize = (value) => prepareWithout(value, true);

function rule(
  oid: string,
  name: string,
  use: MatchingRule['use'],
  syntaxOid: string,
  normalize: Normalize,
  more: Partial<Pick<MatchingRule, 'normalizePiece' | 'normalizeAssertion' | 'test'>> = {},
): MatchingRule {
  return { oid, name, names: [name], description: '', use, syntaxOid, normalize, ...more };
}

function substringRule(
  oid: string,
  name: string,
  normalize: Normalize,
  normalizePiece: NormalizePiece,
): MatchingRule {
  return rule(oid, name, 'substring', `${SYNTAX}58`, normalize, { normalizePiece });
}

function textRules(): MatchingRule[] {
  const ia5 = '1.3.6.1.4.1.1466.109.114';
  const ignoreIa5 = asciiOnly(prepareCaseIgnore);
  const exactIa5 = asciiOnly(prepareCaseExact);
  return [
    rule('2.5.13.2', 'caseIgnoreMatch', 'equality', `${SYNTAX}15`, prepareCaseIgnore),
    rule('2.5.13.3', 'caseIgnoreOrderingMatch', 'ordering', `${SYNTAX}15`, prepareCaseIgnore),
    substringRule('2.5.13.4', 'caseIgnoreSubstringsMatch', prepareCaseIgnore, foldedPiece),
    rule('2.5.13.5', 'caseExactMatch', 'equality', `${SYNTAX}15`, prepareCaseExact),
    rule('2.5.13.6', 'caseExactOrderingMatch', 'ordering', `${SYNTAX}15`, prepareCaseExact),
    substringRule('2.5.13.7', 'caseExactSubstringsMatch', prepareCaseExact, exactPiece),
    rule(`${ia5}.1`, 'caseExactIA5Match', 'equality', `${SYNTAX}26`, exactIa5),
    rule(`${ia5}.2`, 'caseIgnoreIA5Match', 'equality', `${SYNTAX}26`, ignoreIa5),
    substringRule(`${ia5}.3`, 'caseIgnoreIA5SubstringsMatch', ignoreIa5, foldedPiece),
    substringRule('1.3.6.1.4.1.4203.1.2.1', 'caseExactIA5SubstringsMatch', exactIa5, exactPiece),
    rule('2.5.13.8', 'numericStringMatch', 'equality', `${SYNTAX}36`, digits),
    rule('2.5.13.9', 'numericStringOrderingMatch', 'ordering', `${SYNTAX}36`, digits),
    substringRule('2.5.13.10', 'numericStringSubstringsMatch', digits, digits),
    rule('2.5.13.11', 'caseIgnoreListMatch', 'equality', `${SYNTAX}41`, normalizeLines),
    substringRule('2.5.13.12', 'caseIgnoreListSubstringsMatch', normalizeLines, foldedPiece),
    rule('2.5.13.20', 'telephoneNumberMatch', 'equality', `${SYNTAX}50`, telephone),
    substringRule('2.5.13.21', 'telephoneNumberSubstringsMatch', telephone, telephone),
    rule('2.5.13.32', 'wordMatch', 'extensible', `${SYNTAX}15`, prepareCaseIgnore, {
      test: hasWord,
    }),
    rule('2.5.13.33', 'keywordMatch', 'extensible', `${SYNTAX}15`, prepareCaseIgnore, {
      test: hasWord,
    }),
  ];
}

function valueRules(): MatchingRule[] {
  const time = normalizeGeneralizedTime;
  const csn = '1.3.6.1.4.1.4203.666.11.2';
  const bits = '1.2.840.113556.1.4';
  return [
    rule('2.5.13.13', 'booleanMatch', 'equality', `${SYNTAX}7`, normalizeBoolean),
    rule('2.5.13.14', 'integerMatch', 'equality', `${SYNTAX}27`, normalizeInteger),
    rule('2.5.13.15', 'integerOrderingMatch', 'ordering', `${SYNTAX}27`, normalizeInteger),
    rule('2.5.13.16', 'bitStringMatch', 'equality', `${SYNTAX}6`, normalizeBitString),
    rule('2.5.13.17', 'octetStringMatch', 'equality', `${SYNTAX}40`, same),
    rule('2.5.13.18', 'octetStringOrderingMatch', 'ordering', `${SYNTAX}40`, same),
    rule('2.5.13.27', 'generalizedTimeMatch', 'equality', `${SYNTAX}24`, time),
    rule('2.5.13.28', 'generalizedTimeOrderingMatch', 'ordering', `${SYNTAX}24`, time),
    rule(
      '2.5.13.29',
      'integerFirstComponentMatch',
      'equality',
      `${SYNTAX}27`,
      ofFirstComponent(normalizeInteger),
      { normalizeAssertion: normalizeInteger },
    ),
    rule(
      '2.5.13.31',
      'directoryStringFirstComponentMatch',
      'equality',
      `${SYNTAX}15`,
      ofFirstComponent(prepareCaseIgnore),
      { normalizeAssertion: prepareCaseIgnore },
    ),
    rule('1.3.6.1.1.16.2', 'UUIDMatch', 'equality', '1.3.6.1.1.16.1', normalizeUuid),
    rule('1.3.6.1.1.16.3', 'UUIDOrderingMatch', 'ordering', '1.3.6.1.1.16.1', normalizeUuid),
    rule(`${csn}.2`, 'CSNMatch', 'equality', `${csn}.1`, normalizeCsn),
    rule(`${csn}.3`, 'CSNOrderingMatch', 'ordering', `${csn}.1`, normalizeCsn),
    // The key itself decides, not its comment or options; a fingerprint may be asked for as well.
    rule(`${tenureArc}.3.1`, 'sshPublicKeyMatch', 'equality', `${SYNTAX}40`, normalizeSshKey, {
      normalizeAssertion: (value) =>
        readSshPrint(value.subarray(0, 80).toString('latin1')) ?? normalizeSshKey(value),
    }),
    rule(`${bits}.803`, 'integerBitAndMatch', 'extensible', `${SYNTAX}27`, normalizeInteger, {
      test: allBitsSet,
    }),
    rule(`${bits}.804`, 'integerBitOrMatch', 'extensible', `${SYNTAX}27`, normalizeInteger, {
      test: anyBitSet,
    }),
  ];
}

function normalizeSshKey(value: Buffer): Buffer | undefined {
  const read = readSshKeyLine(value);
  return read.ok ? sshKeyPrint(read.line.blob) : undefined;
}

function nameRules(context: RuleContext): MatchingRule[] {
  const oid = oidNormalizer(context);
  const dn = dnNormalizer(context);
  const certificate: Normalize = (value) =>
    normalizeCertificate(value, (text) => context.normalizeDn(text)?.key);
  return [
    rule('2.5.13.0', 'objectIdentifierMatch', 'equality', `${SYNTAX}38`, oid),
    rule('2.5.13.1', 'distinguishedNameMatch', 'equality', `${SYNTAX}12`, dn),
    rule('2.5.13.23', 'uniqueMemberMatch', 'equality', `${SYNTAX}34`, dnAndUidNormalizer(context)),
    rule(
      '2.5.13.30',
      'objectIdentifierFirstComponentMatch',
      'equality',
      `${SYNTAX}38`,
      ofFirstComponent(oid),
      { normalizeAssertion: oid },
    ),
    rule('2.5.13.34', 'certificateExactMatch', 'equality', '1.3.6.1.1.15.1', certificate),
    // Declared so that it is published and found; the directory follows the chain itself.
    rule('1.2.840.113556.1.4.1941', 'inChainMatch', 'extensible', `${SYNTAX}12`, dn),
  ];
}

/** All matching rules, bound to one schema. */
export function makeRules(context: RuleContext): MatchingRule[] {
  return [...nameRules(context), ...textRules(), ...valueRules()];
}

/** OID of the rule that follows memberships; evaluated by the directory, not here. */
export const inChainOid = '1.2.840.113556.1.4.1941';
