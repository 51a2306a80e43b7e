/** The outbox: what is told goes out once committed, again where it has to, under the same key. */
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PreparedWrite, WriteOutcome } from '../../../src/directory/operations/index.js';
import {
  delayAfter,
  hookTransport,
  keyDigest,
  mailTransport,
  pumpOutbox,
} from '../../../src/policy/run/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { TestEngine } from '../../support/engine.js';
import { SmtpServer } from '../../support/smtp-server.js';

const at = eachDirectory();
let engine: TestEngine;
let server: Server;
let status = 200;
const seen: { key: string; signature: string; cursor: string; body: string }[] = [];

const header = (request: IncomingMessage, name: string) => String(request.headers[name]);

beforeEach(async () => {
  engine = new TestEngine(at());
  seen.length = 0;
  status = 200;
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const [key, signature] = ['tenure-key', 'tenure-signature'].map((n) => header(request, n));
      seen.push({
        key: key!,
        signature: signature!,
        cursor: header(request, 'tenure-cursor'),
        body,
      });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

function tell(key: string, channel: 'mail' | 'hook', to: string): void {
  const message = { key, channel, to, subject: 'gone: grace', body: '{"who":"grace"}' };
  const outcome = at().apply([
    { op: 'together', context: at().admin, reason: 'x', writes: [], messages: [message] },
  ]);
  expect(outcome).toMatchObject([{ ok: true }]);
}

/** Pumps with the real transports; `write` stands between sending and noting. */
function pump(write?: (request: PreparedWrite) => Promise<WriteOutcome>): Promise<number> {
  const secretFile = join(at().dir, 'hook.secret');
  writeFileSync(secretFile, 'swordfish\n');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const folder = join(at().dir, 'outbox');
  const transports = {
    hook: hookTransport({ chat: { url, secretFile } }, at().clock),
    mail: mailTransport({ server: undefined, from: 'tenure@example.com', folder }),
  };
  return pumpOutbox({ ...engine.tools, ...(write && { write }), transports });
}
const messages = () => at().reader.records.messages(0, 100);

describe('webhooks', () => {
  test('are signed, numbered, and sent once', async () => {
    tell('a', 'hook', 'chat');
    expect(await pump()).toBe(1);
    expect(await pump()).toBe(0);
    const [{ key, signature, cursor, body }] = seen as [(typeof seen)[0]];
    const seconds = Math.floor(at().clock.nowMs() / 1000);
    const mac = createHmac('sha256', 'swordfish').update(`${seconds}.${body}`).digest('hex');
    expect({ key, signature, cursor, body }).toEqual({
      key: keyDigest('a'),
      signature: `t=${seconds},v1=${mac}`,
      cursor: '1',
      body: '{"who":"grace"}',
    });
    expect(messages()).toMatchObject([{ state: 'sent', tries: 1, error: '' }]);
  });

  test('are tried again after a delay that grows, and given up in the end', async () => {
    status = 503;
    tell('a', 'hook', 'chat');
    const waits: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      await pump();
      const [message] = messages();
      if (message!.state !== 'waiting') break;
      waits.push(message!.nextAt - Math.floor(at().clock.nowMs() / 1000));
      at().clock.advance(waits.at(-1)! * 1000 - 1_000);
      const tried = seen.length;
      await pump();
      expect(seen).toHaveLength(tried);
      at().clock.advance(1_000);
    }
    expect(waits.slice(0, 4)).toEqual([30, 60, 120, 240]);
    expect(Math.max(...waits)).toBe(delayAfter(20));
    expect(messages()).toMatchObject([{ state: 'given up', error: expect.stringMatching(/503/) }]);
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
  });

  test('one of them that fails holds up no other, and an unknown one is named', async () => {
    tell('a', 'hook', 'nobody');
    tell('b', 'hook', 'chat');
    expect(await pump()).toBe(1);
    expect(messages()).toMatchObject([
      { state: 'waiting', error: 'config.yaml names no hook "nobody" under outbox.hooks' },
      { state: 'sent' },
    ]);
  });
});

describe('killed between sending and noting', () => {
  test('the receiver sees the same key twice, and can tell', async () => {
    tell('a', 'hook', 'chat');
    const killed = { ok: false, error: { code: 'unavailable', text: '', matchedDn: '' } } as const;
    expect(await pump(async () => killed)).toBe(0);
    expect(messages()).toMatchObject([{ state: 'waiting', tries: 0 }]);
    expect(await pump()).toBe(1);
    expect(seen.map(({ key, cursor }) => [key, cursor])).toEqual([
      [keyDigest('a'), '1'],
      [keyDigest('a'), '1'],
    ]);
  });
});

describe('e-mail without a server', () => {
  test('is a file for each message, private, whole, and the same file again', async () => {
    tell('a', 'mail', 'ada@example.com');
    await pump(async () => ({ ok: false, error: { code: 'busy', text: '', matchedDn: '' } }));
    await pump();
    const folder = join(at().dir, 'outbox');
    const files = readdirSync(folder);
    expect(files).toEqual([`${keyDigest('a')}.eml`]);
    const file = join(folder, files[0]!);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^From: tenure@example.com$/m);
    expect(text).toMatch(/^To: ada@example.com$/m);
    expect(text).toMatch(/^Subject: gone: grace$/m);
    expect(text).toContain(`Message-ID: <${keyDigest('a')}@tenure>`);
  });

  test('to nobody is given up at once, and says so', async () => {
    tell('a', 'mail', '');
    expect(await pump()).toBe(0);
    expect(messages()).toMatchObject([
      { state: 'given up', error: 'nobody of that kind has an address' },
    ]);
  });
});

