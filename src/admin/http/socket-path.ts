/** Names of local sockets as the kernel takes them. */
import { relative } from 'node:path';
import { AdminError } from '../errors.js';

/** sun_path is 108 bytes on Linux and 104 on macOS, the closing zero included. */
const SOCKET_PATH_BYTES_MAX = 103;

/**
 * `path`, or the same place seen from the working folder where only that is short enough. Throws
 * `folder` where neither is.
 */
export function socketPathOf(path: string): string {
  if (Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX) return path;
  const near = relative(process.cwd(), path);
  if (Buffer.byteLength(near) <= SOCKET_PATH_BYTES_MAX) return near;
  throw new AdminError(
    'folder',
    `${path} is too long for a local socket (${SOCKET_PATH_BYTES_MAX} bytes); use a shorter folder`,
  );
}
