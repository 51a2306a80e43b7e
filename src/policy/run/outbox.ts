/**
 * The outbox: what has to be told to the world, sent after the transaction that caused it. A message
 * is tried until it goes or has been tried too often, with a growing delay; a receiver sees the same
 * key each time, because between sending and noting that it was sent the process may be killed.
 */
import type { Message, Sending } from '../../directory/model/records.js';
import type { WriteOutcome } from '../../directory/operations/index.js';
import { nowOf, type RunTools } from './tools.js';

/** It was refused for good: the same message would be refused again. */
export class Undeliverable extends Error {}

/** Takes one message; rejects where it could not be handed over. */
export interface Transport {
  send(message: Message): Promise<void>;
}

/** In the key of a message that carries a first password. */
export const FIRST_PASSWORD = '|first password|';
/** Where it stands in the text. */
export const PASSWORD_PLACE = '(the password is in the mail that was sent, and nowhere else)';

export interface OutboxTools
  extends Pick<RunTools, 'reader' | 'write' | 'clock' | 'context' | 'firstPasswords'> {
  readonly transports: Readonly<Record<Message['channel'], Transport>>;
}

const PAGE = 20;
const FIRST_DELAY_SECONDS = 30;
const LONGEST_DELAY_SECONDS = 6 * 60 * 60;
/** About four days of trying. */
const TRIES_MAX = 24;
const ERROR_CHARS_MAX = 500;

/** Seconds until the next try: twice as long each time. */
export function delayAfter(tries: number): number {
  return Math.min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** Math.min(tries, 16));
}

/** Sends all whose time has come; resolves with how many went. */
export async function pumpOutbox(tools: OutboxTools): Promise<number> {
  let sent = 0;
  for (;;) {
    const now = nowOf(tools);
    const waiting = tools.reader.records.waitingMessages(now, PAGE);
    if (waiting.length === 0) return sent;
    const spent: Spent[] = [];
    const sendings = await Promise.all(waiting.map((one) => attempt(one, now, tools, spent)));
    const outcome = await note(sendings, spent, tools);
    // What cannot be noted is tried again at the next look, with the same keys.
    if (!outcome.ok) return sent;
    sent += sendings.filter(({ state }) => state === 'sent').length;
  }
}

/** A password that was carried, and by which message. */
interface Spent {
  readonly message: number;
  readonly owner: number;
  readonly secretId: number;
}

/** What became of them; a password that went, or never will, goes in the same commit. */
async function note(
  sendings: readonly Sending[],
  spent: readonly Spent[],
  tools: OutboxTools,
): Promise<WriteOutcome> {
  const context = tools.context();
  const over = spent.filter(({ message }) =>
    sendings.some(({ id, state }) => id === message && state !== 'waiting'),
  );
  if (over.length > 0) {
    const reason = 'first password sent';
    const writes = over.map(({ owner, secretId }) => {
      return { op: 'credentials' as const, context, reason, owner, remove: [secretId], add: [] };
    });
    const whole = await tools.write({ op: 'together', context, reason, writes, sendings });
    if (whole.ok) return whole;
    // Somebody else took one away meanwhile: sent is sent.
  }
  return tools.write({ op: 'sent', context, reason: 'sent', sendings });
}

/** The message with the password that it carries. @throws Undeliverable where there is none */
function filled(
  message: Message,
  { reader, firstPasswords }: OutboxTools,
  spent: Spent[],
): Message {
  if (!message.key.includes(FIRST_PASSWORD)) return message;
  const owner = reader.idByUuid(message.key.slice(0, message.key.indexOf('|')));
  const found = owner === 0 ? undefined : firstPasswords?.find(owner, message.key);
  if (found === undefined) {
    throw new Undeliverable('the password that it carries was taken back meanwhile');
  }
  const { password, secretId } = found;
  spent.push({ message: message.id, owner, secretId });
  return { ...message, body: message.body.replace(PASSWORD_PLACE, password) };
}

async function attempt(
  message: Message,
  now: number,
  tools: OutboxTools,
  spent: Spent[],
): Promise<Sending> {
  const { id, to, tries, channel } = message;
  if (to === '') {
    return { id, state: 'given up', nextAt: now, error: 'nobody of that kind has an address' };
  }
  try {
    await tools.transports[channel].send(filled(message, tools, spent));
    return { id, state: 'sent', nextAt: now, error: '' };
  } catch (error) {
    const text = (error instanceof Error ? error.message : String(error)).slice(0, ERROR_CHARS_MAX);
    const isFinal = error instanceof Undeliverable || tries + 1 >= TRIES_MAX;
    if (isFinal) return { id, state: 'given up', nextAt: now, error: text };
    return { id, state: 'waiting', nextAt: now + delayAfter(tries), error: text };
  }
}
