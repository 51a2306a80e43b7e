/**
 * Name service data: RFC 2307 and draft-howard-rfc2307bis-02 side by side. posixGroup is AUXILIARY
 * as in the draft, so that one group can have member and memberUid; on {top, posixGroup} it counts
 * as structural, which is how RFC 2307 data looks. Automount maps and netgroups included.
 */
import type { SchemaFile } from '../types.js';
import {
  attributeType,
  bounded,
  eq,
  eqOrd,
  exactIa5,
  exactText,
  ia5,
  integer,
  objectClass,
  octets,
  secret,
  syntaxOid,
  text,
} from './define.js';

const a = '1.3.6.1.1.1.1';
const c = '1.3.6.1.1.1.2';
const one = 'SINGLE-VALUE';

const exactPath = `EQUALITY caseExactIA5Match SYNTAX ${syntaxOid(26)} ${one}`;

export const rfc2307: SchemaFile = {
  name: 'rfc2307',
  attributeTypes: [
    integer(`${a}.0`, 'uidNumber', 'number of a user', `${one} ${eqOrd}`),
    integer(`${a}.1`, 'gidNumber', 'number of a group', `${one} ${eqOrd}`),
    text(`${a}.2`, 'gecos', 'name as in the passwd file', one),
    attributeType(`${a}.3`, 'homeDirectory', 'path of the home directory', exactPath),
    attributeType(`${a}.4`, 'loginShell', 'path of the login shell', exactPath),
    integer(`${a}.5`, 'shadowLastChange', 'day of the last password change', one),
    integer(`${a}.6`, 'shadowMin', 'days before a change is allowed', one),
    integer(`${a}.7`, 'shadowMax', 'days before a change is required', one),
    integer(`${a}.8`, 'shadowWarning', 'days of warning', one),
    integer(`${a}.9`, 'shadowInactive', 'days after which the account is off', one),
    integer(`${a}.10`, 'shadowExpire', 'day on which the account is off', `${one} ${eqOrd}`),
    integer(`${a}.11`, 'shadowFlag', 'reserved', one),
    exactIa5(`${a}.12`, 'memberUid', 'login name of a member'),
    exactIa5(`${a}.13`, 'memberNisNetgroup', 'netgroup within a netgroup'),
    text(`${a}.14`, 'nisNetgroupTriple', 'netgroup triple'),
    integer(`${a}.15`, 'ipServicePort', 'port', one),
    text(`${a}.16`, 'ipServiceProtocol', 'protocol of a service'),
    integer(`${a}.17`, 'ipProtocolNumber', 'number of a protocol', one),
    integer(`${a}.18`, 'oncRpcNumber', 'number of an RPC programme', one),
    ia5(`${a}.19`, 'ipHostNumber', 'IP address', eq),
    ia5(`${a}.20`, 'ipNetworkNumber', 'IP network', one),
    ia5(`${a}.21`, 'ipNetmaskNumber', 'IP netmask', one),
    ia5(`${a}.22`, 'macAddress', 'MAC address', eq),
    exactIa5(`${a}.23`, 'bootParameter', 'boot parameter'),
    exactIa5(`${a}.24`, 'bootFile', 'boot image'),
    bounded(text(`${a}.26`, 'nisMapName', 'name of a NIS map', eq), 64),
    bounded(exactText(`${a}.27`, 'nisMapEntry', 'entry of a NIS map', one), 1024),
    octets(`${a}.28`, 'nisPublicKey', 'NIS public key', one),
    octets(`${a}.29`, 'nisSecretKey', 'NIS secret key', `${one} ${secret}`),
    bounded(ia5(`${a}.30`, 'nisDomain', 'NIS domain'), 256),
    exactText(`${a}.31`, 'automountMapName', 'name of an automount map', `${one} ${eq}`),
    exactText(`${a}.32`, 'automountKey', 'key in an automount map', `${one} ${eq}`),
    exactText(`${a}.33`, 'automountInformation', 'what is mounted', one),
  ],
  objectClasses: [
    objectClass(`${c}.0`, 'posixAccount', 'POSIX account', 'AUXILIARY', {
      must: 'cn uid uidNumber gidNumber homeDirectory',
      may: 'userPassword loginShell gecos description',
    }),
    objectClass(`${c}.1`, 'shadowAccount', 'shadow password data', 'AUXILIARY', {
      must: 'uid',
      may: `userPassword shadowLastChange shadowMin shadowMax shadowWarning shadowInactive
        shadowExpire shadowFlag description`,
    }),
    objectClass(`${c}.2`, 'posixGroup', 'POSIX group', 'AUXILIARY', {
      must: 'gidNumber',
      may: 'cn userPassword memberUid description',
      rest: "X-TENURE-GROUP 'memberUid' X-TENURE-STRUCTURAL 'alone'",
    }),
    objectClass(`${c}.3`, 'ipService', 'Internet service', 'STRUCTURAL', {
      must: 'cn ipServicePort ipServiceProtocol',
      may: 'description',
    }),
    objectClass(`${c}.4`, 'ipProtocol', 'Internet protocol', 'STRUCTURAL', {
      must: 'cn ipProtocolNumber',
      may: 'description',
    }),
    objectClass(`${c}.5`, 'oncRpc', 'RPC binding', 'STRUCTURAL', {
      must: 'cn oncRpcNumber',
      may: 'description',
    }),
    objectClass(`${c}.6`, 'ipHost', 'host', 'AUXILIARY', {
      must: 'cn ipHostNumber',
      may: 'userPassword l description manager',
    }),
    objectClass(`${c}.7`, 'ipNetwork', 'network', 'STRUCTURAL', {
      must: 'ipNetworkNumber',
      may: 'cn ipNetmaskNumber l description manager',
    }),
    objectClass(`${c}.8`, 'nisNetgroup', 'netgroup', 'STRUCTURAL', {
      must: 'cn',
      may: 'nisNetgroupTriple memberNisNetgroup description',
    }),
    objectClass(`${c}.9`, 'nisMap', 'NIS map', 'STRUCTURAL', {
      must: 'nisMapName',
      may: 'description',
    }),
    objectClass(`${c}.10`, 'nisObject', 'entry of a NIS map', 'STRUCTURAL', {
      must: 'cn nisMapEntry nisMapName',
      may: 'description',
    }),
    objectClass(`${c}.11`, 'ieee802Device', 'device with a MAC address', 'AUXILIARY', {
      may: 'macAddress',
    }),
    objectClass(`${c}.12`, 'bootableDevice', 'device that boots', 'AUXILIARY', {
      may: 'bootFile bootParameter',
    }),
    objectClass(`${c}.14`, 'nisKeyObject', 'holder of NIS keys', 'AUXILIARY', {
      must: 'cn nisPublicKey nisSecretKey',
      may: 'uidNumber description',
    }),
    objectClass(`${c}.15`, 'nisDomainObject', 'belongs to a NIS domain', 'AUXILIARY', {
      must: 'nisDomain',
    }),
    objectClass(`${c}.16`, 'automountMap', 'automount map', 'STRUCTURAL', {
      must: 'automountMapName',
      may: 'description',
    }),
    objectClass(`${c}.17`, 'automount', 'entry of an automount map', 'STRUCTURAL', {
      must: 'automountKey automountInformation',
      may: 'description',
    }),
    objectClass(`${c}.18`, 'groupOfMembers', 'group of names', 'STRUCTURAL', {
      must: 'cn',
      may: 'businessCategory seeAlso owner ou o description member',
      rest: "X-TENURE-GROUP 'member'",
    }),
    objectClass('1.3.6.1.4.1.5322.13.1.1', 'namedObject', 'anything with a name', 'STRUCTURAL', {
      may: 'cn',
    }),
  ],
};
