/** inetOrgPerson (RFC 2798), with the pilot attributes photo and audio that it allows. */
import type { SchemaFile } from '../types.js';
import { attributeType, eq, eqSub, objectClass, syntaxOid, text } from './define.js';

const arc = '2.16.840.1.113730.3';
const pilot = '0.9.2342.19200300.100.1';

export const rfc2798: SchemaFile = {
  name: 'rfc2798',
  attributeTypes: [
    text(`${arc}.1.1`, 'carLicense', 'licence plate'),
    text(`${arc}.1.2`, 'departmentNumber', 'department', eq),
    text(`${arc}.1.3`, 'employeeNumber', 'number of an employee', `SINGLE-VALUE ${eq}`),
    text(`${arc}.1.4`, 'employeeType', 'kind of employment', eq),
    text(`${arc}.1.39`, 'preferredLanguage', 'preferred language', 'SINGLE-VALUE'),
    attributeType(
      `${arc}.1.40`,
      'userSMIMECertificate',
      'PKCS 7 certificate chain',
      `SYNTAX ${syntaxOid(5)}`,
    ),
    attributeType(`${arc}.1.216`, 'userPKCS12', 'PKCS 12 PFX', `SYNTAX ${syntaxOid(5)}`),
    text(`${arc}.1.241`, 'displayName', 'name to be shown', `SINGLE-VALUE ${eqSub}`),
    attributeType(`${pilot}.60`, 'jpegPhoto', 'JPEG image', `SYNTAX ${syntaxOid(28)}`),
    attributeType(`${pilot}.7`, 'photo', 'G3 fax image', `SYNTAX ${syntaxOid(23)}`),
    attributeType(`${pilot}.55`, 'audio', 'u-law sound', `SYNTAX ${syntaxOid(4)}`),
  ],
  objectClasses: [
    objectClass(`${arc}.2.2`, 'inetOrgPerson', 'person on the Internet', 'STRUCTURAL', {
      sup: 'organizationalPerson',
      may: `audio businessCategory carLicense departmentNumber displayName employeeNumber
        employeeType givenName homePhone homePostalAddress initials jpegPhoto labeledURI mail
        manager mobile o pager photo roomNumber secretary uid userCertificate
        x500UniqueIdentifier preferredLanguage userSMIMECertificate userPKCS12`,
    }),
  ],
};
