/** eduPerson (REFEDS, version 202208): the attributes that federations ask for. */
import type { SchemaFile } from '../types.js';
import { attributeType, dn, exactText, objectClass, syntaxOid, text } from './define.js';

const a = '1.3.6.1.4.1.5923.1.1.1';
const one = 'SINGLE-VALUE';

export const eduPerson: SchemaFile = {
  name: 'eduperson',
  attributeTypes: [
    text(`${a}.1`, 'eduPersonAffiliation', 'relations such as staff or student'),
    text(`${a}.2`, 'eduPersonNickname', 'nickname'),
    dn(`${a}.3`, 'eduPersonOrgDN', 'organization', one),
    dn(`${a}.4`, 'eduPersonOrgUnitDN', 'organizational units'),
    text(`${a}.5`, 'eduPersonPrimaryAffiliation', 'main relation', one),
    text(`${a}.6`, 'eduPersonPrincipalName', 'name such as user@example.com', one),
    exactText(`${a}.7`, 'eduPersonEntitlement', 'URI of a right'),
    dn(`${a}.8`, 'eduPersonPrimaryOrgUnitDN', 'main organizational unit', one),
    text(`${a}.9`, 'eduPersonScopedAffiliation', 'relations with their domain'),
    attributeType(
      `${a}.10`,
      'eduPersonTargetedID',
      'identifier for one service (deprecated)',
      `EQUALITY caseExactMatch SYNTAX ${syntaxOid(15)}`,
    ),
    exactText(`${a}.11`, 'eduPersonAssurance', 'URI of a level of assurance'),
    text(`${a}.12`, 'eduPersonPrincipalNamePrior', 'former principal names'),
    text(`${a}.13`, 'eduPersonUniqueId', 'lasting identifier', one),
    text(`${a}.16`, 'eduPersonOrcid', 'ORCID'),
  ],
  objectClasses: [
    objectClass('1.3.6.1.4.1.5923.1.1.2', 'eduPerson', 'member of academia', 'AUXILIARY', {
      may: `eduPersonAffiliation eduPersonNickname eduPersonOrgDN eduPersonOrgUnitDN
        eduPersonPrimaryAffiliation eduPersonPrincipalName eduPersonEntitlement
        eduPersonPrimaryOrgUnitDN eduPersonScopedAffiliation eduPersonTargetedID
        eduPersonAssurance eduPersonPrincipalNamePrior eduPersonUniqueId eduPersonOrcid`,
    }),
  ],
};
