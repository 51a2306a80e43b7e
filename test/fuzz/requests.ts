/** Requests of sound structure with contents that are half sense and half nonsense. */
import type { Control, Filter, RequestOp } from '../../src/ldap/protocol/index.js';
import { suffix } from '../support/process-server.js';
import type { Chance } from './chance.js';

const names = [
  ...['cn', 'sn', 'uid', 'mail', 'objectClass', 'member', 'uniqueMember', 'memberUid', 'memberOf'],
  ...['uidNumber', 'gidNumber', 'manager', 'userPassword', 'entryUUID', 'entryDN', 'jpegPhoto'],
  ...[
    'userCertificate;binary',
    'cn;lang-de',
    'createTimestamp',
    'hasSubordinates',
    'aliasedObjectName',
  ],
  ...['telephoneNumber', '2.5.4.3', '2.5.4.', 'name', '*', '+', '1.1', '', ';', 'cn;', 'nö', 'dn'],
];
const texts = [
  ...['ada', 'Ada Lovelace', 'TRUE', '20260101000000Z', '20260101000000.0+0100', '99999999999999Z'],
  ...[
    '-1',
    '0',
    '18446744073709551616',
    ' ',
    '',
    '\0',
    '\\',
    '*',
    '#04',
    '#',
    'ä'.normalize('NFD'),
  ],
  ...['\u{1f600}', '\ufffd', 'person', 'top', '2.5.6.6', '1'.repeat(300), '{SSHA}', '{SSHA}AAAA'],
  ...[
    '{CRYPT}$6$x$y',
    '{ARGON2}$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA',
    '+1 2-3',
    '@example',
  ],
];
const rules = [
  'caseIgnoreMatch',
  '2.5.13.5',
  '1.2.840.113556.1.4.803',
  '1.2.840.113556.1.4.1941',
  'x',
];
const knownDns = [
  ...[
    '',
    suffix,
    `ou=people,${suffix}`,
    `ou=groups,${suffix}`,
    'cn=subschema',
    `cn=admin,${suffix}`,
  ],
  ...[`uid=ada,ou=people,${suffix}`, `cn=wifi,ou=groups,${suffix}`, `cn=staff,ou=groups,${suffix}`],
  ...[
    `uid=gary,ou=people,${suffix}`,
    `uid=fuzz,ou=people,${suffix}`,
    `cn=fuzz,ou=groups,${suffix}`,
  ],
];
const controlOids = [
  ...['1.2.840.113556.1.4.319', '1.3.6.1.1.13.1', '1.3.6.1.1.13.2', '1.3.6.1.1.12'],
  ...['1.3.6.1.4.1.21008.108.63.1', '2.16.840.1.113730.3.4.2', '1.2.3', '', 'x'.repeat(2_000)],
];
const extensions = [
  ...['1.3.6.1.4.1.4203.1.11.3', '1.3.6.1.4.1.4203.1.11.1', '1.3.6.1.1.8', '1.2.3', ''],
];

/** Text for a name or a value; now and then long, or octets that are no text. */
function value(chance: Chance): Buffer {
  switch (chance.int(12)) {
    case 0:
      return chance.bytes(chance.int(60));
    case 1:
      return Buffer.alloc(1 + chance.int(5_000), chance.int(256));
    case 2:
      return Buffer.from(dn(chance));
    default:
      return Buffer.from(chance.pick(texts));
  }
}

function name(chance: Chance): string {
  return chance.once(12) ? value(chance).toString('latin1') : chance.pick(names);
}

export function dn(chance: Chance): string {
  switch (chance.int(10)) {
    case 0:
      return chance.bytes(chance.int(40)).toString('latin1');
    case 1:
      return `${'cn=x,'.repeat(chance.int(200))}${suffix}`;
    case 2:
      return `${chance.pick(names)}=${chance.pick(texts)}+cn=x,${chance.pick(knownDns)}`;
    case 3:
      return `uid=fuzz${chance.int(40)},ou=people,${suffix}`;
    case 4: {
      const text = chance.pick(knownDns);
      const at = chance.int(text.length + 1);
      return (
        text.slice(0, at) + chance.pick([',', '=', '+', '\\', '"', '#', ';', ' ']) + text.slice(at)
      );
    }
    default:
      return chance.pick(knownDns);
  }
}

