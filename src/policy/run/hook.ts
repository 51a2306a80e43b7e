/**
 * Webhooks: a POST with the body as JSON, signed. The receiver checks
 *
 *   Tenure-Signature: t=SECONDS,v1=HEX     HEX = HMAC-SHA256(secret, "SECONDS." + body)
 *
 * takes what is older than it likes for a replay, and takes a Tenure-Key that it has seen for the
 * same message again. Anything but a 2xx answer is tried again.
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock } from '../../runtime/clock.js';
import { keyDigest } from './mail.js';
import type { Transport } from './outbox.js';

export interface HookSettings {
  readonly url: string;
  /** A file whose text, space around it aside, is the secret. */
  readonly secretFile: string;
}

const HOOK_MS_MAX = 10_000;

/** The value of the header for a body sent at a second. */
export function signatureOf(secret: string, body: string, atSeconds: number): string {
  const mac = createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex');
  return `t=${atSeconds},v1=${mac}`;
}

export function hookTransport(
  hooks: Readonly<Record<string, HookSettings>>,
  clock: Clock,
): Transport {
  return {
    async send({ to, body, key, id }) {
      const hook = Object.hasOwn(hooks, to) ? hooks[to] : undefined;
      if (hook === undefined) {
        throw new Error(`config.yaml names no hook "${to}" under outbox.hooks`);
      }
      const secret = readFileSync(hook.secretFile, 'utf8').trim();
      const seconds = Math.floor(clock.nowMs() / 1000);
      const response = await fetch(hook.url, {
        method: 'POST',
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(HOOK_MS_MAX),
        headers: {
          'content-type': 'application/json',
          'tenure-key': keyDigest(key),
          'tenure-cursor': String(id),
          'tenure-signature': signatureOf(secret, body, seconds),
        },
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`${hook.url} answered ${response.status}`);
    },
  };
}
