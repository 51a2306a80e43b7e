/**
 * What hosts read beside RFC 2307: SSH keys (openssh-lpk), sudo rules, authorised services and
 * hosts (ldapns), mail aliases, and the generated identifier of macOS.
 */
import type { SchemaFile } from '../types.js';
import {
  attributeType,
  bounded,
  eq,
  exactIa5,
  exactText,
  integer,
  objectClass,
  syntaxOid,
  text,
  time,
} from './define.js';

const lpk = '1.3.6.1.4.1.24552.500.1.1';

export const opensshLpk: SchemaFile = {
  name: 'openssh-lpk',
  attributeTypes: [
    attributeType(
      `${lpk}.1.13`,
      'sshPublicKey',
      'OpenSSH public key',
      `EQUALITY sshPublicKeyMatch SYNTAX ${syntaxOid(40)} ${eq}`,
    ),
  ],
  objectClasses: [
    objectClass(`${lpk}.2.0`, 'ldapPublicKey', 'holder of SSH keys', 'AUXILIARY', {
      may: 'sshPublicKey uid',
    }),
  ],
};

const sudoArc = '1.3.6.1.4.1.15953.9';

export const sudo: SchemaFile = {
  name: 'sudo',
  attributeTypes: [
    exactIa5(`${sudoArc}.1.1`, 'sudoUser', 'users who may run sudo', eq),
    exactIa5(`${sudoArc}.1.2`, 'sudoHost', 'hosts the rule is for', eq),
    exactIa5(`${sudoArc}.1.3`, 'sudoCommand', 'commands'),
    exactIa5(`${sudoArc}.1.4`, 'sudoRunAs', 'users that are impersonated (deprecated)'),
    exactIa5(`${sudoArc}.1.5`, 'sudoOption', 'options'),
    exactIa5(`${sudoArc}.1.6`, 'sudoRunAsUser', 'users that are impersonated'),
    exactIa5(`${sudoArc}.1.7`, 'sudoRunAsGroup', 'groups that are impersonated'),
    time(`${sudoArc}.1.8`, 'sudoNotBefore', 'start of validity'),
    time(`${sudoArc}.1.9`, 'sudoNotAfter', 'end of validity'),
    integer(`${sudoArc}.1.10`, 'sudoOrder', 'order among rules'),
  ],
  objectClasses: [
    objectClass(`${sudoArc}.2.1`, 'sudoRole', 'sudo rule', 'STRUCTURAL', {
      must: 'cn',
      may: `sudoUser sudoHost sudoCommand sudoRunAs sudoRunAsUser sudoRunAsGroup sudoOption
        sudoOrder sudoNotBefore sudoNotAfter description`,
    }),
  ],
};

const ldapnsArc = '1.3.6.1.4.1.5322.17';
const sunArc = '1.3.6.1.4.1.42.2.27';

export const ldapns: SchemaFile = {
  name: 'ldapns',
  attributeTypes: [
    bounded(text(`${ldapnsArc}.2.1`, 'authorizedService', 'service that may be used'), 256),
    attributeType(
      `${sunArc}.2.1.15`,
      'rfc822MailMember',
      'address a mail alias stands for',
      'EQUALITY caseIgnoreIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26',
    ),
  ],
  objectClasses: [
    objectClass(`${ldapnsArc}.1.1`, 'authorizedServiceObject', 'uses services', 'AUXILIARY', {
      may: 'authorizedService',
    }),
    objectClass(`${ldapnsArc}.1.2`, 'hostObject', 'uses hosts', 'AUXILIARY', { may: 'host' }),
    objectClass(`${sunArc}.1.2.5`, 'nisMailAlias', 'mail alias', 'STRUCTURAL', {
      must: 'cn',
      may: 'rfc822MailMember',
    }),
  ],
};

const appleArc = '1.3.6.1.4.1.63.1000.1.1';

export const apple: SchemaFile = {
  name: 'apple',
  attributeTypes: [
    exactText(
      `${appleArc}.1.1.20`,
      'apple-generateduid',
      'generated unique identifier',
      `SINGLE-VALUE ${eq}`,
    ),
  ],
  objectClasses: [
    objectClass(`${appleArc}.2.1`, 'apple-user', 'account on macOS', 'AUXILIARY', {
      may: 'apple-generateduid',
    }),
  ],
};