export function filter(chance: Chance, depth = 0): Filter {
  const kind = chance.int(depth > 6 ? 6 : 9);
  const attribute = name(chance);
  switch (kind) {
    case 0:
      return { kind: 'present', attribute };
    case 1:
      return { kind: 'equality', attribute, value: value(chance) };
    case 2:
      return {
        kind: chance.pick(['greaterOrEqual', 'lessOrEqual', 'approx']),
        attribute,
        value: value(chance),
      };
    case 3:
    case 4:
      return {
        kind: 'substrings',
        attribute,
        initial: chance.once(2) ? value(chance) : undefined,
        any: Array.from({ length: chance.int(5) }, () => value(chance)),
        final: value(chance),
      };
    case 5:
      return {
        kind: 'extensible',
        rule: chance.pick(rules),
        attribute: chance.once(3) ? undefined : attribute,
        value: value(chance),
        dnAttributes: chance.once(2),
      };
    case 6:
      return { kind: 'not', filter: filter(chance, depth + 1) };
    default: {
      const filters = Array.from({ length: chance.int(5) }, () => filter(chance, depth + 1));
      return { kind: kind === 7 ? 'and' : 'or', filters };
    }
  }
}

function attributes(chance: Chance) {
  return Array.from({ length: chance.int(6) }, () => ({
    description: name(chance),
    values: Array.from({ length: chance.int(4) }, () => value(chance)),
  }));
}

/** What a person or group needs, and then some. */
function plausible(chance: Chance) {
  const attribute = (description: string, text: string) => ({
    description,
    values: [Buffer.from(text)],
  });
  const group = chance.once(3);
  return [
    attribute('objectClass', group ? 'groupOfNames' : 'inetOrgPerson'),
    attribute('cn', 'Fuzz'),
    ...(group ? [attribute('member', dn(chance))] : [attribute('sn', 'Fuzz')]),
    ...attributes(chance),
  ];
}

export function controls(chance: Chance): Control[] {
  if (!chance.once(3)) return [];
  return Array.from({ length: chance.int(4) }, () => ({
    oid: chance.pick(controlOids),
    critical: chance.once(2),
    value: chance.once(4) ? undefined : controlValue(chance),
  }));
}

function controlValue(chance: Chance): Buffer {
  const valid = [
    Buffer.from('3005020105 0400'.replaceAll(' ', ''), 'hex'),
    Buffer.from('30040402636e', 'hex'),
    Buffer.from('870b6f626a656374436c617373', 'hex'),
    Buffer.from('30080400040004000400', 'hex'),
  ];
  const bytes = Buffer.from(chance.pick(valid));
  if (chance.once(2)) bytes[chance.int(bytes.length)] = chance.int(256);
  return bytes;
}

/** Any request but unbind: that would end the conversation. */
export function request(chance: Chance): RequestOp {
  switch (chance.int(11)) {
    case 0: {
      const password = chance.once(2) ? Buffer.alloc(0) : value(chance);
      return {
        kind: 'bind',
        version: chance.pick([3, 3, 2, 1, 127]),
        name: dn(chance),
        authentication: { kind: 'simple', password },
      };
    }
    case 1: {
      const mechanism = chance.pick(['EXTERNAL', 'PLAIN', 'DIGEST-MD5', '', 'external']);
      const credentials = chance.once(2) ? undefined : value(chance);
      return {
        kind: 'bind',
        version: 3,
        name: '',
        authentication: { kind: 'sasl', mechanism, credentials },
      };
    }
    case 2:
    case 3:
    case 4:
      return {
        kind: 'search',
        baseObject: dn(chance),
        scope: chance.pick([0, 1, 2]),
        derefAliases: chance.pick([0, 1, 2, 3]),
        sizeLimit: chance.pick([0, 0, 1, 2_147_483_647]),
        timeLimit: chance.pick([0, 0, 1, 2_147_483_647]),
        typesOnly: chance.once(4),
        filter: filter(chance),
        attributes: Array.from({ length: chance.int(5) }, () => name(chance)),
      };
    case 5:
      return { kind: 'compare', entry: dn(chance), attribute: name(chance), value: value(chance) };
    case 6:
      return {
        kind: 'add',
        entry: dn(chance),
        attributes: chance.once(3) ? attributes(chance) : plausible(chance),
      };
    case 7:
      return {
        kind: 'modify',
        object: dn(chance),
        changes: attributes(chance).map((modification) => ({
          operation: chance.pick(['add', 'delete', 'replace', 'increment']),
          modification,
        })),
      };
    case 8:
      return { kind: 'delete', entry: dn(chance) };
    case 9:
      return {
        kind: 'modifyDn',
        entry: dn(chance),
        newRdn: chance.pick([
          'cn=fuzz',
          'uid=fuzz',
          'uid=fuzz+cn=Fuzz',
          '',
          'x',
          'cn=a,cn=b',
          dn(chance),
        ]),
        deleteOldRdn: chance.once(2),
        newSuperior: chance.once(2) ? undefined : dn(chance),
      };
    default:
      return {
        kind: 'extended',
        requestName: chance.pick(extensions),
        requestValue: chance.once(3) ? undefined : value(chance),
      };
  }
}
