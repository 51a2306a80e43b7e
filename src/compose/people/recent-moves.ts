/**
 * People who were moved one by one in the last hour: when more than ten of them went the same way, whoever
 * moves the next is offered the new name of the value. Nothing is held: a script that moves people goes on.
 */

import { policyOf } from '../../directory/operations/lifecycle/index.js';
import { MoveTally, offerOf } from '../../policy/core/index.js';
import { noteMoved } from './move-many.js';
import type { PeopleParts } from './parts.js';
import type { Planned } from './plan-verb.js';

const SECONDS = 3_600;
/** More than this in an hour are not looked at together. */
const KEPT_MAX = 200;

export class RecentMoves {
  /** By whom it was about, in the order in which they were moved. */
  #moves: { readonly at: number; readonly one: Planned }[] = [];

  /** Somebody has been moved. */
  note(one: Planned): void {
    const at = one.person.now;
    this.#moves = this.#since(at - SECONDS).slice(-KEPT_MAX + 1);
    this.#moves.push({ at, one });
  }

  /** What to say before another one is. */
  offers(one: Planned, parts: PeopleParts): readonly string[] {
    const tally = new MoveTally();
    const recent = this.#since(one.person.now - SECONDS).map((move) => move.one);
    for (const moved of [...recent, one]) noteMoved(tally, moved, parts);
    const found = tally.reorganisations(policyOf(parts.reader).policy);
    return found.map((way) => `one by one, ${offerOf(way)}`);
  }

  #since(at: number) {
    return this.#moves.filter((move) => move.at > at);
  }
}
