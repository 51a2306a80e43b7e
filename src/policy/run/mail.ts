/**
 * E-mail: over SMTP where the configuration names a server, else into files that anybody can read.
 * A message has the same Message-ID each time it is sent, and the same file.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SendMailOptions } from 'nodemailer';
import type { Message } from '../../directory/model/records.js';
import { type Transport, Undeliverable } from './outbox.js';

export interface MailSettings {
  /** `smtp://host:25`, `smtps://user:password@host`; undefined writes files into `folder`. */
  readonly server: string | undefined;
  readonly from: string;
  readonly folder: string;
}

const SMTP_MS_MAX = 20_000;

/** What tells a message to whoever receives it twice. */
export function keyDigest(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

export function mailTransport({ server, from, folder }: MailSettings): Transport {
  const mailOf = ({ to, subject, body, key, at }: Message): SendMailOptions => ({
    from,
    to,
    subject: subject.replace(/[\r\n]+/g, ' '),
    text: body,
    messageId: `<${keyDigest(key)}@tenure>`,
    date: new Date(at * 1000),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Tenure-Key': keyDigest(key) },
  });
  if (server === undefined) return fileTransport(folder, mailOf);
  const waits = {
    connectionTimeout: SMTP_MS_MAX,
    greetingTimeout: SMTP_MS_MAX,
    socketTimeout: SMTP_MS_MAX,
  };
  const ready = mailer(({ createTransport }) => createTransport({ url: server, ...waits }));
  return {
    async send(message) {
      const smtp = await ready();
      await smtp.sendMail(mailOf(message)).catch((error: unknown) => {
        throw isRefusedForGood(error) ? new Undeliverable((error as Error).message) : error;
      });
    },
  };
}

/** Made with the first message: loading the library costs every start, and each of its threads, 12 MB. */
function mailer<T>(make: (library: typeof import('nodemailer')) => T): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= import('nodemailer').then(({ default: library }) => make(library));
    return made;
  };
}

/**
 * A 5yz reply to the sender, the recipient or the message (RFC 5321 §4.2.1): trying again is of no
 * use. To a login it is a matter of configuration, which somebody may mend.
 */
function isRefusedForGood(error: unknown): boolean {
  const { code, responseCode = 0 } = error as { code?: string; responseCode?: number };
  return responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
}

/** One file a message, there whole or not at all. */
function fileTransport(folder: string, mailOf: (message: Message) => SendMailOptions): Transport {
  const ready = mailer(({ createTransport }) =>
    createTransport({ streamTransport: true, buffer: true, newline: 'unix' }),
  );
  return {
    async send(message) {
      const builder = await ready();
      const built = await builder.sendMail(mailOf(message));
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const file = join(folder, `${keyDigest(message.key)}.eml`);
      writeFileSync(`${file}.new`, built.message as Buffer, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}
