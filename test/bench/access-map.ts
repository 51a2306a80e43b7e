/**
 * What the access map costs: searches of a service account for one person each, and binds, in a
 * directory that keeps one beside the same in one that keeps none.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from './measure.js';
import { modes } from './modes.js';
import type { Options } from './options.js';
import { password, serviceDn, suffix, writePeople } from './people.js';
import { startTenure } from './tenure.js';

const ROUNDS = 3;
/** At least so fast as without. */
const ratioMin = 0.9;
const measured = ['search', 'search-8', 'bind'] as const;
type Name = (typeof measured)[number];
type Which = 'without' | 'with';

/** Of the server for one operation, µs of the processor, and operations a second: the best rounds. */
export type AccessMapFigures = Readonly<
  Record<Name, Readonly<Record<Which, { readonly us: number; readonly perSecond: number }>>>
>;

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
    writePeople(ldif, options.people, false);
    appendFileSync(ldif, `\n${service}`);
    say(`${options.people} people ${name} an access map: loading…\n`);
    const settings = name === 'with' ? '' : 'accessMap:\n  enabled: false\n';
    return startTenure(join(dir, name), ldif, settings);
  };
  const peers = { without: await started('without'), with: await started('with') };
  const best = Object.fromEntries(
    measured.map((name) => [
      name,
      { without: { us: Infinity, perSecond: 0 }, with: { us: Infinity, perSecond: 0 } },
    ]),
  ) as Record<Name, Record<Which, { us: number; perSecond: number }>>;
  try {
    // By turns, so that both see the same moods of the machine.
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of measured) {
        for (const which of ['without', 'with'] as const) {
          const mode = modes.find((one) => one.name === name)!;
          const { figures } = await measure(
            peers[which],
            [{ ...mode, as: serviceDn }],
            generator,
            { ...options, only: [name] },
            { onFigure: () => undefined, onFailure: (_mode, error) => say(`${error.message}\n`) },
          );
          const { perSecond, load } = figures[0]!;
          const { processorUs } = load;
          say(`${name} ${which}: ${Math.round(perSecond)}/s, ${processorUs.toFixed(1)} µs\n`);
          const kept = best[name][which];
          kept.us = Math.min(kept.us, processorUs);
          kept.perSecond = Math.max(kept.perSecond, perSecond);
        }
      }
    }
  } finally {
    await peers.with.stop();
    await peers.without.stop();
  }
  return best;
}

export function accessMapReport(figures: AccessMapFigures): string {
  const lines = measured.map((name) => {
    const { with: on, without: off } = figures[name];
    const ratio = on.perSecond / off.perSecond;
    const verdict = ratio >= ratioMin ? 'ok' : 'BELOW TARGET';
    const rates = `${Math.round(on.perSecond)}/s with, ${Math.round(off.perSecond)}/s without`;
    const cost = `${on.us.toFixed(1)} and ${off.us.toFixed(1)} µs of the processor`;
    return `${name.padEnd(9)} ${rates} (${cost}): ${ratio.toFixed(2)}, at least ${ratioMin}: ${verdict}`;
  });
  return lines.join('\n');
}
