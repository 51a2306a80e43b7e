/** Samba 3 accounts, groups and domains, as far as RADIUS servers and file servers read them. */
import type { SchemaFile } from '../types.js';
import {
  attributeType,
  bounded,
  eq,
  exactText,
  integer,
  objectClass,
  secret,
  syntaxOid,
  text,
} from './define.js';

const a = '1.3.6.1.4.1.7165.2.1';
const c = '1.3.6.1.4.1.7165.2.2';

function number(id: number, name: string, desc: string): string {
  return integer(`${a}.${id}`, name, desc, 'SINGLE-VALUE');
}

function ia5(id: number, name: string, desc: string, lengthMax: number, rest = ''): string {
  const rules = `EQUALITY caseIgnoreIA5Match SYNTAX ${syntaxOid(26)}{${lengthMax}}`;
  return attributeType(`${a}.${id}`, name, desc, `${rules} ${rest}`.trimEnd());
}

function string(id: number, name: string, desc: string, lengthMax: number, rest = ''): string {
  return bounded(text(`${a}.${id}`, name, desc, rest), lengthMax);
}

const one = 'SINGLE-VALUE';

export const samba: SchemaFile = {
  name: 'samba',
  attributeTypes: [
    number(19, 'sambaGroupType', 'kind of group'),
    ia5(20, 'sambaSID', 'security identifier', 64, `${one} ${eq}`),
    number(21, 'sambaNextUserRid', 'next RID for users'),
    number(22, 'sambaNextGroupRid', 'next RID for groups'),
    ia5(23, 'sambaPrimaryGroupSID', 'security identifier of the primary group', 64, one),
    ia5(24, 'sambaLMPassword', 'LanManager hash', 32, `${one} ${secret}`),
    ia5(25, 'sambaNTPassword', 'NT hash', 32, `${one} ${secret}`),
    ia5(26, 'sambaAcctFlags', 'flags such as [U          ]', 16, one),
    number(27, 'sambaPwdLastSet', 'time of the last password change'),
    number(28, 'sambaPwdCanChange', 'time from which the password may change'),
    number(29, 'sambaPwdMustChange', 'time by which the password must change'),
    number(30, 'sambaLogonTime', 'time of the last logon'),
    number(31, 'sambaLogoffTime', 'time of the last logoff'),
    number(32, 'sambaKickoffTime', 'time at which the account ends'),
    ia5(33, 'sambaHomeDrive', 'drive letter of the home', 4, one),
    string(34, 'sambaLogonScript', 'logon script', 255, one),
    string(35, 'sambaProfilePath', 'roaming profile', 255, one),
    string(36, 'sambaUserWorkstations', 'workstations that may be used', 255, one),
    string(37, 'sambaHomePath', 'UNC path of the home', 128),
    string(38, 'sambaDomainName', 'domain', 128),
    number(39, 'sambaNextRid', 'next RID'),
    number(40, 'sambaAlgorithmicRidBase', 'base of computed RIDs'),
    bounded(exactText(`${a}.47`, 'sambaMungedDial', 'terminal server data'), 1050),
    number(48, 'sambaBadPasswordCount', 'failed logons'),
    number(49, 'sambaBadPasswordTime', 'time of the last failed logon'),
    ia5(51, 'sambaSIDList', 'members by security identifier', 64),
    ia5(54, 'sambaPasswordHistory', 'hashes of former passwords', 64, secret),
  ],
  objectClasses: [
    objectClass(`${c}.6`, 'sambaSamAccount', 'Samba account', 'AUXILIARY', {
      must: 'uid sambaSID',
      may: `cn sambaLMPassword sambaNTPassword sambaPwdLastSet sambaLogonTime sambaLogoffTime
        sambaKickoffTime sambaPwdCanChange sambaPwdMustChange sambaAcctFlags displayName
        sambaHomePath sambaHomeDrive sambaLogonScript sambaProfilePath description
        sambaUserWorkstations sambaPrimaryGroupSID sambaDomainName sambaMungedDial
        sambaBadPasswordCount sambaBadPasswordTime sambaPasswordHistory`,
    }),
    objectClass(`${c}.4`, 'sambaGroupMapping', 'Samba group', 'AUXILIARY', {
      must: 'gidNumber sambaSID sambaGroupType',
      may: 'displayName description sambaSIDList',
    }),
    objectClass(`${c}.5`, 'sambaDomain', 'Samba domain', 'STRUCTURAL', {
      must: 'sambaDomainName sambaSID',
      may: `sambaNextRid sambaNextGroupRid sambaNextUserRid sambaAlgorithmicRidBase`,
    }),
  ],
};
