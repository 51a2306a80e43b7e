/** The policy engine of a directory: whose name is on what it does, and how it tells the world. */
import { join } from 'node:path';
import type { SecretBox } from '../credentials/index.js';
import {
  type Context,
  Names,
  type PreparedWrite,
  type WriteOutcome,
} from '../directory/operations/index.js';
import { POLICY_RDN } from '../directory/operations/lifecycle/index.js';
import type { DirectoryReader } from '../directory/ports.js';
import { hookTransport, mailTransport, pumpOutbox, Scheduler } from '../policy/run/index.js';
import type { Clock } from '../runtime/clock.js';
import type { Config } from '../runtime/config.js';
import type { Log } from '../runtime/log.js';
import type { Random } from '../runtime/random.js';
import { turn } from '../runtime/turns.js';
import { firstPasswords } from './first-mail.js';

export interface SchedulingParts {
  readonly reader: DirectoryReader;
  readonly write: (request: PreparedWrite) => Promise<WriteOutcome>;
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDir: string;
  readonly outbox: Config['outbox'];
  readonly frozen: () => boolean;
  readonly random: () => Random;
  /** @throws KeyFileError */
  readonly box: () => SecretBox;
}

/** In whose name the policy writes. */
export function policyContext(reader: DirectoryReader): Context {
  const dn = `${POLICY_RDN},${reader.suffixes()[0]?.dn ?? ''}`;
  return {
    identity: { role: 'administrator', dn, entryId: 0 },
    origin: { address: 'policy', connection: 0, confidential: true },
  };
}

export function schedulerOver(parts: SchedulingParts): Scheduler {
  const { reader, write, clock, log, dataDir, outbox, frozen, random, box } = parts;
  const names = new Names(reader);
  const context = () => policyContext(reader);
  const nowMs = () => clock.nowMs();
  const passwords = firstPasswords({ reader, random, box, nowMs });
  const base = { reader, names, write, clock, context, turn, frozen };
  const tools = { ...base, firstPasswords: passwords };
  const transports = {
    mail: mailTransport({
      server: outbox.mail,
      from: outbox.from,
      folder: join(dataDir, 'outbox'),
    }),
    hook: hookTransport(outbox.hooks, clock),
  };
  return new Scheduler({
    ...tools,
    pump: () => pumpOutbox({ ...tools, transports }),
    onDefect: (error) => log.error({ err: error }, 'defect'),
    onRun({ run, done, held, decision, failed }) {
      if (run !== 0) log.info({ run, steps: done.length, failed: failed.length }, 'policy run');
      if (held.length > 0)
        log.warn({ steps: held.length, decision }, 'HELD: people would be closed');
    },
  });
}
