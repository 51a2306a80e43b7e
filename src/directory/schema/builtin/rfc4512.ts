/**
 * The directory's own attributes and classes: RFC 4512 §3.3, §3.4, §4.2, §5.1, RFC 3045 (vendor),
 * RFC 3296 (referrals), RFC 3672 (subentries), RFC 4530 (entryUUID), RFC 5020 (entryDN), and what
 * servers commonly add: entryCSN, contextCSN, hasSubordinates, numSubordinates, memberOf.
 */
import type { SchemaFile } from '../types.js';
import { tenureArc } from './arc.js';
import {
  attributeType,
  boolean,
  dn,
  eq,
  eqOrd,
  exactText,
  integer,
  objectClass,
  oid,
  syntaxOid,
  text,
  time,
} from './define.js';

const kept = 'NO-USER-MODIFICATION USAGE directoryOperation';
const single = `SINGLE-VALUE ${kept}`;
const dsa = 'USAGE dSAOperation';

const byOid = 'objectIdentifierFirstComponentMatch';

function firstComponent(number: number): string {
  return `EQUALITY ${byOid} SYNTAX ${syntaxOid(number)} USAGE directoryOperation`;
}

function byInteger(number: number): string {
  return `EQUALITY integerFirstComponentMatch SYNTAX ${syntaxOid(number)} USAGE directoryOperation`;
}

const csn = '1.3.6.1.4.1.4203.666';
const csnRules = `EQUALITY CSNMatch ORDERING CSNOrderingMatch SYNTAX ${csn}.11.2.1{64}`;
const uuidRules = 'EQUALITY UUIDMatch ORDERING UUIDOrderingMatch SYNTAX 1.3.6.1.1.16.1';
const root = '1.3.6.1.4.1.1466.101.120';

export const rfc4512: SchemaFile = {
  name: 'rfc4512',
  attributeTypes: [
    oid('2.5.4.0', 'objectClass', 'object classes of the entry', eq),
    dn('2.5.4.1', 'aliasedObjectName aliasedEntryName', 'name an alias points to', 'SINGLE-VALUE'),
    time('2.5.18.1', 'createTimestamp', 'time the entry was added', `${single} ${eqOrd}`),
    time('2.5.18.2', 'modifyTimestamp', 'time of the last change', `${single} ${eqOrd}`),
    dn('2.5.18.3', 'creatorsName', 'name of who added the entry', single),
    dn('2.5.18.4', 'modifiersName', 'name of who changed the entry last', single),
    attributeType(
      '2.5.18.6',
      'subtreeSpecification',
      'part of the tree a subentry is about',
      `SYNTAX ${syntaxOid(45)} SINGLE-VALUE USAGE directoryOperation`,
    ),
    boolean('2.5.18.9', 'hasSubordinates', 'whether entries lie below', single),
    dn('2.5.18.10', 'subschemaSubentry', 'entry that publishes the schema', single),
    oid('2.5.21.9', 'structuralObjectClass', 'structural class of the entry', single),
    attributeType('2.5.21.1', 'dITStructureRules', 'structure rules', byInteger(17)),
    attributeType('2.5.21.2', 'dITContentRules', 'content rules', firstComponent(16)),
    attributeType('2.5.21.4', 'matchingRules', 'matching rules', firstComponent(30)),
    attributeType('2.5.21.5', 'attributeTypes', 'attribute types', firstComponent(3)),
    attributeType('2.5.21.6', 'objectClasses', 'object classes', firstComponent(37)),
    attributeType('2.5.21.7', 'nameForms', 'name forms', firstComponent(35)),
    attributeType('2.5.21.8', 'matchingRuleUse', 'uses of matching rules', firstComponent(31)),
    attributeType(`${root}.16`, 'ldapSyntaxes', 'syntaxes', firstComponent(54)),
    attributeType(`${root}.5`, 'namingContexts', 'suffixes', `SYNTAX ${syntaxOid(12)} ${dsa}`),
    attributeType(
      `${root}.6`,
      'altServer',
      'other servers to ask',
      `SYNTAX ${syntaxOid(26)} ${dsa}`,
    ),
    oid(`${root}.7`, 'supportedExtension', 'extended operations', dsa),
    oid(`${root}.13`, 'supportedControl', 'controls', dsa),
    attributeType(
      `${root}.14`,
      'supportedSASLMechanisms',
      'SASL mechanisms',
      `SYNTAX ${syntaxOid(15)} ${dsa}`,
    ),
    attributeType(
      `${root}.15`,
      'supportedLDAPVersion',
      'protocol versions',
      `SYNTAX ${syntaxOid(27)} ${dsa}`,
    ),
    oid('1.3.6.1.4.1.4203.1.3.5', 'supportedFeatures', 'elective features', dsa),
    exactText(
      '1.3.6.1.1.4',
      'vendorName',
      'maker of the server',
      `SINGLE-VALUE NO-USER-MODIFICATION ${dsa}`,
    ),
    exactText(
      '1.3.6.1.1.5',
      'vendorVersion',
      'version of the server',
      `SINGLE-VALUE NO-USER-MODIFICATION ${dsa}`,
    ),
    attributeType(
      '1.3.6.1.1.16.4',
      'entryUUID',
      'lasting identity',
      `${uuidRules} ${single} ${eq}`,
    ),
    dn('1.3.6.1.1.20', 'entryDN', 'name of the entry', single),
    attributeType(
      `${csn}.1.7`,
      'entryCSN',
      'sequence number of the last change',
      `${csnRules} ${single} ${eqOrd}`,
    ),
    attributeType(
      `${csn}.1.25`,
      'contextCSN',
      'sequence number of the last change below',
      `${csnRules} NO-USER-MODIFICATION ${dsa}`,
    ),
    integer('1.3.6.1.4.1.453.16.2.103', 'numSubordinates', 'entries right below', single),
    text(
      `${tenureArc}.1.145`,
      'entryLevelRights',
      'what may be done to the entry: v view, a add below, d delete, n rename',
      single,
    ),
    text(
      `${tenureArc}.1.146`,
      'attributeLevelRights',
      'of each attribute: r read, s search, c compare, w put in, o take away',
      single,
    ),
    // A user attribute, so that it is among the answers to `*`: clients do not ask for it.
    dn('1.2.840.113556.1.2.102', 'memberOf', 'groups of the entry', 'NO-USER-MODIFICATION'),
    exactText(
      '2.16.840.1.113730.3.1.34',
      'ref',
      'URIs of the server that holds the entry',
      'USAGE distributedOperation',
    ),
    text(
      '2.5.18.5',
      'administrativeRole',
      'roles of an administrative point',
      'USAGE directoryOperation',
    ),
  ],
  objectClasses: [
    "( 2.5.6.0 NAME 'top' DESC 'top of the class tree' ABSTRACT MUST objectClass )",
    objectClass('2.5.6.1', 'alias', 'another name of an entry', 'STRUCTURAL', {
      must: 'aliasedObjectName',
    }),
    objectClass(`${root}.111`, 'extensibleObject', 'may hold any attribute', 'AUXILIARY'),
    objectClass('2.16.840.1.113730.3.2.6', 'referral', 'names another server', 'STRUCTURAL', {
      must: 'ref',
    }),
    objectClass('2.5.17.0', 'subentry', 'administrative information', 'STRUCTURAL', {
      must: 'cn subtreeSpecification',
    }),
    objectClass('2.5.20.1', 'subschema', 'publishes the schema', 'AUXILIARY', {
      may: `dITStructureRules nameForms dITContentRules objectClasses attributeTypes
        matchingRules matchingRuleUse ldapSyntaxes`,
    }),
  ],
};
