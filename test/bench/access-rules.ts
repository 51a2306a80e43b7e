/**
 * What rules about reading cost: 50 roles and 500 rules, half of which look at the entry, and a
 * search for one person by somebody whom half of the roles are for, beside the same search by the
 * administrator, whom no rule is about.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Options } from './options.js';
import { administratorDn, personDn, suffix, writePeople } from './people.js';
import { startTenure } from './tenure.js';
import { type Best, byTurns, turnsLine } from './turns.js';

const ROLES = 50;
const RULES = 500;
/** At least so fast as for the administrator. */
const ratioMin = 0.85;
const measured = ['search', 'search-8'] as const;
type Name = (typeof measured)[number];
const readers = { administrator: administratorDn, person: personDn(1) } as const;
type Reader = keyof typeof readers;

export type AccessRulesFigures = Readonly<Record<Name, Readonly<Record<Reader, Best>>>>;

const departments = ['Research', 'Sales', 'Finance', 'Support', 'Legal', 'Operations', 'Design'];
/** Given for everybody, and given for those whom a rule picks by looking at them. */
const plain = ['cn', 'sn', 'givenName', 'mail', 'uid', 'objectClass', '@posix'];
const picked = ['telephoneNumber', 'employeeNumber', 'title', 'departmentNumber'];

const nth = <T>(list: readonly T[], index: number): T => list[index % list.length]!;

/** Every second rule looks at the entry: who it is, who manages it, or what is written in it. */
function rule(index: number): string {
  const group = `group role-${index % ROLES}`;
  if (index % 2 === 0) {
    return `{who: ${group}, may: read, attributes: "${nth(plain, index / 2)}"}`;
  }
  const attribute = nth(picked, Math.floor(index / 14));
  if (index % 14 === 1) return `{who: self, may: read, attributes: "@public, @personal"}`;
  if (index % 14 === 3) return `{who: manager, may: read, attributes: ${attribute}}`;
  const what = `department is ${nth(departments, index)} or type is type-${index}`;
  return `{who: ${group}, may: read, what: ${what}, attributes: ${attribute}}`;
}

function document(): string {
  const roles = Array.from(
    { length: ROLES },
    (_, i) => `  role-${i}: {who: group role-${i}, may: unlock}`,
  );
  const rules = Array.from({ length: RULES - 1 }, (_, i) => `  rule-${i}: ${rule(i)}`);
  const finds =
    '  finds: {who: anyone who has bound, may: [discover, search], attributes: "@public"}';
  return ['tenure: 1', 'roles:', ...roles, 'access:', finds, ...rules, ''].join('\n');
}

function groups(): string {
  const one = (i: number) => {
    const dn = `cn=role-${i},ou=groups,${suffix}`;
    // The reader has every other pair of roles.
    const member = i % 4 < 2 ? readers.person : personDn(2);
    return `dn: ${dn}\nobjectClass: groupOfNames\ncn: role-${i}\nmember: ${member}\n\n`;
  };
  return Array.from({ length: ROLES }, (_, i) => one(i)).join('');
}

const policy = () =>
  `dn: cn=policy,${suffix}\nobjectClass: tenureLifecyclePolicy\ncn: policy\n` +
  `tenurePolicyText:: ${Buffer.from(document()).toString('base64')}\n\n`;

export async function measureAccessRules(
  dir: string,
  generator: string,
  options: Options,
  say: (text: string) => void,
): Promise<AccessRulesFigures> {
  mkdirSync(dir, { recursive: true });
  const ldif = join(dir, 'people.ldif');
  writePeople(ldif, options.people);
  appendFileSync(ldif, `\n${groups()}${policy()}`);
  say(`${options.people} people, ${ROLES} roles and ${RULES} rules: loading…\n`);
  const peer = await startTenure(dir, ldif);
  try {
    const ways = {
      administrator: { peer, as: readers.administrator },
      person: { peer, as: readers.person },
    };
    return await byTurns(measured, ways, generator, options, say);
  } finally {
    await peer.stop();
  }
}

export function accessRulesReport(figures: AccessRulesFigures): string {
  const lines = measured.map((name) => {
    const { administrator, person } = figures[name];
    return turnsLine(name, [person, 'by rules'], [administrator, 'above them'], ratioMin);
  });
  return lines.join('\n');
}
