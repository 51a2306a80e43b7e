/** COSINE (RFC 4524), with the long names that RFC 1274 gave some of its attributes. */
import type { SchemaFile } from '../types.js';
import { bounded, dn, eq, eqSub, ia5, objectClass, postal, telephone, text } from './define.js';

const arc = '0.9.2342.19200300.100';
const contact = `userPassword searchGuide seeAlso businessCategory x121Address registeredAddress
  destinationIndicator preferredDeliveryMethod telexNumber teletexTerminalIdentifier
  telephoneNumber internationalISDNNumber facsimileTelephoneNumber street postOfficeBox
  postalCode postalAddress physicalDeliveryOfficeName st l description`;

function text256(number: number, names: string, desc: string, rest = ''): string {
  return bounded(text(`${arc}.1.${number}`, names, desc, rest), 256);
}

export const rfc4524: SchemaFile = {
  name: 'rfc4524',
  attributeTypes: [
    bounded(ia5(`${arc}.1.3`, 'mail rfc822Mailbox', 'mail address', eqSub), 256),
    bounded(text(`${arc}.1.4`, 'info', 'general information'), 2048),
    text256(5, 'drink favouriteDrink', 'favourite drink'),
    text256(6, 'roomNumber', 'room'),
    text256(8, 'userClass', 'category of user'),
    text256(9, 'host', 'host computer', eq),
    dn(`${arc}.1.10`, 'manager', 'manager'),
    text256(11, 'documentIdentifier', 'identifies a document'),
    text256(12, 'documentTitle', 'title of a document'),
    text256(13, 'documentVersion', 'version of a document'),
    dn(`${arc}.1.14`, 'documentAuthor', 'author of a document'),
    text256(15, 'documentLocation', 'where a document is'),
    telephone(`${arc}.1.20`, 'homePhone homeTelephoneNumber', 'telephone at home'),
    dn(`${arc}.1.21`, 'secretary', 'secretary'),
    ia5(`${arc}.1.37`, 'associatedDomain', 'domain that goes with the object'),
    dn(`${arc}.1.38`, 'associatedName', 'object that goes with the domain'),
    postal(`${arc}.1.39`, 'homePostalAddress', 'postal address at home'),
    text256(40, 'personalTitle', 'title of a person'),
    telephone(`${arc}.1.41`, 'mobile mobileTelephoneNumber', 'mobile telephone'),
    telephone(`${arc}.1.42`, 'pager pagerTelephoneNumber', 'pager'),
    text(`${arc}.1.43`, 'co friendlyCountryName', 'country in words'),
    text256(44, 'uniqueIdentifier', 'unique identifier'),
    text256(45, 'organizationalStatus', 'category of person in the organization'),
    text256(48, 'buildingName', 'building'),
    text(`${arc}.1.56`, 'documentPublisher', 'publisher of a document'),
  ],
  objectClasses: [
    objectClass(`${arc}.4.5`, 'account', 'computer account', 'STRUCTURAL', {
      must: 'uid',
      may: 'description seeAlso l o ou host',
    }),
    objectClass(`${arc}.4.6`, 'document', 'document', 'STRUCTURAL', {
      must: 'documentIdentifier',
      may: `cn description seeAlso l o ou documentTitle documentVersion documentAuthor
        documentLocation documentPublisher`,
    }),
    objectClass(`${arc}.4.7`, 'room', 'room', 'STRUCTURAL', {
      must: 'cn',
      may: 'roomNumber description seeAlso telephoneNumber',
    }),
    objectClass(`${arc}.4.9`, 'documentSeries', 'series of documents', 'STRUCTURAL', {
      must: 'cn',
      may: 'description l o ou seeAlso telephoneNumber',
    }),
    objectClass(`${arc}.4.13`, 'domain', 'domain', 'STRUCTURAL', {
      must: 'dc',
      may: `associatedName o ${contact}`,
    }),
    objectClass(`${arc}.4.14`, 'rFC822localPart', 'local part of an address', 'STRUCTURAL', {
      sup: 'domain',
      may: 'cn sn',
    }),
    objectClass(`${arc}.4.17`, 'domainRelatedObject', 'belongs to a domain', 'AUXILIARY', {
      must: 'associatedDomain',
    }),
    objectClass(`${arc}.4.18`, 'friendlyCountry', 'country with a name', 'STRUCTURAL', {
      sup: 'country',
      must: 'co',
    }),
    objectClass(`${arc}.4.19`, 'simpleSecurityObject', 'may log in', 'AUXILIARY', {
      must: 'userPassword',
    }),
  ],
};
