/** Asks each listener for the root DSE as a client would: connected, and answered. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ListenerProbe } from '../admin/index.js';
import type { BoundAddress } from '../ldap/index.js';
import { encodeRequest, Framer } from '../ldap/protocol/index.js';
import type { Clock } from '../runtime/clock.js';

const TIMEOUT_MS = 2_000;
const ANSWER_BYTES_MAX = 64 * 1024;

const rootDseSearch = encodeRequest(1, {
  kind: 'search',
  baseObject: '',
  scope: 0,
  derefAliases: 0,
  sizeLimit: 0,
  timeLimit: 0,
  typesOnly: false,
  filter: { kind: 'present', attribute: 'objectClass' },
  attributes: ['1.1'],
});

function open(address: BoundAddress): Socket {
  if (address.kind === 'local') return connect(address.path);
  const host =
    address.host === '::' ? '::1' : address.host === '0.0.0.0' ? '127.0.0.1' : address.host;
  const { port } = address;
  if (address.kind === 'ldap') return connect(port, host);
  // Only whether it answers is asked here; who it is was decided by whoever configured it.
  return connectTls({ host, port, rejectUnauthorized: false });
}

function answers(address: BoundAddress, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = open(address);
    const framer = new Framer(ANSWER_BYTES_MAX);
    const cancel = clock.later(TIMEOUT_MS, () => finish(false));
    function finish(ok: boolean): void {
      cancel();
      socket.destroy();
      resolve(ok);
    }
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on(address.kind === 'ldaps' ? 'secureConnect' : 'connect', () =>
      socket.write(rootDseSearch),
    );
    socket.on('data', (chunk: Buffer) => {
      framer.push(chunk);
      const step = framer.next();
      if (step !== 'needMore') finish(step === 'frame');
    });
  });
}

/** One probe a listener, all at once; takes at most two seconds. */
export function probeListeners(
  bound: readonly BoundAddress[],
  clock: Clock,
): Promise<readonly ListenerProbe[]> {
  return Promise.all(
    bound.map(async (address) => {
      const startedMs = clock.monotonicMs();
      const ok = await answers(address, clock);
      const ms = Math.round(clock.monotonicMs() - startedMs);
      return { listener: address.kind, ok, ms };
    }),
  );
}
