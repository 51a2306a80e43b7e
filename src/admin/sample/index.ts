/**
 * A sample company to explore, as LDIF below any suffix: 31 people, 9 groups, 4 services, 1 host.
 * Holds no usable password: people get theirs with ldappasswd, services have random ones that
 * nobody knows. Makes neither the suffix entry nor the administrator.
 */
import { createHash } from 'node:crypto';
import { formatEntry, ldifHeader } from '../../directory/text/index.js';
import type { Random } from '../../runtime/random.js';
import { departments, people, type SamplePerson, sshKeys } from './people.js';

/** Attributes with their values, in the order written. */
type Attributes = Readonly<Record<string, readonly string[]>>;

const firstUidNumber = 20_001;
const staffGidNumber = 30_001;
const firstEmployeeNumber = 1001;

/** The LDIF text; entries come after their parents and after those they name. */
export function sampleLdif(suffix: string, random: Random): string {
  const entry = (rdns: string, attributes: Attributes): string => {
    const written = Object.entries(attributes).map(([description, values]) => ({
      description,
      values: values.map((value) => Buffer.from(value)),
    }));
    return formatEntry(`${rdns},${suffix}`, written);
  };
  return [
    ldifHeader,
    ...units.map(([ou, text]) => {
      const attributes = { objectClass: ['organizationalUnit'], ou: [ou], description: [text] };
      return entry(`ou=${ou}`, attributes);
    }),
    ...people.map((person, i) => entry(personRdns(person.uid), personEntry(person, i, suffix))),
    ...groups.map((group) => entry(groupRdns(group.cn), groupEntry(group, suffix))),
    ...services.map(([uid, text]) =>
      entry(`uid=${uid},ou=services`, {
        objectClass: ['account', 'simpleSecurityObject', 'tenureService'],
        uid: [uid],
        owner: [`${personRdns('dorothy')},${suffix}`],
        description: [text],
        seeAlso: [`${personRdns('dorothy')},${suffix}`],
        userPassword: [unknownPassword(random)],
      }),
    ),
    entry('cn=web1,ou=hosts', {
      objectClass: ['device', 'ipHost'],
      cn: ['web1', 'web1.example.com'],
      ipHostNumber: ['192.0.2.10', '2001:db8::10'],
      description: ['Web server: git, files and the intranet'],
      l: ['London'],
      owner: [`${personRdns('mary')},${suffix}`],
      serialNumber: ['TX-1843-07'],
    }),
  ].join('');
}

const units: readonly (readonly [ou: string, description: string])[] = [
  ['people', 'Everybody who works here'],
  ['groups', 'Teams, permissions and Unix groups'],
  ['services', 'Accounts of applications'],
  ['hosts', 'Machines'],
];

const services: readonly (readonly [uid: string, description: string])[] = [
  ['gitea', 'Git hosting: finds people and reads their SSH keys'],
  ['wifi', 'RADIUS server of the office network'],
  ['nextcloud', 'Files and calendars'],
  ['backup', 'Nightly export of the directory'],
];

interface SampleGroup {
  readonly cn: string;
  readonly description: string;
  readonly owner: string;
  /** RDNs below the suffix. */
  readonly members: readonly string[];
  /** Also a Unix group. */
  readonly gidNumber?: number;
  readonly unique?: true;
}

function peopleWhere(test: (person: SamplePerson) => boolean): string[] {
  return people.filter(test).map(({ uid }) => personRdns(uid));
}

