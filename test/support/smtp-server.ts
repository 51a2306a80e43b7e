/**
 * A mail server of one room, over node:net (RFC 5321 with AUTH PLAIN, RFC 4954): takes what it is
 * given, or answers as the test wants. Owns its socket and its connections.
 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** Header and body as they came, dots unstuffed. */
  readonly text: string;
  /** `user:password`, where the client has said them. */
  readonly login: string;
}

/** The answer to a command or to the end of DATA, where it is not the usual one. */
export type Answering = (command: string) => string | undefined;

export class SmtpServer {
  port = 0;
  readonly mails: Mail[] = [];
  /** Every command line, as it came; AUTH without what follows it. */
  readonly commands: string[] = [];
  /** `RCPT TO:<a@b>`, or `.` at the end of a message. */
  answer: Answering = () => undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = createServer((socket) => this.#talk(socket));
  }

  static async start(): Promise<SmtpServer> {
    const smtp = new SmtpServer();
    await new Promise<void>((resolve) => smtp.#server.listen(0, '127.0.0.1', resolve));
    smtp.port = (smtp.#server.address() as AddressInfo).port;
    return smtp;
  }

  #talk(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    const session = new Session(this);
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 mail.example.com ESMTP');
    let rest = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      rest += chunk;
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        const answer = session.take(line);
        if (answer !== undefined) say(answer);
        if (answer?.startsWith('221') === true) socket.end();
      }
    });
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }
}

/** One connection: commands, then lines of a message until a dot. */
class Session {
  readonly #server: SmtpServer;
  #login = '';
  #from = '';
  #to: string[] = [];
  #lines: string[] | undefined;

  constructor(server: SmtpServer) {
    this.#server = server;
  }

  take(line: string): string | undefined {
    return this.#lines === undefined ? this.#command(line) : this.#data(line, this.#lines);
  }

  #data(line: string, lines: string[]): string | undefined {
    if (line !== '.') {
      lines.push(line.startsWith('.') ? line.slice(1) : line);
      return undefined;
    }
    this.#lines = undefined;
    const refusal = this.#server.answer('.');
    if (refusal !== undefined) return refusal;
    const mail = { from: this.#from, to: this.#to, text: lines.join('\n'), login: this.#login };
    this.#server.mails.push(mail);
    return '250 taken';
  }

  #command(line: string): string {
    const [verb = '', kind = '', initial = ''] = line.split(' ');
    const isAuth = verb.toUpperCase() === 'AUTH';
    this.#server.commands.push(isAuth ? `${verb} ${kind}` : line);
    const refusal = this.#server.answer(line);
    if (refusal !== undefined) return refusal;
    switch (verb.toUpperCase()) {
      case 'EHLO':
        return '250-mail.example.com\r\n250-AUTH PLAIN\r\n250 8BITMIME';
      case 'HELO':
        return '250 mail.example.com';
      case 'AUTH': {
        const [, user, password] = Buffer.from(initial, 'base64').toString('utf8').split('\0');
        this.#login = `${user}:${password}`;
        return '235 welcome';
      }
      case 'MAIL':
        this.#from = /<(.*)>/.exec(line)?.[1] ?? '';
        this.#to = [];
        return '250 ok';
      case 'RCPT':
        this.#to.push(/<(.*)>/.exec(line)?.[1] ?? '');
        return '250 ok';
      case 'DATA':
        this.#lines = [];
        return '354 go on';
      case 'RSET':
      case 'NOOP':
        return '250 ok';
      case 'QUIT':
        return '221 bye';
      default:
        return '500 what?';
    }
  }
}
