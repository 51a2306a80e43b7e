/** What the configuration and the limits mean for the parts of a server. */
import { totalmem } from 'node:os';
import type { Argon2Params } from '../credentials/index.js';
import type { OtpWindow } from '../credentials/otp/index.js';
import { BreachFile } from '../credentials/quality/index.js';
import { createTlsMaterial, type TlsMaterial } from '../ldap/index.js';
import { systemClock } from '../runtime/clock.js';
import type { Config } from '../runtime/config.js';
import type { Limits } from '../runtime/limits.js';
import type { Log } from '../runtime/log.js';
import type { Stopping } from './stopping.js';

const CACHE_BYTES_LEAST = 192 * 1024 * 1024;
const CACHE_BYTES_MOST = 2 * 1024 * 1024 * 1024;

/** What the entries may take where the configuration does not say. */
export function cacheBytesOf(limits: Limits): number {
  if (limits.entryCacheBytes > 0) return limits.entryCacheBytes;
  return Math.min(CACHE_BYTES_MOST, Math.max(CACHE_BYTES_LEAST, totalmem() / 8));
}

/** How far a code may be off, for binds and for confirming one. */
export function otpWindowOf({ otpDriftSteps, otpLookAhead }: Limits): OtpWindow {
  return { drift: otpDriftSteps, lookAhead: otpLookAhead };
}

export function argon2Params(config: Config): Argon2Params {
  const { memoryKiB, iterations, parallelism } = config.passwords.argon2;
  return { memoryKib: memoryKiB, passes: iterations, lanes: parallelism };
}

export async function breachFileOf({ passwords }: Config): Promise<BreachFile | undefined> {
  return passwords.breachFile === undefined ? undefined : BreachFile.open(passwords.breachFile);
}

export function tlsOf(config: Config, log: Log, stopping: Stopping): TlsMaterial | undefined {
  const { cert, key, minVersion } = config.tls;
  if (cert === undefined || key === undefined) return undefined;
  const { ca, crl } = config.certificateLogin;
  const clients = ca === undefined ? undefined : { caFile: ca, crlFile: crl };
  const material = createTlsMaterial(
    { certFile: cert, keyFile: key, minVersion, clients },
    systemClock,
    log,
  );
  stopping.add('tls', async () => material.close());
  return material;
}
