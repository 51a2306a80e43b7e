/**
 * The administration's view of logins: last use, unlocking, bypassing a second factor. Over a server
 * the guard knows what the disk does not know yet; a command that holds the folder reads the disk.
 */
import type { LastLogins, LoginChange, LoginInfo, LoginsEngine } from '../admin/logins.js';
import { countingFailures, standingOf } from '../credentials/guard/index.js';
import type { Identity, Origin } from '../directory/model/identity.js';
import type { LastUse, Lockout, Sighting } from '../directory/model/observed.js';
import {
  bypassedUntil,
  findEntry,
  guardOf,
  lockoutRulesOf,
  type Names,
  type PreparedWrite,
} from '../directory/operations/index.js';
import type { EntryRecord } from '../directory/ports.js';
import { errorFromShape } from '../runtime/errors.js';
import type { EngineParts } from './engine.js';

export interface LoginsParts {
  readonly names: Names;
  readonly administrator: () => Identity;
  readonly origin: Origin;
}

type Change = Pick<PreparedWrite, 'context' | 'reason'>;

export function loginsEngine(engine: EngineParts, parts: LoginsParts): LoginsEngine {
  const { reader, log } = engine;
  const { names } = parts;
  const find = (name: string) => findEntry(name, reader, names);

  const seen = (owner: number): { use: LastUse; lockout: Lockout | undefined } => {
    const guard = guardOf(reader);
    return {
      use: guard?.lastUse(owner) ?? reader.observed.lastUse(owner),
      lockout: guard === undefined ? reader.observed.lockouts().get(owner) : guard.lockout(owner),
    };
  };

  const login = (sighting: Sighting | undefined): LoginInfo | undefined => {
    if (sighting === undefined) return undefined;
    const { atMs, from, service } = sighting;
    const through = service === 0 ? undefined : reader.entry(service);
    return { at: iso(atMs), from, service: through && names.text(through) };
  };

  const last = (entry: EntryRecord): LastLogins => {
    const { use, lockout } = seen(entry.id);
    const rules = lockoutRulesOf(entry, reader);
    const nowMs = engine.nowMs();
    const standing = standingOf(lockout, rules, nowMs);
    const until = standing.kind === 'open' ? undefined : standing.untilMs;
    const bypass = bypassedUntil(entry, reader);
    return {
      dn: names.text(entry),
      now: iso(nowMs),
      success: login(use.success),
      failure: login(use.failure),
      failures: countingFailures(lockout, rules, nowMs).length,
      state: standing.kind,
      until: until === undefined ? undefined : iso(until),
      bypassUntil: bypass === undefined || bypass * 1000 <= nowMs ? undefined : iso(bypass * 1000),
    };
  };

  const changeOf = (what: string, { by, because }: LoginChange): Change => ({
    context: { identity: parts.administrator(), origin: parts.origin },
    reason: `tenure ${what} by ${by}${because === '' ? '' : `: ${because}`}`,
  });

  const write = async (request: PreparedWrite): Promise<void> => {
    const outcome = await engine.write(request);
    if (!outcome.ok) throw errorFromShape(outcome.error);
  };

  return {
    last: async (name) => last(find(name)),

    async unlock(change) {
      const entry = find(change.name);
      const { dn, state, failures } = last(entry);
      await write({ op: 'unlock', ...changeOf('unlock', change), owner: entry.id });
      guardOf(reader)?.unlocked(entry.id);
      log.info({ dn, by: change.by }, 'unlocked');
      return { dn, wasLocked: state !== 'open', failures };
    },

    async bypass(change) {
      const entry = find(change.name);
      const { forMs } = change;
      const until = forMs === undefined ? undefined : Math.floor((engine.nowMs() + forMs) / 1000);
      await write({ op: 'bypass', ...changeOf('bypass', change), owner: entry.id, until });
      const dn = names.text(entry);
      const end = until === undefined ? undefined : iso(until * 1000);
      log.warn({ dn, by: change.by, until: end }, 'the second factor is bypassed');
      return { dn, until: end };
    },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
