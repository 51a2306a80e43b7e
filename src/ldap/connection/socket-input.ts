/**
 * Reading an accepted socket into one small buffer of its own instead of a new large one for each
 * read, which costs a fifth of a small request. The runtime does this for sockets that it connects
 * (`onread`), and has no option for sockets that it accepts; so the accepted socket's handle is
 * given to a second socket that has one. Where a runtime keeps its handle elsewhere nothing is
 * taken over, and the socket is read as an ordinary stream.
 */
import { Socket, type SocketConstructorOpts } from 'node:net';

/** What is read at once; a request of a few hundred octets, eight in flight, fits. */
export const INPUT_BYTES = 4_096;

/** Who reads. */
export interface InputReader {
  /** Takes a view of what was read, which is overwritten by the next read unless it is kept. */
  received(chunk: Buffer): void;
  /** Whether something of what was received is still looked at. */
  keepsInput(): boolean;
}

interface WithHandle {
  _handle: object | null | undefined;
}

/**
 * A socket over the same connection that gives what it reads to `reader`. The accepted one, which
 * must not have begun to read (`pauseOnConnect`), is of no use any more; undefined: it still is.
 */
export function takeOver(accepted: Socket, reader: InputReader): Socket | undefined {
  const { _handle: handle } = accepted as unknown as WithHandle;
  if (handle === null || typeof handle !== 'object' || !('useUserBuffer' in handle)) {
    return undefined;
  }
  let buffer: Buffer | undefined;
  const onread = {
    // Asked for at the start and after each read; without an answer the last one is used again.
    buffer(): Buffer | undefined {
      if (buffer !== undefined && !reader.keepsInput()) return undefined;
      buffer = Buffer.allocUnsafeSlow(INPUT_BYTES);
      return buffer;
    },
    callback(bytes: number, filled: Buffer): boolean {
      reader.received(filled.subarray(0, bytes));
      return true;
    },
  };
  const options = { handle, onread, allowHalfOpen: true };
  const socket = new Socket(options as SocketConstructorOpts);
  (accepted as unknown as WithHandle)._handle = null;
  accepted.destroy();
  return socket;
}
