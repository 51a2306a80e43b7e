/**
 * What the access map costs: searches of a service account for one person each, and binds, in a
 * directory that keeps one beside the same in one that keeps none.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Options } from './options.js';
import { password, serviceDn, suffix, writePeople } from './people.js';
import { startTenure } from './tenure.js';
import { type Best, byTurns, turnsLine } from './turns.js';

/** At least so fast as without. */
const ratioMin = 0.9;
const measured = ['search', 'search-8', 'bind'] as const;
type Name = (typeof measured)[number];
type Which = 'without' | 'with';

export type AccessMapFigures = Readonly<Record<Name, Readonly<Record<Which, Best>>>>;

const service = `dn: ou=services,${suffix}
objectClass: organizationalUnit
ou: services

dn: ${serviceDn}
objectClass: account
objectClass: simpleSecurityObject
uid: app
userPassword: ${password}

`;

export async function measureAccessMap(
  dir: string,
  generator: string,
  options: Options,
  say: (text: string) => void,
): Promise<AccessMapFigures> {
  const started = async (name: Which) => {
    mkdirSync(join(dir, name));
    const ldif = join(dir, name, 'people.ldif');
    writePeople(ldif, options.people);
    appendFileSync(ldif, `\n${service}`);
    say(`${options.people} people ${name} an access map: loading…\n`);
    const settings = name === 'with' ? '' : 'accessMap:\n  enabled: false\n';
    return startTenure(join(dir, name), ldif, settings);
  };
  const peers = { without: await started('without'), with: await started('with') };
  try {
    const ways = {
      without: { peer: peers.without, as: serviceDn },
      with: { peer: peers.with, as: serviceDn },
    };
    return await byTurns(measured, ways, generator, options, say);
  } finally {
    await peers.with.stop();
    await peers.without.stop();
  }
}

export function accessMapReport(figures: AccessMapFigures): string {
  const lines = measured.map((name) => {
    const { with: on, without: off } = figures[name];
    return turnsLine(name, [on, 'with'], [off, 'without'], ratioMin);
  });
  return lines.join('\n');
}
