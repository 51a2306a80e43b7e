/**
 * Uses of accounts that alarm somebody become a message for each of them in the outbox, and a line
 * in the log that nobody overlooks. The line is written first: it needs no disk of ours.
 */
import { formatTime } from '../directory/model/time.js';
import type {
  AlarmingUse,
  Context,
  Names,
  PreparedWrite,
  WriteOutcome,
} from '../directory/operations/index.js';
import { textsOf } from '../directory/operations/index.js';
import { personOf } from '../directory/operations/lifecycle/index.js';
import type { DirectoryReader } from '../directory/ports.js';
import { recipientsOf } from '../policy/run/index.js';
import { errorFromShape } from '../runtime/errors.js';
import type { Log } from '../runtime/log.js';

export interface AlarmParts {
  readonly reader: DirectoryReader;
  readonly names: Names;
  readonly write: (request: PreparedWrite) => Promise<WriteOutcome>;
  readonly context: () => Context;
  readonly log: Pick<Log, 'warn'>;
  /** Told when there is something to send. */
  readonly onMessages?: () => void;
}

const proofs: Readonly<Record<AlarmingUse['by'], string>> = {
  password: 'password',
  appPassword: 'app password',
  oneTimePassword: 'one-time password',
  serviceSecret: 'a credential of a service',
  certificate: 'certificate',
};

/** What to do about each use. Rejects where the messages could not be stored. */
export function alarmsOver(parts: AlarmParts): (use: AlarmingUse) => Promise<void> {
  const { reader, names, write, context, log } = parts;
  let uses = 0;
  return async ({ entry, kind, by, from, service, atMs }) => {
    uses += 1;
    const dn = names.text(entry);
    const login = textsOf(entry, 'uid', reader)[0] ?? dn;
    const through = reader.entry(service);
    const way = through === undefined ? '' : ` through ${names.text(through)}`;
    log.warn(
      { dn, kind: kind.name, from, by, ...(through && { through: names.text(through) }) },
      `ALARM: ${login} was used, and every use of the kind ${kind.name} alarms`,
    );
    const at = formatTime(Math.floor(atMs / 1000));
    const { facts } = personOf(entry, reader);
    const messages = recipientsOf(kind.everyUse, entry, facts, reader).map(({ role, to }) => ({
      key: `${entry.uuid}|every use|${atMs}.${uses}|${role}|${to}`,
      channel: 'mail' as const,
      to,
      subject: `ALARM: ${login} was used`,
      body:
        `${dn} came in at ${at} from ${from}${way}, by ${proofs[by]}.\n\n` +
        `To ${role}, by the policy: ${kind.name}, line ${kind.at.line}: every use alarms.\n` +
        'If nobody of you did this, shut it: tenure suspend.\n',
    }));
    const outcome = await write({
      op: 'together',
      context: context(),
      reason: `${login} was used`,
      writes: [],
      messages,
    });
    if (!outcome.ok) throw errorFromShape(outcome.error);
    parts.onMessages?.();
  };
}
