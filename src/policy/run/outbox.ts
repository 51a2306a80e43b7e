/**
 * The outbox: what has to be told to the world, sent after the transaction that caused it. A message
 * is tried until it goes or has been tried too often, with a growing delay; a receiver sees the same
 * key each time, because between sending and noting that it was sent the process may be killed.
 */
import type { Message, Sending } from '../../directory/model/records.js';
import { nowOf, type RunTools } from './tools.js';

/** It was refused for good: the same message would be refused again. */
export class Undeliverable extends Error {}

/** Takes one message; rejects where it could not be handed over. */
export interface Transport {
  send(message: Message): Promise<void>;
}

export interface OutboxTools extends Pick<RunTools, 'reader' | 'write' | 'clock' | 'context'> {
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
    const sendings = await Promise.all(waiting.map((message) => attempt(message, now, tools)));
    const context = tools.context();
    const outcome = await tools.write({ op: 'sent', context, reason: 'sent', sendings });
    // What cannot be noted is tried again at the next look, with the same keys.
    if (!outcome.ok) return sent;
    sent += sendings.filter(({ state }) => state === 'sent').length;
  }
}

async function attempt(message: Message, now: number, tools: OutboxTools): Promise<Sending> {
  const { id, to, tries, channel } = message;
  if (to === '') {
    return { id, state: 'given up', nextAt: now, error: 'nobody of that kind has an address' };
  }
  try {
    await tools.transports[channel].send(message);
    return { id, state: 'sent', nextAt: now, error: '' };
  } catch (error) {
    const text = (error instanceof Error ? error.message : String(error)).slice(0, ERROR_CHARS_MAX);
    const isFinal = error instanceof Undeliverable || tries + 1 >= TRIES_MAX;
    if (isFinal) return { id, state: 'given up', nextAt: now, error: text };
    return { id, state: 'waiting', nextAt: now + delayAfter(tries), error: text };
  }
}
