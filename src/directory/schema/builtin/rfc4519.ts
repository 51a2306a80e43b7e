/**
 * User applications: RFC 4519, the certificate attributes and classes of RFC 4523, and RFC 2079
 * (labeledURI). Two deliberate differences: member and uniqueMember are optional, so that a group
 * can be empty, and organizationalUnit-like classes list their attributes once.
 */
import type { SchemaFile } from '../types.js';
import {
  attributeType,
  bounded,
  dn,
  eq,
  eqSub,
  exactText,
  ia5,
  numeric,
  objectClass,
  octets,
  postal,
  printable,
  secret,
  subtype,
  syntaxOid,
  telephone,
  text,
} from './define.js';

const certificate = `EQUALITY certificateExactMatch SYNTAX ${syntaxOid(8)}`;
const list = `SYNTAX ${syntaxOid(9)}`;

const ordered = `EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch
  SUBSTR caseIgnoreSubstringsMatch`;

/** Where and how to reach somebody: shared by organization, unit, person and role. */
const contact = `x121Address registeredAddress destinationIndicator preferredDeliveryMethod
  telexNumber teletexTerminalIdentifier telephoneNumber internationalISDNNumber
  facsimileTelephoneNumber street postOfficeBox postalCode postalAddress
  physicalDeliveryOfficeName`;

const organization = `userPassword searchGuide seeAlso businessCategory ${contact}
  st l description`;