describe('e-mail over SMTP', () => {
  let smtp: SmtpServer;
  beforeEach(async () => {
    smtp = await SmtpServer.start();
  });
  afterEach(() => smtp.stop());

  /** The real transport; `write` stands between sending and noting. */
  const send = (write?: (request: PreparedWrite) => Promise<WriteOutcome>) => {
    const server = `smtp://tenure:sw0rd%20fish@127.0.0.1:${smtp.port}`;
    const from = 'tenure@example.com';
    const mail = mailTransport({ server, from, folder: join(at().dir, 'outbox') });
    const tools = { ...engine.tools, ...(write && { write }) };
    return pumpOutbox({ ...tools, transports: { mail, hook: mail } });
  };
  const header = (text: string, name: string) =>
    new RegExp(`^${name}: (.*)$`, 'mi').exec(text)?.[1];
  const refuse = (command: RegExp, reply: string) => {
    smtp.answer = (line) => (command.test(line) ? reply : undefined);
  };

  test('goes to its recipient under its key, from a login that was said', async () => {
    tell('a', 'mail', 'ada@example.com');
    expect(await send()).toBe(1);
    expect(messages()).toMatchObject([{ state: 'sent', tries: 1, error: '' }]);
    const [{ text, ...mail }] = smtp.mails as [(typeof smtp.mails)[0]];
    expect(mail).toEqual({
      from: 'tenure@example.com',
      to: ['ada@example.com'],
      login: 'tenure:sw0rd fish',
    });
    expect(header(text, 'Message-ID')).toBe(`<${keyDigest('a')}@tenure>`);
    expect(header(text, 'X-Tenure-Key')).toBe(keyDigest('a'));
    expect(text).toMatch(/\n\n\{"who":"grace"\}/);
    expect(smtp.commands.slice(0, 2)).toEqual([expect.stringMatching(/^EHLO /), 'AUTH PLAIN']);
  });

  test('a line that is a dot ends no message', async () => {
    const body = 'before\n.\n..after';
    const message = {
      key: 'dots',
      channel: 'mail',
      to: 'a@example.com',
      subject: 's',
      body,
    } as const;
    at().apply([
      { op: 'together', context: at().admin, reason: 'x', writes: [], messages: [message] },
    ]);
    await send();
    expect(smtp.mails[0]!.text).toContain('\n\nbefore\n.\n..after');
  });

  test.each([
    ['recipient', /^RCPT/, '450 mailbox busy'],
    ['message', /^\.$/, '451 try later'],
    ['login', /^AUTH/, '535 who are you?'],
    ['greeting', /^EHLO|^HELO/, '421 too many'],
  ])(
    'a %s that is not taken now is tried again under the same key',
    async (_what, command, reply) => {
      refuse(command, reply);
      tell('a', 'mail', 'ada@example.com');
      expect(await send()).toBe(0);
      expect(messages()).toMatchObject([
        { state: 'waiting', tries: 1, error: expect.stringContaining(reply) },
      ]);
      expect(await send()).toBe(0);
      smtp.answer = () => undefined;
      at().clock.advance(delayAfter(0) * 1000);
      expect(await send()).toBe(1);
      expect(messages()).toMatchObject([{ state: 'sent', tries: 2 }]);
      expect(smtp.mails).toHaveLength(1);
    },
  );

  test.each([
    ['recipient', /^RCPT/, '550 no such mailbox'],
    ['message', /^\.$/, '554 not here'],
  ])('a %s that is refused for good is given up at once', async (_what, command, reply) => {
    refuse(command, reply);
    tell('a', 'mail', 'ada@example.com');
    expect(await send()).toBe(0);
    expect(messages()).toMatchObject([
      { state: 'given up', tries: 1, error: expect.stringContaining(reply) },
    ]);
    at().clock.advance(30 * 86_400_000);
    const said = smtp.commands.length;
    expect(await send()).toBe(0);
    expect(smtp.commands).toHaveLength(said);
  });

  test('no server is tried again', async () => {
    await smtp.stop();
    tell('a', 'mail', 'ada@example.com');
    expect(await send()).toBe(0);
    expect(messages()).toMatchObject([{ state: 'waiting', tries: 1 }]);
    smtp = await SmtpServer.start();
  });

  test('killed between sending and noting, the receiver gets the same Message-ID twice', async () => {
    tell('a', 'mail', 'ada@example.com');
    await send(async () => ({
      ok: false,
      error: { code: 'unavailable', text: '', matchedDn: '' },
    }));
    expect(messages()).toMatchObject([{ state: 'waiting', tries: 0 }]);
    expect(await send()).toBe(1);
    const ids = smtp.mails.map(({ text }) => header(text, 'Message-ID'));
    expect(ids).toEqual([`<${keyDigest('a')}@tenure>`, `<${keyDigest('a')}@tenure>`]);
    expect(smtp.mails[0]!.text).toBe(smtp.mails[1]!.text);
  });
});

test('what is told is told once: a second message of the same key is none', async () => {
  tell('a', 'mail', 'ada@example.com');
  tell('a', 'mail', 'ada@example.com');
  expect(messages()).toHaveLength(1);
});
