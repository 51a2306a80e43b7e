/** Two or more ways to ask the same, measured by turns, so that all see the same moods of the machine. */
import { measure } from './measure.js';
import { modes } from './modes.js';
import type { Options } from './options.js';
import type { Peer } from './peer.js';

const ROUNDS = 3;

/** Of the server for one operation, µs of the processor, and operations a second: the best rounds. */
export interface Best {
  readonly us: number;
  readonly perSecond: number;
}

/** Who asks, and whom. */
export interface Way {
  readonly peer: Peer;
  readonly as: string;
}

/** The best rounds by mode and way. */
export async function byTurns<M extends string, W extends string>(
  measured: readonly M[],
  ways: Readonly<Record<W, Way>>,
  generator: string,
  options: Options,
  say: (text: string) => void,
): Promise<Readonly<Record<M, Readonly<Record<W, Best>>>>> {
  const names = Object.keys(ways) as W[];
  const none = () =>
    Object.fromEntries(names.map((name) => [name, { us: Infinity, perSecond: 0 }]));
  const best = Object.fromEntries(measured.map((mode) => [mode, none()])) as Record<
    M,
    Record<W, Best>
  >;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of measured) {
      for (const way of names) {
        const { peer, as } = ways[way];
        const mode = modes.find((one) => one.name === name)!;
        const { figures } = await measure(
          peer,
          [{ ...mode, as }],
          generator,
          { ...options, only: [name] },
          { onFigure: () => undefined, onFailure: (_mode, error) => say(`${error.message}\n`) },
        );
        const { perSecond, load } = figures[0]!;
        say(`${name} ${way}: ${Math.round(perSecond)}/s, ${load.processorUs.toFixed(1)} µs\n`);
        const { us, perSecond: rate } = best[name][way];
        best[name][way] = {
          us: Math.min(us, load.processorUs),
          perSecond: Math.max(rate, perSecond),
        };
      }
    }
  }
  return best;
}

/** A line for a mode: this way beside that, and the ratio that is wanted at least. */
export function turnsLine(
  name: string,
  [one, oneIs]: readonly [Best, string],
  [other, otherIs]: readonly [Best, string],
  ratioMin: number,
): string {
  const ratio = one.perSecond / other.perSecond;
  const verdict = ratio >= ratioMin ? 'ok' : 'BELOW TARGET';
  const rates = `${Math.round(one.perSecond)}/s ${oneIs}, ${Math.round(other.perSecond)}/s ${otherIs}`;
  const cost = `${one.us.toFixed(1)} and ${other.us.toFixed(1)} µs of the processor`;
  return `${name.padEnd(9)} ${rates} (${cost}): ${ratio.toFixed(2)}, at least ${ratioMin}: ${verdict}`;
}
