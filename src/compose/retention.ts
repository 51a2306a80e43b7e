/** How long the audit trail is kept, as the policy says: looked at once an hour, slice by slice. */
import { policyOf } from '../directory/operations/lifecycle/index.js';
import { shifted } from '../policy/core/index.js';
import type { Duration } from '../policy/core/language/index.js';
import type { Clock } from '../runtime/clock.js';
import type { StoreWriter } from '../store/index.js';

/** Between two looks at what is too old. */
const EVERY_MS = 3_600_000;

export class Retention {
  readonly #store: StoreWriter;
  readonly #clock: Clock;
  #nextMs = 0;

  constructor(store: StoreWriter, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** One slice; true where more is left. */
  step(): boolean {
    const now = this.#clock.nowMs();
    if (now < this.#nextMs) return false;
    const { audit, company } = policyOf(this.#store).policy;
    const before = (keep: Duration | undefined) =>
      keep === undefined ? 0 : shifted(Math.floor(now / 1000), keep, -1, company) * 1000;
    const keeping = {
      seenBeforeMs: before(audit.keepBinds ?? audit.keep),
      doneBeforeMs: before(audit.keep),
    };
    // By a clock that is not to be trusted nothing is forgotten.
    const trusted = this.#store.clockMarks().suspicion === '';
    const asked = keeping.seenBeforeMs > 0 || keeping.doneBeforeMs > 0;
    const more = trusted && asked && this.#store.forgetOld(keeping, now);
    if (!more) this.#nextMs = now + EVERY_MS;
    return more;
  }
}