export const rfc4519: SchemaFile = {
  name: 'rfc4519',
  attributeTypes: [
    text('2.5.4.41', 'name', 'common supertype of names'),
    dn('2.5.4.49', 'distinguishedName', 'common supertype of DN-valued attributes'),
    subtype('2.5.4.3', 'cn commonName', 'common name', 'name', eqSub),
    subtype('2.5.4.4', 'sn surname', 'family name', 'name', eqSub),
    printable('2.5.4.5', 'serialNumber', 'serial number of a device', eq),
    attributeType(
      '2.5.4.6',
      'c countryName',
      'two-letter country code',
      `SUP name SYNTAX ${syntaxOid(11)} SINGLE-VALUE`,
    ),
    subtype('2.5.4.7', 'l localityName', 'locality', 'name'),
    subtype('2.5.4.8', 'st stateOrProvinceName', 'state or province', 'name'),
    text('2.5.4.9', 'street streetAddress', 'street and number'),
    subtype('2.5.4.10', 'o organizationName', 'organization', 'name', eq),
    subtype('2.5.4.11', 'ou organizationalUnitName', 'organizational unit', 'name', eq),
    subtype('2.5.4.12', 'title', 'function in the organization', 'name'),
    text('2.5.4.13', 'description', 'description'),
    attributeType('2.5.4.14', 'searchGuide', 'obsolete search hint', `SYNTAX ${syntaxOid(25)}`),
    text('2.5.4.15', 'businessCategory', 'kind of business'),
    postal('2.5.4.16', 'postalAddress', 'postal address'),
    text('2.5.4.17', 'postalCode', 'postal code'),
    text('2.5.4.18', 'postOfficeBox', 'post office box'),
    text('2.5.4.19', 'physicalDeliveryOfficeName', 'office for physical delivery'),
    telephone('2.5.4.20', 'telephoneNumber', 'telephone number', eqSub),
    attributeType('2.5.4.21', 'telexNumber', 'telex number', `SYNTAX ${syntaxOid(52)}`),
    attributeType(
      '2.5.4.22',
      'teletexTerminalIdentifier',
      'teletex terminal',
      `SYNTAX ${syntaxOid(51)}`,
    ),
    attributeType(
      '2.5.4.23',
      'facsimileTelephoneNumber fax',
      'fax number',
      `SYNTAX ${syntaxOid(22)}`,
    ),
    numeric('2.5.4.24', 'x121Address', 'X.121 address'),
    numeric('2.5.4.25', 'internationalISDNNumber', 'ISDN number'),
    subtype('2.5.4.26', 'registeredAddress', 'address for registered mail', 'postalAddress'),
    printable('2.5.4.27', 'destinationIndicator', 'destination for telegrams'),
    attributeType(
      '2.5.4.28',
      'preferredDeliveryMethod',
      'preferred way of delivery',
      `SYNTAX ${syntaxOid(14)} SINGLE-VALUE`,
    ),
    subtype('2.5.4.31', 'member', 'member of a group', 'distinguishedName'),
    subtype('2.5.4.32', 'owner', 'owner of an object', 'distinguishedName'),
    subtype('2.5.4.33', 'roleOccupant', 'who fills a role', 'distinguishedName'),
    subtype('2.5.4.34', 'seeAlso', 'related object', 'distinguishedName'),
    octets('2.5.4.35', 'userPassword', 'password', secret),
    attributeType('2.5.4.36', 'userCertificate', 'X.509 certificate', certificate),
    attributeType('2.5.4.37', 'cACertificate', 'certificate of an authority', certificate),
    attributeType('2.5.4.38', 'authorityRevocationList', 'revoked authorities', list),
    attributeType('2.5.4.39', 'certificateRevocationList', 'revoked certificates', list),
    attributeType(
      '2.5.4.40',
      'crossCertificatePair',
      'cross certificates',
      `SYNTAX ${syntaxOid(10)}`,
    ),
    subtype('2.5.4.42', 'givenName gn', 'given name', 'name', eqSub),
    subtype('2.5.4.43', 'initials', 'initials', 'name'),
    subtype('2.5.4.44', 'generationQualifier', 'suffix such as Jr.', 'name'),
    attributeType(
      '2.5.4.45',
      'x500UniqueIdentifier',
      'distinguishes reused names',
      `EQUALITY bitStringMatch SYNTAX ${syntaxOid(6)}`,
    ),
    attributeType(
      '2.5.4.46',
      'dnQualifier',
      'distinguishes equal names',
      `${ordered} SYNTAX ${syntaxOid(44)}`,
    ),
    attributeType('2.5.4.47', 'enhancedSearchGuide', 'search hint', `SYNTAX ${syntaxOid(21)}`),
    attributeType(
      '2.5.4.50',
      'uniqueMember',
      'member of a group',
      `EQUALITY uniqueMemberMatch SYNTAX ${syntaxOid(34)}`,
    ),
    text('2.5.4.51', 'houseIdentifier', 'house within a location'),
    attributeType('2.5.4.52', 'supportedAlgorithms', 'algorithms', `SYNTAX ${syntaxOid(49)}`),
    attributeType('2.5.4.53', 'deltaRevocationList', 'newly revoked certificates', list),
    bounded(text('0.9.2342.19200300.100.1.1', 'uid userid', 'user identifier', eqSub), 256),
    ia5(
      '0.9.2342.19200300.100.1.25',
      'dc domainComponent',
      'part of a domain name',
      `SINGLE-VALUE ${eq}`,
    ),
    exactText('1.3.6.1.4.1.250.1.57', 'labeledURI labeledURL', 'URI and a label'),
  ],
  objectClasses: [
    objectClass('2.5.6.2', 'country', 'country', 'STRUCTURAL', {
      must: 'c',
      may: 'searchGuide description',
    }),
    objectClass('2.5.6.3', 'locality', 'locality', 'STRUCTURAL', {
      may: 'street seeAlso searchGuide st l description',
    }),
    objectClass('2.5.6.4', 'organization', 'organization', 'STRUCTURAL', {
      must: 'o',
      may: organization,
    }),
    objectClass('2.5.6.5', 'organizationalUnit', 'organizational unit', 'STRUCTURAL', {
      must: 'ou',
      may: organization,
    }),
    objectClass('2.5.6.6', 'person', 'person', 'STRUCTURAL', {
      must: 'sn cn',
      may: 'userPassword telephoneNumber seeAlso description',
    }),
    objectClass('2.5.6.7', 'organizationalPerson', 'person in an organization', 'STRUCTURAL', {
      sup: 'person',
      may: `title ${contact} ou st l`,
    }),
    objectClass('2.5.6.8', 'organizationalRole', 'role in an organization', 'STRUCTURAL', {
      must: 'cn',
      may: `${contact} seeAlso roleOccupant ou st l description`,
    }),
    objectClass('2.5.6.9', 'groupOfNames', 'group of names', 'STRUCTURAL', {
      must: 'cn',
      may: 'member businessCategory seeAlso owner ou o description',
      rest: "X-TENURE-GROUP 'member'",
    }),
    objectClass('2.5.6.17', 'groupOfUniqueNames', 'group of unique names', 'STRUCTURAL', {
      must: 'cn',
      may: 'uniqueMember businessCategory seeAlso owner ou o description',
      rest: "X-TENURE-GROUP 'uniqueMember'",
    }),
    objectClass('2.5.6.10', 'residentialPerson', 'person at home', 'STRUCTURAL', {
      sup: 'person',
      must: 'l',
      may: `businessCategory ${contact} st`,
    }),
    objectClass('2.5.6.11', 'applicationProcess', 'application', 'STRUCTURAL', {
      must: 'cn',
      may: 'seeAlso ou l description',
    }),
    objectClass('2.5.6.14', 'device', 'device', 'STRUCTURAL', {
      must: 'cn',
      may: 'serialNumber seeAlso owner ou o l description',
    }),
    objectClass('2.5.6.15', 'strongAuthenticationUser', 'holder of a certificate', 'AUXILIARY', {
      must: 'userCertificate',
    }),
    objectClass('2.5.6.16', 'certificationAuthority', 'certification authority', 'AUXILIARY', {
      must: 'authorityRevocationList certificateRevocationList cACertificate',
      may: 'crossCertificatePair',
    }),
    objectClass('2.5.6.19', 'cRLDistributionPoint', 'place of revocation lists', 'STRUCTURAL', {
      must: 'cn',
      may: 'certificateRevocationList authorityRevocationList deltaRevocationList',
    }),
    objectClass('2.5.6.21', 'pkiUser', 'holder of a certificate', 'AUXILIARY', {
      may: 'userCertificate',
    }),
    objectClass('2.5.6.22', 'pkiCA', 'certification authority', 'AUXILIARY', {
      may: `cACertificate certificateRevocationList authorityRevocationList
        crossCertificatePair`,
    }),
    objectClass('1.3.6.1.4.1.1466.344', 'dcObject', 'part of a domain name', 'AUXILIARY', {
      must: 'dc',
    }),
    objectClass('1.3.6.1.1.3.1', 'uidObject', 'has a user identifier', 'AUXILIARY', {
      must: 'uid',
    }),
    objectClass('1.3.6.1.4.1.250.3.1', 'labeledURIObject', 'has a labeled URI', 'AUXILIARY', {
      may: 'labeledURI',
    }),
  ],
};
