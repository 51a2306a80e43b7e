/**
 * Carries out one attack over a socket of its own and judges what came back. The judgement is the
 * fuzzer's oracle: answers are sound LDAP, a broken stream is told so, and everything ends.
 */
import { connect, type Socket } from 'node:net';
import {
  decodeResponse,
  encodeRequest,
  Framer,
  type ResponseMessage,
} from '../../src/ldap/protocol/index.js';
import type { TenureServer } from '../support/process-server.js';
import { saslOp } from '../support/wire-client.js';
import type { Attack } from './attacks.js';
import type { Chance } from './chance.js';

/** Long enough for a machine that is busy with other things. */
const END_MS = 20_000;
const NOTICE_CODES: ReadonlySet<number> = new Set([2, 51, 52]);
const PROTOCOL_ERROR = 2;
const BIND_ID = 2_000_000_000;

interface Talk {
  readonly messages: ResponseMessage[];
  fault: string | undefined;
  closed: boolean;
  waiting: (() => void) | undefined;
}

/** What is wrong with the server's behaviour, or undefined. `canary` makes the judge unjust. */
export async function strike(
  server: TenureServer,
  attack: Attack,
  chance: Chance,
  canary: boolean,
): Promise<string | undefined> {
  const socket = open(server, attack);
  const talk = listen(socket, attack);
  const late = setTimeout(() => {
    talk.fault ??= 'the connection did not end';
    socket.destroy();
  }, END_MS);
  try {
    if (attack.bound) {
      socket.write(encodeRequest(BIND_ID, saslOp('EXTERNAL')));
      await until(talk, () => talk.messages.length > 0);
      if (attack.deaf) socket.pause();
    }
    await send(socket, attack, chance, talk);
    // Whoever leaves early is not waited for long; who is owed answers stays for them.
    if (attack.owed === 'answers') {
      await until(talk, () => finalsOf(talk.messages).length >= attack.requests || ended(talk));
    }
    if (attack.leaves === 'rudely') leaveRudely(socket, attack);
    // A plan that is owed something waits for it; leaving first would allow the server not to say.
    else if (attack.owed !== 'notice') socket.end();
    await until(talk, () => talk.closed);
  } finally {
    clearTimeout(late);
    socket.destroy();
  }
  return talk.fault ?? judge(attack, talk.messages, canary);
}

function open(server: TenureServer, { door }: Attack): Socket {
  const options = { allowHalfOpen: true };
  if (door === 'local') return connect({ path: server.localPath, ...options });
  const port = door === 'ldap' ? server.ldapPort : server.ldapsPort;
  return connect({ port, host: '127.0.0.1', noDelay: true, ...options });
}

/** A reset is a thing of TCP. */
function leaveRudely(socket: Socket, { door }: Attack): void {
  if (door === 'local') socket.destroy();
  else socket.resetAndDestroy();
}

function listen(socket: Socket, { door }: Attack): Talk {
  const talk: Talk = { messages: [], fault: undefined, closed: false, waiting: undefined };
  const framer = new Framer(64 * 1024 * 1024);
  socket.on('data', (chunk: Buffer) => {
    // Alerts of TLS are not ours to read.
    if (door === 'ldaps') return;
    framer.push(chunk);
    for (let step = framer.next(); step !== 'needMore'; step = framer.next()) {
      if (step === 'fault') {
        talk.fault ??= `it sent what is no LDAP: ${framer.fault}`;
        break;
      }
      const message = decodeResponse(framer.frame);
      if (message.kind === 'fault') talk.fault ??= `it sent a bad response: ${message.reason}`;
      else talk.messages.push(message);
    }
    talk.waiting?.();
  });
  socket.on('end', () => socket.end());
  socket.on('error', () => undefined);
  socket.on('close', () => {
    talk.closed = true;
    talk.waiting?.();
  });
  return talk;
}

async function until(talk: Talk, holds: () => boolean): Promise<void> {
  while (!holds() && !talk.closed) {
    await new Promise<void>((resolve) => {
      talk.waiting = resolve;
    });
  }
}

async function send(socket: Socket, attack: Attack, chance: Chance, talk: Talk): Promise<void> {
  const { octets, cut } = attack;
  if (cut === 'whole') {
    socket.write(octets);
    return;
  }
  for (let at = 0; at < octets.length && !talk.closed; ) {
    const size = cut === 'octets' ? 1 : 1 + chance.int(Math.max(16, octets.length / 4));
    socket.write(octets.subarray(at, at + size));
    at += size;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Final responses to what the attack asked. */
function finalsOf(messages: readonly ResponseMessage[]): readonly ResponseMessage[] {
  return messages.filter(
    ({ messageId, op }) => messageId !== 0 && messageId !== BIND_ID && op.kind !== 'searchEntry',
  );
}

function ended({ messages }: Talk): boolean {
  return messages.at(-1)?.messageId === 0;
}

function judge(
  { owed, requests, bound, door }: Attack,
  messages: readonly ResponseMessage[],
  canary: boolean,
): string | undefined {
  const notices = messages.filter(({ messageId }) => messageId === 0);
  if (notices.length > 1) return 'it disconnected twice';
  const notice = notices[0]?.op;
  if (notice !== undefined) {
    if (notice.kind !== 'extendedResponse') return `an unsolicited ${notice.kind}`;
    if (!NOTICE_CODES.has(notice.resultCode)) return `a notice with code ${notice.resultCode}`;
    if (notice.diagnosticMessage === '') return 'a notice without a word';
    if (messages.at(-1)?.messageId !== 0) return 'something came behind the notice';
  }
  const finals = finalsOf(messages);
  for (const { op } of finals) {
    if ('resultCode' in op && op.resultCode === 80) return `a defect shows: ${op.kind} with 80`;
  }
  if (owed === 'notice' && door !== 'ldaps') {
    const expected = canary ? -1 : PROTOCOL_ERROR;
    const code = notice?.kind === 'extendedResponse' ? notice.resultCode : undefined;
    if (code !== expected) return `a notice with code ${expected} was owed, not ${code}`;
  }
  if (owed === 'answers' && notice === undefined && finals.length !== requests) {
    return `${requests} answers were owed, ${finals.length} came${bound ? ' (bound)' : ''}`;
  }
  return undefined;
}
