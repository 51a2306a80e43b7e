/**
 * An old password that is named in a change is a guess as much as one in a bind is: it counts
 * against whom it is about, and nobody who is locked out is asked for it.
 */
import type { Guard, LockoutRules } from '../../../credentials/guard/index.js';
import { LdapError } from '../../../runtime/errors.js';
import type { EntryRecord } from '../../ports.js';
import type { Context } from '../types.js';

export interface OldPasswordTools {
  readonly guard: Guard;
  readonly rulesOf: (entry: EntryRecord) => LockoutRules;
}

export class OldPasswords {
  readonly #tools: OldPasswordTools;

  constructor(tools: OldPasswordTools) {
    this.#tools = tools;
  }

  /** @throws LdapError unwillingToPerform, whatever was sent: so it tells nothing of it */
  assertOpen(entry: EntryRecord): void {
    const { guard, rulesOf } = this.#tools;
    if (!guard.concerns(entry.id)) return;
    if (guard.standing(entry.id, rulesOf(entry)).kind === 'open') return;
    const text = 'too many wrong passwords were sent lately: the old one is not looked at now';
    throw new LdapError('unwillingToPerform', text, '', 'accountLocked');
  }

  /** Counts one that was wrong; a lock is on the disk when this is done. */
  async wrong(entry: EntryRecord, secret: Buffer, { origin }: Context): Promise<void> {
    const { guard, rulesOf } = this.#tools;
    // The one who asks has bound, so the address is a door to somebody: it is not to blame.
    const about = { owner: entry.id, from: origin.address, service: 0, source: undefined };
    await guard.failed({ ...about, secret, rules: rulesOf(entry) }).durable;
  }
}
