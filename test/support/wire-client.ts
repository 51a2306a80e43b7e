/**
 * A bare client for tests of the wire: sends what it is told, correct or not, and shows every
 * message that comes back, in order. It never reconnects and hides nothing.
 */
import { connect as connectSocket, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  type Control,
  decodeResponse,
  encodeRequest,
  Framer,
  noControls,
  type RequestOp,
  type ResponseMessage,
  type ResponseOp,
} from '../../src/ldap/protocol/index.js';

export type Target = number | string;

interface Waiter {
  readonly wanted: (message: ResponseMessage) => boolean;
  readonly resolve: (message: ResponseMessage) => void;
  readonly reject: (error: Error) => void;
}

const finalKinds: ReadonlySet<ResponseOp['kind']> = new Set([
  'bindResponse',
  'searchDone',
  'modifyResponse',
  'addResponse',
  'deleteResponse',
  'modifyDnResponse',
  'compareResponse',
  'extendedResponse',
]);

export class WireClient {
  socket: Socket;
  /** Everything that came, in order. */
  readonly received: ResponseMessage[] = [];
  closed: Promise<void>;
  private framer = new Framer(64 * 1024 * 1024);
  private waiters: Waiter[] = [];
  private lastId = 0;
  private gone = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = this.attach(socket);
  }

  /** Connects to a port of 127.0.0.1, or to a local socket by path. */
  static async connect(target: Target): Promise<WireClient> {
    const socket =
      typeof target === 'number' ? connectSocket(target, '127.0.0.1') : connectSocket(target);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.setNoDelay(true);
    return new WireClient(socket);
  }

  /** Connects with TLS from the first octet. */
  /** `pair` is the client's own certificate and key, in PEM. */
  static async connectTls(
    port: number,
    pair: { readonly cert?: string; readonly key?: string } = {},
  ): Promise<WireClient> {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...pair });
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    return new WireClient(socket);
  }

  private attach(socket: Socket): Promise<void> {
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', () => undefined);
    return new Promise((resolve) => {
      socket.on('close', () => {
        if (socket !== this.socket) return;
        this.gone = true;
        for (const { reject } of this.waiters.splice(0)) reject(new Error('connection closed'));
        resolve();
      });
    });
  }

  private take(chunk: Buffer): void {
    this.framer.push(chunk);
    for (let step = this.framer.next(); step !== 'needMore'; step = this.framer.next()) {
      if (step === 'fault') throw new Error(`the server sent garbage: ${this.framer.fault}`);
      const message = decodeResponse(this.framer.frame);
      if (message.kind === 'fault') throw new Error(`the server sent: ${message.reason}`);
      this.received.push(message);
      const index = this.waiters.findIndex(({ wanted }) => wanted(message));
      if (index >= 0) this.waiters.splice(index, 1)[0]!.resolve(message);
    }
  }

  /** Sends octets as they are. */
  write(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** The next message that `wanted` accepts, among those that have not come yet. */
  wait(wanted: (message: ResponseMessage) => boolean): Promise<ResponseMessage> {
    if (this.gone) return Promise.reject(new Error('connection closed'));
    return new Promise((resolve, reject) => this.waiters.push({ wanted, resolve, reject }));
  }

  nextId(): number {
    this.lastId++;
    return this.lastId;
  }

  /** Sends a request without waiting; gives its messageID. */
  send(op: RequestOp, controls: readonly Control[] = noControls): number {
    const id = this.nextId();
    this.write(encodeRequest(id, op, controls));
    return id;
  }

  /** The final response to the request with that id. */
  async answer(id: number): Promise<ResponseMessage> {
    const isFinal = (message: ResponseMessage) =>
      message.messageId === id && finalKinds.has(message.op.kind);
    return this.received.find(isFinal) ?? (await this.wait(isFinal));
  }

  /** Sends a request and waits for its final response. */
  async ask(op: RequestOp, controls: readonly Control[] = noControls): Promise<ResponseMessage> {
    return this.answer(this.send(op, controls));
  }

  /** The code of the final response. */
  async code(op: RequestOp, controls: readonly Control[] = noControls): Promise<number> {
    return codeOf(await this.ask(op, controls));
  }

  bind(name: string, password: string): Promise<number> {
    return this.code(bindOp(name, password));
  }

  /** The entries that came for that id, so far. */
  entries(id: number): ResponseMessage[] {
    return this.received.filter(
      ({ messageId, op }) => messageId === id && op.kind === 'searchEntry',
    );
  }

  /** The notice of disconnection, if one came. */
  get notice(): { readonly code: number; readonly text: string } | undefined {
    for (const { messageId, op } of this.received) {
      if (messageId === 0 && op.kind === 'extendedResponse') {
        return { code: op.resultCode, text: op.diagnosticMessage };
      }
    }
    return undefined;
  }

  /** Goes on in TLS on the same connection. */
  async upgrade(): Promise<void> {
    const plain = this.socket;
    plain.removeAllListeners('data');
    const secure = connectTls({ socket: plain, rejectUnauthorized: false });
    this.socket = secure;
    this.closed = this.attach(secure);
    await new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', resolve);
      secure.once('error', reject);
    });
  }

  end(): void {
    this.socket.destroy();
  }
}

/** The result code of a final response. */
export function codeOf({ op }: ResponseMessage): number {
  if ('resultCode' in op) return op.resultCode;
  throw new Error(`${op.kind} has no result code`);
}

/** The diagnostic message of a final response. */
export function textOf({ op }: ResponseMessage): string {
  if ('diagnosticMessage' in op) return op.diagnosticMessage;
  throw new Error(`${op.kind} has no diagnostic message`);
}

export function bindOp(name: string, password: string, version = 3): RequestOp {
  const authentication = { kind: 'simple', password: Buffer.from(password) } as const;
  return { kind: 'bind', version, name, authentication };
}

export function saslOp(mechanism: string, credentials?: string): RequestOp {
  const given = credentials === undefined ? undefined : Buffer.from(credentials);
  const authentication = { kind: 'sasl', mechanism, credentials: given } as const;
  return { kind: 'bind', version: 3, name: '', authentication };
}

export function searchOp(
  baseObject: string,
  attribute = 'objectClass',
  value?: string,
): RequestOp & { kind: 'search' } {
  return {
    kind: 'search',
    baseObject,
    scope: 2,
    derefAliases: 0,
    sizeLimit: 0,
    timeLimit: 0,
    typesOnly: false,
    filter:
      value === undefined
        ? { kind: 'present', attribute }
        : { kind: 'equality', attribute, value: Buffer.from(value) },
    attributes: [],
  };
}

export function modifyOp(object: string, description: string, value: string): RequestOp {
  const modification = { description, values: [Buffer.from(value)] };
  return { kind: 'modify', object, changes: [{ operation: 'replace', modification }] };
}

export function compareOp(entry: string, attribute: string, value: string): RequestOp {
  return { kind: 'compare', entry, attribute, value: Buffer.from(value) };
}

export function extendedOp(requestName: string, requestValue?: Buffer): RequestOp {
  return { kind: 'extended', requestName, requestValue };
}

/** Waits until `holds`; the test's own timeout ends it otherwise. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}