const groups: readonly SampleGroup[] = [
  {
    cn: 'staff',
    description: 'All employees',
    owner: 'jean',
    gidNumber: staffGidNumber,
    members: peopleWhere(({ type }) => type === 'employee'),
  },
  {
    cn: 'contractors',
    description: 'People of other companies who work with us',
    owner: 'jean',
    members: peopleWhere(({ type }) => type === 'contractor'),
  },
  {
    cn: 'interns',
    description: 'People who learn with us for a while',
    owner: 'jean',
    members: peopleWhere(({ type }) => type === 'intern'),
  },
  {
    cn: 'research',
    description: 'Department R-210',
    owner: 'alan',
    gidNumber: 30_002,
    members: peopleWhere(({ department }) => department === 'R-210'),
  },
  {
    cn: 'engineering',
    description: 'Department E-310',
    owner: 'grace',
    gidNumber: 30_003,
    members: peopleWhere(({ department }) => department === 'E-310'),
  },
  {
    cn: 'operations',
    description: 'Department O-410: may log in to servers',
    owner: 'dorothy',
    gidNumber: 30_004,
    members: peopleWhere(({ department }) => department === 'O-410'),
  },
  {
    cn: 'everyone',
    description: 'All who work here, by way of the groups inside',
    owner: 'ada',
    members: ['staff', 'contractors', 'interns'].map(groupRdns),
  },
  {
    cn: 'wifi',
    description: 'May use the office network',
    owner: 'annie',
    members: [groupRdns('everyone')],
  },
  {
    cn: 'git-admins',
    description: 'Administrators of the Git server',
    owner: 'grace',
    unique: true,
    members: ['grace', 'dennis', 'mary'].map(personRdns),
  },
];

function personRdns(uid: string): string {
  return `uid=${uid},ou=people`;
}

function groupRdns(cn: string): string {
  return `cn=${cn},ou=groups`;
}

function personEntry(person: SamplePerson, place: number, suffix: string): Attributes {
  const { uid, givenName, sn, manager, department } = person;
  const key = sshKeys[uid];
  const extension = String(100 + place).padStart(4, '0');
  return {
    objectClass: ['inetOrgPerson', 'posixAccount', ...(key === undefined ? [] : ['ldapPublicKey'])],
    uid: [uid],
    cn: [`${givenName} ${sn}`],
    sn: [sn],
    givenName: [givenName],
    displayName: [`${givenName} ${sn}`],
    mail: [`${uid}@example.com`],
    title: [person.title],
    employeeType: [person.type],
    employeeNumber: [String(firstEmployeeNumber + place)],
    departmentNumber: [department],
    ou: [departments[department].name],
    ...(manager === undefined ? {} : { manager: [`${personRdns(manager)},${suffix}`] }),
    // A range reserved for fiction.
    telephoneNumber: [`+44 20 7946 ${extension}`],
    roomNumber: [person.room],
    l: [person.place],
    preferredLanguage: [person.language],
    uidNumber: [String(firstUidNumber + place)],
    gidNumber: [String(staffGidNumber)],
    homeDirectory: [`/home/${uid}`],
    loginShell: ['/bin/bash'],
    ...(key === undefined ? {} : { sshPublicKey: [`ssh-ed25519 ${key} ${uid}@example.com`] }),
  };
}

function groupEntry(group: SampleGroup, suffix: string): Attributes {
  const { cn, description, owner, members, gidNumber, unique } = group;
  const dns = members.map((rdns) => `${rdns},${suffix}`);
  const structural = unique === true ? 'groupOfUniqueNames' : 'groupOfNames';
  return {
    objectClass: gidNumber === undefined ? [structural] : [structural, 'posixGroup'],
    cn: [cn],
    description: [description],
    owner: [`${personRdns(owner)},${suffix}`],
    ...(gidNumber === undefined ? {} : { gidNumber: [String(gidNumber)] }),
    [unique === true ? 'uniqueMember' : 'member']: dns,
  };
}

/** The hash of 32 random bytes: the object class asks for a value, and this one opens nothing. */
function unknownPassword(random: Random): string {
  const salt = random.bytes(16);
  const digest = createHash('sha512').update(random.bytes(32)).update(salt).digest();
  return `{SSHA512}${Buffer.concat([digest, salt]).toString('base64')}`;
}
