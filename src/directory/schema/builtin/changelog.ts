/** The change log as entries: draft-good-ldap-changelog-04, and what servers commonly add to it. */
import type { SchemaFile } from '../types.js';
import { attributeType, boolean, dn, integer, objectClass, syntaxOid, time } from './define.js';

const arc = '2.16.840.1.113730.3';
const shared = '1.3.6.1.4.1.26027.1.1';
const single = 'SINGLE-VALUE NO-USER-MODIFICATION';
const dsa = `${single} USAGE dSAOperation`;
const name = `EQUALITY caseIgnoreMatch SYNTAX ${syntaxOid(15)} ${single}`;

export const changelog: SchemaFile = {
  name: 'changelog',
  attributeTypes: [
    integer(`${arc}.1.5`, 'changeNumber', 'number of a change; they ascend', single),
    dn(`${arc}.1.6`, 'targetDN', 'name of the entry before the change', single),
    attributeType(`${arc}.1.7`, 'changeType', 'add, delete, modify or modrdn', name),
    attributeType(
      `${arc}.1.8`,
      'changes',
      'what was changed, as LDIF without secrets',
      `SYNTAX ${syntaxOid(40)} ${single}`,
    ),
    dn(`${arc}.1.9`, 'newRDN', 'new relative name', single),
    boolean(`${arc}.1.10`, 'deleteOldRDN', 'whether the old relative name went', single),
    dn(`${arc}.1.11`, 'newSuperior', 'name of the new parent', single),
    dn(`${arc}.1.35`, 'changelog', 'where the change log is', dsa),
    time(`${arc}.1.77`, 'changeTime', 'when the change was made', single),
    dn(`${shared}.604`, 'changeInitiatorsName', 'who made the change', single),
    integer(`${shared}.593`, 'firstChangeNumber', 'the oldest change that is kept', dsa),
    integer(`${shared}.594`, 'lastChangeNumber', 'the newest change', dsa),
  ],
  objectClasses: [
    objectClass(`${arc}.2.1`, 'changeLogEntry', 'a line of the change log', 'STRUCTURAL', {
      must: 'changeNumber targetDN changeType',
      may: `changes newRDN deleteOldRDN newSuperior changeTime changeInitiatorsName entryUUID
        description`,
    }),
  ],
};
