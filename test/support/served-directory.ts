/**
 * A directory in a temporary folder, served by the real wire on a free port of loopback: clients on
 * sockets, and still the time decided by the test. Fresh for each test, verified behind it.
 */
import { afterEach, beforeEach } from '@jest/globals';
import { startDue } from '../../src/compose/due.js';
import { Stamping } from '../../src/compose/stamping.js';
import type { DueTick } from '../../src/directory/operations/index.js';
import { createWireServer, type WireServer } from '../../src/ldap/index.js';
import { systemClock } from '../../src/runtime/clock.js';
import { createLog } from '../../src/runtime/log.js';
import { type DirectoryTestOptions, TestDirectory } from './directory-temp.js';
import { bindOp, WireClient } from './wire-client.js';

export class ServedDirectory {
  readonly directory: TestDirectory;
  readonly port: number;
  readonly #server: WireServer;
  readonly #due: DueTick;
  readonly #stamping: Stamping;
  readonly #clients: WireClient[] = [];

  private constructor(directory: TestDirectory, server: WireServer, port: number) {
    this.directory = directory;
    this.#server = server;
    const { reader, clock } = directory;
    this.#stamping = new Stamping({
      reader,
      clock,
      write: async (request) => directory.apply([request])[0]!,
      administrator: () => directory.admin.identity,
    });
    this.#due = startDue({ reader, clock, wire: () => server, stamping: this.#stamping });
    this.port = port;
  }

  static async open(options: DirectoryTestOptions = {}): Promise<ServedDirectory> {
    const directory = await TestDirectory.open(options);
    const log = createLog({
      level: 'silent',
      destination: 'json',
      stream: { write: () => true },
    });
    const server = createWireServer({
      directory: directory.directory,
      limits: directory.limits,
      clock: systemClock,
      log,
      cleartextBind: 'loopback',
      tls: undefined,
    });
    const bound = await server.listen({ kind: 'ldap', host: '127.0.0.1', port: 0 });
    return new ServedDirectory(directory, server, bound.kind === 'local' ? 0 : bound.port);
  }

  /** Moves the clock, as `tenure clock` does. */
  advance(ms: number): void {
    this.directory.clock.advance(ms);
    this.#due.look();
  }

  /** How many connections are bound as an entry. */
  sessionsOf(entryId: number): number {
    let open = 0;
    this.#server.endSessions((identity) => {
      if (identity.entryId === entryId) open += 1;
      return false;
    }, '');
    return open;
  }

  async connect(): Promise<WireClient> {
    const client = await WireClient.connect(this.port);
    this.#clients.push(client);
    return client;
  }

  /** The result code of a bind on a connection of its own. */
  async bind(dn: string, password: string): Promise<number> {
    const client = await this.connect();
    const code = await client.code(bindOp(dn, password));
    client.end();
    return code;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.end();
    this.#due.stop();
    await this.#stamping.stop();
    await this.#server.stop();
    await this.directory.close();
  }
}

/** Call at the top of a `describe`; what it returns gives the directory of the running test. */
export function eachServed(options: DirectoryTestOptions = {}): () => ServedDirectory {
  let current: ServedDirectory | undefined;
  beforeEach(async () => {
    current = await ServedDirectory.open(options);
  });
  afterEach(async () => {
    const last = current;
    current = undefined;
    await last?.close();
  });
  return () => current!;
}
